"""`portfolio next` by the command line: start, wait or use, with its reason and its exit code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from parsers.records import Reading
from portfolio.store import write
from portfolio.store.opening import opened, transaction
from tests.compare_world import Done, add_work, draw_many
from tests.world import World

AT = datetime(2026, 11, 5, 12, tzinfo=UTC)  # a Thursday
RESETS = datetime(2026, 11, 9, tzinfo=UTC)
WORKED = AT - timedelta(days=20)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Give two accounts on which an M takes about 2 % of the week, and an L is unknown."""
    made = World(tmp_path)
    made.set_up("claude-a:claude-pro", "codex-b:codex-plus")
    made.commit("Begin", "2026-08-03T09:00:00+00:00")
    monkeypatch.chdir(made.repository)
    with opened(next(made.home.glob("*.duckdb"))) as database:
        done = [
            Done(f"{account}-{n}", WORKED + timedelta(hours=n), 2.0, account)
            for account in ("claude-a", "codex-b")
            for n in range(6)
        ]
        add_work(database, done, now=AT)
    return made


def show(world: World, account: str, used: float, pool: str = "week", **other: Any) -> None:
    shown = Reading(
        account=account,
        provider=account.partition("-")[0],
        pool=pool,
        unit="pp",
        used=used,
        cap=100.0,
        read_at=other.get("at", AT - timedelta(hours=1)),
        resets_at=other.get("resets_at", RESETS),
        source="made",
    )
    with opened(next(world.home.glob("*.duckdb"))) as database, transaction(database):
        write.readings(database, [shown], origin="made", now=AT)


def asked(world: World, *arguments: str, code: int = 0) -> dict[str, Any]:
    done = world.run("next", *arguments, "--at", AT.isoformat(), "--json")
    assert done.code == code, done
    return done.document


def test_an_item_starts_where_its_upper_end_fits_and_the_reason_tells_pool_and_numbers(
    world: World,
) -> None:
    show(world, "claude-a", 60.0)

    told = asked(world, "--on", "claude-a")

    assert told["schema"] == "portfolio.next/1"
    assert (told["decision"], told["account"], told["until"]) == ("start", "claude-a", None)
    assert (told["size"], told["size_from"]) == ("M", "default")
    first = told["accounts"][0]
    # Six alike: s² = 4 * .36 / 9, t(9) = 1.833, so 2 % * exp(.792).
    assert first["upper_share"] == pytest.approx(0.02 * 2.208, rel=1e-3)
    assert (first["basis"], first["items"]) == ("same-size", 6)
    assert told["reason"] == (
        "claude-a's weekly pool stands at 60%, and an M may take 4.4% (by 6 finished M)"
    )
    assert told["eligible"] == ["claude-a", "codex-b"]


def test_where_the_account_that_was_asked_for_is_full_another_with_room_is_used(
    world: World,
) -> None:
    show(world, "claude-a", 97.0)
    show(world, "codex-b", 10.0)

    told = asked(world, "--on", "claude-a")

    assert (told["decision"], told["account"]) == ("use", "codex-b")
    assert told["reason"].startswith("claude-a's weekly pool stands at 97%")
    assert told["reason"].endswith("it is reset Mon 9 Nov 00:00; codex-b has room")
    assert told["expiring"][0]["account"] == "codex-b"


def test_where_no_account_has_room_it_waits_for_the_first_reset_and_exits_with_3(
    world: World,
) -> None:
    show(world, "claude-a", 97.0)
    show(world, "codex-b", 98.0, resets_at=RESETS - timedelta(days=1))

    told = asked(world, code=3)

    assert (told["decision"], told["account"]) == ("wait", "codex-b")
    assert told["until"] == "2026-11-08T00:00:00Z"
    printed = world.run("next", "--at", AT.isoformat())
    assert printed.code == 3
    assert printed.out.startswith("Wait until Sun 8 Nov 00:00 for codex-b: codex-b's weekly pool")


def test_what_runs_counts_where_it_was_assigned_and_the_item_itself_does_not(world: World) -> None:
    show(world, "claude-a", 92.0)
    begun = (AT - timedelta(minutes=30)).isoformat()
    world.ok("start", "RUN-1", "--on", "claude-a", "--size", "M", "--at", begun)

    told = asked(world, "--on", "claude-a")

    assert told["decision"] == "use"
    assert "an M with 1 running item may take" in told["reason"]
    assert [(one["item"], one["account"]) for one in told["running"]] == [("RUN-1", "claude-a")]
    own = asked(world, "RUN-1")
    assert (own["decision"], own["asked_by"], own["size_from"]) == ("start", "chosen", "recorded")


def test_what_every_meter_tells_of_already_is_not_counted_as_running(world: World) -> None:
    long_ago = (AT - timedelta(hours=6)).isoformat()
    world.ok("start", "RUN-1", "--on", "claude-a", "--size", "M", "--at", long_ago)
    world.ok("feature", "ship", "RUN-1", "--at", long_ago)
    show(world, "claude-a", 20.0)

    assert asked(world, "--on", "claude-a")["running"] == []


def test_what_chance_assigned_waits_where_it_is_though_another_has_room(world: World) -> None:
    begun = (AT - timedelta(hours=9)).isoformat()
    drawn = world.ok("start", "DRAW-1", "--any", "--size", "M", "--at", begun, "--json").document
    show(world, drawn["account"], 99.0)

    told = asked(world, "DRAW-1", code=3)

    assert (told["decision"], told["account"], told["asked_by"]) == (
        "wait",
        drawn["account"],
        "drawn",
    )
    assert "chance gave it this account" in told["reason"]


def test_the_reserve_and_a_size_without_items_are_told_in_the_reason(world: World) -> None:
    show(world, "claude-a", 60.0)
    path = world.home / "portfolio.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("# reserve_for_me = 0.0", "reserve_for_me = 0.3"), encoding="utf-8"
    )

    told = asked(world, "--on", "claude-a", "--size", "L")

    assert told["decision"] == "use"  # nobody read codex-b lately: it is taken to be empty
    assert "stands at 60%, 30% are kept for you, and an L may take" in told["reason"]
    assert "(by 6 finished items of any size)" in told["reason"]
    assert told["accounts"][1]["pools"][0]["standing"] == "reset-passed"
    path.write_text(
        text.replace("# reserve_for_me = 0.0", "reserve_for_me = 1.3"), encoding="utf-8"
    )
    assert "reserve_for_me is a share" in world.run("next").err


def test_of_several_with_room_the_one_whose_quota_expires_first_is_taken(world: World) -> None:
    show(world, "claude-a", 10.0)
    show(world, "codex-b", 10.0, resets_at=RESETS - timedelta(days=1))

    with opened(next(world.home.glob("*.duckdb"))) as database:  # as many as may take one out
        draw_many(database, 14, since=AT - timedelta(days=4), apart=timedelta(hours=1), prefix="D")

    told = asked(world, "#412")

    assert told["item"] == "shop.412"
    assert told["eligible"] == ["claude-a", "codex-b"]  # nothing is done, so nobody is out
    assert (told["decision"], told["account"]) == ("start", "codex-b")
    assert {one["account"] for one in told["expiring"]} == {"claude-a", "codex-b"}


def test_an_unknown_account_and_none_at_all_are_errors(world: World, tmp_path: Path) -> None:
    told = asked(world, "--on", "claude-z", code=1)
    assert told["slug"] == "name-unknown"

    empty = World(tmp_path / "empty")
    empty.set_up()
    assert asked(empty, code=1)["slug"] == "no-room"


def test_an_account_without_items_or_readings_starts_and_says_that_nothing_tells(
    tmp_path: Path,
) -> None:
    empty = World(tmp_path)
    empty.set_up("claude-a:claude-pro")

    told = asked(empty, "NEW-1")

    assert (told["decision"], told["account"]) == ("start", "claude-a")
    assert told["reason"] == (
        "no meter of claude-a was read lately, so it has room as far as anybody knows"
    )
    assert told["accounts"][0]["basis"] is None


def drawn(world: World, item: str, size: str, *, code: int = 0) -> dict[str, Any]:
    done = world.run("start", item, "--any", "--size", size, "--at", AT.isoformat(), "--json")
    assert done.code == code, done
    return done.document


def test_chance_gives_an_item_no_account_on_which_next_would_say_wait(world: World) -> None:
    show(world, "claude-a", 90.0)  # an S fits, an L may take more than a tenth
    show(world, "codex-b", 10.0)

    large = [drawn(world, f"L-{n}", "L") for n in range(3)]
    small = drawn(world, "S-1", "S")

    assert {(one["account"], one["probability"]) for one in large} == {("codex-b", 1.0)}
    assert {tuple(one["eligible"]) for one in large} == {("codex-b",)}
    assert (small["eligible"], small["probability"]) == (["claude-a", "codex-b"], 0.5)
    assert asked(world, "L-0")["decision"] == "start"


def test_where_the_guard_lets_an_item_start_nowhere_nothing_is_drawn(world: World) -> None:
    show(world, "claude-a", 97.0)
    show(world, "codex-b", 98.0)

    refused = drawn(world, "A-1", "M", code=1)

    assert refused["slug"] == "no-room"
    assert "claude-a, codex-b" in refused["hint"]
    assert asked(world, "A-1", code=3)["asked_by"] is None  # nothing was kept
