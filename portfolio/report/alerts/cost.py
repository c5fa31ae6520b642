"""An alert that features of the newest whole week cost more than they are to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from portfolio.report.alerts.alert import Alert
from portfolio.report.answers.forecast import UsualCosts
from portfolio.report.text import usd


def cost_alerts(usual: UsualCosts | None, *, most_usd: float) -> Iterator[Alert]:
    """Tell of what was paid for each feature beyond some dollars; 0: beyond what is usual."""
    cost = usual.paid_per_feature_usd if usual else None
    if usual is None or cost is None or cost.newest_usd is None:
        return
    is_unusual = cost.is_usual is False and (cost.change or 0) > 0
    if not (cost.newest_usd > most_usd if most_usd else is_unusual):
        return
    told = f"beyond {usd(most_usd)}" if most_usd else f"usual is up to {usd(cost.high_usd)}"
    yield Alert(
        kind="cost",
        subject="all",
        about_at=datetime.fromisoformat(usual.week).replace(tzinfo=UTC),
        apart=timedelta(days=3),
        text=f"{usd(cost.newest_usd)} were paid for each feature in the week of {usual.week};"
        f" {told}.",
        command="portfolio report",
    )
