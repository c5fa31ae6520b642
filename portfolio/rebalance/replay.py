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

As long as no pool gets full and none that is full is freed, every work goes one way; so it is only
in those minutes that works are let in one by one, and between them each pool takes a stream.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from portfolio.rebalance.running_pool import CycleUse, Full, RunningPool
from portfolio.rebalance.streams import Streams

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from portfolio.rebalance.quota import Quota
    from portfolio.rebalance.work import IntArray

BLOCKED: Final = -1
# Minutes a pool looks ahead: what it saw is lost at a change, so first not far.
FIRST_SIGHT: Final = 6 * 60
LONGEST_SIGHT: Final = 32 * FIRST_SIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What became of the work."""

    fates: tuple[npt.NDArray[np.int8], ...]
    """For each work and each of its minutes: the place of an account, or BLOCKED."""
    full: tuple[Full, ...]  # by quota, then oldest first
    cycles: tuple[CycleUse, ...]  # by quota, then oldest first; a rolling pool's: those that began


def replay(
    minutes: Sequence[IntArray],
    *,
    routes: Sequence[Sequence[int]],
    quotas: Sequence[Quota],
    begin: int,
    end: int,
) -> Replayed:
    """Replay works under a portfolio; nothing is used of any pool at the begin.

    Args:
        minutes: For each work those in which it has something, ascending, all in [begin, end).
        routes: For each work the places of the accounts it may go to, best first.
        quotas: The pools of all accounts; an account without any has room for everything.
        begin: The first minute.
        end: The last minute, not included.
    """
    return _Replay(minutes, routes, quotas, begin, end).run()


class _Replay:
    """Goes from minute to minute in which a pool gets full or may no longer be."""

    def __init__(
        self,
        minutes: Sequence[IntArray],
        routes: Sequence[Sequence[int]],
        quotas: Sequence[Quota],
        begin: int,
        end: int,
    ) -> None:
        import numpy as np

        self.minutes = [np.ascontiguousarray(own, dtype=np.int64).data for own in minutes]
        self.quotas, self.begin, self.end = quotas, begin, end
        self.streams = Streams(minutes, quotas)
        nothing = self.streams.stream(0, frozenset(), begin, begin)
        self.pools = [RunningPool(n, quota, begin, nothing) for n, quota in enumerate(quotas)]
        # For each work its accounts, best first, each with the pools it counts on there.
        self.ways = [
            [
                (
                    account,
                    [
                        pool
                        for pool, quota in zip(self.pools, quotas, strict=True)
                        if quota.account == account and work in quota.draws
                    ],
                )
                for account in route
            ]
            for work, route in enumerate(routes)
        ]
        self.fates = [np.full(len(own), BLOCKED, dtype=np.int8) for own in minutes]
        self.way = [BLOCKED] * len(minutes)  # where each work goes now
        self.told = [0] * len(minutes)  # how many fates of each work are written

    def run(self) -> Replayed:
        """Go through the time, and give what became of the work."""
        self._lead(self.begin, set())
        while (minute := min((pool.wake for pool in self.pools), default=self.end)) < self.end:
            woken = [pool for pool in self.pools if pool.wake == minute]
            if any(pool.is_due for pool in woken):
                self._lead(minute + 1, self._admit(minute, woken))
                continue
            for pool in woken:
                pool.walk_to(minute)
                self._follow(pool, pool.works, minute, sight=min(2 * pool.sight, LONGEST_SIGHT))
        for work in range(len(self.minutes)):
            self._tell(work, len(self.minutes[work]))
        for pool in self.pools:
            pool.end_at(self.end)
        return Replayed(
            fates=tuple(self.fates),
            full=tuple(sorted(one for pool in self.pools for one in pool.full)),
            cycles=tuple(sorted(one for pool in self.pools for one in pool.cycles)),
        )

    def _admit(self, minute: int, woken: Sequence[RunningPool]) -> set[RunningPool]:
        """Let the works of one minute in one by one; give the pools that were looked at."""
        touched = set(woken)
        for pool in woken:
            pool.bring_to(minute)
        for work, own in enumerate(self.minutes):
            place = bisect_left(own, minute, self.told[work])
            if place == len(own) or own[place] != minute:
                continue
            self._tell(work, place)
            fate, pools = self._way(work)
            # Those that count on it in this minute must hear where it goes instead.
            expected = [pool for pool in self.pools if pool.account == self.way[work]]
            for pool in [*pools, *(expected if fate != self.way[work] else ())]:
                if pool not in touched:
                    touched.add(pool)
                    pool.bring_to(minute)
            for pool in pools:
                pool.take(int(self.quotas[pool.place].draws[work][place]), minute)
            self.fates[work][place] = fate
            self.told[work] = place + 1
        return touched

    def _lead(self, minute: int, touched: set[RunningPool]) -> None:
        """Lead every work the way that is free from a minute on."""
        changed = set()
        for work, before in enumerate(self.way):
            now, _ = self._way(work)
            if now != before:
                self._tell(work, bisect_left(self.minutes[work], minute, self.told[work]))
                self.way[work] = now
                changed |= {before, now}
        for pool in self.pools:
            if pool in touched or pool.account in changed:
                works = frozenset(
                    work
                    for work, way in enumerate(self.way)
                    if way == pool.account and work in self.quotas[pool.place].draws
                )
                if pool not in touched:
                    if works == pool.works:
                        continue
                    pool.bring_to(minute - 1)
                self._follow(pool, works, minute, sight=FIRST_SIGHT)

    def _follow(self, pool: RunningPool, works: frozenset[int], minute: int, *, sight: int) -> None:
        """Let a pool take what some works do from a minute on, and look ahead."""
        until = minute + max(sight, FIRST_SIGHT)
        pool.follow(self.streams.stream(pool.place, works, minute, until), works, minute)
        pool.sight = until - minute
        pool.look_ahead(until)

    def _way(self, work: int) -> tuple[int, Sequence[RunningPool]]:
        """Give the first account with room for a work, and the pools it counts on there."""
        for account, pools in self.ways[work]:
            for pool in pools:
                if pool.full_since is not None:
                    break
            else:
                return account, pools
        return BLOCKED, ()

    def _tell(self, work: int, upto: int) -> None:
        """Write the fates of a work up to a place in its minutes."""
        self.fates[work][self.told[work] : upto] = self.way[work]
        self.told[work] = max(self.told[work], upto)
