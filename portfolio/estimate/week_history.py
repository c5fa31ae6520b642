"""What whole weeks brought and took: the features shipped, what was paid, what was burned."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple, TypeAlias

from portfolio.estimate.forecast import RatioWeek

DAY: Final = timedelta(days=1)
DAYS: Final = 7

PaidIn: TypeAlias = Callable[[datetime, datetime], float | None]
"""Gives what all accounts cost between two moments; None where a plan or price is not known."""


class BurnedWindow(NamedTuple):
    """One logged window whose whole burn is known in dollars."""

    start_at: datetime  # UTC
    features: int
    usd: float  # burned, at the prices of now
    usd_then: float  # the same, at the prices of then


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekSeen:
    """One week, as far as it is known."""

    begins_at: datetime  # UTC
    ends_at: datetime
    by_day: tuple[int, ...]  # features shipped
    paid_usd: float | None  # for all accounts; None: a plan or price is not known
    windows: tuple[BurnedWindow, ...]

    @property
    def features(self) -> int:
        """Give the features shipped, in logged windows or not."""
        return sum(self.by_day)

    @property
    def counted(self) -> RatioWeek:
        """Give the features by the week."""
        return RatioWeek(self.features, 1.0, [(count, 1 / DAYS) for count in self.by_day])

    @property
    def burned(self) -> RatioWeek:
        """Give the features of logged windows by what they burned, at the prices of now."""
        parts = [(one.features, one.usd) for one in self.windows]
        return RatioWeek(self._shipped_in_windows, sum(usd for _, usd in parts), parts)

    @property
    def burned_then(self) -> RatioWeek:
        """Give the same at the prices of then."""
        usd = sum(one.usd_then for one in self.windows)
        return RatioWeek(self._shipped_in_windows, usd, ())

    @property
    def paid(self) -> RatioWeek:
        """Give the features by what was paid; without exposure where that is not known."""
        return RatioWeek(self.features, self.paid_usd or 0.0, ())

    @property
    def _shipped_in_windows(self) -> int:
        return sum(one.features for one in self.windows)


class History:
    """All that weeks are cut from."""

    def __init__(
        self, shipped: Iterable[datetime], windows: Iterable[BurnedWindow], *, paid: PaidIn
    ) -> None:
        """Take when features shipped, and the windows with their burn, in any order."""
        self._shipped = sorted(shipped)
        self._windows = sorted(windows)
        self._starts = [one.start_at for one in self._windows]
        self._paid = paid

    @property
    def begins_at(self) -> datetime | None:
        """Give the moment of the oldest feature or window; None: there is none."""
        oldest = [*self._shipped[:1], *self._starts[:1]]
        return min(oldest, default=None)

    def week(self, begins_at: datetime, ends_at: datetime) -> WeekSeen:
        """Cut out one week; a day of it may be an hour longer or shorter."""
        by_day = [0] * DAYS
        first = bisect_left(self._shipped, begins_at)
        for at in self._shipped[first : bisect_left(self._shipped, ends_at)]:
            by_day[min(DAYS - 1, (at - begins_at) // DAY)] += 1
        first, behind = (bisect_left(self._starts, edge) for edge in (begins_at, ends_at))
        return WeekSeen(
            begins_at=begins_at,
            ends_at=ends_at,
            by_day=tuple(by_day),
            paid_usd=self._paid(begins_at, ends_at),
            windows=tuple(self._windows[first:behind]),
        )
