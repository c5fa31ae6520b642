"""`keep` on weeks of which all is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portfolio.commands.histories import history_of
from portfolio.commands.keep import keep
from portfolio.rebalance.history import minute_of
from portfolio.report.answers.keep import KeepAnswer, KeepRow
from portfolio.settings import Home, Settings
from portfolio.store import logins
from portfolio.store.opening import opened
from tests.keep_world import BEGIN, DAY, MODELS, WEEK, add_account, add_weeks
from tests.world import World

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

LIGHT = [20.0, 24.0, 18.0, 22.0, 20.0, 25.0, 19.0, 21.0]  # dollars a week; 100 fill one
HEAVY = [80.0, 84.0, 78.0, 82.0, 80.0, 85.0, 79.0, 81.0]


def judged(
    database: Database, catalogue: Catalogue, claude: list[float], codex: list[float]
) -> KeepAnswer:
    add_account(database, "claude-a", "claude-pro")
    add_account(database, "codex-a", "codex-plus")
    add_weeks(database, "claude-a", claude)
    end = add_weeks(database, "codex-a", codex)
    return keep(database, settings=Settings(timezone="UTC"), catalogue=catalogue, now=end)


def cancel(answer: KeepAnswer, account: str) -> KeepRow:
    return next(row for row in answer.plans if (row.account, row.change) == (account, "cancel"))


def test_a_plan_whose_work_fits_on_the_other_is_to_be_cancelled(
    database: Database, catalogue: Catalogue
) -> None:
    logins.add_renewal_days(database, {"claude-a": 3}, now=BEGIN)

    row = cancel(judged(database, catalogue, LIGHT, LIGHT), "claude-a")

    assert (row.verdict, row.weeks, row.weeks_blocked) == ("cancel", 8, 0)
    assert row.saving_usd_month == 20.0
    assert row.blocked_share_high == pytest.approx(0.312, abs=0.001)
    assert row.next_week_risk is not None
    assert row.next_week_risk < 0.01
    assert row.renews_on == "2026-12-03"
    assert row.loses == ("claude as fallback",)


def test_two_plans_are_not_advised_on_the_same_spare_room(
    database: Database, catalogue: Catalogue
) -> None:
    answer = judged(database, catalogue, LIGHT, LIGHT)

    row = cancel(answer, "codex-a")
    assert (row.verdict, row.competes_with) == ("either-or", ("claude-a",))


def test_a_plan_whose_work_would_have_found_no_room_is_kept(
    database: Database, catalogue: Catalogue
) -> None:
    row = cancel(judged(database, catalogue, LIGHT, HEAVY), "claude-a")

    assert (row.verdict, row.reason) == ("keep", "would-have-blocked")
    assert row.weeks_blocked > 0
    assert len(row.blocked_from) == row.weeks_blocked


def test_few_weeks_are_early_and_fewer_are_watched(
    database: Database, catalogue: Catalogue
) -> None:
    assert cancel(judged(database, catalogue, LIGHT[:5], LIGHT[:5]), "claude-a").verdict == (
        "early-looks-safe"
    )


def test_three_weeks_say_nothing(database: Database, catalogue: Catalogue) -> None:
    row = cancel(judged(database, catalogue, LIGHT[:3], LIGHT[:3]), "claude-a")

    assert (row.verdict, row.weeks) == ("watch", 3)
    assert row.watch_until == (BEGIN + 4 * WEEK).date().isoformat()


def test_the_day_up_to_which_a_plan_is_watched_is_told_in_the_users_zone(
    database: Database, catalogue: Catalogue
) -> None:
    for name, plan in (("claude-a", "claude-pro"), ("codex-a", "codex-plus")):
        add_account(database, name, plan)
        add_weeks(database, name, LIGHT[:1])

    answer = keep(
        database,
        settings=Settings(timezone="America/New_York"),
        catalogue=catalogue,
        now=BEGIN + 5 * DAY,
    )

    # The fourth week ends at midnight UTC, and its reset is on the evening before in New York.
    assert cancel(answer, "claude-a").watch_until == "2026-11-01"


def test_a_week_in_which_an_account_was_new_does_not_count_towards_the_four(
    database: Database, catalogue: Catalogue
) -> None:
    add_account(database, "claude-a", "claude-pro")
    add_account(database, "codex-a", "codex-plus", since=BEGIN + 2 * DAY)
    add_weeks(database, "claude-a", LIGHT[:1])
    add_weeks(database, "codex-a", LIGHT[:1])

    answer = keep(
        database, settings=Settings(timezone="UTC"), catalogue=catalogue, now=BEGIN + 5 * DAY
    )

    watched = cancel(answer, "claude-a").watch_until
    assert watched == (BEGIN + 5 * WEEK).date().isoformat()


def test_what_is_judged_is_watched_no_more(database: Database, catalogue: Catalogue) -> None:
    answer = judged(database, catalogue, LIGHT, LIGHT)

    assert {row.watch_until for row in answer.plans} == {None}


def test_an_account_whose_meter_was_never_read_is_not_measured(
    database: Database, catalogue: Catalogue
) -> None:
    add_account(database, "glm-a", "glm-pro")

    row = cancel(judged(database, catalogue, LIGHT, LIGHT), "glm-a")

    assert (row.verdict, row.reason) == ("not-measured", "never-read")


def test_an_account_on_a_plan_that_no_catalogue_knows_is_told_and_stops_nothing(
    database: Database, catalogue: Catalogue
) -> None:
    add_account(database, "glm-a", "glm-gone")

    answer = judged(database, catalogue, LIGHT, LIGHT)

    assert cancel(answer, "glm-a").reason == "plan-unknown"
    assert cancel(answer, "claude-a").verdict == "cancel"


def test_the_past_adds_up_to_what_was_worked_and_to_what_the_meters_moved(
    database: Database, catalogue: Catalogue
) -> None:
    add_account(database, "codex-a", "codex-plus")
    end = add_weeks(database, "codex-a", LIGHT, usd_per_pp=0.5)

    history = history_of(database, catalogue, settings=Settings(), since=BEGIN, now=end)

    [work] = history.works
    assert work.usd.sum() == pytest.approx(sum(LIGHT))
    assert work.burn["week"].sum() == pytest.approx(sum(LIGHT) / 0.5, abs=1)
    assert not work.elsewhere_usd.any()
    [held] = history.held
    rate = held.meters["week"].usd_per_unit
    assert rate is not None
    assert rate.point == pytest.approx(0.5, rel=0.02)
    assert rate.low is not None
    assert rate.low <= 0.5 <= (rate.high or 0.0)
    edges = held.meters["week"].edges.tolist()
    assert edges == [minute_of(BEGIN + n * WEEK) for n in range(9)]
    assert held.coverage == pytest.approx(1.0)


def test_the_only_plan_is_kept_as_there_is_no_other(
    database: Database, catalogue: Catalogue
) -> None:
    add_account(database, "claude-a", "claude-pro")
    end = add_weeks(database, "claude-a", LIGHT)

    answer = keep(database, settings=Settings(timezone="UTC"), catalogue=catalogue, now=end)

    row = cancel(answer, "claude-a")
    assert (row.verdict, row.reason, row.weeks) == ("keep", "no-other-plan", 0)


def test_where_no_other_plans_room_is_known_no_week_is_said_to_be_blocked(
    database: Database, catalogue: Catalogue
) -> None:
    add_account(database, "claude-a", "claude-pro")
    add_account(database, "glm-a", "glm-pro")
    end = add_weeks(database, "claude-a", LIGHT)

    answer = keep(database, settings=Settings(timezone="UTC"), catalogue=catalogue, now=end)

    row = cancel(answer, "claude-a")
    assert (row.verdict, row.reason, row.weeks) == ("not-measured", "others-unknown", 0)
    assert [one.account for one in answer.not_judged] == ["glm-a"]


def test_what_is_not_known_of_a_smaller_plan_is_no_lack_of_the_one_held(
    database: Database, catalogue: Catalogue
) -> None:
    assert judged(database, catalogue, LIGHT, LIGHT).not_judged == ()


def test_a_person_sees_until_when_a_plan_is_watched(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.set_up("claude-a:claude-pro", "codex-a:codex-plus")
    with opened(Home(world.home).store_path) as database:
        add_weeks(database, "claude-a", LIGHT[:3])
        end = add_weeks(database, "codex-a", LIGHT[:3])

    shown = " ".join(world.ok("keep", "--at", end.isoformat()).out.split())

    assert (
        "claude-a (claude-pro): watch until 2 Nov · cancelling would save $20.00 a month" in shown
    )


def test_a_person_is_told_to_take_a_plan_down_not_to_cancel_it(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.set_up("claude-a:claude-max")
    with opened(Home(world.home).store_path) as database:
        end = add_weeks(database, "claude-a", [3.0] * 8)

    shown = " ".join(world.ok("keep", "--at", end.isoformat()).out.split())

    assert "claude-a (claude-max to claude-pro): downgrade · saves $80.00 a month" in shown
    assert "claude-a (claude-max): keep · cancelling would save $100.00 a month · there is no" in (
        shown
    )


def test_what_a_person_sees(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    world = World(tmp_path)
    world.set_up("claude-a:claude-pro", "codex-a:codex-plus", "glm-a:glm-pro")
    with opened(Home(world.home).store_path) as database:
        add_weeks(database, "claude-a", LIGHT)
        end = add_weeks(database, "codex-a", LIGHT)

    shown = world.ok("keep", "--at", end.isoformat())
    told = world.ok("keep", "--json", "--at", end.isoformat()).document

    assert shown.out == snapshot
    assert told["schema"] == "portfolio.keep/1"
    assert {row["account"] for row in told["plans"]} == {"claude-a", "codex-a", "glm-a"}


def test_the_one_thing_to_do_is_the_plan_that_can_go(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.set_up("claude-a:claude-pro", "codex-a:codex-plus")
    Home(world.home).prices_path.write_text(
        "".join(
            f'[models."{model}"]\ninput_usd = 1.0\noutput_usd = 1.0\n' for model in MODELS.values()
        )
    )
    with opened(Home(world.home).store_path) as database:
        add_weeks(database, "claude-a", LIGHT)
        end = add_weeks(database, "codex-a", LIGHT)
        logins.add_renewal_days(database, {"claude-a": 3}, now=BEGIN)

    shown = " ".join(world.ok("--at", end.isoformat()).out.split())

    assert "Money since 5 Oct 2026: $73.65 paid" in shown
    assert (
        "To do: cancel claude-a (claude-pro), which saves $20.00 a month: codex-a would have hit"
        " a cap in none of 8 weeks (95 % sure: in at most 31%; the fullest would have taken 50% of"
        " the weekly room); it renews on 3 Dec (portfolio keep)."
    ) in shown


def test_a_smaller_plan_and_a_cancel_are_not_advised_on_the_same_spare_room(
    database: Database, catalogue: Catalogue
) -> None:
    """Claude's work fits on Pro, and Codex's beside it on Max, but not both on Pro."""
    add_account(database, "claude-a", "claude-max")
    add_account(database, "codex-a", "codex-plus")
    weeks = [1, 1.02, 0.97, 1.01, 0.99, 1, 0.98, 1.02]
    add_weeks(database, "claude-a", [85 * week for week in weeks], usd_per_pp=2.0)
    end = add_weeks(database, "codex-a", [12 * week for week in weeks])

    answer = keep(database, settings=Settings(timezone="UTC"), catalogue=catalogue, now=end)

    advised = {
        (row.account, row.change): (row.verdict, row.competes_with)
        for row in answer.plans
        if row.verdict in ("cancel", "either-or")
    }
    assert advised == {
        ("claude-a", "downgrade"): ("cancel", ()),
        ("codex-a", "cancel"): ("either-or", ("claude-a",)),
    }
