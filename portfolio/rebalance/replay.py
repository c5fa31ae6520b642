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
    return _Slow(minutes, active, routes, quotas, begin, end).run()


class _Slow:
    """Walks through every minute; obvious, and slow."""

    def __init__(
        self,
        minutes: IntArray,
        active: BoolArray,
        routes: Sequence[Sequence[int]],
        quotas: Sequence[Quota],
        begin: int,
        end: int,
    ) -> None:
        self.place = {int(minute): place for place, minute in enumerate(minutes)}
        self.active, self.routes, self.quotas = active, routes, quotas
        self.begin, self.end = begin, end
        self.used = [0] * len(quotas)
        # A pool with edges alone is always in a cycle; a rolling one is in none before its first.
        self.since: list[int | None] = [begin if q.length is None else None for q in quotas]
        self.full_since: list[int | None] = [None] * len(quotas)
        self.full: list[Full] = []
        self.cycles: list[CycleUse] = []

    def run(self) -> Replayed:
        """Walk, and give what became of the work."""
        import numpy as np

        fates = np.full(self.active.shape, NOTHING, dtype=np.int8)
        for minute in range(self.begin, self.end):
            for place in range(len(self.quotas)):
                self._turn_over(place, minute)
            column = self.place.get(minute)
            if column is None:
                continue
            for work in range(len(self.active)):
                if self.active[work, column]:
                    fates[work, column] = self._admit(work, column, minute)
        for place in range(len(self.quotas)):
            self._close(place, self.end, is_over=False)
        return Replayed(
            fates=fates, full=tuple(sorted(self.full)), cycles=tuple(sorted(self.cycles))
        )

    def _turn_over(self, place: int, minute: int) -> None:
        quota, since = self.quotas[place], self.since[place]
        is_edge = minute in set(quota.edges.tolist())
        if since is None:
            self._mark(place, minute)
            return
        if is_edge or (quota.length is not None and minute >= since + quota.length):
            self._close(place, minute, is_over=True)
            self.used[place] = 0
            self.since[place] = minute if quota.length is None else None
        self._mark(place, minute)

    def _mark(self, place: int, minute: int) -> None:
        """Note where a pool gets full, or is no longer."""
        is_full = self.used[place] >= self.quotas[place].cap_at(minute)
        began = self.full_since[place]
        if is_full and began is None:
            self.full_since[place] = minute
        elif not is_full and began is not None:
            self.full.append(Full(place, began, minute))
            self.full_since[place] = None

    def _close(self, place: int, minute: int, *, is_over: bool) -> None:
        quota, since, began = self.quotas[place], self.since[place], self.full_since[place]
        if since is None:
            return
        if began is not None:
            if began < minute:
                self.full.append(Full(place, began, minute))
            self.full_since[place] = None
        is_whole = is_over and (since > self.begin or since in quota.edges.tolist())
        if since < minute:
            cap = quota.cap_at(minute - 1)
            self.cycles.append(CycleUse(place, since, minute, self.used[place], cap, is_whole))

    def _admit(self, work: int, column: int, minute: int) -> int:
        for account in self.routes[work]:
            own = [
                place
                for place, quota in enumerate(self.quotas)
                if quota.account == account and work in quota.draws
            ]
            if any(self.used[place] >= self.quotas[place].cap_at(minute) for place in own):
                continue
            for place in own:
                if self.since[place] is None:
                    self.since[place] = minute
                self.used[place] += int(self.quotas[place].draws[work][column])
                self._mark(place, minute)
            return account
        return BLOCKED
