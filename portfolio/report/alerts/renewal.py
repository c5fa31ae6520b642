"""An alert that a plan is about to be paid again although `keep` would give it up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from portfolio.report.alerts.alert import Alert
from portfolio.report.answers.keep import KeepRow
from portfolio.report.text import safe, usd


def renewal_alerts(rows: Iterable[KeepRow], *, most_days: float, today: date) -> Iterator[Alert]:
    """Tell, so many days before, of each plan that `keep` would give up; 0: of none."""
    for row in rows:
        if not most_days or row.verdict != "cancel" or row.renews_on is None:
            continue
        renews_on = date.fromisoformat(row.renews_on)
        if not 0 <= (renews_on - today).days <= most_days:
            continue
        change = "cancel it" if row.to is None else f"take it down to {safe(row.to)}"
        yield Alert(
            kind="renewal",
            subject=row.account,
            about_at=datetime.combine(renews_on, time(), UTC),
            apart=timedelta(days=14),
            text=f"{safe(row.account)} ({safe(row.plan)}) is paid again on {renews_on.day}"
            f" {renews_on:%b}; to {change} saves {usd(row.saving_usd_month)} a month.",
            command="portfolio keep",
        )
