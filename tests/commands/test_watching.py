"""`watch`: what it shows of the store and the spool, and what it does while the store is held."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from portfolio.commands.watching import Watch, watch_once
from portfolio.errors import StoreBusyError
from portfolio.ingest import window_file
from portfolio.ingest.statusline import drop, told
from portfolio.settings import Home
from portfolio.store.opening import held, opened
from tests.world import World, usage

if TYPE_CHECKING:
    from portfolio.report.answers.watch import WatchAnswer, WatchedPool
    from portfolio.store.catalogue import Catalogue

AT = datetime(2026, 11, 5, 12, tzinfo=UTC)  # a Thursday
RESETS = datetime(2026, 11, 9, 8, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Give one account whose week stands at 40 % of Monday's reset."""
    made = World(tmp_path)
    made.set_up("claude-a:claude-pro")
    said = usage(40, session=20).encode()
    made.ok("read", "-", "--at", (AT - timedelta(hours=2)).isoformat(), stdin=said)
    made.let_go()
    return made


def capture(world: World, week: float, *, at: datetime) -> None:
    """Drop what a statusline would, without a login."""
    limits = {
        "seven_day": {"used_percentage": week, "resets_at": int(RESETS.timestamp())},
        "five_hour": {
            "used_percentage": 50,
            "resets_at": int((at + timedelta(hours=2)).timestamp()),
        },
    }
    said = json.dumps({"session_id": "s-1", "rate_limits": limits})
    dropped = drop(
        *told(said.encode()),
        home=str(world.home),
        folder=str(world.home.parent / ".claude"),
        accounts=str(world.home.parent / ".claude.json"),
        now_ns=int(at.timestamp()) * 1_000_000_000,
    )
    assert dropped


def pool(answer: WatchAnswer, name: str = "week") -> WatchedPool:
    return next(one for one in answer.pools if one.pool == name)


def watching(world: World, catalogue: Catalogue) -> Watch:
    made = Watch(home=Home(world.home), catalogue=catalogue)
    made.look(wait_s=1, now=AT)
    return made


def test_a_pool_is_told_with_its_use_its_time_and_where_its_pace_leads(
    world: World, catalogue: Catalogue
) -> None:
    watch = watching(world, catalogue)

    week = pool(watch.answer(now=AT))

    assert (week.account, week.used, week.resets_at) == ("claude-a", 0.4, RESETS)
    # Reset on Monday at 8, so 76 of 168 hours have passed, and 60 % more would take 114.
    assert week.elapsed == pytest.approx(76 / 168)
    assert (week.is_paced, week.hits_at) == (True, None)
    capture(world, 80, at=AT)
    assert pool(watch.answer(now=AT)).hits_at == AT + timedelta(hours=76 * 20 / 80)


def test_next_and_the_race_are_as_their_own_commands_say(
    world: World, catalogue: Catalogue
) -> None:
    answer = watch_once(home=Home(world.home), catalogue=catalogue, now=AT)

    at = ("--at", AT.isoformat(), "--json")
    said, race = world.ok("next", *at).document, world.ok("race", *at).document
    assert answer.next is not None
    assert answer.race is not None
    assert answer.next.reason == said["reason"]
    assert (answer.next.decision, answer.next.account) == (said["decision"], said["account"])
    assert (answer.race.phase, answer.race.next_thing) == (race["phase"], race["next_thing"])


def test_a_new_capture_shows_at_once_while_another_command_holds_the_store(
    world: World, catalogue: Catalogue
) -> None:
    watch, later = watching(world, catalogue), AT + timedelta(minutes=9)
    with held(world.store, wait_s=1):
        assert not watch.has_news(now=later)
        capture(world, 91, at=later)
        assert watch.has_news(now=later)
        watch.glimpse(now=later)

        answer = watch.answer(now=later)

    assert pool(answer).used == 0.91
    assert pool(answer, "5h").used == 0.5
    assert (answer.captures, answer.captures_of_nobody) == (1, 0)
    assert answer.read_at == AT
    assert answer.held_by is not None
    assert answer.held_by.startswith("process ")
    watch.glimpse(now=later)
    assert (watch.held_by, watch.has_news(now=later)) == (None, False)
    assert watch.answer(now=later).read_at == later


def test_next_counts_captures_that_are_not_stored(world: World, catalogue: Catalogue) -> None:
    capture(world, 100, at=AT - timedelta(minutes=1))

    answer = watch_once(home=Home(world.home), catalogue=catalogue, now=AT)

    assert answer.next is not None
    assert answer.next.decision == "wait"
    assert "stands at 100%" in answer.next.reason


def test_a_look_takes_nothing_in_and_writes_nothing(world: World, catalogue: Catalogue) -> None:
    capture(world, 91, at=AT)
    before = world.ok("export", world.home.parent / "a", "--json").document
    world.let_go()

    watch_once(home=Home(world.home), catalogue=catalogue, now=AT)

    assert len([*(world.home / "spool").glob("*.json")]) == 1
    after = world.ok("export", world.home.parent / "b", "--json").document
    assert _rows(before) == _rows(after)


def _rows(exported: dict[str, Any]) -> dict[str, int]:
    return {one["table"]: one["rows"] for one in exported["files"]}


def test_once_a_sync_took_the_capture_in_there_is_news_and_the_pool_stays(
    world: World, catalogue: Catalogue
) -> None:
    capture(world, 91, at=AT)
    watch = watching(world, catalogue)
    world.ok("sync", "--at", AT.isoformat())
    world.let_go()

    assert watch.has_news(now=AT)
    watch.glimpse(now=AT)

    answer = watch.answer(now=AT)
    assert (pool(answer).used, answer.captures) == (0.91, 0)


def test_a_capture_of_one_of_two_accounts_is_nobodys_and_is_told(
    world: World, catalogue: Catalogue
) -> None:
    world.ok("account", "add", "claude-b", "--provider", "claude", "--plan", "claude-pro")
    world.let_go()
    capture(world, 91, at=AT)

    answer = watch_once(home=Home(world.home), catalogue=catalogue, now=AT)

    assert answer.captures_of_nobody == 1
    assert {one.used for one in answer.pools if one.account == "claude-a"} == {0.4, 0.2}


def test_the_open_window_comes_from_its_small_file(world: World, catalogue: Catalogue) -> None:
    watch = watching(world, catalogue)
    assert watch.answer(now=AT).window is None
    begin = AT - timedelta(hours=1)
    window_file.write(str(world.home), int((AT - timedelta(days=3)).timestamp()), (), ())
    name = window_file.open_at(str(world.home), int(begin.timestamp()))

    with held(world.store, wait_s=1):
        open_now = watch.answer(now=AT).window

    assert open_now is not None
    assert (open_now.window, open_now.start_at) == (name, begin)
    assert watch.answer(now=begin + timedelta(hours=5)).window is None


def test_without_an_account_it_says_how_to_name_one(tmp_path: Path, catalogue: Catalogue) -> None:
    empty = World(tmp_path)
    empty.set_up()
    empty.let_go()

    answer = watch_once(home=Home(empty.home), catalogue=catalogue, now=AT)

    assert (answer.pools, answer.next) == ((), None)
    assert answer.next_lacks is not None
    assert "portfolio account add" in answer.next_lacks


def test_one_view_waits_for_the_store_as_every_command_does(
    world: World, catalogue: Catalogue
) -> None:
    path = world.home / "portfolio.toml"
    path.write_text("lock_wait_s = 0.1\n" + path.read_text())

    with held(world.store, wait_s=1), pytest.raises(StoreBusyError):
        watch_once(home=Home(world.home), catalogue=catalogue, now=AT)


def test_a_pool_whose_reset_passes_between_two_looks_is_empty_since(
    world: World, catalogue: Catalogue
) -> None:
    watch = watching(world, catalogue)

    later = pool(watch.answer(now=RESETS + timedelta(minutes=1)))

    assert (later.used, later.standing, later.resets_at) == (0.0, "reset-passed", None)


def test_the_store_is_closed_between_looks(world: World, catalogue: Catalogue) -> None:
    watch = watching(world, catalogue)

    with opened(world.store, wait_s=0):
        assert watch.answer(now=AT).pools


def test_off_a_terminal_one_view_is_printed_and_json_gives_its_record(world: World) -> None:
    printed = world.ok("watch", "--at", AT.isoformat())
    record = world.ok("watch", "--once", "--json", "--at", AT.isoformat()).document

    assert printed.out.startswith("portfolio watch  Thu 5 Nov 12:00\nNext: start on claude-a")
    assert "q quits" not in printed.out
    assert record["schema"] == "portfolio.watch/1"
    assert record["at"] == "2026-11-05T12:00:00Z"
    assert {one["pool"]: one["used"] for one in record["pools"]} == {"week": 0.4, "5h": 0.2}
