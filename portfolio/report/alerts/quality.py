"""An alert that an account or a methodology ships less of its features than is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from portfolio.report.alerts.alert import Alert
from portfolio.report.answers.quality import QualityRow
from portfolio.report.text import percent, plural, safe

AGAIN_AFTER = timedelta(weeks=13)  # it lasts: whoever keeps it on is told again after a quarter


def quality_alerts(rows: Iterable[QualityRow], *, floor: float, now: datetime) -> Iterator[Alert]:
    """Tell of each whose success is below the floor by its upper bound: that it is shown.

    What has merely not shown yet to reach it is marked in the report and is no alert.
    """
    for row in rows:
        high = row.success.high
        if high is None or high >= floor:
            continue
        name = row.methodology or row.account
        yield Alert(
            kind="quality",
            subject=f"methodology {row.methodology}" if row.methodology else row.account or "all",
            about_at=now,
            apart=AGAIN_AFTER,
            text=f"{safe(name) if name else 'All together'} shipped {row.features_shipped} of"
            f" {plural(row.features, 'feature')}: at most {percent(high)}, and the floor is"
            f" {percent(floor)}.",
            command="portfolio report",
        )
