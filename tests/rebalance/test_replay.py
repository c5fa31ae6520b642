"""The quick replay equals the slow one, and both follow the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from portfolio.rebalance.history import minute_of, moment_of
from portfolio.rebalance.quota import Quota
from portfolio.rebalance.replay import BLOCKED, NOTHING, CycleUse, Full, Replayed, replay
from tests.rebalance.slow_replay import slow_replay

if TYPE_CHECKING:
    from portfolio.rebalance.work import BoolArray, IntArray

NONE = np.zeros(0, dtype=np.int64)


def pool(
    *draws: int, cap: int = 100, length: int | None = 300, edges: tuple[int, ...] = ()
) -> Quota:
    return Quota(
        account=0,
        pool="5h",
        caps=((0, cap),),
        draws={0: np.array(draws)},
        length=length,
        edges=np.array(edges, dtype=np.int64),
    )


def alone(minutes: list[int], quota: Quota, *, end: int = 1000) -> Replayed:
    active = np.ones((1, len(minutes)), dtype=np.bool_)
    grid = np.array(minutes)
    return replay(grid, active, routes=[[0]], quotas=[quota], begin=0, end=end)


def test_what_reaches_the_cap_is_let_in_and_the_next_is_blocked_until_the_cycle_ends() -> None:
    found = alone([10, 20, 309, 310], pool(60, 70, 10, 10))

    assert found.fates.tolist() == [[0, 0, BLOCKED, 0]]
    assert found.full == (Full(0, 20, 310),)
    assert found.cycles == (
        CycleUse(0, 10, 310, 130, 100, is_whole=True),
        CycleUse(0, 310, 610, 10, 100, is_whole=True),
    )


def test_a_pool_with_edges_alone_has_a_cycle_even_where_nothing_is_used() -> None:
    found = alone([10], pool(60, length=None, edges=(200, 500)))

    assert [(one.begin, one.end, one.used, one.is_whole) for one in found.cycles] == [
        (0, 200, 60, False),
        (200, 500, 0, True),
        (500, 1000, 0, False),
    ]


def test_blocked_work_goes_to_the_next_account_with_room() -> None:
    one = pool(60, 60, 60)
    other = replace(pool(5, 5, 5), account=1)
    active = np.ones((1, 3), dtype=np.bool_)

    found = replay(
        np.array([1, 2, 3]), active, routes=[[0, 1]], quotas=[one, other], begin=0, end=9
    )

    assert found.fates.tolist() == [[0, 0, 1]]


def test_an_account_without_any_pool_has_room_for_everything() -> None:
    active = np.array([[True, False]])

    found = replay(np.array([1, 2]), active, routes=[[0]], quotas=[], begin=0, end=9)

    assert found.fates.tolist() == [[0, NOTHING]]


def test_no_hour_is_lost_or_doubled_where_clocks_change() -> None:
    zone = ZoneInfo("Europe/Vienna")
    before, after = datetime(2026, 10, 25, 1, tzinfo=zone), datetime(2026, 10, 25, 4, tzinfo=zone)

    first, second = minute_of(before.astimezone(UTC)), minute_of(after.astimezone(UTC))

    assert second - first == 4 * 60  # by the clocks it is three
    assert moment_of(second) == after
    quota = pool(1, 1, length=240)
    found = replay(
        np.array([first, second]),
        np.ones((1, 2), dtype=np.bool_),
        routes=[[0]],
        quotas=[quota],
        begin=first,
        end=second + 1,
    )
    assert len(found.cycles) == 2


@pytest.mark.parametrize("seed", range(300))
def test_it_equals_the_slow_one(seed: int) -> None:
    """Any number of works, accounts and pools; scopes, cap changes, edges inside rolling cycles."""
    chance = Random(seed)
    begin = minute_of(datetime(2026, 3, 29 if seed % 2 else 10, tzinfo=UTC))
    end = begin + chance.randrange(50, 3000)
    minutes = np.array(sorted(chance.sample(range(begin, end), chance.randrange(1, 50))))
    works = chance.randrange(1, 5)
    active = np.array([[chance.random() < 0.6 for _ in minutes] for _ in range(works)])
    accounts = chance.randrange(0, 4)
    routes = [
        chance.sample(range(accounts), chance.randrange(0, accounts + 1)) for _ in range(works)
    ]
    quotas = [
        _random_pool(chance, account, active, begin=begin, end=end)
        for account in range(accounts)
        for _ in range(chance.randrange(0, 4))
    ]

    quick = replay(minutes, active, routes=routes, quotas=quotas, begin=begin, end=end)
    slow = slow_replay(minutes, active, routes=routes, quotas=quotas, begin=begin, end=end)

    assert quick.fates.tolist() == slow.fates.tolist()
    assert quick.full == slow.full
    assert quick.cycles == slow.cycles


def _random_pool(chance: Random, account: int, active: BoolArray, *, begin: int, end: int) -> Quota:
    def moments(most: int) -> list[int]:
        return sorted(
            {chance.randrange(begin - 10, end + 10) for _ in range(chance.randrange(most))}
        )

    cap = chance.choice([0, 20, 60, 200])
    drawing = [work for work in range(len(active)) if chance.random() < 0.8]
    return Quota(
        account=account,
        pool="any",
        caps=(
            (begin, cap),
            *((at, chance.choice([10, 50, 150])) for at in moments(4) if at > begin),
        ),
        draws={work: _draws(chance, active[work]) for work in drawing},
        length=chance.choice([None, 30, 300]),
        edges=np.array(moments(6), dtype=np.int64),
    )


def _draws(chance: Random, active: BoolArray) -> IntArray:
    return np.array([chance.choice([0, 1, 7, 30]) * int(is_on) for is_on in active])
