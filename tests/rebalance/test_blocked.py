"""What a replay says of time and work without room."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import numpy as np
import pytest

from portfolio.rebalance.blocked import (
    SeatUse,
    blocked_places,
    blocked_spans,
    blocked_usd,
    seat_uses,
)
from portfolio.rebalance.history import History, Place, TurnPlaces
from portfolio.rebalance.portfolio import Setup
from portfolio.rebalance.quota import Quota
from portfolio.rebalance.replay import BLOCKED, Replayed
from portfolio.rebalance.running_pool import CycleUse, Full
from portfolio.rebalance.seated_pool import Seat
from portfolio.rebalance.work import Work

NONE = np.zeros(0, dtype=np.int64)


def setup(*pools: tuple[int, str]) -> Setup:
    """Give seats with some pools, each as (place of the seat, pool)."""
    seats = range(1 + max((seat for seat, _ in pools), default=-1))
    return Setup(
        seats=tuple(Seat(name=f"seat {n}", plan="p", account=None) for n in seats),
        routes=(),
        quotas=tuple(
            Quota(account=seat, pool=pool, caps=((0, 100),), draws={}, length=None, edges=NONE)
            for seat, pool in pools
        ),
        unjudged=(),
    )


def replayed(
    *full: tuple[int, int, int], cycles: tuple[CycleUse, ...] = (), fates: tuple[int, ...] = ()
) -> Replayed:
    return Replayed(
        fates=(np.array(fates, dtype=np.int8),),
        full=tuple(Full(*one) for one in full),
        cycles=cycles,
    )


def test_time_is_blocked_where_every_seat_stands_at_a_cap() -> None:
    pools = setup((0, "5h"), (0, "week"), (1, "week"))

    found = blocked_spans(pools, replayed((0, 0, 10), (1, 8, 20), (1, 30, 40), (2, 5, 35)))

    assert found == [(5, 20), (30, 35)]
    assert blocked_spans(setup(), replayed()) == []


def test_a_pool_for_some_models_blocks_those_alone() -> None:
    pools = setup((0, "week"), (0, "week:opus"))
    full = replayed((0, 10, 20), (1, 0, 15))

    assert blocked_spans(pools, full) == [(10, 20)]
    assert blocked_spans(pools, full, "opus") == [(0, 20)]
    assert blocked_spans(pools, full, "sonnet") == [(10, 20)]


@pytest.mark.parametrize("seed", range(50))
def test_blocked_minutes_are_those_in_which_no_seat_is_free(seed: int) -> None:
    chance = Random(seed)
    pools = [(seat, pool) for seat in range(3) for pool in ("5h", "week")]
    full = []
    for place in range(len(pools)):
        cuts = sorted(chance.sample(range(60), 2 * chance.randrange(1, 5)))
        full += [(place, since, until) for since, until in list(pairwise(cuts))[::2]]

    found = blocked_spans(setup(*pools), replayed(*full))

    minutes = {minute for since, until in found for minute in range(since, until)}
    for minute in range(60):
        stopped = {pools[n][0] for n, since, until in full if since <= minute < until}
        assert (minute in minutes) == (stopped == {0, 1, 2})
    assert all(one[1] <= other[0] for one, other in pairwise(found))


def test_blocked_work_is_named_by_what_it_was_for_most_first() -> None:
    dollars = np.array([1.0, 2.0, 4.0, 8.0])
    work = Work(
        account="a",
        provider="claude",
        scope=None,
        minutes=np.array([1, 2, 3, 4]),
        usd=dollars,
        elsewhere_usd=dollars * 0,
        burn={},
        credits_high=dollars,
        credits_low=dollars,
    )
    api, web = Place("/api", "main", None), Place("/web", "f", "F-1")
    history = History(
        begin=0,
        end=10,
        held=(),
        works=(work,),
        turns=TurnPlaces(
            works=np.zeros(5, dtype=np.int64),
            minutes=np.array([1, 2, 3, 3, 4]),
            places=np.array([0, 0, 0, 1, 1]),
            usd=np.array([1.0, 2.0, 1.0, 3.0, 8.0]),
            names=(api, web),
        ),
        unowned_usd=0.0,
        unpriced_tokens=0,
    )
    some = replayed(fates=(0, BLOCKED, BLOCKED, 0))

    assert blocked_usd(history, some) == 6.0
    assert blocked_places(history, some) == {api: 3.0, web: 3.0}
    assert list(blocked_places(history, replayed(fates=(BLOCKED, 0, BLOCKED, 0)))) == [web, api]
    assert blocked_places(history, replayed(fates=(0, 0, 0, 0))) == {}


def test_use_is_of_whole_cycles_of_the_priced_pool() -> None:
    pools = setup((0, "5h"), (0, "week"))
    cycles = (
        CycleUse(0, 0, 5, 90, 100, is_whole=True),
        CycleUse(1, 0, 10, 90, 100, is_whole=False),
        CycleUse(1, 10, 20, 30, 100, is_whole=True),
        CycleUse(1, 20, 30, 50, 100, is_whole=True),
    )

    [found] = seat_uses(pools, replayed((0, 1, 4), (1, 3, 7), cycles=cycles))

    assert found == SeatUse(
        seat="seat 0", plan="p", pool="week", cycles=2, used_share=0.4, full_minutes=6
    )
