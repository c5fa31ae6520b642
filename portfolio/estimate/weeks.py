"""Weeks name windows: W0-003 is the third window worked in week 0."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from portfolio.model import WINDOW_NAME, Window

WEEK: Final = timedelta(days=7)


def week_of(at: datetime, *, epoch: datetime) -> int:
    """Give the number of the week a moment lies in; negative before the epoch."""
    return (at - epoch) // WEEK


def next_name(at: datetime, *, epoch: datetime, windows: Sequence[Window]) -> str:
    """Name the next window of the week a moment lies in.

    >>> from datetime import UTC
    >>> monday = datetime(2026, 11, 2, tzinfo=UTC)
    >>> next_name(monday + timedelta(days=9), epoch=monday, windows=[])
    'W1-001'
    """
    week = max(0, week_of(at, epoch=epoch))
    taken = [
        int(match.group(2))
        for window in windows
        if (match := WINDOW_NAME.fullmatch(window.window))
        and match.group(1)
        and int(match.group(1)) == week
    ]
    return f"W{week}-{max(taken, default=0) + 1:03d}"


def named_week(window: str) -> int | None:
    """Give the week that a window's name tells; None for names without one (W-P1)."""
    match = WINDOW_NAME.fullmatch(window)
    return int(match.group(1)) if match and match.group(1) else None
