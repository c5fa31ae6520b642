"""What some works take of a pool together, in the order of time, ready to be added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

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
        self._last: tuple[tuple[frozenset[int], int, int], _Order] | None = None

    def stream(self, quota: int, works: frozenset[int], since: int, until: int) -> Stream:
        """Give what some works take of a pool, by its place, in [since, until) at least."""
        if len(works) == 1:
            (work,) = works
            if (quota, work) not in self._alone:
                draws = self._quotas[quota].draws[work]
                self._alone[quota, work] = _stream(self._minutes[work], draws)
            return self._alone[quota, work]
        order = self._order(works, since, until)
        taken = [self._quotas[quota].draws[work][part] for work, part in order.parts]
        return _stream(order.minutes, _joined(taken)[order.order])

    def _order(self, works: frozenset[int], since: int, until: int) -> _Order:
        """Put the minutes of some works in order; the pools of one account ask one after other."""
        asked = works, since, until
        if self._last is None or self._last[0] != asked:
            parts = []
            for work in sorted(works):
                first, last = self._minutes[work].searchsorted((since, until)).tolist()
                parts.append((work, slice(first, last)))
            every = _joined([self._minutes[work][part] for work, part in parts])
            order = every.argsort(kind="stable")
            self._last = asked, _Order(parts, every[order], order)
        return self._last[1]


class _Order(NamedTuple):
    """The minutes of some works in some time, in order."""

    parts: Sequence[tuple[int, slice]]  # by work: which of its minutes
    minutes: IntArray
    order: IntArray  # place of each in the parts, one behind the other


def _joined(parts: Sequence[IntArray]) -> IntArray:
    import numpy as np

    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _stream(minutes: IntArray, taken: IntArray) -> Stream:
    import numpy as np

    upto = np.zeros(len(minutes) + 1, dtype=np.int64)
    np.cumsum(taken, out=upto[1:])
    return Stream(minutes.data, upto.data)
