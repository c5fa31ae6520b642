"""`compare` by the command line over a store of which all is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from portfolio.estimate.size_cues import SIZES, Size
from portfolio.store.opening import opened
from tests.compare_world import BEGIN, Done, add_work
from tests.world import World

NOW = BEGIN + timedelta(weeks=9)
COSTS: dict[Size, float] = {"S": 0.5, "M": 1.5, "L": 4.5}


def history(
    *,
    times: float = 2.0,
    n: int = 60,
    seed: int = 1,
    first: Sequence[Size] = SIZES,
    second: Sequence[Size] = SIZES,
) -> list[Done]:
    """Make features on both accounts alike, but for what the first takes more."""
    rng = Random(seed)
    found = []
    for number in range(n):
        account, sizes = (("claude-a", first), ("codex-b", second))[number % 2]
        size = sizes[number // 2 % len(sizes)]
        usd = COSTS[size] * math.exp(rng.gauss(0, 0.3)) * (times if account == "claude-a" else 1)
        at = BEGIN + timedelta(hours=24 * number + 9)
        found.append(Done(f"A-{number}", at, usd, account, size))
    return found


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.set_up("claude-a:claude-pro", "codex-b:codex-plus")
    return made


def put(world: World, done: list[Done]) -> None:
    with opened(next(world.home.glob("*.duckdb"))) as database:
        add_work(database, done, now=NOW)


def compare(world: World, *names: str) -> dict[str, Any]:
    return world.ok("compare", *names, "--at", NOW.isoformat(), "--json").document


def by_label(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["label"]: one for one in told["estimates"]}


def test_an_account_that_takes_twice_as_much_is_seen_to_and_never_called_dearer(
    world: World,
) -> None:
    put(world, history())

    told = compare(world, "claude-a", "codex-b")

    assert (told["by"], told["cheaper"]) == ("account", None)
    for one in by_label(told).values():
        assert one["ratio"]["low"] <= 2 <= one["ratio"]["high"]
        assert one["counts"] == [30, 30]
    adjusted = by_label(told)["size-adjusted"]
    assert adjusted["ratio"]["high"] / adjusted["ratio"]["low"] < 1.6
    assert adjusted["tipping_point"]["gone_at"] == adjusted["ratio"]["point"]
    page = world.ok("compare", "claude-a", "codex-b", "--at", NOW.isoformat()).out
    assert "gone if what you gave claude-a was" in page.replace("\n", " ")
    assert "cheaper:" not in page
    assert "winner" not in page


def test_who_gives_one_account_the_large_work_sees_it_dear_until_sizes_are_told(
    world: World,
) -> None:
    put(world, history(times=1.0, first=("L", "L", "M", "S"), second=("S", "S", "M", "L")))

    told = by_label(compare(world, "claude-a", "codex-b"))

    assert told["raw"]["ratio"]["low"] > 1.2
    assert told["size-adjusted"]["ratio"]["low"] < 1 < told["size-adjusted"]["ratio"]["high"]


def test_what_fails_is_paid_for_by_what_ships(world: World) -> None:
    failing = [
        one._replace(words=("feature", "failed")) if number % 4 == 0 else one
        for number, one in enumerate(history(times=1.0))
    ]
    put(world, failing)

    told = by_label(compare(world, "claude-a", "codex-b"))["size-adjusted"]

    assert told["features_shipped"] == [15, 30]
    assert [one["point"] for one in told["shipped"]] == [0.5, 1.0]
    assert told["ratio"]["point"] == pytest.approx(2 * told["spend_ratio"]["point"], rel=1e-4)


def test_costs_by_class_are_dollars_of_capacity_and_weighed_by_ones_own_mix(world: World) -> None:
    put(world, history(times=1.0))
    told = compare(world, "claude-a", "codex-b")

    spent = world.ok("tokens", "--by", "item", "--at", NOW.isoformat(), "--json").document["rows"]
    small = [row["burn_usd"] for row in spent if int(row["item"].partition("-")[2]) // 2 % 3 == 0]
    cost = next(one for one in told["classes"] if one["size"] == "S")
    assert cost["usd"][0] == pytest.approx(sum(small) / len(small), rel=0.25)
    assert [one["share"] for one in told["classes"]] == pytest.approx([1 / 3] * 3, abs=1e-4)
    means = [sum(one["usd"][0] for one in told["classes"]) / 3, told["at_mix"][0]["point"]]
    assert means[0] == pytest.approx(means[1], rel=1e-4)


def test_items_done_on_both_without_a_size_or_a_meter_are_left_out_and_counted(
    world: World,
) -> None:
    done = history(n=40)
    both = done[0]._replace(account="codex-b", at=done[0].at + timedelta(minutes=10))
    put(world, [*done[:-1], both, done[-1]._replace(size=None)])

    told = compare(world, "claude-a", "codex-b")

    left = {one["reason"]: one["counts"] for one in told["left_out"]}
    assert left == {"both-arms": [1, 1], "no-size": [0, 1]}
    assert by_label(told)["size-adjusted"]["counts"] == [19, 19]


def test_models_are_compared_by_a_part_of_their_name(world: World) -> None:
    done = [
        one._replace(account="claude-a", model=("claude-opus-9", "claude-haiku-9")[number % 2])
        for number, one in enumerate(history())
    ]
    put(world, done)

    told = compare(world, "opus", "haiku")

    assert told["by"] == "model"
    ratio = by_label(told)["size-adjusted"]["ratio"]
    assert ratio["low"] <= 2 <= ratio["high"]


def test_what_it_takes_to_tell_them_apart_is_said_by_label(world: World) -> None:
    put(world, history(times=1.0))
    told = compare(world, "claude-a", "codex-b")["telling"]

    found = {(one["times"], one["label"]): one for one in told}
    assert {label for _, label in found} == {"raw", "size-adjusted", "drawn", "twin"}
    assert found[2.0, "raw"]["missing"] is None
    assert found[2.0, "drawn"]["missing"] < found[1.5, "drawn"]["missing"]
    assert found[2.0, "twin"]["missing"] < found[2.0, "drawn"]["missing"]
    assert found[2.0, "drawn"]["weeks"] == pytest.approx(
        found[2.0, "drawn"]["missing"] / 7, rel=0.15
    )


def test_nothing_that_was_done_later_or_before_counts(world: World) -> None:
    put(world, history())
    early = ("--until", (BEGIN + timedelta(days=20)).isoformat())

    told = world.ok("compare", "claude-a", "codex-b", *early, "--at", NOW.isoformat(), "--json")

    assert sum(by_label(told.document)["size-adjusted"]["counts"]) == 20


def test_arms_that_are_not_there_are_refused(world: World) -> None:
    put(world, history(n=4))

    assert world.run("compare", "claude-a", "nobody", "--json").document["slug"] == "name-unknown"
    same = world.run("compare", "claude-a", "claude-a", "--json")
    assert (same.code, same.document["slug"]) == (1, "arm-same")


def test_an_arm_without_any_work_gives_no_ratio_and_says_why(world: World) -> None:
    put(world, [one for one in history() if one.account == "claude-a"])

    told = compare(world, "claude-a", "codex-b")
    page = world.ok("compare", "claude-a", "codex-b", "--at", NOW.isoformat()).out

    assert all(one["ratio"]["point"] is None for one in told["estimates"])
    assert "no ratio" in page


def test_one_model_by_two_names_is_not_compared_with_itself(world: World) -> None:
    done = [Done(f"A-{n}", BEGIN + timedelta(hours=9 + n), 1.0, "claude-a") for n in range(3)]
    with opened(next(world.home.glob("*.duckdb"))) as database:
        add_work(database, done, now=BEGIN + timedelta(days=1))
    at = (BEGIN + timedelta(days=2)).isoformat()

    for names in (("sonnet", "sonnet-9"), ("claude", "sonnet")):
        refused = world.run("compare", *names, "--at", at, "--json")
        assert (refused.code, refused.document["slug"]) == (1, "arm-same")
    assert world.run("compare", "", "sonnet", "--at", at, "--json").document["slug"] == (
        "name-unknown"
    )


def test_a_methodology_nothing_was_done_by_is_an_arm_without_work(world: World) -> None:
    for name in ("solo", "relay"):
        world.ok("methodology", "add", name, "BUILD=opus@claude-a")

    told = world.ok("compare", "solo", "relay", "--json").document

    assert (told["by"], told["cheaper"]) == ("methodology", None)
