"""Ask of many moments what is the same for long: once for each stretch in which it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from portfolio.estimate.column_sharing import EPOCH, MICROSECOND

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    IntArray: TypeAlias = npt.NDArray[np.int64]

Changes: TypeAlias = Callable[[int, datetime, datetime], Sequence[datetime]]
"""Gives at which moments after one and up to another the answer of a group may change."""
Answer: TypeAlias = Callable[[int, datetime], int]


def answers(groups: IntArray, at_us: IntArray, *, changes: Changes, answer: Answer) -> IntArray:
    """Give the answer at every moment, which is one of the group it is in.

    Args:
        groups: (moments,) the group of each.
        at_us: (moments,) ascending, in microseconds since 1970, UTC.
        changes: Tells when a group's answer may change: from that very moment on it is another.
        answer: Gives a group's answer at a moment.
    """
    import numpy as np

    order = np.argsort(groups, kind="stable")
    sorted_groups, times = groups[order], at_us[order]
    begins = np.flatnonzero(np.diff(sorted_groups, prepend=-1)).tolist()
    found = np.zeros(len(groups), dtype=np.int64)
    for begin, end in pairwise([*begins, len(groups)]):
        group = int(sorted_groups[begin])
        first, last = _moment(times[begin]), _moment(times[end - 1])
        edges = [(at - EPOCH) // MICROSECOND for at in changes(group, first, last)]
        cuts = [begin + int(n) for n in times[begin:end].searchsorted(edges)] if edges else []
        for since, until in pairwise([begin, *cuts, end]):
            if since < until:
                found[since:until] = answer(group, _moment(times[since]))
    unsorted = np.empty_like(found)
    unsorted[order] = found
    return unsorted


def _moment(at_us: np.int64) -> datetime:
    return EPOCH + timedelta(microseconds=int(at_us))
