"""The textbook's self-starting CUSUM over many histories at once, beside the program's own.

Hawkins and Olwell (1998), ch. 7: every value enters mean and spread whole, and the change is said
to lie behind the last zero of the sum that raised the alarm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri, stdtr

from portfolio.estimate.drift import ALARM_AT, ALLOWANCE, LEAST_SPREAD, MOST

if TYPE_CHECKING:
    import numpy.typing as npt

    from benchmarks.worlds import FloatArray

NONE = -1


def first_alarms(
    histories: FloatArray,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give where each history raises its first alarm, and where the change is said to be; -1: none.

    Args:
        histories: Shape (histories, windows).
    """
    count, windows = histories.shape
    mean, squares = np.zeros(count), np.zeros(count)
    sums = np.zeros((2, count))  # upwards, downwards
    since = np.zeros((2, count), dtype=np.int64)
    seen, placed = np.full(count, NONE), np.full(count, NONE)
    for window in range(windows):
        value = histories[:, window]
        step = value - mean
        if window >= 2:
            spread = np.maximum(np.sqrt(squares / (window - 1)), LEAST_SPREAD)
            t = step / spread * np.sqrt(window / (window + 1))
            tail = np.maximum(stdtr(window - 1, -np.abs(t)), 1e-300)
            score = np.sign(t) * np.minimum(MOST, -ndtri(tail))
            sums = np.maximum(0.0, sums + np.stack((score, -score)) - ALLOWANCE)
        since = np.where(sums > 0, since, window + 1)
        is_first = (seen == NONE) & (sums.max(axis=0) >= ALARM_AT)
        seen[is_first] = window
        placed[is_first] = np.where(sums[0] >= sums[1], since[0], since[1])[is_first]
        mean = mean + step / (window + 1)
        squares = squares + step * (value - mean)
    return seen, placed
