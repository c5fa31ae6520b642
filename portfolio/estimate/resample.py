"""Put windows into the groups that are resampled whole, and say how far chance moves their ratio.

A group is one window, or all windows of one day once there are six days: windows of one day share
its task and its server load, and resampling them one by one would hide that.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers: TypeAlias = Sequence[float] | npt.NDArray[np.float64]
    Labels: TypeAlias = Sequence[int] | npt.NDArray[np.int64]

DAYS_FOR_DAY_GROUPS = 6
RESAMPLES = 10_000
CHUNK = 2_500  # resamples at a time: the counts of 60 groups then stay near 1 MB, inside the cache
MOST_RESAMPLED = 60  # above, the linearised error differs by less than 1 % and costs nothing


def grouped(
    shipped: Numbers, burn: Numbers, *, days: Labels | None = None
) -> tuple[list[float], list[float]]:
    """Sum features and burn over each group, in an order that does not depend on the input's.

    A window that neither burned nor shipped anything says nothing about their ratio and makes no
    group: ten of them beside one real window must not look like eleven observations. A window
    that shipped without burn, or burned without shipping, is kept; so is a burn of a little below
    zero, which a rounded meter may show: the next window has it in its own, and the total is right.

    Args:
        shipped: Features shipped in each window, shape (windows,).
        burn: Capacity each window used, in the pool's unit, shape (windows,).
        days: The day of each window as any sortable label, shape (windows,); None for no days.

    Raises:
        ValueError: The shapes differ, a number is not finite, or a count is negative.

    Example:
        >>> grouped([1, 0, 2], [4, 0, 6])
        ([1.0, 2.0], [4.0, 6.0])
    """
    features, used = _numbers(shipped, "shipped"), _numbers(burn, "burn")
    if len(features) != len(used):
        raise ValueError(f"shipped has shape {len(features)}, burn {len(used)}; want (windows,)")
    if any(count < 0 for count in features):
        raise ValueError(f"shipped must be finite and not negative, got {features}")
    labels = [0] * len(features) if days is None else list(days)
    if len(labels) != len(features):
        raise ValueError(f"days has shape {len(labels)}, windows have {len(features)}")
    told = sorted(
        (spent, count, label)
        for count, spent, label in zip(features, used, labels, strict=True)
        if count > 0 or spent != 0
    )
    if days is not None and len({label for _, _, label in told}) >= DAYS_FOR_DAY_GROUPS:
        by_day: dict[int, tuple[float, float]] = {}
        for spent, count, label in told:
            counts, spendings = by_day.get(label, (0.0, 0.0))
            by_day[label] = (counts + count, spendings + spent)
        sums = [by_day[label] for label in sorted(by_day)]
        return [count for count, _ in sums], [spent for _, spent in sums]
    return [count for _, count, _ in told], [spent for spent, _, _ in told]


def _numbers(values: Numbers, name: str) -> list[float]:
    try:
        numbers = [float(value) for value in values]
    except TypeError as error:
        raise ValueError(f"{name} has not the shape (windows,)") from error
    if not all(map(math.isfinite, numbers)):
        raise ValueError(f"{name} must be finite, got {numbers}")
    return numbers


def linearised_se(shipped: Numbers, burn: Numbers) -> float:
    """Give the standard error of log(sum shipped / sum burn) by linearisation.

    s = sqrt(n / (n - 1) * sum(r²)) / sum(shipped), with residuals r = shipped - E * burn. Needs two
    groups, and totals above zero.

    Source:
        Cochran (1977), Sampling Techniques, ch. 6; docs/statistics.md, "The interval".

    Example:
        >>> round(linearised_se([3.0, 5.0], [4.0, 4.0]), 6)  # r = -1, 1
        0.25
    """
    n, total = len(shipped), math.fsum(shipped)
    ratio = total / math.fsum(burn)
    squares = math.fsum(
        (count - ratio * spent) ** 2 for count, spent in zip(shipped, burn, strict=True)
    )
    return math.sqrt(n / (n - 1) * squares) / total


def bootstrap_se(shipped: Numbers, burn: Numbers, *, rng: np.random.Generator) -> float:
    """Give the standard error of log(sum shipped / sum burn) by resampling groups whole.

    Multiplied by sqrt(n / (n - 1)), because a resample varies about the sample and not about the
    truth. Resamples without features or without burn have no logarithm and are dropped. Needs two
    to 255 groups, and totals above zero.

    Source:
        Efron and Tibshirani (1993), An Introduction to the Bootstrap, ch. 6.
    """
    import numpy as np

    n = len(shipped)
    columns = np.column_stack((shipped, burn))
    row_starts = np.arange(0, CHUNK * n, n)[:, np.newaxis]
    totals = np.empty((RESAMPLES, 2))
    for start in range(0, RESAMPLES, CHUNK):
        drawn = rng.integers(0, n, size=(CHUNK, n), dtype=np.uint8) + row_starts
        counts = np.bincount(drawn.ravel(), minlength=CHUNK * n).reshape(CHUNK, n)
        totals[start : start + CHUNK] = counts.astype(np.float64) @ columns
    kept = totals[(totals > 0).all(axis=1)]
    return math.sqrt(n / (n - 1)) * float(np.log(kept[:, 0] / kept[:, 1]).std(ddof=1))
