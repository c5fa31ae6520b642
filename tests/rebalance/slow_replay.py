"""The replay by its rules, minute by minute: obvious and slow; the quick one is held against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from portfolio.rebalance.replay import BLOCKED, Replayed
from portfolio.rebalance.running_pool import CycleUse, Full

if TYPE_CHECKING:
    from portfolio.rebalance.quota import Quota
    from portfolio.rebalance.work import IntArray


def slow_replay(
    minutes: Sequence[IntArray],
    *,
    routes: Sequence[Sequence[int]],
    quotas: Sequence[Quota],
    begin: int,
    end: int,
) -> Replayed:
    """Replay as `replay` does."""
    return _Slow(minutes, routes, quotas, begin, end).run()


class _Slow:
    """Walks through every minute; obvious, and slow."""

    def __init__(
        self,
        minutes: Sequence[IntArray],
        routes: Sequence[Sequence[int]],
        quotas: Sequence[Quota],
        begin: int,
        end: int,
    ) -> None:
        self.places = [{int(minute): n for n, minute in enumerate(own)} for own in minutes]
        self.routes, self.quotas = routes, quotas
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

        fates = tuple(np.full(len(own), BLOCKED, dtype=np.int8) for own in self.places)
        for minute in range(self.begin, self.end):
            for place in range(len(self.quotas)):
                self._turn_over(place, minute)
            for work, places in enumerate(self.places):
                if minute in places:
                    fates[work][places[minute]] = self._admit(work, places[minute], minute)
        for place in range(len(self.quotas)):
            self._close(place, self.end, is_over=self._is_over(place, self.end))
        return Replayed(
            fates=fates, full=tuple(sorted(self.full)), cycles=tuple(sorted(self.cycles))
        )

    def _turn_over(self, place: int, minute: int) -> None:
        quota, since = self.quotas[place], self.since[place]
        if since is None:
            self._mark(place, minute)
            return
        if self._is_over(place, minute):
            self._close(place, minute, is_over=True)
            self.used[place] = 0
            self.since[place] = minute if quota.length is None else None
        self._mark(place, minute)

    def _is_over(self, place: int, minute: int) -> bool:
        quota, since = self.quotas[place], self.since[place]
        if since is None:
            return False
        has_lasted = quota.length is not None and minute >= since + quota.length
        return has_lasted or minute in quota.edges.tolist()

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
        if began is not None:
            if began < minute:
                self.full.append(Full(place, began, minute))
            self.full_since[place] = None
        if since is None:
            return
        is_whole = is_over and (since > self.begin or since in quota.edges.tolist())
        if since < minute:
            cap = quota.cap_at(minute - 1)
            self.cycles.append(CycleUse(place, since, minute, self.used[place], cap, is_whole))

    def _admit(self, work: int, at: int, minute: int) -> int:
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
                self.used[place] += int(self.quotas[place].draws[work][at])
                self._mark(place, minute)
            return account
        return BLOCKED
