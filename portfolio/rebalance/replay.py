"""Replay work under the pools of a portfolio: what goes where, what finds no room, what expires.

The rules, minute by minute:

1. A cycle that ends at this minute, by its length or at an edge, is over: nothing is used of the
   pool. A cap that changes at this minute is the new one.
2. The works that have something in this minute come one after the other, in their order. Each goes
   whole to the first account of its route where every pool it counts on has room, which is to say
   that less than the cap is used: a provider refuses a request once the cap is reached, and lets
   the one that reaches it end. Where there is none it is blocked, and takes nothing.
3. What it takes is used. A rolling pool whose cycle is over begins a new one at this minute by it,
   even where it takes nothing of that pool.

A pool is full from the minute in which its cap is reached (or sinks to what is used) until its
cycle ends or its cap rises above what is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from portfolio.rebalance.quota import Quota
    from portfolio.rebalance.work import BoolArray, IntArray

BLOCKED: Final = -1
NOTHING: Final = -2  # there was nothing to do
NEVER: Final = 2**62  # minutes


class Full(NamedTuple):
    """A pool stood at its cap."""

    quota: int  # its place
    since: int  # minute
    until: int  # minute, not included


class CycleUse(NamedTuple):
    """What was used of a pool in one cycle."""

    quota: int  # its place
    begin: int  # minute
    end: int  # minute, not included
    used: int  # millionths of the unit
    cap: int  # at the end of the cycle, in the same
    is_whole: bool  # it neither began before the replay nor ended after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What became of the work."""

    fates: npt.NDArray[np.int8]  # (works, grid): the place of an account, BLOCKED or NOTHING
    full: tuple[Full, ...]  # by quota, then oldest first
    cycles: tuple[CycleUse, ...]  # by quota, then oldest first; a rolling pool's: those that began


def replay(
    minutes: IntArray,
    active: BoolArray,
    *,
    routes: Sequence[Sequence[int]],
    quotas: Sequence[Quota],
    begin: int,
    end: int,
) -> Replayed:
    """Replay works under a portfolio; nothing is used of any pool at the begin.

    Args:
        minutes: The grid: every minute in which anything happens, ascending, shape (grid,), all in
            [begin, end).
        active: Which work has something in which minute, shape (works, grid).
        routes: For each work the places of the accounts it may go to, best first.
        quotas: The pools of all accounts; an account without any has room for everything.
        begin: The first minute.
        end: The last minute, not included.
    """
    import numpy as np

    pools = [_Pool(place, quota, begin) for place, quota in enumerate(quotas)]
    # For each work its accounts, best first, each with the pools it counts on there.
    ways = [
        [
            (
                account,
                [
                    (pool, pool.draws[work])
                    for pool, quota in zip(pools, quotas, strict=True)
                    if quota.account == account and work in quota.draws
                ],
            )
            for account in route
        ]
        for work, route in enumerate(routes)
    ]
    fates = np.full(active.shape, NOTHING, dtype=np.int8)
    next_at = min((pool.next_at for pool in pools), default=NEVER)
    columns, works = active.T.nonzero()
    at = minutes[columns].tolist()
    for minute, column, work in zip(at, columns.tolist(), works.tolist(), strict=True):
        if minute >= next_at:
            for pool in pools:
                pool.turn_to(minute)
        fate = BLOCKED
        for account, own in ways[work]:
            if all(pool.has_room for pool, _ in own):
                for pool, amounts in own:
                    pool.take(amounts[column], minute)
                fate = account
                break
        fates[work, column] = fate
        next_at = min((pool.next_at for pool in pools), default=NEVER)
    for pool in pools:
        pool.end_at(end)
    return Replayed(
        fates=fates,
        full=tuple(sorted(one for pool in pools for one in pool.full)),
        cycles=tuple(sorted(one for pool in pools for one in pool.cycles)),
    )


class _Pool:
    """One pool while it is replayed."""

    def __init__(self, place: int, quota: Quota, begin: int) -> None:
        self.place, self.length, self.begin = place, quota.length, begin
        self.draws = {work: amounts.tolist() for work, amounts in quota.draws.items()}
        self.edges = set(quota.edges.tolist())
        caps = {since: cap for since, cap in quota.caps if since > begin}
        self.caps = caps
        # What is to happen to it, the last first, so that the next is at hand.
        self.ahead = sorted({edge for edge in self.edges if edge >= begin} | {*caps}, reverse=True)
        self.cap = quota.cap_at(begin)
        self.used = 0
        # A pool with edges alone is always in a cycle; a rolling one is in none before its first.
        self.since: int | None = begin if quota.length is None else None
        self.full_since: int | None = None
        self.full: list[Full] = []
        self.cycles: list[CycleUse] = []
        self.next_at = 0
        self._look_ahead()
        self._mark(begin)

    @property
    def has_room(self) -> bool:
        """Tell whether less than the cap is used."""
        return self.used < self.cap

    def take(self, amount: int, minute: int) -> None:
        """Let a work take something, which begins a cycle where none runs."""
        if self.since is None:
            self.since = minute
            self._look_ahead()
        self.used += amount
        if self.used >= self.cap:
            self._mark(minute)

    def turn_to(self, minute: int) -> None:
        """Let everything happen that is due up to a minute, included."""
        while self.next_at <= minute:
            self._turn_over(self.next_at)

    def end_at(self, minute: int) -> None:
        """End the replay."""
        self.turn_to(minute - 1)
        self._close(minute, cap=self.cap, is_over=False)

    def _turn_over(self, minute: int) -> None:
        before = self.cap
        if self.ahead and self.ahead[-1] == minute:
            self.ahead.pop()
            self.cap = self.caps.get(minute, self.cap)
        has_lasted = (
            self.length is not None
            and self.since is not None
            and minute >= self.since + self.length
        )
        if self.since is not None and (has_lasted or minute in self.edges):
            self._close(minute, cap=before, is_over=True)
            self.used = 0
            self.since = minute if self.length is None else None
        self._look_ahead()
        self._mark(minute)

    def _look_ahead(self) -> None:
        due = self.ahead[-1] if self.ahead else NEVER
        if self.length is not None and self.since is not None:
            due = min(due, self.since + self.length)
        self.next_at = due

    def _mark(self, minute: int) -> None:
        """Note where it gets full, or is no longer."""
        if self.used >= self.cap:
            self.full_since = minute if self.full_since is None else self.full_since
        elif self.full_since is not None:
            self.full.append(Full(self.place, self.full_since, minute))
            self.full_since = None

    def _close(self, minute: int, *, cap: int, is_over: bool) -> None:
        if self.since is None:
            return
        if self.full_since is not None:
            if self.full_since < minute:
                self.full.append(Full(self.place, self.full_since, minute))
            self.full_since = None
        is_whole = is_over and (self.since > self.begin or self.since in self.edges)
        if self.since < minute:
            self.cycles.append(CycleUse(self.place, self.since, minute, self.used, cap, is_whole))
