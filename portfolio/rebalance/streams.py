"""What some works take of a pool together, in the order of time, ready to be added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from portfolio.rebalance.quota import Quota
    from portfolio.rebalance.work import IntArray

MOST_KEPT: Final = 8_000_000  # minutes in all streams together: 128 MB


@dataclass(frozen=True, slots=True)
class Stream:
    """All that some works take of one pool."""

    minutes: memoryview  # (n,) ascending; equal ones where several works are at it
    upto: memoryview  # (n + 1,) what was taken before each, and in all


class Streams:
    """Makes streams, and keeps those it made: the same works come together again and again."""

    def __init__(self, minutes: Sequence[IntArray], quotas: Sequence[Quota]) -> None:
        self._minutes, self._quotas = minutes, quotas
        self._kept: dict[tuple[int, frozenset[int]], Stream] = {}
        self._size = 0

    def stream(self, quota: int, works: frozenset[int]) -> Stream:
        """Give what some works take of a pool, by its place."""
        found = self._kept.get((quota, works))
        if found is None:
            found = self._made(quota, sorted(works))
            if self._size + len(found.minutes) > MOST_KEPT:
                self._kept, self._size = {}, 0
            self._kept[quota, works] = found
            self._size += len(found.minutes)
        return found

    def _made(self, quota: int, works: Sequence[int]) -> Stream:
        import numpy as np

        own = [self._minutes[work] for work in works]
        taken = [self._quotas[quota].draws[work] for work in works]
        minutes = np.concatenate([np.zeros(0, dtype=np.int64), *own])
        amounts = np.concatenate([np.zeros(1, dtype=np.int64), *taken])
        if len(works) > 1:
            order = np.argsort(minutes, kind="stable")
            minutes, amounts[1:] = minutes[order], amounts[1:][order]
        return Stream(minutes.data, np.cumsum(amounts).data)
