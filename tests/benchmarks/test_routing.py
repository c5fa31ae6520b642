"""The benchmark of the weekly plan: its weeks are as it says, and naive routing does less."""

from __future__ import annotations

from benchmarks.made_routes import SERVABLE, made_week
from benchmarks.routing import Setting, measured, row
from portfolio.route.constraints import rows_of
from portfolio.route.layout import layout_of
from portfolio.route.model import relaxed
from portfolio.route.planning import plan


def test_nine_tenths_of_a_made_week_can_be_done_and_the_same_seed_makes_the_same() -> None:
    week = made_week(2, 20, 1)
    layout = layout_of(week)

    share = relaxed(layout, rows_of(layout)).bound / sum(one.worth for one in week.items)

    assert abs(share - SERVABLE) < 0.05
    assert made_week(2, 20, 1) == week
    # Items that go on in a next window, methods in order, deadlines, resets: the checker passes.
    assert len(plan(week, gap=0.02, max_nodes=1).assignments) > 12


def test_a_row_tells_what_is_missing_from_the_bound() -> None:
    setting = Setting(accounts=2, items=20, gap=0.05, tries=3, nodes=1, instances=1, has_naive=True)

    found = measured(setting, 1)

    assert found.naive is not None
    assert found.naive > found.first_placed >= found.placed >= found.of_whole
    assert found.first < 0.3
    assert row(setting, [found]).startswith("| 2 × 20 | 1 | 5 %, 3, 1 |")
