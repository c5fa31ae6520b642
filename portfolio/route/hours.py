"""When one works: the spans of a week in which work may begin."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

DAY: timedelta = timedelta(days=1)
MINUTES_OF_A_DAY = 24 * 60


class Span(NamedTuple):
    """A stretch of time, UTC; its end is not included."""

    start_at: datetime
    end_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """On which days one works, and from when to when."""

    zone: tzinfo
    begin: int  # minutes since local midnight
    end: int  # up to 1440
    weekdays: Collection[int]  # 0 is Monday

    def spans(self, since: datetime, until: datetime) -> list[Span]:
        """Give what of every working day lies between two moments, oldest first.

        Hours are as the clock on the wall shows them, also in a week in which it is changed: one
        that it leaves out is not worked.

        Example:
            >>> hours = WorkingHours(zone=UTC, begin=540, end=1020, weekdays={0})
            >>> [tuple(map(str, one)) for one in hours.spans(
            ...     datetime(2026, 11, 2, 10, tzinfo=UTC), datetime(2026, 11, 9, tzinfo=UTC))]
            [('2026-11-02 10:00:00+00:00', '2026-11-02 17:00:00+00:00')]
        """
        day, last = since.astimezone(self.zone).date(), until.astimezone(self.zone).date()
        found = []
        while day <= last:
            if day.weekday() in self.weekdays:
                start = max(since, self._moment(day, self.begin))
                end = min(until, self._moment(day, self.end))
                if start < end:
                    found.append(Span(start, end))
            day += DAY
        return found

    def _moment(self, day: date, minutes: int) -> datetime:
        days, rest = divmod(minutes, MINUTES_OF_A_DAY)
        local = datetime.combine(day + days * DAY, time(*divmod(rest, 60)), self.zone)
        return local.astimezone(UTC)
