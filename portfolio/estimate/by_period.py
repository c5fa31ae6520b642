"""Ask of many moments what is the same for long: once for each stretch in which it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from portfolio.estimate.column_sharing import EPOCH, MICROSECOND

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    IntArray: TypeAlias = npt.NDArray[np.int64]

Standing: TypeAlias = Callable[[int, datetime], tuple[datetime, int]]
"""Gives up to which later moment a group's answer surely stays the same, and the answer."""


def answers(groups: IntArray, at_us: IntArray, *, standing: Standing) -> IntArray:
    """Give the answer at every moment, which is one of the group it is in.

    Args:
        groups: (moments,) the group of each.
        at_us: (moments,) ascending, in microseconds since 1970, UTC.
        standing: Gives the answer of a group at a moment, and how long it holds.
    """
    import numpy as np

    order = np.argsort(groups, kind="stable")
    sorted_groups, times = groups[order], at_us[order]
    begins = np.flatnonzero(np.diff(sorted_groups, prepend=-1)).tolist()
    found = np.zeros(len(groups), dtype=np.int64)
    for begin, end in pairwise([*begins, len(groups)]):
        since = begin
        while since < end:
            moment = EPOCH + timedelta(microseconds=int(times[since]))
            until, answer = standing(int(sorted_groups[since]), moment)
            behind = end
            if (until_us := (until - EPOCH) // MICROSECOND) <= times[end - 1]:
                behind = since + int(times[since:end].searchsorted(until_us))
            found[since:behind] = answer
            since = behind
    unsorted = np.empty_like(found)
    unsorted[order] = found
    return unsorted
