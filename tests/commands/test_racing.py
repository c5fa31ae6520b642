"""`race` by the command line: phases, standings, verdicts, policy and what comes next."""

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
from tests.world import World

HOUR = timedelta(hours=1)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path)
    made.set_up("claude-a:claude-pro", "codex-b:codex-plus")
    made.commit("Begin", "2026-07-27T09:00:00+00:00")
    monkeypatch.chdir(made.repository)
    return made


def draws(world: World, n: int, *, since: datetime, apart: timedelta, prefix: str) -> list[str]:
    """Draw the account of some items, one after the other; give the accounts."""
    found = []
    for number in range(n):
        at = (since + number * apart).isoformat()
        asked = ("start", f"{prefix}-{number}", "--any", "--size", "M", "--at", at, "--json")
        found.append(world.ok(*asked).document["account"])
    return found


def finish(
    world: World,
    accounts: list[str],
    *,
    since: datetime,
    apart: timedelta,
    prefix: str,
    times: float,
    fails: int = 0,
) -> None:
    """Do the items where they were drawn; the first account takes `times` as much for each."""
    rng = Random(7)
    done = [
        Done(
            f"{prefix}-{number}",
            since + number * apart + HOUR,
            math.exp(rng.gauss(0, 0.25)) * (times if account == "claude-a" else 1),
            account,
            None,
            ("feature", "failed" if number < fails else "shipped"),
        )
        for number, account in enumerate(accounts)
    ]
    with opened(next(world.home.glob("*.duckdb"))) as database:
        add_work(database, done, now=done[-1].at + HOUR)


def run(world: World, n: int, *, times: float, fails: int = 0) -> datetime:
    """Race for some items, and give the Monday after."""
    how: dict[str, Any] = {"since": BEGIN + 9 * HOUR, "apart": 12 * HOUR, "prefix": "A"}
    with opened(next(world.home.glob("*.duckdb"))) as database:
        given = draw_many(database, n, **how)
    finish(world, given, times=times, fails=fails, **how)
    weeks = math.ceil(n / 14)
    return BEGIN + timedelta(weeks=weeks, hours=2)


def race(world: World, at: datetime) -> dict[str, Any]:
    return world.ok("race", "--at", at.isoformat(), "--json").document


def arms(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["arm"]: one for one in told["arms"]}


def set_to(world: World, **settings: str) -> None:
    path = world.home / "portfolio.toml"
    text = path.read_text(encoding="utf-8")
    for name, value in settings.items():
        start = text.index(f"# {name} = ", text.index("[race]"))
        text = text[:start] + f"{name} = {value}" + text[text.index("\n", start) :]
    path.write_text(text, encoding="utf-8")


def test_before_any_draw_it_says_how_to_begin(world: World) -> None:
    told = race(world, BEGIN)

    assert told["phase"] == "baseline"
    assert "portfolio start ITEM --any" in told["next_thing"]
    assert {one["verdict"] for one in told["arms"]} == {"undrawn"}
    page = " ".join(world.ok("race", "--at", BEGIN.isoformat()).out.split())
    assert "more drawn features" in page


def test_an_account_twice_as_dear_is_out_and_the_other_has_won(world: World) -> None:
    at = run(world, 42, times=2.5)

    told = race(world, at)

    found = arms(told)
    assert (found["claude-a"]["verdict"], found["claude-a"]["beaten_by"]) == (
        "eliminated",
        "codex-b",
    )
    assert (told["winner"], found["codex-b"]["verdict"]) == ("codex-b", "winner")
    assert told["phase"] == "production"
    assert (told["missing"], found["claude-a"]["probability_best"]) == (None, None)
    assert race(world, at + HOUR) | {"next_look_at": 0} == told | {"next_look_at": 0}
    page = world.ok("race", "--at", at.isoformat()).out
    assert "claude-a takes more than codex-b" in page
    # Nothing is drawn for it any more.
    later = draws(world, 3, since=at, apart=HOUR, prefix="B")
    assert set(later) == {"codex-b"}


def test_who_is_out_can_be_brought_back_on_the_record(world: World) -> None:
    at = run(world, 42, times=2.5)

    world.ok("race", "back", "claude-a", "--reason", "a new model", "--at", at.isoformat())

    told = race(world, at + HOUR)
    assert arms(told)["claude-a"]["verdict"] == "brought-back"
    assert (told["winner"], arms(told)["claude-a"]["attempts"]) == (None, 0)
    assert set(draws(world, 4, since=at + HOUR, apart=HOUR, prefix="B")) == {"claude-a", "codex-b"}
    assert world.run("race", "back", "nobody", "--json").document["slug"] == "name-unknown"


def test_who_is_in_is_not_brought_back_as_that_would_only_forget_it(world: World) -> None:
    at = run(world, 14, times=1.0)
    before = race(world, at)

    refused = world.run("race", "back", "claude-a", "--at", at.isoformat(), "--json")

    assert (refused.code, refused.document["slug"]) == (1, "arm-in-race")
    assert race(world, at) == before


def test_equal_accounts_race_on_and_what_is_missing_is_said(world: World) -> None:
    told = race(world, run(world, 28, times=1.0))

    assert (told["phase"], told["winner"], told["policy"]) == ("racing", None, "blocks")
    assert {one["verdict"] for one in told["arms"]} == {"in"}
    assert told["missing"]["features"] > 0
    assert told["missing"]["weeks"] == pytest.approx(told["missing"]["features"] / 14, rel=0.15)
    assert sum(one["probability_best"] for one in told["arms"]) == pytest.approx(1, abs=1e-5)


def test_an_account_that_ships_too_little_is_out_for_that_reason(world: World) -> None:
    set_to(world, objective='"throughput"')
    path = world.home / "portfolio.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("# quality_floor = 0.5", "quality_floor = 0.95"), encoding="utf-8")

    told = race(world, run(world, 28, times=1.0, fails=24))

    assert {one["verdict"] for one in told["arms"]} & {"below-floor"}
    assert "quality_floor" in world.ok("race", "--at", (BEGIN + timedelta(weeks=2)).isoformat()).out


def test_in_production_the_policy_draws_and_its_probabilities_are_kept(world: World) -> None:
    at = run(world, 28, times=2.0)
    set_to(world, phase='"production"', policy='"thompson"')
    asked = ("start", "B-1", "--any", "--size", "M", "--at", at.isoformat(), "--json")

    told = world.ok(*asked).document

    assert race(world, at)["policy"] == "thompson"
    assert told["probability"] not in (None, 0.5)
    given = Counter(draws(world, 8, since=at + HOUR, apart=HOUR, prefix="C"))
    assert given["codex-b"] > given["claude-a"]
    assert world.ok(*asked).document["account"] == told["account"]  # asked once more


def test_the_race_is_run_forward_from_what_is_known(world: World) -> None:
    at = run(world, 14, times=1.3)

    told = world.ok("race", "simulate", "--weeks", "4", "--at", at.isoformat(), "--json").document
    again = world.ok("race", "simulate", "--weeks", "4", "--at", at.isoformat(), "--json").document

    assert told == again
    assert told["features_per_week"] == pytest.approx(14, rel=0.1)
    assert 0 <= told["exploring_usd"]["low"] <= told["exploring_usd"]["high"]
    assert told["wrong_share"] <= 0.2
    assert (
        "runs over 4 weeks"
        in world.ok("race", "simulate", "--weeks", "4", "--at", at.isoformat()).out
    )


def test_what_is_drawn_and_not_finished_tells_no_dollars(world: World) -> None:
    draws(world, 2, since=BEGIN, apart=HOUR, prefix="A")
    at = BEGIN + 3 * HOUR

    found = race(world, at)["arms"]
    assert sum(one["under_way"] for one in found) == 2
    told = world.ok("race", "simulate", "--weeks", "2", "--at", at.isoformat(), "--json").document

    assert {one["posterior"] for one in found} == {one["probability_best"] for one in found}
    assert {one["posterior"] for one in found} == {None}
    page = world.ok("race", "--at", at.isoformat()).out
    assert "$" not in page
    assert "Drawn and not finished: " in page
    assert "feature fail ID" in " ".join(page.split())
    assert (told["exploring_usd"]["point"], told["is_pace_assumed"]) == (None, True)
    page = world.ok("race", "simulate", "--weeks", "2", "--at", at.isoformat()).out
    assert "$" not in page
    assert "made up" in " ".join(page.split())
    assert "assumed" in page


def test_without_an_account_it_shows_no_empty_table_but_how_to_add_one(tmp_path: Path) -> None:
    nobody = World(tmp_path)
    nobody.set_up()

    page = " ".join(nobody.ok("race").out.split())

    assert "account add" in page
    assert "shipped" not in page


def test_a_race_of_one_is_not_run_forward(tmp_path: Path) -> None:
    alone = World(tmp_path)
    alone.set_up("claude-a:claude-pro")

    done = alone.run("race", "simulate", "--json")

    assert (done.code, done.document["slug"]) == (1, "race-of-one")
    assert "takes two accounts" in alone.ok("race").out


@pytest.mark.parametrize("setting", ['policy = "dice"', 'phase = "over"', 'objective = "fun"'])
def test_a_setting_that_is_none_is_refused(world: World, setting: str) -> None:
    name, _, value = setting.partition(" = ")
    set_to(world, **{name: value})

    assert world.run("race", "--json").document["slug"] == "setting-invalid"
