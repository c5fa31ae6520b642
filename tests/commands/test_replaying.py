"""`replay`: past work of which all is known, under its own plans and others."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portfolio.commands.replaying import replay
from portfolio.errors import EmptySpanError, PlanNotJudgedError, UnknownNameError
from portfolio.settings import Home, Settings
from portfolio.store.opening import opened
from tests.keep_world import BEGIN, DAY, WEEK, add_account, add_reading, add_weeks
from tests.world import World

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from portfolio.report.answers.replaying import ReplayAnswer, SeatRow
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

WEEKS = [40.0, 60.0, 100.0, 50.0]  # dollars, of which a week holds 100


def asked(
    database: Database, catalogue: Catalogue, *plans: str, weeks: list[float] = WEEKS
) -> ReplayAnswer:
    add_account(database, "codex-a", "codex-plus")
    end = add_weeks(database, "codex-a", weeks)
    return replay(
        database,
        plans,
        catalogue=catalogue,
        settings=Settings(),
        since=BEGIN,
        now=end + timedelta(hours=1),
    )


def test_under_its_own_plan_the_past_comes_out_as_it_was(
    database: Database, catalogue: Catalogue
) -> None:
    """The third week was used up by its last turn on Friday at 15:00, to its end on Monday."""
    found = asked(database, catalogue, "codex-plus")

    [row] = found.plans
    assert row.cycles == 4
    assert used(row) == pytest.approx(sum(WEEKS) / 400)
    assert row.expired_usd_month is not None
    assert row.expired_usd_month.high == pytest.approx(20.0 * (1 - sum(WEEKS) / 400))
    [blocked] = found.blocked_spans
    friday = BEGIN + 2 * WEEK + timedelta(days=4, hours=15)
    assert blocked.since == friday
    assert blocked.until == BEGIN + 3 * WEEK
    hours = (blocked.until - friday) / timedelta(hours=1)
    assert found.blocked_hours.low == found.blocked_hours.high == pytest.approx(hours)
    assert found.overflow_usd.high == 0.0


def used(row: SeatRow) -> float:
    """Give the share used where all is known for sure."""
    assert row.used_share is not None
    assert row.used_share.low == row.used_share.high
    return row.used_share.point


def larger(database: Database, catalogue: Catalogue, *plans: str) -> ReplayAnswer:
    """Replay half a week's cap of Pro Max, which is five times Pro Lite and two and a half Pro."""
    add_account(database, "codex-a", "codex-promax")
    add_weeks(database, "codex-a", [50.0])
    return replay(
        database, plans, catalogue=catalogue, settings=Settings(), since=BEGIN, now=BEGIN + 4 * WEEK
    )


def test_on_a_smaller_plan_more_of_it_is_used(database: Database, catalogue: Catalogue) -> None:
    found = larger(database, catalogue, "codex-pro", "codex-promax")

    shares = {row.name: used(row) * row.cycles for row in found.plans}
    assert shares["codex-promax"] == pytest.approx(0.5)  # its own account goes first
    assert shares["codex-pro"] == 0.0
    assert found.blocked_spans == ()


def test_what_finds_no_room_is_overflow_in_dollars(
    database: Database, catalogue: Catalogue
) -> None:
    """A fifth of the cap holds $20, four turns; what reaches it is let in, the rest is blocked."""
    found = larger(database, catalogue, "codex-prolite")

    assert found.work_usd == pytest.approx(50.0)
    assert found.overflow_usd.high == pytest.approx(30.0)
    assert sum(one.usd for one in found.blocked_work) == pytest.approx(30.0)


def test_a_second_plan_takes_what_the_first_has_no_room_for(
    database: Database, catalogue: Catalogue
) -> None:
    found = larger(database, catalogue, "codex-prolite", "codex-pro")

    assert [row.name for row in found.plans] == ["codex-prolite", "codex-pro"]
    assert found.overflow_usd.high == 0.0
    assert [used(row) * row.cycles for row in found.plans] == pytest.approx([1.0, 0.75])


def test_a_plan_of_which_nothing_is_known_is_refused(
    database: Database, catalogue: Catalogue
) -> None:
    with pytest.raises(PlanNotJudgedError) as told:
        asked(database, catalogue, "claude-pro")
    assert told.value.slug == "plan-not-judged"
    with pytest.raises(EmptySpanError):
        replay(
            database,
            ["codex-plus"],
            catalogue=catalogue,
            settings=Settings(),
            since=BEGIN,
            now=BEGIN,
        )
    with pytest.raises(UnknownNameError):
        replay(
            database,
            ["no-such"],
            catalogue=catalogue,
            settings=Settings(),
            since=BEGIN,
            now=BEGIN + WEEK,
        )


def test_work_before_the_meter_was_first_read_is_not_taken_for_none(
    database: Database, catalogue: Catalogue
) -> None:
    """A machine on its first day: four weeks of logs, and one reading of the week that runs."""
    add_account(database, "claude-a", "claude-max")
    now = add_weeks(database, "claude-a", [30.0, 40.0, 50.0], is_read=False) + 5 * DAY
    add_reading(database, "claude-a", "week", 34.0, now, now + 2 * DAY)
    add_reading(database, "claude-a", "5h", 0.0, now, now + timedelta(hours=1))

    with pytest.raises(PlanNotJudgedError) as told:
        replay(
            database, ["claude-max"], catalogue=catalogue, settings=Settings(), since=None, now=now
        )

    assert "from then on it was: portfolio replay --since 2026-10-23T15:01Z" in str(told.value.hint)
    since = BEGIN + 2 * WEEK + timedelta(days=4, hours=15, minutes=1)
    [row] = replay(
        database, ["claude-max"], catalogue=catalogue, settings=Settings(), since=since, now=now
    ).plans
    assert row.plan == "claude-max"


def test_what_a_person_sees(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    world = World(tmp_path)
    world.set_up("codex-a:codex-plus")
    with opened(Home(world.home).store_path) as database:
        end = add_weeks(database, "codex-a", WEEKS)
    at = ("--at", end.isoformat())

    shown = world.ok("replay", "--plan", "codex-plus", *at)
    nothing = world.ok("replay", "--plan", "glm-lite", "--at", "2026-01-01")

    assert shown.out == snapshot
    told = world.ok("replay", "--plan", "codex-plus", "--json", *at).document
    assert told["schema"] == "portfolio.replay/1"
    assert world.run("replay", "--plan", "claude-pro", "--json", *at).code == 1
    assert world.run("replay").code == 2
    assert nothing.out.startswith("No work of this time is known yet")
