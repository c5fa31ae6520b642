"""When a plan is paid again."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def next_renewal(day: int, today: date) -> date:
    """Give the next day on which a plan is paid again; short months pay on their last day.

    >>> next_renewal(31, date(2026, 11, 27)).isoformat()
    '2026-11-30'
    >>> next_renewal(3, date(2026, 11, 27)).isoformat()
    '2026-12-03'
    """
    year, month = today.year, today.month
    for _ in range(2):
        found = date(year, month, min(day, monthrange(year, month)[1]))
        if found >= today:
            return found
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day, monthrange(year, month)[1]))
