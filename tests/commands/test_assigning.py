"""`start --any` and `--on` by the command line, and what `compare` makes of what was drawn."""

from __future__ import annotations

import math
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from portfolio.store.opening import opened
from tests.compare_world import BEGIN, Done, add_work, draw_many
from tests.world import World, usage

NOW = "2026-11-05T09:00Z"  # a Thursday


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path)
    made.set_up("claude-a:claude-pro", "codex-b:codex-plus")
    made.commit("Begin", "2026-08-03T09:00:00+00:00")
    monkeypatch.chdir(made.repository)
    return made


def start(world: World, item: str, *more: str, at: str = NOW) -> dict[str, Any]:
    return world.ok("start", item, *more, "--at", at, "--json").document


def test_chance_gives_accounts_alike_numbers_of_each_size_and_says_how_likely(
    world: World,
) -> None:
    told = [start(world, f"A-{n}", "--any", "--size", "SM"[n % 2]) for n in range(16)]

    for size in "SM":
        given = Counter(one["account"] for one in told if one["size"] == size)
        assert given == {"claude-a": 4, "codex-b": 4}
    assert {one["probability"] for one in told} == {0.5}
    assert told[0]["eligible"] == ["claude-a", "codex-b"]
    assert told[0]["assignment"] == "drawn"


def test_an_item_is_drawn_once_however_often_one_asks(world: World) -> None:
    first = start(world, "A-1", "--any")["account"]

    again = [start(world, "A-1", "--any", "--seed", str(seed))["account"] for seed in range(9)]

    assert set(again) == {first}
    assert start(world, "A-1")["account"] == first


def test_a_clock_set_back_draws_no_item_again_and_no_place_of_a_block_twice(world: World) -> None:
    first = start(world, "A-1", "--any")["account"]

    back = [f"2026-11-0{day}T09:00Z" for day in (4, 3, 2)]
    again = [start(world, "A-1", "--any", "--seed", "5", at=at)["account"] for at in back]
    others = [start(world, f"B-{n}", "--any", at=at)["account"] for n, at in enumerate(back)]

    assert set(again) == {first}
    assert Counter([first, *others]) == {"claude-a": 2, "codex-b": 2}


def test_who_draws_nothing_is_told_nothing_of_it(world: World) -> None:
    told = start(world, "A-1")

    assert (told["account"], told["assignment"], told["eligible"]) == (None, None, [])
    assert "chance" not in world.ok("start", "A-1", "--at", NOW).out.lower()


def test_an_account_at_a_cap_is_not_drawn_and_none_with_room_is_refused(world: World) -> None:
    full = usage(100, resets="Nov 9, 8am (UTC)")
    world.ok("read", world.capture("full.txt", full), "--account", "claude-a", "--at", NOW)

    told = [start(world, f"A-{n}", "--any") for n in range(6)]
    assert {one["account"] for one in told} == {"codex-b"}
    assert told[0]["probability"] == 1.0
    page = " ".join(world.ok("start", "A-1", "--any", "--at", NOW).out.split())
    assert "Nothing to draw: only codex-b was in the race and had room." in page
    assert "Chance" not in page

    world.ok("account", "close", "codex-b", "--at", NOW)
    refused = world.run("start", "A-9", "--any", "--at", "2026-11-05T10:00Z", "--json")
    assert (refused.code, refused.document["slug"]) == (1, "no-room")


def test_an_account_read_at_its_cap_without_a_reset_is_not_drawn_either(world: World) -> None:
    full = world.capture("full.txt", "week=100% 5h=14%")
    world.ok("read", full, "--account", "claude-a", "--at", NOW)

    assert start(world, "A-1", "--any")["eligible"] == ["codex-b"]
    assert start(world, "A-2", "--any", at="2026-11-12T09:00Z")["eligible"] == [
        "claude-a",
        "codex-b",
    ]


def test_one_may_overrule_chance_and_give_a_reason(world: World) -> None:
    drawn = start(world, "A-1", "--any")["account"]
    other = {"claude-a": "codex-b", "codex-b": "claude-a"}[drawn]

    told = start(world, "A-1", "--on", other, "--reason", "needs the big model")

    assert (told["account"], told["assignment"], told["probability"]) == (other, "chosen", None)
    assert told["overruled"] == drawn
    page = " ".join(world.ok("start", "A-1", "--on", other, "--at", NOW).out.split())
    assert f"Chance had given it to {drawn}: what comes of it counts there" in page
    assert start(world, "A-1", "--on", drawn)["overruled"] is None
    assert world.run("start", "A-2", "--on", "nobody", "--json").document["slug"] == "name-unknown"
    assert world.run("start", "A-2", "--on", other, "--any").code == 2


def test_a_reason_without_an_account_to_do_it_on_is_refused(world: World) -> None:
    refused = world.run("start", "A-1", "--reason", "needs the big model")

    assert refused.code == 2
    assert "--on" in refused.err


def test_a_share_of_small_and_medium_items_is_drawn_without_being_asked(world: World) -> None:
    path = world.home / "portfolio.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("# share = 0.0", "share = 0.5"), encoding="utf-8")

    told = [start(world, f"A-{n}", "--size", "SML"[n % 3]) for n in range(18)]

    drawn = [one for one in told if one["assignment"] == "drawn"]
    assert 2 <= len(drawn) <= 10
    assert {one["size"] for one in drawn} == {"S", "M"}
    assert start(world, "A-0", "--size", "S") | {"window": None} == told[0] | {"window": None}
    assert world.run("start", "A-0", "--json").code == 0
    path.write_text(text.replace("# share = 0.0", "share = 5"), encoding="utf-8")
    assert world.run("start", "A-0", "--json").document["slug"] == "setting-invalid"


def test_what_was_begun_cannot_be_drawn_any_more(world: World) -> None:
    begun = Done("A-1", BEGIN + timedelta(hours=9), 1.0, "claude-a")
    with opened(next(world.home.glob("*.duckdb"))) as database:
        add_work(database, [begun], now=BEGIN + timedelta(days=1))

    refused = world.run("start", "A-1", "--any", "--at", NOW, "--json")

    assert (refused.code, refused.document["slug"]) == (1, "draw-too-late")


@pytest.mark.parametrize("word", ["ship", "fail"])
def test_what_ended_by_a_word_alone_cannot_be_drawn_any_more(world: World, word: str) -> None:
    start(world, "A-1")
    world.ok("feature", word, "A-1", "--at", NOW)

    refused = world.run("start", "A-1", "--any", "--at", "2026-11-05T10:00Z", "--json")

    assert (refused.code, refused.document["slug"]) == (1, "draw-too-late")


def race(world: World, *, times: float, n: int = 40, overruled: int = 0) -> datetime:
    """Draw the account of every feature and do it there, but for some that are done elsewhere."""
    rng, done = Random(3), []
    since, apart = BEGIN + timedelta(hours=9), timedelta(hours=20)
    now = BEGIN + n * apart + timedelta(hours=48)
    with opened(next(world.home.glob("*.duckdb"))) as database:
        given = draw_many(database, n, since=since, apart=apart, prefix="A", sizes="SM")
        for number, account in enumerate(given):
            usd = (0.5, 1.5)[number % 2] * math.exp(rng.gauss(0, 0.4))
            usd *= times if account == "claude-a" else 1
            if number < overruled:
                account = {"claude-a": "codex-b", "codex-b": "claude-a"}[account]  # noqa: PLW2901
            at = since + number * apart + timedelta(hours=1)
            done.append(Done(f"A-{number}", at, usd, account, None))
        add_work(database, done, now=now)
    return now


def compare(world: World, now: datetime) -> dict[str, Any]:
    return world.ok("compare", "claude-a", "codex-b", "--at", now.isoformat(), "--json").document


def drawn(told: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in told["estimates"] if one["label"] == "drawn")


def test_what_was_drawn_may_say_which_account_is_cheaper(world: World) -> None:
    now = race(world, times=2.0)

    told = compare(world, now)

    assert told["cheaper"] == "codex-b"
    found = drawn(told)
    assert found["ratio"]["low"] <= 2 <= found["ratio"]["high"]
    assert (found["counts"], found["adherence"], found["tipping_point"]) == ([20, 20], 1.0, None)
    page = world.ok("compare", "claude-a", "codex-b", "--at", now.isoformat()).out
    assert "codex-b is cheaper" in page


def test_equal_accounts_are_not_called_cheaper(world: World) -> None:
    assert compare(world, race(world, times=1.0))["cheaper"] is None


def test_what_was_overruled_is_counted_where_chance_had_put_it(world: World) -> None:
    told = drawn(compare(world, race(world, times=1.0, overruled=10)))

    assert told["counts"] == [20, 20]
    assert told["adherence"] == 0.75
