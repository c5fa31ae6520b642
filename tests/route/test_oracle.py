"""The weekly plan against brute force: small weeks, every way to do every item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

import pytest

from portfolio.route.planning import plan
from portfolio.route.problem import Account, Item, Method, Problem
from tests.route.made import DAY, WEEK, account, items, method, part, week

MANY = 10_000


def single(rng: Random) -> Problem:
    """Make a week of one-account methods: windows, deadlines, a reset, a scoped pool."""
    accounts = [
        account(
            name,
            week=rng.randint(20, 90),
            window=rng.choice((None, 10, 25)),
            opens=4,
            resets=rng.choice((None, 2 * DAY)),
            opus=rng.choice((None, 30)),
        )
        for name in ("claude-a", "claude-b")[: rng.randint(1, 2)]
    ]
    ways = [
        method(
            name,
            part(
                {
                    one.account: {
                        "week": rng.randint(5, 30),
                        "5h": rng.randint(3, 20),
                        "week:opus": rng.choice((0, 12)),
                    }
                    for one in accounts
                }
            ),
            share=rng.choice((0.5, 0.8, 1.0)),
        )
        for name in ("a", "b")[: rng.randint(1, 2)]
    ]
    some = [
        one
        for place in range(rng.randint(3, 5))
        for one in items(
            1,
            worth=rng.choice((1.0, 2.0, 5.0)),
            due_min=rng.choice((None, DAY, 3 * DAY)),
            name=f"api.{place}",
        )
    ]
    return week(some, ways, accounts)


def double(rng: Random) -> Problem:
    """Make a week of methods with two parts: the numbers on the accounts have to agree."""
    accounts = [account(f"claude-{name}", week=rng.randint(20, 70)) for name in "ab"]
    accounts += [account("codex-a", week=rng.randint(20, 70))]
    ways = [
        method("alone", part({"codex-a": {"week": rng.randint(10, 30)}}), share=0.9),
        method(
            "both",
            part({f"claude-{name}": {"week": rng.randint(5, 25)} for name in "ab"}, step="PLAN"),
            part({"codex-a": {"week": rng.randint(5, 20)}}),
        ),
    ]
    some = [*items(3, worth=2.0), *items(rng.randint(1, 2), worth=3.0, name="web")]
    return week(some, ways, accounts)


def best(problem: Problem) -> float:
    """Try everything, item by item; a branch ends where what is left cannot be better."""
    room: dict[object, float] = {}
    for one in problem.accounts:
        room |= rooms(one)
    ways = [list(uses(problem, one, room)) for one in problem.items]
    ahead = [sum(one.worth for one in problem.items[at:]) for at in range(len(ways) + 1)]
    most = 0.0

    def deeper(at: int, worth: float) -> None:
        nonlocal most
        most = max(most, worth)
        if at == len(ways) or worth + ahead[at] <= most + 1e-9:
            return
        for use in ways[at]:
            if all(room[cap] >= need - 1e-9 for cap, need in use.items()):
                for cap, need in use.items():
                    room[cap] -= need
                deeper(at + 1, worth + problem.items[at].worth)
                for cap, need in use.items():
                    room[cap] += need
        deeper(at + 1, worth)

    deeper(0, 0.0)
    return most


def halves(one: Account) -> list[tuple[int, int]]:
    reset = one.pools[0].resets_min
    return [(0, WEEK)] if reset is None else [(0, reset), (reset, WEEK)]


def rooms(one: Account) -> dict[object, float]:
    """Tell all caps: of each half of the week, and of its windows before each deadline."""
    found: dict[object, float] = {}
    for begin, end in halves(one):
        for pool in one.pools:
            cap = pool.cap or 0.0
            if pool.pool != "5h":
                found[one.account, pool.pool, begin] = cap
                continue
            for due in (DAY, 3 * DAY, WEEK):
                opened = [
                    w for w in one.windows if begin <= w.start_min < end and w.start_min < due
                ]
                found[one.account, "5h", begin, due] = cap * len(opened)
    return found


def uses(
    problem: Problem, item: Item, room: Mapping[object, float]
) -> Iterator[dict[object, float]]:
    for way in problem.methods:
        yield from use_of(problem, item, way, room, {})


def use_of(
    problem: Problem,
    item: Item,
    way: Method,
    room: Mapping[object, float],
    before: dict[object, float],
    at: int = 0,
) -> Iterator[dict[object, float]]:
    if at == len(way.parts):
        yield before
        return
    due = item.due_min or WEEK
    for one in problem.accounts:
        burn = way.parts[at].burn.get((item.size, one.account), {})
        for begin, end in halves(one) if burn else ():
            if not any(begin <= w.start_min < end and w.start_min < due for w in one.windows):
                continue
            told = dict(before)
            for pool, once in burn.items():
                need = once / way.success_low[item.size]
                keys: list[object] = [(one.account, pool, begin)]
                if pool == "5h":
                    keys = [(one.account, "5h", begin, d) for d in (DAY, 3 * DAY, WEEK) if due <= d]
                for key in keys:
                    if key in room:
                        told[key] = told.get(key, 0.0) + need
            yield from use_of(problem, item, way, room, told, at + 1)


@pytest.mark.parametrize("tens", range(10))
def test_a_week_of_single_accounts_is_planned_as_brute_force_does(tens: int) -> None:
    for seed in range(12 * tens, 12 * tens + 12):
        problem = single(Random(seed))

        route = plan(problem, gap=0.0, max_nodes=MANY)

        assert route.worth == pytest.approx(best(problem)), seed
        assert route.bound >= route.worth


@pytest.mark.parametrize("tens", range(10))
def test_a_week_of_methods_on_two_accounts_is_planned_as_brute_force_does(tens: int) -> None:
    for seed in range(10 * tens, 10 * tens + 10):
        problem = double(Random(seed))

        route = plan(problem, gap=0.0, max_nodes=MANY)

        assert route.worth == pytest.approx(best(problem)), seed
