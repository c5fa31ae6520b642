"""Which thresholds of the settings are passed now, whoever was told of it already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.report.alerts.cap_pace import cap_pace_alerts
from portfolio.report.alerts.cost import cost_alerts
from portfolio.report.alerts.drift import drift_alerts
from portfolio.report.alerts.price import price_alerts
from portfolio.report.alerts.quality import quality_alerts
from portfolio.report.alerts.renewal import renewal_alerts
from portfolio.report.alerts.unused import unused_alerts

if TYPE_CHECKING:
    from portfolio.estimate.pace import Pace
    from portfolio.model import Plan
    from portfolio.report.alerts.alert import Alert
    from portfolio.report.answers.drift import DriftRow
    from portfolio.report.answers.forecast import UsualCosts
    from portfolio.report.answers.keep import KeepRow
    from portfolio.report.answers.quality import QualityRow
    from portfolio.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """All that an alert can be about."""

    usual: UsualCosts | None
    caps: Sequence[Pace]
    drift: Sequence[DriftRow]
    quality: Sequence[QualityRow]
    keep: Sequence[KeepRow]
    plans: Sequence[Plan]  # held
    prices_before: Mapping[str, float]  # dollars a month by plan, at the last run


def alerts_of(watched: Watched, *, settings: Settings, now: datetime) -> list[Alert]:
    """Give every alert whose threshold is passed, the most urgent kinds first."""
    zone = settings.zone
    return [
        *renewal_alerts(
            watched.keep, most_days=settings.alerts__renewal_days, today=now.astimezone(zone).date()
        ),
        *cap_pace_alerts(
            watched.caps, least_hours=settings.alerts__cap_pace_hours, zone=zone, now=now
        ),
        *unused_alerts(
            watched.caps,
            least_share=settings.alerts__unused_share,
            most_hours=settings.alerts__unused_hours,
            zone=zone,
            now=now,
        ),
        *price_alerts(
            watched.plans,
            watched.prices_before,
            ahead_days=settings.alerts__price_days,
            zone=zone,
            now=now,
        ),
        *cost_alerts(watched.usual, most_usd=settings.alerts__cost_per_feature_usd),
        *quality_alerts(watched.quality, floor=settings.quality_floor, now=now),
        *drift_alerts(watched.drift, least_share=settings.alerts__drift_share, now=now),
    ]
