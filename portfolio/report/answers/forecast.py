"""What the report answers of the week to come, of the week before it, and of what is usual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portfolio.estimate.interval import Interval
from portfolio.estimate.usual import UsualCost
from portfolio.estimate.week_forecast import Calibration, Scored


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredWeek:
    """The forecast that was kept of a week, beside what came."""

    week: str  # its first day
    made_at: datetime
    features: Scored
    paid_per_feature_usd: Scored | None  # None: no price was known when it was made
    cost_per_feature_usd: Scored  # at full use


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastAnswer:
    """What the week that is not over yet should bring, from the whole weeks before it."""

    week: str  # its first day
    begins_at: datetime
    ends_at: datetime
    made_at: datetime | None  # None: made just now, and not kept
    weeks: int  # whole weeks that it rests on
    features: Interval
    paid_per_feature_usd: Interval | None
    cost_per_feature_usd: Interval  # at full use
    last: ScoredWeek | None  # of the week before; None: no forecast of it was kept
    calibration: Calibration  # of all forecasts that were kept, by features
    calibration_cost: Calibration  # by the cost at full use


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualCosts:
    """The newest whole week beside its last thirteen."""

    week: str  # its first day
    paid_per_feature_usd: UsualCost
    cost_per_feature_usd: UsualCost  # at full use
