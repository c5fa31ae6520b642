"""Rows of answers with the few fields that an alert looks at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from portfolio.estimate.interval import Interval
from portfolio.estimate.pace import Pace
from portfolio.estimate.usual import UsualCost
from portfolio.report.answers.drift import DriftRow
from portfolio.report.answers.forecast import UsualCosts
from portfolio.report.answers.keep import KeepRow
from portfolio.report.answers.quality import QualityRow

NOW = datetime(2026, 12, 2, 12, tzinfo=UTC)  # a Wednesday
DAY = timedelta(days=1)


def interval(point: float | None, low: float | None = None, high: float | None = None) -> Interval:
    return Interval(point=point, low=low, high=high, level=0.95, method="made up", status="ok")


def pace(
    hits_at: datetime | None,
    *,
    share: float = 0.5,
    pool: str = "week",
    account: str = "claude-a",
    resets_at: datetime = NOW + 3 * DAY,
) -> Pace:
    return Pace(account=account, pool=pool, share_used=share, resets_at=resets_at, hits_at=hits_at)


def usual_costs(*, newest_usd: float | None, is_usual: bool | None) -> UsualCosts:
    cost = UsualCost(
        newest_usd=newest_usd,
        usual_usd=2.0,
        low_usd=1.0,
        high_usd=4.0,
        level=0.99,
        weeks=8,
        change=None if newest_usd is None else newest_usd / 2.0 - 1,
        mark=None,
        is_usual=is_usual,
        status="ok",
    )
    return UsualCosts(week="2026-11-23", paid_per_feature_usd=cost, cost_per_feature_usd=cost)


def drift_row(
    factor: float | None, *, seen_at: datetime = NOW - DAY, status: str = "changed"
) -> DriftRow:
    return DriftRow(
        account="claude-a",
        pool="week",
        since=seen_at - DAY,
        seen_at=seen_at,
        factor=interval(factor),
        windows=3,
        told_by=20,
        unit="pp",
        usd_per_unit=None,
        status=status,
        text="a percent of claude-a's week buys less",
    )


def quality_row(
    *,
    high: float | None,
    account: str | None = "claude-a",
    methodology: str | None = None,
) -> QualityRow:
    none = interval(None)
    return QualityRow(
        account=account,
        methodology=methodology,
        features=12,
        features_shipped=2,
        success=interval(2 / 12, 0.02, high),
        first_pass=none,
        rework=none,
        revert=none,
        bugs_per_feature=none,
        median_hours_to_ship=None,
        api_usd_per_feature=None,
        features_without_turns=0,
        is_below_floor=True,
    )


def keep_row(
    *,
    renews_on: str | None,
    verdict: str = "cancel",
    to: str | None = None,
    account: str = "claude-a",
) -> KeepRow:
    return KeepRow(
        plan="claude-pro",
        account=account,
        change="cancel" if to is None else "downgrade",
        to=to,
        saving_usd_month=20.0,
        weeks=8,
        weeks_blocked=0,
        blocked_share_high=0.31,
        next_week_risk=0.0,
        fullest_share=0.4,
        fullest_pool="week",
        verdict=verdict,
        reason=None,
        competes_with=(),
        blocked_from=(),
        loses=(),
        renews_on=renews_on,
        watch_until=None,
    )
