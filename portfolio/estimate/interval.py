"""Estimate efficiency, cost and success rate, each with the interval that is printed.

Why this interval and no other: docs/statistics.md. What it was measured to cover: docs/coverage.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portfolio.estimate import quantiles
from portfolio.estimate.resample import (
    MOST_RESAMPLED,
    RngFor,
    bootstrap_errors,
    grouped,
    linearised_se,
)

if TYPE_CHECKING:
    import numpy as np

    from portfolio.estimate.resample import Labels, Numbers

FEWEST_FOR_SE = 4  # groups; below, an error estimated from them is itself mostly error
FEWEST_SETTLED = 6  # groups; below, the status is "provisional"
ASSUMED_DISPERSION = 1.5  # variance of a window's features over its mean, where few windows tell
ALIKE_DISPERSION = 0.25  # taken for groups that do not differ at all: luck, not certainty
ALIKE = 1e-9  # a dispersion below this is the rounding of floats
STEPS_FOR_EXPOSURE = 10  # steps of the meter; a smaller total is mostly rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A number with the range it may lie in. Fields are in the order of the JSON keys."""

    point: float | None  # None: cannot be estimated
    low: float | None  # None: unknown
    high: float | None  # None: unknown or without bound, as `status` says
    level: float  # coverage claimed, between 0 and 1
    method: str  # how low and high were found
    status: str  # "ok", or why to be careful

    def __post_init__(self) -> None:
        if not 0 < self.level < 1:
            raise ValueError(f"level must lie between 0 and 1, got {self.level}")
        known = [value for value in (self.low, self.point, self.high) if value is not None]
        if known != sorted(known) or not all(map(math.isfinite, known)):
            raise ValueError(f"want finite low <= point <= high, got {self}")


def efficiency(
    shipped: Numbers,
    burn: Numbers,
    *,
    rng: np.random.Generator,
    days: Labels | None = None,
    level: float = 0.95,
    resolution: float = 0.0,
) -> Interval:
    """Estimate features shipped per unit of capacity, with a bootstrap interval.

    The estimate E is a ratio of totals, not a mean of ratios: a long window counts for more.
    Windows (whole days, from six days on) are resampled whole, so features stay with the burn that
    paid for them. The interval is E * exp(± t * s), s the standard error of log E and t Student's
    quantile with n - 1 degrees of freedom; n counts groups in which something happened.

    Methods: "log-t-bootstrap" for 4 to 60 groups, "log-t-linearised" above, "gamma-model" (assumed
    dispersion) below 4, "poisson-zero" if nothing was shipped, "none" if nothing was burned.
    Statuses, the first that holds: "no-burn"; "no-features"; "unbounded", too wide for a number;
    "provisional", fewer than 6 groups; "low-exposure", burn under 10 steps of the meter; "ok".

    Args:
        shipped: Features shipped in each window, shape (windows,).
        burn: Capacity each window used, in the pool's unit, shape (windows,).
        rng: Source of every random draw; the same seed gives the same interval.
        days: The day of each window as an integer label, shape (windows,); None for no days.
        level: Coverage claimed, between 0 and 1.
        resolution: The meter's step in the pool's unit: 1 for whole percents, 0 for exact.

    Raises:
        ValueError: The shapes differ, or a number is negative, not finite or out of its range.

    Source:
        Cochran (1977), Sampling Techniques, ch. 6; docs/statistics.md, "The interval".

    Example:
        >>> import numpy as np
        >>> shipped, burn = [3, 5, 4, 6], [4, 6, 6, 8]
        >>> efficiency(shipped, burn, rng=np.random.default_rng(7)).point
        0.75
    """
    history = History(shipped=shipped, burn=burn, days=days, resolution=resolution)
    return efficiencies([history], rng_for=lambda _: rng, level=level)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What one arm shipped and burned, window by window; see `efficiency`."""

    shipped: Numbers  # features, shape (windows,)
    burn: Numbers  # in the pool's unit, shape (windows,)
    days: Labels | None = None  # the day of each window, shape (windows,)
    resolution: float = 0.0  # the meter's step in the pool's unit


def efficiencies(
    histories: Sequence[History], *, rng_for: RngFor, level: float = 0.95
) -> list[Interval]:
    """Estimate many arms at once, each as `efficiency` does alone.

    Arms with equally many groups share their resamples, so a hundred arms take little more than
    one; nothing about an arm's interval depends on which others there are, or on their order.

    Args:
        histories: The arms.
        rng_for: Gives the source of chance of all arms with so many groups.
        level: Coverage claimed, between 0 and 1.
    """
    samples = [grouped(one.shipped, one.burn, days=one.days) for one in histories]
    resampled = [index for index, sample in enumerate(samples) if _is_resampled(*sample)]
    errors = dict(
        zip(
            resampled,
            bootstrap_errors([samples[index] for index in resampled], rng_for=rng_for),
            strict=True,
        )
    )
    return [
        _interval(sample, history, error_of_log=errors.get(index), level=level)
        for index, (sample, history) in enumerate(zip(samples, histories, strict=True))
    ]


def _is_resampled(shipped: Sequence[float], burn: Sequence[float]) -> bool:
    return (
        FEWEST_FOR_SE <= len(shipped) <= MOST_RESAMPLED
        and math.fsum(shipped) > 0
        and math.fsum(burn) > 0
    )


def _interval(
    sample: tuple[Sequence[float], Sequence[float]],
    history: History,
    *,
    error_of_log: float | None,  # None where it was not resampled
    level: float,
) -> Interval:
    resolution, windows = history.resolution, len(history.shipped)
    if not (math.isfinite(resolution) and resolution >= 0):
        raise ValueError(f"resolution must be finite and not negative, got {resolution}")
    features, used = (math.fsum(column) for column in sample)
    if used <= 0:  # a rounded meter may even show a little below zero
        return _unknown(level, status="no-burn")
    if features == 0:
        return _nothing_shipped(used, level=level)

    # A window is the difference of two readings, each off by up to half a step.
    rounding = windows * (resolution / used) ** 2 / 6
    n = len(sample[0])
    if n < FEWEST_FOR_SE:
        method, dispersion = "gamma-model", ASSUMED_DISPERSION + rounding * features
        low, high = _gamma_bounds(features, used, dispersion=dispersion, level=level)
    else:
        method = "log-t-linearised" if error_of_log is None else "log-t-bootstrap"
        error = linearised_se(*sample) if error_of_log is None else error_of_log
        dispersion = error**2 * features
        if dispersion < ALIKE:
            dispersion = ALIKE_DISPERSION
        variance = dispersion / features + rounding
        low, high = _log_t_bounds(features / used, math.sqrt(variance), n=n, level=level)

    if math.isinf(high):
        status = "unbounded"
    elif n < FEWEST_SETTLED:
        status = "provisional"
    else:
        status = "low-exposure" if used < STEPS_FOR_EXPOSURE * resolution else "ok"
    return Interval(
        point=features / used,
        low=low,
        high=None if math.isinf(high) else high,
        level=level,
        method=method,
        status=status,
    )


def cost(interval: Interval, usd_per_unit: float) -> Interval:
    """Turn efficiency into dollars a feature: the price of a unit of capacity over its features.

    The bounds change places. Where efficiency may be zero, the cost has no upper bound: `high` is
    None and the status "at-least". The other statuses are those of `interval`.

    Raises:
        ValueError: `usd_per_unit` is negative or not finite.

    Example:
        >>> seen = Interval(point=0.5, low=0.25, high=1, level=0.95, method="", status="ok")
        >>> dollars = cost(seen, 0.1)
        >>> dollars.low, dollars.point, dollars.high
        (0.1, 0.2, 0.4)
    """
    if not (math.isfinite(usd_per_unit) and usd_per_unit >= 0):
        raise ValueError(f"usd_per_unit must be finite and not negative, got {usd_per_unit}")

    def over(features_per_unit: float | None) -> float | None:
        return usd_per_unit / features_per_unit if features_per_unit else None

    return Interval(
        point=over(interval.point),
        low=0.0 if interval.status == "unbounded" else over(interval.high),
        high=over(interval.low),
        level=interval.level,
        method=interval.method,
        status="at-least" if interval.low == 0 else interval.status,
    )


def success_rate(kept: int, lost: int, *, level: float = 0.95) -> Interval:
    """Estimate which share of finished features was kept: kept / (kept + lost).

    Kept are the shipped ones, lost the failed and the reverted.

    The bounds are quantiles of Beta(1 + kept, 1 + lost), widened to hold the point, which lies
    outside them when all were kept or all lost. Method "beta"; status "ok" or "no-outcomes".

    Raises:
        ValueError: A count is negative.

    Example:
        >>> success_rate(3, 1).point
        0.75
    """
    if kept < 0 or lost < 0:
        raise ValueError(f"counts must not be negative, got {kept} kept and {lost} lost")
    if kept + lost == 0:
        return _unknown(level, method="beta", status="no-outcomes")
    point, tail = kept / (kept + lost), (1 - level) / 2
    return Interval(
        point=point,
        low=min(point, quantiles.beta(1 + kept, 1 + lost, tail)),
        high=max(point, quantiles.beta(1 + kept, 1 + lost, 1 - tail)),
        level=level,
        method="beta",
        status="ok",
    )


def _unknown(level: float, *, status: str, method: str = "none") -> Interval:
    return Interval(point=None, low=None, high=None, level=level, method=method, status=status)


def _nothing_shipped(used: float, *, level: float) -> Interval:
    """Bound efficiency from above where no feature was seen: phi * chi2(2 df) / (2 * burn)."""
    chi2_over_2 = -math.log((1 - level) / 2)  # with two degrees of freedom it is exponential
    return Interval(
        point=0.0,
        low=0.0,
        high=ASSUMED_DISPERSION * chi2_over_2 / used,
        level=level,
        method="poisson-zero",
        status="no-features",
    )


def _gamma_bounds(
    features: float, used: float, *, dispersion: float, level: float
) -> tuple[float, float]:
    """Give the exact Poisson bounds, for counts `dispersion` times as variable as Poisson's."""
    worth, tail = features / dispersion, (1 - level) / 2
    scale = dispersion / used
    return (
        scale * quantiles.gamma(worth, tail),
        scale * quantiles.gamma(worth + 1, 1 - tail),
    )


def _log_t_bounds(point: float, error: float, *, n: int, level: float) -> tuple[float, float]:
    """Give point * exp(± t * error); the upper bound is inf where no float holds it."""
    reach = quantiles.student_t(n - 1, (1 + level) / 2) * error
    try:
        return point * math.exp(-reach), point * math.exp(reach)
    except OverflowError:
        return 0.0, math.inf
