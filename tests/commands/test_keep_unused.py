"""What expired and how long a cap was stood at, by the meters of weeks of which all is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portfolio.commands.keep import keep
from portfolio.report.answers.keep import UnusedRow
from portfolio.settings import Home, Settings
from portfolio.store.opening import opened
from tests.keep_world import BEGIN, DAY, WEEK, add_account, add_weeks
from tests.world import World

if TYPE_CHECKING:
    from datetime import datetime

    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database


def unused(database: Database, catalogue: Catalogue, *, now: datetime) -> dict[str, UnusedRow]:
    answer = keep(database, settings=Settings(timezone="UTC"), catalogue=catalogue, now=now)
    return {row.account: row for row in answer.unused}


def test_what_was_paid_for_and_not_used_expired(database: Database, catalogue: Catalogue) -> None:
    add_account(database, "claude-a", "claude-pro")
    end = add_weeks(database, "claude-a", [20.0, 60.0, 40.0])

    row = unused(database, catalogue, now=end)["claude-a"]

    assert (row.plan, row.pool, row.cycles, row.cycles_untold) == ("claude-pro", "week", 3, 0)
    assert [one.begin for one in row.each] == [BEGIN + n * WEEK for n in range(3)]
    assert [one.used_share for one in row.each] == [0.2, 0.6, 0.4]
    assert [one.unused_usd for one in row.each] == pytest.approx(
        [20 / 4.345 * left for left in (0.8, 0.4, 0.6)]
    )
    assert row.used_share == pytest.approx(0.4)
    assert row.expired_usd_month == pytest.approx(12.0)
    assert row.full_hours_week == 0


def test_a_week_that_is_used_up_expires_nothing_and_is_full_to_its_end(
    database: Database, catalogue: Catalogue
) -> None:
    add_account(database, "claude-a", "claude-pro")
    # At 1.25 dollars a percent the week is used up by the eighth of ten turns, on its fourth day.
    end = add_weeks(database, "claude-a", [100.0, 50.0], usd_per_pp=0.8)

    [full, other] = unused(database, catalogue, now=end)["claude-a"].each

    assert full.unused_usd == 0
    assert full.full_hours == pytest.approx(3 * 24 + 9 - 1 / 60, abs=0.1)
    assert other.full_hours == 0


def test_a_week_whose_end_no_reading_tells_is_counted_neither_way(
    database: Database, catalogue: Catalogue
) -> None:
    add_account(database, "claude-a", "claude-pro")
    end = add_weeks(database, "claude-a", [20.0, 60.0])
    database.execute(
        "DELETE FROM reading WHERE read_at > ? AND read_at < ?",
        [BEGIN + 2 * DAY, BEGIN + WEEK],
    )

    row = unused(database, catalogue, now=end)["claude-a"]

    assert (row.cycles, row.cycles_untold) == (1, 1)
    assert [one.used_share for one in row.each] == [None, 0.6]
    assert row.each[0].unused_usd is None
    assert row.expired_usd_month == pytest.approx(8.0)


def test_an_account_without_a_finished_week_or_a_reading_has_no_row(
    database: Database, catalogue: Catalogue
) -> None:
    add_account(database, "claude-a", "claude-pro")
    add_account(database, "glm-a", "glm-pro")
    add_weeks(database, "claude-a", [20.0])

    assert unused(database, catalogue, now=BEGIN + 5 * DAY) == {}


def test_a_person_sees_what_was_counted_and_what_was_not(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.set_up("claude-a:claude-pro")
    with opened(Home(world.home).store_path) as database:
        end = add_weeks(database, "claude-a", [100.0, 20.0, 60.0], usd_per_pp=0.8)
        database.execute(
            "DELETE FROM reading WHERE read_at > ? AND read_at < ?",
            [BEGIN + WEEK + 2 * DAY, BEGIN + 2 * WEEK],
        )

    shown = world.ok("keep", "--at", end.isoformat()).out

    # One of the two weeks counted was full, from Thursday on; it is 81 hours in three weeks.
    assert "claude-a  claude-pro        2   88%" in shown
    assert "27.0" in shown
    assert "Not counted: 1 more whose end no reading tells" in shown


def test_what_the_meter_showed_is_what_a_replay_under_the_same_plan_finds(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.set_up("claude-a:claude-pro")
    with opened(Home(world.home).store_path) as database:
        end = add_weeks(database, "claude-a", [20.0, 60.0, 40.0, 75.0])
    now = (end + DAY / 24).isoformat()

    [seen] = world.ok("keep", "--json", "--at", now).document["unused"]
    replayed = world.ok("replay", "--plan", "claude-pro", "--json", "--at", now)

    [seat] = replayed.document["plans"]
    assert seen["used_share"] == pytest.approx(seat["used_share"]["point"], abs=0.01)
    assert seen["expired_usd_month"] == pytest.approx(seat["expired_usd_month"]["point"], abs=0.2)
