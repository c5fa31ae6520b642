"""Read the reset time that stands in a row of Claude Code's `/usage`.

Resets 5am (Europe/Vienna)                 the next such time
resets Jul 15, 9:59am (UTC)                no year: the date nearest to the capture
Resets Jan 2, 2026, 10:59pm                no zone: the zone of the capture
Resets Nov 27                              a bare date: its midnight
ResetsJul10t2:59am(Asia/Calcutta)          letters and blanks lost while the screen was redrawn
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from parsers.records import Occasion

REACH = timedelta(days=8)  # the longest cycle is a week; a day more for a capture dated amiss
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# "Resets", "resets", or what is left of them with at most two letters lost.
RESET_WORD = re.compile(r"(?=[Rrest]{4})[Rr]?e?s?e?t?s?(?![a-z])")

_END = r" ?(?:\Z|[)·•│|])"  # anything else could belong to the time, in a way we do not know
_ZONE = r" ?\( ?(?P<zone>[A-Za-z0-9_+/-]{1,40}) ?\)"
_DATE = (
    rf"(?P<month>{'|'.join(MONTHS)}) ?(?P<day>[0-9]{{1,2}})"
    r"(?:(?: ?, ?| )(?P<year>20[0-9]{2})(?![0-9:]| ?[ap]m))?"
)
# ", " or " at ", or what is left of them. Were nothing left, "Jul12:59am" could be two dates.
_BETWEEN = r"(?: ?, ?| a?t? ?|at? ?|t ?)(?=[0-9])"
_TIME = r"(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2}))? ?(?P<half>[ap])m"
RESET = re.compile(
    rf" ?(?:at )?(?:{_DATE}(?:{_BETWEEN}|(?={_END}| ?\()))?(?:{_TIME})?(?:{_ZONE}|{_END})",
    re.IGNORECASE | re.ASCII,
)


def reset_moment(text: str, occasion: Occasion) -> datetime | None:
    """Give the UTC moment that stands after the word `Resets`; None if it is none we know."""
    match = RESET.match(" ".join(text.split()))
    if match is None or not (match["month"] or match["hour"]):
        return None
    zone, clock = _zone(match["zone"], occasion.zone), _clock(match)
    if zone is None or clock is None:
        return None
    if match["month"] is None:
        return _next(clock, zone=zone, read_at=occasion.read_at)
    return _dated(match, clock, zone=zone, read_at=occasion.read_at)


def _zone(name: str | None, default: tzinfo) -> tzinfo | None:
    if name is None:
        return default
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: "America" is a folder
        return None


def _clock(match: re.Match[str]) -> time | None:
    """Give the time of day: 12am is midnight, 12pm noon; midnight for a bare date."""
    if match["hour"] is None:
        return time(0)
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if hour not in range(1, 13) or minute not in range(60):
        return None
    return time(hour % 12 + (12 if match["half"] in "pP" else 0), minute)


def _next(clock: time, *, zone: tzinfo, read_at: datetime) -> datetime | None:
    today = read_at.astimezone(zone).date()
    moments = [
        _moment(day, clock.replace(fold=fold), zone)  # in autumn one hour comes twice
        for day in (today, today + timedelta(days=1))
        for fold in (0, 1)
    ]
    return min((moment for moment in moments if moment and moment >= read_at), default=None)


def _dated(
    match: re.Match[str], clock: time, *, zone: tzinfo, read_at: datetime
) -> datetime | None:
    """Give the moment of a date; without a year, the one nearest to the capture.

    No cycle ends more than REACH ahead. A reset in the past is one that a capture dated a
    little late shows; further back, a date without a year is of no year we could name.
    """
    this_year = read_at.astimezone(zone).year
    years = [int(match["year"])] if match["year"] else [this_year - 1, this_year, this_year + 1]
    days = [_date(year, match["month"], match["day"]) for year in years]
    moments = [_moment(day, clock, zone) for day in days if day]
    nearest = min((each for each in moments if each), key=lambda m: abs(m - read_at), default=None)
    if nearest is None or nearest - read_at > REACH:
        return None
    return nearest if match["year"] or read_at - nearest <= REACH else None


def _date(year: int, month: str, day: str) -> date | None:
    try:
        return date(year, MONTHS.index(month.lower()) + 1, int(day))
    except ValueError:
        return None


def _moment(day: date, clock: time, zone: tzinfo) -> datetime | None:
    """Give the UTC moment of a wall-clock time; None for one that summer time leaps over."""
    wall = datetime.combine(day, clock, tzinfo=zone)
    moment = wall.astimezone(UTC)
    shown_again = moment.astimezone(zone).replace(tzinfo=None)
    return moment if shown_again == wall.replace(tzinfo=None) else None
