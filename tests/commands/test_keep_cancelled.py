"""A plan that was given up is watched, and missed at the first week that found no room."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from portfolio.commands.keep import keep
from portfolio.report.answers.keep import KeepAnswer
from portfolio.settings import Home, Settings
from portfolio.store.opening import opened
from tests.keep_world import BEGIN, DAY, WEEK, add_account, add_reading, add_weeks
from tests.world import World

if TYPE_CHECKING:
    from datetime import datetime

    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

CANCELLED = BEGIN + 3 * WEEK
NOW = BEGIN + 8 * WEEK


def asked(database: Database, catalogue: Catalogue) -> KeepAnswer:
    return keep(database, settings=Settings(timezone="UTC"), catalogue=catalogue, now=NOW)


def add_history(database: Database) -> None:
    """Work on two accounts, and give a third up after three weeks."""
    add_account(database, "glm-a", "glm-pro", until=CANCELLED)
    for name, plan in (("claude-a", "claude-pro"), ("codex-a", "codex-plus")):
        add_account(database, name, plan)
        add_weeks(database, name, [20.0] * 8)


def fill(database: Database, account: str, at: datetime) -> None:
    """Let an account's five hours be at their cap from a moment on."""
    add_reading(database, account, "5h", 100.0, at, at + timedelta(hours=2))


def test_a_plan_is_to_be_bought_again_once_all_that_is_left_stood_at_a_cap_at_once(
    database: Database, catalogue: Catalogue
) -> None:
    add_history(database)
    first = CANCELLED + WEEK + DAY + timedelta(hours=20)
    fill(database, "claude-a", first - timedelta(hours=1))
    fill(database, "codex-a", first)

    [row] = asked(database, catalogue).watched

    assert (row.account, row.plan, row.cancelled_at) == ("glm-a", "glm-pro", CANCELLED)
    assert (row.verdict, row.weeks_blocked, row.first_blocked_at) == ("subscribe-again", 1, first)


def test_one_plan_at_its_cap_while_another_has_room_blocks_nothing(
    database: Database, catalogue: Catalogue
) -> None:
    add_history(database)
    fill(database, "claude-a", CANCELLED + DAY + timedelta(hours=20))
    fill(database, "codex-a", CANCELLED + 2 * DAY + timedelta(hours=20))

    [row] = asked(database, catalogue).watched

    assert (row.verdict, row.weeks, row.weeks_blocked) == ("cancelled", 5, 0)
    assert row.first_blocked_at is None


def test_what_was_blocked_before_the_plan_was_given_up_is_not_for_want_of_it(
    database: Database, catalogue: Catalogue
) -> None:
    add_history(database)
    for name in ("claude-a", "codex-a"):
        fill(database, name, CANCELLED - 2 * DAY)

    [row] = asked(database, catalogue).watched

    assert row.verdict == "cancelled"


def test_a_plan_left_that_nobody_reads_may_have_room(
    database: Database, catalogue: Catalogue
) -> None:
    add_history(database)
    add_account(database, "claude-b", "claude-pro")
    for name in ("claude-a", "codex-a"):
        fill(database, name, CANCELLED + DAY + timedelta(hours=20))

    [row] = asked(database, catalogue).watched

    assert (row.verdict, row.weeks) == ("not-measured", 0)


def test_a_plan_that_was_bought_again_is_watched_no_more(
    database: Database, catalogue: Catalogue
) -> None:
    add_history(database)
    add_account(database, "glm-b", "glm-pro", since=CANCELLED + WEEK)

    assert asked(database, catalogue).watched == ()


def test_a_person_is_told_whether_what_was_given_up_is_missed(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.set_up()
    with opened(Home(world.home).store_path) as database:
        add_history(database)
    calm = world.ok("keep", "--at", NOW.isoformat()).out
    with opened(Home(world.home).store_path) as database:
        for name in ("claude-a", "codex-a"):
            fill(database, name, CANCELLED + DAY + timedelta(hours=20))
    blocked = world.ok("keep", "--at", NOW.isoformat()).out
    told = world.ok("--at", NOW.isoformat()).out
    lately = world.ok("--at", (CANCELLED + 2 * WEEK).isoformat()).out

    assert "subscribe" not in told  # that was five weeks ago
    assert "To do: subscribe to glm-a (glm-pro) again; since it was cancelled" in lately
    assert (
        "glm-a (glm-pro): cancelled on 26 Oct 2026 · no week blocked since (5 weeks)"
        in " ".join(calm.split())
    )
    assert (
        "glm-a (glm-pro): subscribe again · cancelled on 26 Oct 2026 · since then every plan left"
        " stood at a cap at once in 1 week, first on Tue 27 Oct 20:00"
    ) in " ".join(blocked.split())
