"""What was paid for a feature counts each that shipped, whether its window was logged or not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from portfolio.model import Window
from portfolio.store import write
from portfolio.store.opening import opened, transaction
from tests.compare_world import BEGIN, WEEK, Done, add_work
from tests.world import World

WEEKS = 6
NOW = BEGIN + WEEKS * WEEK
AT = ("--at", NOW.isoformat())


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Give two accounts, which ship three features a week and one."""
    made = World(tmp_path)
    made.set_up("claude-a:claude-pro", "codex-b:codex-plus")
    done = [
        Done(
            f"{account[:2]}-{week}-{n}",
            BEGIN + week * WEEK + timedelta(days=n, hours=9),
            2.0,
            account,
        )
        for week in range(WEEKS)
        for account, number in (("claude-a", 3), ("codex-b", 1))
        for n in range(number)
    ]
    with opened(next(made.home.glob("*.duckdb"))) as database:
        add_work(database, done, now=NOW)
    return made


def paid(world: World) -> dict[str, dict[str, object]]:
    told = world.ok("report", "--json", *AT).document
    return {one["account"]: one for one in told["accounts"]}


def test_who_never_logs_a_window_is_told_how_sure_each_account_is(world: World) -> None:
    for account, number in (("claude-a", 3), ("codex-b", 1)):
        found = paid(world)[account]
        weekly = 20 / 4.345
        assert found["features_shipped"] == number * WEEKS
        assert found["paid_per_feature_usd"] == pytest.approx(weekly / number, rel=1e-3)
        interval = found["paid_per_feature_range"]
        assert isinstance(interval, dict)
        assert interval["low"] < weekly / number < interval["high"]


def test_a_window_that_was_not_logged_makes_no_feature_dearer(world: World) -> None:
    before = paid(world)
    with opened(next(world.home.glob("*.duckdb"))) as database, transaction(database):
        begin = BEGIN + timedelta(hours=8)
        window = Window(
            window="W0-001", start_at=begin, end_at=begin + timedelta(hours=5), methodology=None
        )
        write.window(database, window, now=NOW)
    after = paid(world)

    for account in ("claude-a", "codex-b"):
        assert after[account]["features_shipped"] == before[account]["features_shipped"]
    rows = world.ok("report", "--by", "account", "--json", *AT).document
    assert (
        sum(one["features_shipped"] for one in rows["accounts"])
        == rows["total"]["features_shipped"]
    )
