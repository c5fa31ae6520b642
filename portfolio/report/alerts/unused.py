"""An alert that what was paid for is about to expire unused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, tzinfo

from portfolio.estimate.pace import Pace, expiring_share
from portfolio.model import cycle_of, is_scoped
from portfolio.report.alerts.alert import Alert
from portfolio.report.text import moment, percent, safe

SHORTEST = timedelta(days=1)  # of a cycle: five hours expire every night


def unused_alerts(
    paces: Iterable[Pace], *, least_share: float, most_hours: float, zone: tzinfo, now: datetime
) -> Iterator[Alert]:
    """Tell of each account's longest cap of which so large a share will expire; 0: of none."""
    longest: dict[str, Pace] = {}
    for pace in paces:
        cycle = cycle_of(pace.pool)
        if cycle is None or cycle < SHORTEST or is_scoped(pace.pool):
            continue
        known = longest.setdefault(pace.account, pace)
        if cycle > (cycle_of(known.pool) or cycle):
            longest[pace.account] = pace
    for account, pace in sorted(longest.items()):
        share, left = expiring_share(pace, now=now), pace.resets_at - now
        if not least_share or share is None or share < least_share:
            continue
        if timedelta(0) < left <= timedelta(hours=most_hours):
            yield Alert(
                kind="unused",
                subject=f"{account} {pace.pool}",
                about_at=pace.resets_at,
                apart=(cycle_of(pace.pool) or SHORTEST) / 2,
                text=f"{percent(share)} of {safe(account)}'s cap {safe(pace.pool)} expires unused"
                f" {moment(pace.resets_at, zone)}, if its use goes on as it does.",
                command=None,
            )
