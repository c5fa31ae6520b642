"""Say how much more evidence a wished-for precision needs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from portfolio.estimate import quantiles
from portfolio.estimate.resample import grouped, linearised_se

if TYPE_CHECKING:
    from portfolio.estimate.resample import Labels, Numbers

NORMAL_975 = 1.96  # the quantile of 95 %
PRIOR_DISPERSION = 1.5  # variance over mean of a window's features, before windows tell
PRIOR_GROUPS = 4  # groups this prior counts for


def features_missing(
    shipped: Numbers,
    burn: Numbers,
    *,
    half_width: float,
    days: Labels | None = None,
) -> int:
    """Count the features still to ship until the 95 % interval of efficiency is ± `half_width`.

    In all it takes N = phi * (1.96 / half_width)² features. The dispersion phi is estimated on the
    groups that the interval uses, phi_hat = n / (n - 1) * sum(r²) / sum(shipped), and drawn towards
    1.5 as if four more groups had shown that: phi = (4 * 1.5 + (n - 1) * phi_hat) / (4 + n - 1).
    Where few groups make Student's t wide, or phi_hat is above that, it takes as many as bring the
    printed interval there.

    Args:
        shipped: Features shipped in each window, shape (windows,).
        burn: Capacity each window used, in the pool's unit, shape (windows,).
        half_width: The precision wished for, as a share of efficiency: 0.3 for ± 30 %.
        days: The day of each window as an integer label, shape (windows,); None for no days.

    Raises:
        ValueError: The shapes differ, or a number is negative, not finite or out of its range.

    Source:
        Smyth (2004), Linear models and empirical Bayes methods (the moderation);
        docs/statistics.md, "Precision".

    Example:
        Two windows, r = -1 and 1, so phi_hat = 2 * 2 / 8 = 0.5 and phi = (6 + 0.5) / 5 = 1.3. With
        1.96 / 0.28 = 7 it takes 1.3 * 49 = 63.7 features, and 8 are there.

        >>> features_missing([3, 5], [4, 4], half_width=0.28)
        56
    """
    if not (math.isfinite(half_width) and half_width > 0):
        raise ValueError(f"half_width must be finite and above zero, got {half_width}")
    shipped, burn = grouped(shipped, burn, days=days)
    degrees, features = len(shipped) - 1, math.fsum(shipped)
    if degrees < 1 or features == 0 or math.fsum(burn) <= 0:  # rounding may add up to nothing
        needed = PRIOR_DISPERSION * (NORMAL_975 / half_width) ** 2
    else:
        seen = linearised_se(shipped, burn) ** 2 * features
        drawn = (PRIOR_GROUPS * PRIOR_DISPERSION + degrees * seen) / (PRIOR_GROUPS + degrees)
        needed = max(
            drawn * (NORMAL_975 / half_width) ** 2,
            _until_the_interval_is_so(seen, features, degrees + 1, half_width=half_width),
        )
    return max(0, math.ceil(needed - features))


def _until_the_interval_is_so(
    dispersion: float, features: float, groups: int, *, half_width: float
) -> float:
    """Give the features at which the printed interval, with Student's t, is as narrow as wished.

    So that nothing is said to be missing only where the interval beside it says so too. Groups are
    taken to bring as many features as those so far.
    """
    each = features / groups

    def is_enough(count: int) -> bool:
        reach = quantiles.student_t(count - 1, 0.975) * math.sqrt(dispersion / (each * count))
        return reach <= half_width

    low, high = groups - 1, groups
    while not is_enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return each * high
