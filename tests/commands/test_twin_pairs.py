"""`compare` over items that were run once more, in a store of which all is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from scipy import stats

from portfolio.store import twins
from portfolio.store.opening import opened
from portfolio.store.twins import Twin
from tests.commands.test_comparing import NOW, by_label, compare
from tests.compare_world import BEGIN, PLACE, Done, add_work
from tests.world import World

ACCOUNTS = ("claude-a", "codex-b")


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.set_up("claude-a:claude-pro", "codex-b:codex-plus")
    return made


def item(number: int, usd: float, *, by: str = "claude-a") -> Done:
    return Done(f"A-{number}", BEGIN + timedelta(hours=24 * number + 9), usd, by)


def twin(of: Done, usd: float, *, on: str = "codex-b", word: str = "shipped") -> Done:
    later = timedelta(hours=12 if on == "codex-b" else 14)
    return Done(f"{of.item}.twin-{on}", of.at + later, usd, on, None, ("twin", word))


def put(world: World, done: Sequence[Done], *, prompts: int | None = None) -> None:
    with opened(next(world.home.glob("*.duckdb"))) as database:
        add_work(database, done, now=NOW)
        for one in done:
            name, _, account = one.item.partition(".twin-")
            if account:
                made = Twin(
                    *(one.item, name, account, PLACE, "0" * 40, "b", f"/twins/{one.item}"),
                    prompts=prompts,
                    at=one.at - timedelta(hours=1),
                )
                twins.add_twin(database, made, now=made.at)


def pairs(n: int = 10, *, times: float = 2.0, seed: int = 1) -> list[tuple[Done, Done]]:
    """Give items of very different sizes, done on Claude, and their twins on Codex."""
    rng = Random(seed)
    found = []
    for number in range(n):
        usd = math.exp(rng.gauss(0, 1.5))
        own = item(number, usd * times * math.exp(rng.gauss(0, 0.2)))
        found.append((own, twin(own, usd * math.exp(rng.gauss(0, 0.2)))))
    return found


def flat(made: Sequence[tuple[Done, ...]]) -> list[Done]:
    return [one for both in made for one in both]


def twinned(world: World) -> dict[str, Any]:
    return by_label(compare(world, *ACCOUNTS))["twin"]


def page_of(world: World) -> str:
    """Give what a person reads, in one line."""
    return " ".join(world.ok("compare", *ACCOUNTS, "--at", NOW.isoformat()).out.split())


def test_an_account_that_takes_twice_as_much_for_the_same_items_is_found_out(world: World) -> None:
    made = pairs()
    put(world, flat(made))

    told = compare(world, *ACCOUNTS)

    found = by_label(told)["twin"]
    logs = [[math.log(one.usd) for one in side] for side in zip(*made, strict=True)]
    by_scipy = stats.ttest_rel(*logs).confidence_interval(0.95)
    assert (found["ratio"]["low"], found["ratio"]["high"]) == pytest.approx(
        (math.exp(by_scipy.low), math.exp(by_scipy.high)), rel=1e-3
    )
    assert (told["cheaper"], found["basis"], found["counts"]) == ("codex-b", "pairs", [10, 10])
    # Ten that were chosen because they shipped say nothing of how often Claude's do.
    assert [one["status"] for one in found["shipped"]] == ["no-outcomes", "ok"]
    assert found["p_shipped"] is None
    page = page_of(world)
    assert "codex-b is cheaper: both did the same items, and chance is ruled out" in page


def test_twins_are_in_no_other_comparison_and_ship_nothing(world: World) -> None:
    put(world, [one for one, _ in pairs()])
    before = by_label(compare(world, *ACCOUNTS))
    put(world, [other for _, other in pairs()])

    told = compare(world, *ACCOUNTS)

    assert {label: one for label, one in by_label(told).items() if label != "twin"} == before
    shipped = world.ok("report", "--at", NOW.isoformat(), "--json").document
    assert "twin-" not in str(shipped["features"] if "features" in shipped else shipped["merged"])


def test_an_item_done_in_talk_is_no_pair(world: World) -> None:
    put(world, flat(pairs(8)), prompts=7)

    found = twinned(world)

    assert (found["counts"], found["attended"]) == ([0, 0], 8)
    assert found["ratio"]["status"] == "no-pairs"
    page = page_of(world)
    assert "8 twins left out: the item itself was done in talk with you" in page


def test_two_twins_of_an_item_done_in_talk_are_a_pair(world: World) -> None:
    made = pairs(8)
    again = [twin(own, own.usd, on="claude-a") for own, _ in made]
    put(world, [*flat(made), *again], prompts=7)

    both = twinned(world)

    assert (both["counts"], both["attended"], both["p_shipped"]) == ([8, 8], 0, 1.0)
    page = page_of(world)
    assert "0 shipped on claude-a alone and 0 on codex-b alone (p = 1)" in page


def test_twins_that_fail_where_others_ship_make_no_account_cheaper(world: World) -> None:
    made = pairs(14)
    done = [own for own, _ in made]
    done += [twin(own, own.usd, on="claude-a") for own, _ in made]
    done += [
        other._replace(words=("twin", "failed")) if number < 7 else other
        for number, (_, other) in enumerate(made)
    ]
    put(world, done)

    told = compare(world, *ACCOUNTS)

    found = by_label(told)["twin"]
    assert (found["only_one_shipped"], found["p_shipped"]) == ([7, 0], 2 / 2**7)
    assert (found["is_told_apart"], found["ratio"]["status"]) == (True, "ships-less")
    assert told["cheaper"] is None


def test_pairs_so_far_count_towards_what_is_missing(world: World) -> None:
    put(world, flat(pairs(5)))

    told = compare(world, *ACCOUNTS)["telling"]

    missing = {one["times"]: one["missing"] for one in told if one["label"] == "twin"}
    assert missing[2.0] < 8 - 4
    assert missing[1.25] > 20


def test_a_twin_that_is_open_or_that_another_account_did_is_no_pair(world: World) -> None:
    (own, other), (own2, other2) = pairs(2)
    put(world, [own, own2, other._replace(words=("twin",)), other2._replace(account="claude-a")])

    told = compare(world, *ACCOUNTS)

    assert "twin" not in by_label(told)
