"""An alert that a cap will be used up long before its reset, if its use goes on as it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, tzinfo

from portfolio.estimate.pace import Pace
from portfolio.model import cycle_of
from portfolio.report.alerts.alert import Alert
from portfolio.report.text import moment, percent, safe

NO_CYCLE = timedelta(days=1)


def cap_pace_alerts(
    paces: Iterable[Pace], *, least_hours: float, zone: tzinfo, now: datetime
) -> Iterator[Alert]:
    """Tell of each cap that is used up at least so many hours before its reset; 0: of none."""
    for pace in paces:
        if not least_hours or pace.hits_at is None or pace.resets_at <= now:
            continue
        if pace.resets_at - max(pace.hits_at, now) < timedelta(hours=least_hours):
            continue
        when = (
            "is used up"
            if pace.share_used >= 1
            else f"at this pace is used up {moment(pace.hits_at, zone)}"
            f" ({percent(pace.share_used)} now)"
        )
        yield Alert(
            kind="cap-pace",
            subject=f"{pace.account} {pace.pool}",
            about_at=pace.resets_at,
            apart=(cycle_of(pace.pool) or NO_CYCLE) / 2,
            text=f"{safe(pace.account)}'s cap {safe(pace.pool)} {when}; it is fresh again"
            f" {moment(pace.resets_at, zone)}.",
            command=None,
        )
