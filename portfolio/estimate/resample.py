"""Put windows into the groups that are resampled whole, and say how far chance moves their ratio.

A group is one window, or all windows of one day once there are six days: windows of one day share
its task and its server load, and resampling them one by one would hide that.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    FloatArray: TypeAlias = npt.NDArray[np.float64]

DAYS_FOR_DAY_GROUPS = 6
RESAMPLES = 10_000
CHUNK = 2_500  # resamples at a time: the counts of 60 groups then stay near 1 MB, inside the cache
MOST_RESAMPLED = 60  # above, the linearised error differs by less than 1 % and costs nothing


def grouped(
    shipped: npt.ArrayLike, burn: npt.ArrayLike, *, days: npt.ArrayLike | None = None
) -> tuple[FloatArray, FloatArray]:
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
        (array([1., 2.]), array([4., 6.]))
    """
    import numpy as np

    features, used = np.asarray(shipped, dtype=np.float64), np.asarray(burn, dtype=np.float64)
    if features.ndim != 1 or features.shape != used.shape:
        raise ValueError(f"shipped has shape {features.shape}, burn {used.shape}; want (windows,)")
    if not np.all(np.isfinite(features) & (features >= 0)):
        raise ValueError(f"shipped must be finite and not negative, got {features}")
    if not np.all(np.isfinite(used)):
        raise ValueError(f"burn must be finite, got {used}")
    told = (features > 0) | (used != 0)
    order = np.lexsort((features, used))
    order = order[told[order]]
    if days is not None:
        labels = np.asarray(days)
        if labels.shape != features.shape:
            raise ValueError(f"days has shape {labels.shape}, windows have {features.shape}")
        distinct, day = np.unique(labels[order], return_inverse=True)
        if distinct.size >= DAYS_FOR_DAY_GROUPS:
            sums = (np.bincount(day, weights=values[order]) for values in (features, used))
            features_by_day, used_by_day = (values.astype(np.float64) for values in sums)
            return features_by_day, used_by_day
    return features[order], used[order]


def linearised_se(shipped: FloatArray, burn: FloatArray) -> float:
    """Give the standard error of log(sum shipped / sum burn) by linearisation.

    s = sqrt(n / (n - 1) * sum(r²)) / sum(shipped), with residuals r = shipped - E * burn. Needs two
    groups, and totals above zero.

    Source:
        Cochran (1977), Sampling Techniques, ch. 6; docs/statistics.md, "The interval".

    Example:
        >>> import numpy as np
        >>> round(linearised_se(np.array([3.0, 5.0]), np.array([4.0, 4.0])), 6)  # r = -1, 1
        0.25
    """
    n, total = shipped.size, float(shipped.sum())
    residuals = shipped - total / float(burn.sum()) * burn
    return math.sqrt(n / (n - 1) * float(residuals @ residuals)) / total


def bootstrap_se(shipped: FloatArray, burn: FloatArray, *, rng: np.random.Generator) -> float:
    """Give the standard error of log(sum shipped / sum burn) by resampling groups whole.

    Multiplied by sqrt(n / (n - 1)), because a resample varies about the sample and not about the
    truth. Resamples without features or without burn have no logarithm and are dropped. Needs two
    to 255 groups, and totals above zero.

    Source:
        Efron and Tibshirani (1993), An Introduction to the Bootstrap, ch. 6.
    """
    import numpy as np

    n = shipped.size
    columns = np.column_stack((shipped, burn))
    row_starts = np.arange(0, CHUNK * n, n)[:, np.newaxis]
    totals = np.empty((RESAMPLES, 2))
    for start in range(0, RESAMPLES, CHUNK):
        drawn = rng.integers(0, n, size=(CHUNK, n), dtype=np.uint8) + row_starts
        counts = np.bincount(drawn.ravel(), minlength=CHUNK * n).reshape(CHUNK, n)
        totals[start : start + CHUNK] = counts.astype(np.float64) @ columns
    kept = totals[(totals > 0).all(axis=1)]
    return math.sqrt(n / (n - 1)) * float(np.log(kept[:, 0] / kept[:, 1]).std(ddof=1))
