"""What some works take of a pool together, in the order of time, ready to be added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portfolio.rebalance.quota import Quota
    from portfolio.rebalance.work import IntArray


@dataclass(frozen=True, slots=True)
class Stream:
    """All that some works take of one pool in some time."""

    minutes: memoryview  # (n,) ascending; equal ones where several works are at it
    upto: memoryview  # (n + 1,) what was taken before each, and in all


class Streams:
    """Makes streams: of one work for all time, of several for a while.

    Which works come together changes with every pool that gets full, and there are many sets of
    them; that of one work alone comes again and again.
    """

    def __init__(self, minutes: Sequence[IntArray], quotas: Sequence[Quota]) -> None:
        self._minutes, self._quotas = minutes, quotas
        self._alone: dict[tuple[int, int], Stream] = {}

    def stream(self, quota: int, works: frozenset[int], since: int, until: int) -> Stream:
        """Give what some works take of a pool, by its place, in [since, until) at least."""
        if len(works) == 1:
            (work,) = works
            if (quota, work) not in self._alone:
                draws = self._quotas[quota].draws[work]
                self._alone[quota, work] = _stream(self._minutes[work], draws)
            return self._alone[quota, work]
        return self._together(quota, sorted(works), since, until)

    def _together(self, quota: int, works: Sequence[int], since: int, until: int) -> Stream:
        import numpy as np

        minutes = [np.zeros(0, dtype=np.int64)]
        taken = [np.zeros(0, dtype=np.int64)]
        for work in works:
            own = self._minutes[work]
            first, last = own.searchsorted((since, until))
            minutes.append(own[first:last])
            taken.append(self._quotas[quota].draws[work][first:last])
        every = np.concatenate(minutes)
        order = np.argsort(every, kind="stable")
        return _stream(every[order], np.concatenate(taken)[order])


def _stream(minutes: IntArray, taken: IntArray) -> Stream:
    import numpy as np

    upto = np.zeros(len(minutes) + 1, dtype=np.int64)
    np.cumsum(taken, out=upto[1:])
    return Stream(minutes.data, upto.data)
