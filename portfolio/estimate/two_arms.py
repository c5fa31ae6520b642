"""Compare what two arms took for a feature, as they were worked: a ratio of ratios of totals.

It says what was, not why. Who gives one arm the hard work sees that arm dear: see `comparison` for
what takes the size out, and for what chance assigned.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from portfolio.estimate import quantiles
from portfolio.estimate.interval import (
    ALIKE,
    ALIKE_DISPERSION,
    ASSUMED_DISPERSION,
    FEWEST_FOR_SE,
    FEWEST_SETTLED,
    Interval,
)
from portfolio.estimate.resample import MOST_RESAMPLED, bootstrap_se, grouped, linearised_se

if TYPE_CHECKING:
    import numpy as np

    from portfolio.estimate.resample import Labels, Numbers

FURTHEST_LOG: Final = 300.0  # past it a factor is no number that anyone can read


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """What one arm used and shipped, unit by unit (windows, or items)."""

    shipped: Numbers  # features, shape (units,)
    burn_usd: Numbers  # dollars of capacity, shape (units,)
    days: Labels | None = None  # shape (units,); None: units are not joined by day
    step_usd: float = 0.0  # the meter's step, in dollars; 0 for an exact one


@dataclass(frozen=True, slots=True)
class _LogCost:
    """The log of an arm's dollars a feature, with its error."""

    log_usd: float
    variance: float
    groups: int


def ratio_of_costs(
    first: Worked, second: Worked, *, rng: np.random.Generator, level: float = 0.95
) -> Interval:
    """Give how many times as much a feature takes on the first arm as on the second.

    log R = log C1 - log C2, its variance the sum of both, Student's t with the degrees of freedom
    of Welch and Satterthwaite. An arm's error is the one of its efficiency's interval: by
    resampling its windows or days, the meter's rounding included; under four groups an assumed one.

    Statuses: "no-burn" and "no-features", where an arm has none and there is no ratio;
    "provisional", an arm has fewer than six groups; "ok".

    Source:
        Welch (1947), Biometrika 34:28; docs/statistics.md, "Comparison".
    """
    arms = [_log_cost(arm, rng) for arm in (first, second)]
    for arm in arms:
        if isinstance(arm, str):
            return _none(arm, level)
    one, other = (arm for arm in arms if isinstance(arm, _LogCost))
    variance = one.variance + other.variance
    degrees = (
        variance**2
        / sum(
            arm.variance**2 / (arm.groups - 1) if arm.groups >= FEWEST_FOR_SE else 0.0
            for arm in (one, other)
        )
        if max(one.groups, other.groups) >= FEWEST_FOR_SE
        else math.inf
    )
    return factor(
        one.log_usd - other.log_usd,
        math.sqrt(variance),
        degrees=degrees,
        level=level,
        method="log-ratio-welch",
        status="provisional" if min(one.groups, other.groups) < FEWEST_SETTLED else "ok",
    )


def factor(
    log_ratio: float, error: float, *, degrees: float, level: float, method: str, status: str
) -> Interval:
    """Give exp(log_ratio ± t * error) as an interval; without a bound no float holds, "unbounded".

    Args:
        log_ratio: Natural log of the ratio.
        error: Its standard error.
        degrees: Of freedom of Student's t; inf for the normal.
        level: Coverage claimed.
        method: As the interval names it.
        status: As the interval names it, where both bounds can be written.
    """
    quantile = quantiles.student_t(min(degrees, 1e6), (1 + level) / 2)
    low, high = log_ratio - quantile * error, log_ratio + quantile * error
    is_bounded = max(abs(low), abs(high)) < FURTHEST_LOG
    return Interval(
        point=math.exp(log_ratio),
        low=math.exp(low) if is_bounded else None,
        high=math.exp(high) if is_bounded else None,
        level=level,
        method=method,
        status=status if is_bounded else "unbounded",
    )


def excludes_one(ratio: Interval) -> bool:
    """Tell whether an interval lies all above or all below 1."""
    return ratio.low is not None and ratio.high is not None and not ratio.low <= 1 <= ratio.high


def _log_cost(arm: Worked, rng: np.random.Generator) -> _LogCost | str:
    sample = grouped(arm.shipped, arm.burn_usd, days=arm.days)
    features, usd = (math.fsum(column) for column in sample)
    if usd <= 0:
        return "no-burn"
    if features <= 0:
        return "no-features"
    n = len(sample[0])
    rounding = len(arm.shipped) * (arm.step_usd / usd) ** 2 / 6
    return _LogCost(math.log(usd / features), _variance(sample, features, rng) + rounding, n)


def _variance(
    sample: tuple[Sequence[float], Sequence[float]], features: float, rng: np.random.Generator
) -> float:
    n = len(sample[0])
    if n < FEWEST_FOR_SE:
        return ASSUMED_DISPERSION / features
    error = linearised_se(*sample) if n > MOST_RESAMPLED else bootstrap_se(*sample, rng=rng)
    dispersion = error**2 * features
    return (ALIKE_DISPERSION if dispersion < ALIKE else dispersion) / features


def _none(status: str, level: float) -> Interval:
    return Interval(point=None, low=None, high=None, level=level, method="none", status=status)
