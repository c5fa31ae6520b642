"""The forecast of one week, and how it did once the week was over."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from portfolio.estimate.forecast import LEAST, LEVEL, cost_next, features_next, paid_next
from portfolio.estimate.interval import Interval
from portfolio.estimate.week_history import WeekSeen

WEEKS_BACK: Final = 26  # that a forecast rests on; older ones weigh nothing in its middle


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekForecast:
    """What one week is expected to bring."""

    begins_at: datetime  # UTC; of the week that is forecast
    ends_at: datetime
    since: datetime  # of the oldest whole week that it rests on
    weeks: int  # whole weeks that it rests on
    features: Interval
    paid_per_feature_usd: Interval | None  # None: a plan or price is not known
    cost_per_feature_usd: Interval  # at full use


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One figure of a forecast, beside what came of it."""

    forecast: Interval
    outcome: float | None  # None: as `status` says
    is_inside: bool | None  # None: not to be judged
    log_error: float | None  # log of outcome over forecast; a week without features is half of one
    status: str  # ok, no-features, no-burn, no-range or price-unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How many forecasts of whole weeks held what came."""

    scored: int
    inside: int
    level: float  # share that the ranges claim to hold


def forecast_week(
    weeks: Sequence[WeekSeen], begins_at: datetime, ends_at: datetime, *, paid_usd: float | None
) -> WeekForecast | None:
    """Forecast a week from the whole weeks before it; None where there are none.

    Args:
        weeks: Whole weeks without a gap, oldest first; those that begin later are not looked at.
        begins_at: When the week begins that is forecast.
        ends_at: When it ends.
        paid_usd: What all accounts cost in it; None where a plan or price is not known.
    """
    before = [week for week in weeks if week.ends_at <= begins_at][-WEEKS_BACK:]
    if not before:
        return None
    features = features_next([week.counted for week in before])
    return WeekForecast(
        begins_at=begins_at,
        ends_at=ends_at,
        since=before[0].begins_at,
        weeks=len(before),
        features=features,
        paid_per_feature_usd=None if paid_usd is None else paid_next(features, paid_usd),
        cost_per_feature_usd=cost_next([week.burned for week in before]),
    )


def score_features(forecast: Interval, week: WeekSeen) -> Scored:
    """Score the features of a week."""
    count = week.features
    is_inside = None
    if forecast.low is not None and forecast.high is not None:
        is_inside = forecast.low <= count <= forecast.high
    return Scored(
        forecast=forecast,
        outcome=count,
        is_inside=is_inside,
        log_error=_log(max(count, LEAST), max(forecast.point or 0.0, LEAST)),
        status="no-range" if is_inside is None else "ok",
    )


def score_cost(forecast: Interval, *, usd: float | None, features: int) -> Scored:
    """Score a cost of a feature: dollars over features.

    A week without features costs more than any bound, and lies inside a range without one.

    Args:
        forecast: What was forecast.
        usd: What the week took; None where a plan or price is not known.
        features: What it brought.
    """
    if not usd:
        status = "price-unknown" if usd is None else "no-burn"
        return Scored(
            forecast=forecast, outcome=None, is_inside=None, log_error=None, status=status
        )
    cost = usd / features if features else math.inf
    high = math.inf if forecast.high is None else forecast.high
    is_inside = None if forecast.low is None else forecast.low <= cost <= high
    status = "ok" if features else "no-features"
    return Scored(
        forecast=forecast,
        outcome=cost if features else None,
        is_inside=is_inside,
        log_error=_log(usd / max(features, LEAST), forecast.point),
        status="no-range" if is_inside is None else status,
    )


def _log(outcome: float, forecast: float | None) -> float | None:
    return math.log(outcome / forecast) if forecast else None


def calibration(scored: Sequence[Scored]) -> Calibration:
    """Count the forecasts that can be judged, and those that held what came."""
    judged = [one for one in scored if one.is_inside is not None]
    return Calibration(
        scored=len(judged),
        inside=sum(one.is_inside is True for one in judged),
        level=judged[-1].forecast.level if judged else LEVEL,
    )
