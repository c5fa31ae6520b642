"""An alert that a unit of a meter buys more or less than it did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from portfolio.report.alerts.alert import Alert
from portfolio.report.answers.drift import DriftRow
from portfolio.report.text import safe

LATELY = timedelta(days=31)  # what was seen before is no news to anybody


def drift_alerts(rows: Iterable[DriftRow], *, least_share: float, now: datetime) -> Iterator[Alert]:
    """Tell of each change, seen lately, by at least such a share either way; 0: of none."""
    for row in rows:
        factor = row.factor.point if row.factor else None
        if not least_share or row.status != "changed" or not factor or row.seen_at is None:
            continue
        if max(factor, 1 / factor) - 1 >= least_share and now - LATELY <= row.seen_at <= now:
            yield Alert(
                kind="drift",
                subject=f"{row.account} {row.pool}",
                about_at=row.seen_at,
                apart=timedelta(days=7),
                text=safe(row.text, longest=400),
                command="portfolio report",
            )
