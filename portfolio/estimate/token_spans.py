"""Cut time into pieces in which nothing changes that tokens are told apart by."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Final, NamedTuple

from portfolio.model import Window

DAY: Final = timedelta(days=1)
# What claims to be from outside of these is a clock gone wrong, and no zone could tell its day.
FIRST: Final = date(1970, 1, 2)
LAST: Final = date(9998, 12, 31)


class Piece(NamedTuple):
    """A piece of one day; the end is not included."""

    start_at: datetime  # UTC
    end_at: datetime  # UTC
    day: date  # in the user's zone


def midnight(day: date, zone: tzinfo) -> datetime:
    """Give the moment a day begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def local_days(days: Iterable[date], zone: tzinfo) -> list[date]:
    """Give every day of a zone that some days of UTC touch, oldest first."""
    found: set[date] = set()
    for day in days:
        if not FIRST <= day <= LAST:
            continue
        begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
        last = begin + DAY - timedelta(microseconds=1)
        found |= {begin.astimezone(zone).date(), last.astimezone(zone).date()}
    return sorted(found)


def pieces(days: Iterable[date], edges: Iterable[datetime], *, zone: tzinfo) -> list[Piece]:
    """Cut days of a zone at some moments, so that no piece has one of them inside.

    >>> noon = datetime(2026, 11, 3, 12, tzinfo=UTC)
    >>> [piece.start_at.hour for piece in pieces([date(2026, 11, 3)], [noon], zone=UTC)]
    [0, 12]
    """
    cuts = sorted(set(edges))
    found = []
    for day in days:
        begin, end = midnight(day, zone), midnight(day + DAY, zone)
        inside = cuts[bisect_right(cuts, begin) : bisect_left(cuts, end)]
        marks = [begin, *inside, end]
        found += [Piece(start, stop, day) for start, stop in pairwise(marks) if start < stop]
    return found


def window_at(windows: Sequence[Window], at: datetime) -> str | None:
    """Name the window a moment lies in: of several, the one that began last.

    Args:
        windows: By their start, the oldest first.
        at: The moment.
    """
    begun = bisect_right(windows, at, key=lambda window: window.start_at)
    return next((one.window for one in reversed(windows[:begun]) if one.holds(at)), None)
