"""Read the reset times of Codex's `/status`: local, to the minute, without zone or year.

Codex names the day only where it is not today: `(resets 03:14)`, `(resets 03:16 on 2 Dec)`, and
since version 0.159 by the 12-hour clock, `(resets 12:58 AM on 4 Oct)`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import tzinfo

    from parsers.records import Occasion

PAST: Final = timedelta(days=8)  # a capture may be older than the reset it shows, but not by more
AHEAD: Final = {"5h": timedelta(days=8), "week": timedelta(days=8), "month": timedelta(days=32)}
HALF_DAY_HOURS: Final = 12
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_RESET = re.compile(
    r"\(resets (?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?: ?(?P<half>[AP]M))?"
    r"(?: on (?P<day>[0-9]{1,2}) (?P<month>[A-Z]{3}))?\)",
    re.IGNORECASE | re.ASCII,
)


def reset_of(shown: str, *, pool: str, occasion: Occasion) -> datetime | None:
    """Give the moment a pool resets, as one row shows it; None where it is no time we know.

    A time alone is the next such time; a day and month lie in the year that brings them nearest
    the capture, and are refused where that is further than the pool's cycle allows.
    """
    match = _RESET.fullmatch(shown)
    hour = None if match is None else _hour(match["hour"], match["half"])
    if match is None or hour is None:
        return None
    clock = (hour, int(match["minute"]))
    if match["day"] is None:
        return _next(clock, read_at=occasion.read_at, zone=occasion.zone)
    if match["month"].lower() not in MONTHS:
        return None
    date = (MONTHS.index(match["month"].lower()) + 1, int(match["day"]))
    nearest = _nearest(date, clock, read_at=occasion.read_at, zone=occasion.zone)
    ahead = AHEAD[pool.partition(":")[0]]
    if nearest is None or not -PAST <= nearest - occasion.read_at <= ahead:
        return None
    return nearest


def _hour(shown: str, half: str | None) -> int | None:
    """Give the hour from 0 to 23; None for 13 PM (25:00 is refused with the date)."""
    hour = int(shown)
    if half is None:
        return hour
    if not 1 <= hour <= HALF_DAY_HOURS:
        return None
    return hour % HALF_DAY_HOURS + (HALF_DAY_HOURS if half.lower() == "pm" else 0)


def _next(clock: tuple[int, int], *, read_at: datetime, zone: tzinfo) -> datetime | None:
    """Give the next such time; the running minute counts, for the row shows no seconds."""
    today = read_at.astimezone(zone)
    moments = [
        moment
        for day in (today, today + timedelta(days=1))
        for moment in _moments((day.year, day.month, day.day), clock, zone)
    ]
    running = read_at.replace(second=0, microsecond=0)
    return min((moment for moment in moments if moment >= running), default=None)


def _nearest(
    date: tuple[int, int], clock: tuple[int, int], *, read_at: datetime, zone: tzinfo
) -> datetime | None:
    year = read_at.astimezone(zone).year
    moments = [
        moment
        for candidate in (year - 1, year, year + 1)
        for moment in _moments((candidate, *date), clock, zone)
    ]
    return min(moments, key=lambda moment: abs(moment - read_at), default=None)


def _moments(date: tuple[int, int, int], clock: tuple[int, int], zone: tzinfo) -> list[datetime]:
    """Give the moments of a wall-clock time: two in a repeated hour, none at 25:61."""
    try:
        wall = datetime(*date, *clock, tzinfo=zone)
        return sorted({wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1)})
    except (ValueError, OverflowError):
        return []
