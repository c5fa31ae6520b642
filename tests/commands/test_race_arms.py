"""Ways of working race beside accounts: what may be drawn, what is drawn, what is told of it."""

from __future__ import annotations

import math
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from portfolio.commands.race_arms import racers_of
from portfolio.errors import UnknownNameError
from portfolio.model import Methodology, Step
from portfolio.race.arm import arm_of
from portfolio.store.opening import opened
from tests.commands.test_racing import set_to
from tests.compare_world import BEGIN, Done, add_work, draw_many
from tests.world import World

HOUR = timedelta(hours=1)
HELD = {"claude-a": "claude", "claude-b": "claude", "codex-c": "codex"}
ARMS = {"plain@claude-a", "plain@codex-b", "checked@claude-a", "checked@codex-b"}
COST = {"plain": 1.0, "checked": 1.6, "claude-a": 2.0, "codex-b": 1.0}


def way(name: str, **steps: str) -> Methodology:
    return Methodology(
        methodology=name,
        steps=tuple(
            Step(step=step, model=told.partition("@")[0], account=told.partition("@")[2])
            for step, told in steps.items()
        ),
    )


def names(*ways: Methodology, raced: tuple[str, ...]) -> dict[str, set[str]]:
    return {one.arm.name: set(one.accounts) for one in racers_of(HELD, ways, raced)}


def test_accounts_race_alone_where_no_methodology_does() -> None:
    assert names(way("plain", BUILD="opus@claude-a"), raced=()) == {one: {one} for one in HELD}


def test_a_methodology_is_an_arm_on_the_account_of_its_build_and_needs_all_its_accounts() -> None:
    scout = way("scout", PLAN="gpt-9@codex-c", BUILD="opus@claude-a", REVIEW="opus@claude-b")

    found = names(scout, raced=("scout",))

    assert found == {
        "scout@claude-a": {"claude-a", "claude-b", "codex-c"},
        "claude-b": {"claude-b"},
        "codex-c": {"codex-c"},
    }


def test_a_way_that_any_account_may_do_is_an_arm_on_each_that_has_its_models() -> None:
    plain = way("plain", BUILD="any@any")
    opus = way("opus", PLAN="gpt-9@codex-c", BUILD="opus@any")

    found = names(plain, opus, raced=("plain", "opus"))

    assert found == {
        "plain@claude-a": {"claude-a"},
        "plain@claude-b": {"claude-b"},
        "plain@codex-c": {"codex-c"},
        "opus@claude-a": {"claude-a", "codex-c"},
        "opus@claude-b": {"claude-b", "codex-c"},
    }


def test_a_methodology_that_was_never_added_cannot_race() -> None:
    with pytest.raises(UnknownNameError, match="nobody"):
        names(way("plain", BUILD="any@any"), raced=("nobody",))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path)
    made.set_up("claude-a:claude-pro", "codex-b:codex-plus")
    made.commit("Begin", "2026-07-27T09:00:00+00:00")
    monkeypatch.chdir(made.repository)
    made.ok("methodology", "add", "plain", "BUILD=any@any")
    made.ok("methodology", "add", "checked", "PLAN=any@any", "BUILD=any@any", "REVIEW=any@any")
    set_to(made, methodologies='["plain", "checked"]')
    return made


def start(world: World, item: str, *more: str, hours: int = 9) -> dict[str, Any]:
    at = (BEGIN + hours * HOUR).isoformat()
    return world.ok("start", item, *more, "--at", at, "--json").document


def test_an_item_is_given_a_methodology_with_its_account_and_works_by_it(world: World) -> None:
    told = start(world, "A-1", "--any", "--size", "M")

    assert set(told["eligible"]) == ARMS
    assert told["probability"] == 0.25
    assert f"{told['methodology']}@{told['account']}" in ARMS
    later = start(world, "A-1", "--step", "REVIEW", hours=33)
    assert (later["methodology"], later["account"]) == (told["methodology"], told["account"])
    only = start(world, "A-2", "--any", "--size", "M", "--methodology", "plain", hours=34)
    assert set(only["eligible"]) == {"plain@claude-a", "plain@codex-b"}
    assert only["methodology"] == "plain"


def test_a_window_is_worked_as_chance_gave_its_items(world: World) -> None:
    told = start(world, "A-1", "--any", "--size", "M")
    worked = BEGIN + 33 * HOUR
    with opened(next(world.home.glob("*.duckdb"))) as database:
        add_work(database, [Done("A-1", worked, 2.0, told["account"], None, ())], now=worked)

    span = ("--start", (worked - HOUR).isoformat(), "--end", (worked + HOUR).isoformat())
    logged = world.ok("log-window", *span, "--at", (worked + 2 * HOUR).isoformat(), "--json")

    assert logged.document["methodology"] == told["methodology"]


def test_arms_are_told_apart_and_each_factor_over_the_other(world: World) -> None:
    how: dict[str, Any] = {"since": BEGIN + 9 * HOUR, "apart": 12 * HOUR, "prefix": "A"}
    rng = Random(3)
    with opened(next(world.home.glob("*.duckdb"))) as database:
        given = draw_many(database, 56, **how, raced=("plain", "checked"))
        work = []
        for number, name in enumerate(given):
            arm = arm_of(name)
            usd = COST[arm.account] * COST[arm.methodology] * math.exp(rng.gauss(0, 0.2))
            at = how["since"] + number * how["apart"] + HOUR
            work.append(Done(f"A-{number}", at, usd, arm.account, None))
        add_work(database, work, now=work[-1].at + HOUR)
    assert set(Counter(given).values()) == {14}
    at = (BEGIN + timedelta(weeks=4, hours=2)).isoformat()

    told = world.ok("race", "--at", at, "--json").document

    arms = {one["arm"]: one for one in told["arms"]}
    assert set(arms) == ARMS
    assert told["leader"] == "plain@codex-b"
    assert arms["checked@claude-a"]["verdict"] == "eliminated"
    effects = {one["factor"]: one for one in told["effects"]}
    assert effects["account"]["ratio"]["point"] == pytest.approx(2.0, rel=0.15)
    assert effects["methodology"]["ratio"]["point"] == pytest.approx(1.6, rel=0.15)
    page = " ".join(world.ok("race", "--at", at).out.split())
    assert "Over all methodologies, claude-a takes" in page
    for pair, ratio in ((("claude-a", "codex-b"), 2.0), (("checked", "plain"), 1.6)):
        compared = world.ok("compare", *pair, "--until", at, "--at", at, "--json").document
        drawn = next(one for one in compared["estimates"] if one["label"] == "drawn")
        assert drawn["ratio"]["point"] == pytest.approx(ratio, rel=0.15)
        assert sum(drawn["counts"]) == 56
    # What no longer races is told of, and is in nobody's way.
    path = world.home / "portfolio.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('["plain", "checked"]', '["plain"]'), encoding="utf-8")
    told = world.ok("race", "--at", at, "--json").document
    arms = {one["arm"]: one for one in told["arms"]}
    assert {name for name in arms if arms[name]["has_room"]} == {"plain@claude-a", "plain@codex-b"}
    assert {arms[f"checked@{on}"]["verdict"] for on in ("claude-a", "codex-b")} <= {
        "gone",
        "eliminated",
    }
