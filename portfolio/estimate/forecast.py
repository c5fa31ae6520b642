"""Forecast one week: its features, and what one of them will take, each with a range to expect.

The range is a prediction interval: it holds what one week brings. A confidence interval holds the
mean of many weeks; taken for a forecast it holds 14 to 64 of 100 weeks where it claims 80. So the
unit is the week, as weeks have moods that the windows inside one of them do not show. Formulas:
docs/statistics.md, "Forecast"; what the ranges were measured to hold: docs/forecast.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from portfolio.estimate.interval import ALIKE, ALIKE_DISPERSION, Interval
from portfolio.estimate.quantiles import student_t

LEVEL: Final = 0.8  # of the printed range: four weeks in five
FADING: Final = 0.85  # how much a week counts beside the week after it
WEEKS_SETTLED: Final = 3  # weeks; below, the status is "provisional"
PRIOR_WEEKS: Final = 2  # how many errors the spread inside weeks counts as, where there is one
LEAST: Final = 0.5  # features; none has no logarithm, so it is taken for half of one
WIDEST: Final = 300.0  # on the log scale; farther out lies no number worth printing


class RatioWeek(NamedTuple):
    """One whole week: what it shipped, and what that is set against."""

    features: float
    exposure: float  # 1 for the week itself; or what was burned in it, in dollars of capacity
    parts: Sequence[tuple[float, float]]  # the same of its days or windows, which add up to it


class _Law(NamedTuple):
    """What the log of next week's features per exposure is taken to follow."""

    centre: float
    sd: float | None  # None: nothing tells
    degrees: float
    method: str
    status: str
    exposure: float  # of next week, to be expected
    shipped: float  # in all weeks

    def bounds(self, level: float) -> tuple[float, float] | None:
        """Give the range of features per exposure."""
        if self.sd is None:
            return None
        reach = min(WIDEST, student_t_of(self.degrees, (1 + level) / 2) * self.sd)
        return math.exp(self.centre - reach), math.exp(self.centre + reach)


@lru_cache
def student_t_of(degrees: float, p: float) -> float:
    """Give the p-quantile of Student's t, each found once."""
    return student_t(degrees, p)


def features_next(weeks: Sequence[RatioWeek], *, level: float = LEVEL) -> Interval:
    """Forecast how many features the next week ships; the range is of whole features, never < 0.

    Args:
        weeks: Whole weeks without a gap, oldest first, each with an exposure of 1.
        level: Share of weeks that the range claims to hold.

    Example:
        >>> weeks = [RatioWeek(features, 1.0, ()) for features in (9, 12, 10, 13)]
        >>> found = features_next(weeks)
        >>> round(found.point, 2), found.low, found.high, found.status
        (11.2, 8.0, 15.0, 'ok')
    """
    law = _law(weeks)
    if law is None:
        return _unknown(level)
    point = math.exp(law.centre) if law.shipped else 0.0
    bounds = law.bounds(level)
    if bounds is None:
        return _range(law, level, point, None, None)
    low = min(_count(bounds[0]), math.floor(point))
    return _range(law, level, point, low, max(_count(bounds[1]), math.ceil(point)))


def cost_next(weeks: Sequence[RatioWeek], *, level: float = LEVEL) -> Interval:
    """Forecast what a feature takes next week, in the unit of the exposures.

    Where a week without any feature lies in the range there is no upper bound: `at-least`.

    Args:
        weeks: Whole weeks without a gap, oldest first; those without exposure tell nothing.
        level: Share of weeks that the range claims to hold.
    """
    law = _law(weeks)
    if law is None:
        return _unknown(level)
    point = math.exp(-law.centre) if law.shipped else None
    bounds = law.bounds(level)
    if bounds is None:
        return _range(law, level, point, None, None)
    may_be_none = _count(bounds[0] * law.exposure) == 0
    return _range(law, level, point, 1 / bounds[1], None if may_be_none else 1 / bounds[0])


def paid_next(features: Interval, paid_usd: float) -> Interval:
    """Forecast what is paid for each feature: a week's price over the features expected."""
    usd = [paid_usd / count if count else None for count in (features.high, features.point)]
    high = paid_usd / features.low if features.low else None
    is_open = features.low is not None and not features.low
    return Interval(
        point=usd[1],
        low=usd[0],
        high=high,
        level=features.level,
        method=features.method,
        status="at-least" if is_open else features.status,
    )


def _range(
    law: _Law, level: float, point: float | None, low: float | None, high: float | None
) -> Interval:
    is_open = low is not None and high is None
    return Interval(
        point=point,
        low=low,
        high=high,
        level=level,
        method=law.method,
        status="at-least" if is_open else law.status,
    )


def _unknown(level: float) -> Interval:
    return Interval(point=None, low=None, high=None, level=level, method="none", status="no-weeks")


def _count(features: float) -> float:
    """Give the whole number next to a bound: rounded outwards, small counts are held too often."""
    return float(round(features))


def _law(weeks: Sequence[RatioWeek]) -> _Law | None:
    """Take the weeks' faded mean for the centre, and for the spread what they give reason for."""
    aged = [(FADING**age, week) for age, week in enumerate(reversed(weeks)) if week.exposure > 0]
    if not aged:
        return None
    shipped = sum(weight * week.features for weight, week in aged)
    exposure = sum(weight * week.exposure for weight, week in aged)
    weights = [weight for weight, _ in aged]
    known = [week for _, week in aged]
    sd, degrees, method = _spread(known, weights)
    total = sum(week.features for week in known)
    is_settled = len(known) >= WEEKS_SETTLED
    return _Law(
        centre=math.log((shipped or LEAST * weights[0]) / exposure),
        sd=sd,
        degrees=degrees,
        method=method,
        status="no-features" if not total else "ok" if is_settled else "provisional",
        exposure=exposure / sum(weights),
        shipped=total,
    )


def _spread(
    known: Sequence[RatioWeek], weights: Sequence[float]
) -> tuple[float | None, float, str]:
    """Give the standard deviation of next week's error, its degrees of freedom, and the method."""
    logs = [math.log(max(week.features, LEAST) / week.exposure) for week in known]
    count = len(known)
    if count >= WEEKS_SETTLED:
        mean = sum(logs) / count
        variance = sum((log - mean) ** 2 for log in logs) / (count - 1)
        effective = sum(weights) ** 2 / sum(weight**2 for weight in weights)
        least = least_variance(known) if variance <= ALIKE else 0.0
        return math.sqrt(max(variance, least) * (1 + 1 / effective)), count - 1, "weekly-t"
    within = _within(known)
    if within is None:
        return None, 0, "none"
    if count == 1:
        return math.sqrt(within), len(known[0].parts) - 1, "within-week-t"
    error = logs[0] - logs[1]
    degrees = PRIOR_WEEKS + 1
    return math.sqrt((PRIOR_WEEKS * within + error**2) / degrees), degrees, "one-step-moderated"


def _within(known: Sequence[RatioWeek]) -> float | None:
    """Give the variance of next week's log as far as the spread inside weeks tells; None: not."""
    parts = [part for week in known for part in week.parts]
    count = len(parts)
    if count < 2:
        return None
    shipped, exposure = (sum(column) for column in zip(*parts, strict=True))
    ratio = shipped / exposure
    squares = sum((one - ratio * other) ** 2 for one, other in parts)
    seen = count / (count - 1) * squares / shipped**2 if shipped else 0.0
    mean = seen if seen > ALIKE else least_variance(known) / len(known)
    # Of the mean of these weeks, and of one more week with as many parts as one of them.
    return mean * (1 + len(known))


def least_variance(known: Sequence[RatioWeek]) -> float:
    """Give the variance of a week's log where weeks are all alike: luck, not certainty."""
    shipped = sum(week.features for week in known) / len(known)
    return ALIKE_DISPERSION / max(shipped, LEAST)
