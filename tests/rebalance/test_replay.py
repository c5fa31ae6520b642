"""The quick replay equals the slow one, and both follow the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest

import portfolio.rebalance.replay as replaying
from portfolio.rebalance.history import minute_of, moment_of
from portfolio.rebalance.quota import Quota
from portfolio.rebalance.replay import BLOCKED, Replayed, replay
from portfolio.rebalance.running_pool import CycleUse, Full
from tests.rebalance.slow_replay import slow_replay

if TYPE_CHECKING:
    from portfolio.rebalance.work import IntArray

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
    return replay([np.array(minutes)], routes=[[0]], quotas=[quota], begin=0, end=end)


def test_what_reaches_the_cap_is_let_in_and_the_next_is_blocked_until_the_cycle_ends() -> None:
    found = alone([10, 20, 309, 310], pool(60, 70, 10, 10))

    assert found.fates[0].tolist() == [0, 0, BLOCKED, 0]
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

    found = replay([np.array([1, 2, 3])], routes=[[0, 1]], quotas=[one, other], begin=0, end=9)

    assert found.fates[0].tolist() == [0, 0, 1]


def test_a_work_that_finds_its_account_free_for_one_minute_counts_on_that_account_alone() -> None:
    """Account 0 is freed at minute 20, and full again by the second work of that minute."""
    own, other = pool(10, 10, length=None, cap=10, edges=(20,)), pool(7, 7, length=None)
    quotas = [
        replace(own, draws={0: np.array([0, 0, 0]), 1: np.array([10, 10])}),
        replace(other, draws={0: np.array([7, 7, 7])}, account=1),
    ]

    found = replay(
        [np.array([6, 20, 21]), np.array([5, 20])],
        routes=[[0, 1], [0]],
        quotas=quotas,
        begin=0,
        end=30,
    )

    assert found.fates[0].tolist() == [1, 0, 1]
    assert [one.used for one in found.cycles if one.quota == 1] == [14]


def test_an_account_without_any_pool_has_room_for_everything() -> None:
    found = replay([np.array([1, 2])], routes=[[0]], quotas=[], begin=0, end=9)

    assert found.fates[0].tolist() == [0, 0]


def test_no_hour_is_lost_or_doubled_where_clocks_change() -> None:
    zone = ZoneInfo("Europe/Vienna")
    before, after = datetime(2026, 10, 25, 1, tzinfo=zone), datetime(2026, 10, 25, 4, tzinfo=zone)

    first, second = minute_of(before.astimezone(UTC)), minute_of(after.astimezone(UTC))

    assert second - first == 4 * 60  # by the clocks it is three
    assert moment_of(second) == after
    quota = pool(1, 1, length=240)
    found = replay(
        [np.array([first, second])],
        routes=[[0]],
        quotas=[quota],
        begin=first,
        end=second + 1,
    )
    assert len(found.cycles) == 2


@pytest.mark.parametrize("seed", range(1000))
def test_it_equals_the_slow_one(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any number of works, accounts and pools; scopes, cap changes, edges inside rolling cycles."""
    chance = Random(seed)
    monkeypatch.setattr(replaying, "FIRST_SIGHT", chance.choice([40, replaying.FIRST_SIGHT]))
    begin = minute_of(datetime(2026, 3, 29 if seed % 2 else 10, tzinfo=UTC))
    end = begin + chance.randrange(50, 3000)
    busy = sorted(chance.sample(range(begin, end), chance.randrange(1, 50)))
    works = chance.randrange(1, 5)
    minutes = [
        np.array([at for at in busy if chance.random() < 0.6], dtype=np.int64) for _ in range(works)
    ]
    accounts = chance.randrange(0, 4)
    routes = [
        chance.sample(range(accounts), chance.randrange(0, accounts + 1)) for _ in range(works)
    ]
    quotas = [
        _random_pool(chance, account, minutes, begin=begin, end=end)
        for account in range(accounts)
        for _ in range(chance.randrange(0, 4))
    ]

    quick = replay(minutes, routes=routes, quotas=quotas, begin=begin, end=end)
    slow = slow_replay(minutes, routes=routes, quotas=quotas, begin=begin, end=end)

    assert [own.tolist() for own in quick.fates] == [own.tolist() for own in slow.fates]
    assert quick.full == slow.full
    assert quick.cycles == slow.cycles


def _random_pool(
    chance: Random, account: int, minutes: list[IntArray], *, begin: int, end: int
) -> Quota:
    def moments(most: int) -> list[int]:
        return sorted(
            {chance.randrange(begin - 10, end + 10) for _ in range(chance.randrange(most))}
        )

    cap = chance.choice([0, 20, 60, 200])
    drawing = [work for work in range(len(minutes)) if chance.random() < 0.8]
    return Quota(
        account=account,
        pool="any",
        caps=(
            (begin, cap),
            *((at, chance.choice([10, 50, 150])) for at in moments(4) if at > begin),
        ),
        draws={work: _draws(chance, len(minutes[work])) for work in drawing},
        length=chance.choice([None, 5, 30, 300]),
        edges=np.array(moments(6), dtype=np.int64),
    )


def _draws(chance: Random, size: int) -> IntArray:
    return np.array([chance.choice([0, 1, 7, 30]) for _ in range(size)], dtype=np.int64)
