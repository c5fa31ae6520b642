"""Burn of a window on a pool: the meter after it minus the meter before it, on one cycle.

A meter only rises within its cycle. So a pair of readings gives a burn only when both lie on the
same cycle, or when the reset between them can be split out exactly; everything else is excluded
with its reason, never clamped.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from parsers.records import Unit
from portfolio.model import GivenReading, MeterPoint, Window, cycle_of

Relation: TypeAlias = Literal["same", "reset", "unknown"]

RESOLUTION: Final[dict[Unit, float]] = {"pp": 1.0, "prompts": 1.0, "credits": 1.0, "usd": 0.01}
SAME_CYCLE: Final = timedelta(minutes=5)
SAME_CYCLE_SHARE: Final = 0.02  # of the cycle: providers move a reset by minutes to hours
RESET_JITTER: Final = timedelta(minutes=2)  # one meter says 1:59pm and 2pm of the same reset
SPLIT_BEFORE: Final = timedelta(minutes=10)
MEASURED: Final = ("ok", "reset-split")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerances:
    """How far from a window's start and end a reading may lie and still count as its edge."""

    before_early: timedelta = timedelta(minutes=30)
    before_late: timedelta = timedelta(minutes=10)
    after_early: timedelta = timedelta(minutes=10)
    after_late: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """How much of a pool one window used on one account, or why that is not known."""

    window: str
    account: str
    pool: str
    unit: Unit
    before: float | None  # in `unit`
    after: float | None
    burn: float | None  # in `unit`; None when excluded
    status: str  # ok, reset-split, or the reason of the exclusion
    cap: float | None  # the cap stated beside the readings

    @property
    def is_measured(self) -> bool:
        """Tell whether the burn is known."""
        return self.status in MEASURED


@dataclass(frozen=True, slots=True)
class Seen:
    """A reading as it stands at one moment: a run of equal ones stands anywhere inside it."""

    at: datetime
    point: MeterPoint


class Series:
    """The readings of one account's pool in one unit, oldest first."""

    def __init__(self, points: Sequence[MeterPoint]) -> None:
        self.points = points
        self._times = [point.read_at for point in points]

    def between(self, low: datetime, high: datetime) -> Sequence[MeterPoint]:
        """Give the readings in [low, high], and those whose run of equal values reaches in."""
        first = bisect_left(self._times, low)
        last = bisect_right(self._times, high)
        # The next reading of each source may be the end of a run that began inside.
        reaching = [
            point
            for point in self.points[last : last + 8]
            if point.held_since is not None and point.held_since <= high
        ]
        return [*self.points[first:last], *reaching]


def series_of(readings: Iterable[MeterPoint]) -> dict[tuple[str, str], dict[Unit, Series]]:
    """Group readings, oldest first, by account and pool, then by unit."""
    groups: dict[tuple[str, str], dict[Unit, list[MeterPoint]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for point in readings:
        if point.account is not None:
            groups[point.account, point.pool][point.unit].append(point)
    return {
        key: {unit: Series(points) for unit, points in by_unit.items()}
        for key, by_unit in groups.items()
    }


def burn_of(
    window: Window,
    account: str,
    pool: str,
    *,
    by_unit: dict[Unit, Series],
    given: Sequence[GivenReading],
    tolerances: Tolerances,
) -> Burn:
    """Measure one pool over one window, in the unit that gives a burn; counts before percent."""
    found = [
        _burn_in_unit(window, account, pool, unit, series, given, tolerances)
        for unit, series in by_unit.items()
    ]
    if not found:
        return _excluded(window, account, pool, "pp", "no-reading-before")
    return min(
        found, key=lambda burn: (not burn.is_measured, burn.before is None, burn.unit == "pp")
    )


def _burn_in_unit(
    window: Window,
    account: str,
    pool: str,
    unit: Unit,
    series: Series,
    given: Sequence[GivenReading],
    tolerances: Tolerances,
) -> Burn:
    befores = _befores(window, series, tolerances, _given_ids(given, "before"))
    afters = _afters(window, series, tolerances, _given_ids(given, "after"))
    pair = _pair(befores, afters)
    if pair is None:
        reason = "no-reading-after" if befores else "no-reading-before"
        return _excluded(window, account, pool, unit, reason, befores[:1], afters[:1])
    before, after = pair
    burn, status = _difference(series, before, after, pool)
    return Burn(
        window=window.window,
        account=account,
        pool=pool,
        unit=unit,
        before=before.point.used,
        after=after.point.used,
        burn=burn,
        status=status,
        cap=after.point.cap,
    )


def _excluded(
    window: Window,
    account: str,
    pool: str,
    unit: Unit,
    reason: str,
    befores: Sequence[Seen] = (),
    afters: Sequence[Seen] = (),
) -> Burn:
    return Burn(
        window=window.window,
        account=account,
        pool=pool,
        unit=unit,
        before=befores[0].point.used if befores else None,
        after=afters[0].point.used if afters else None,
        burn=None,
        status=reason,
        cap=None,
    )


def _given_ids(given: Sequence[GivenReading], side: str) -> set[str]:
    return {one.reading for one in given if one.side == side}


def _befores(window: Window, series: Series, tolerances: Tolerances, given: set[str]) -> list[Seen]:
    """Give the readings that may stand for a window's start, best first."""
    low, high = window.start_at - tolerances.before_early, window.start_at + tolerances.before_late
    seen = [
        Seen(at, point)
        for point in series.between(low, high)
        if (at := _nearest(point, window.start_at)) >= low
        and at <= high
        and not _is_expired(point, max(at, window.start_at))
    ]
    seen = [one for one in seen if one.point.id in given] or seen
    return sorted(seen, key=lambda one: (one.at > window.start_at, abs(one.at - window.start_at)))


def _afters(window: Window, series: Series, tolerances: Tolerances, given: set[str]) -> list[Seen]:
    """Give the readings that may stand for a window's end, best first."""
    low, high = window.end_at - tolerances.after_early, window.end_at + tolerances.after_late
    seen = [
        Seen(at, point)
        for point in series.between(low, high)
        if (at := _nearest(point, window.end_at)) >= low
        and at <= high
        and not _is_expired(point, at)
    ]
    seen = [one for one in seen if one.point.id in given] or seen
    return sorted(seen, key=lambda one: (one.at < window.end_at, abs(one.at - window.end_at)))


def _nearest(point: MeterPoint, target: datetime) -> datetime:
    """Give the moment nearest to `target` at which the meter was known to show this value."""
    return min(max(point.held_since or point.read_at, target), point.read_at)


def _is_expired(point: MeterPoint, at: datetime) -> bool:
    """Tell whether a reading's cycle had ended by a moment: then it says nothing any more."""
    return point.resets_at is not None and point.resets_at < at - RESET_JITTER


def _pair(befores: Sequence[Seen], afters: Sequence[Seen]) -> tuple[Seen, Seen] | None:
    """Choose before and after; from one source if any source has both, as sources round apart."""
    if not befores or not afters:
        return None
    for before in befores:
        for after in afters:
            if after.point.source == before.point.source and after.at > before.at:
                return before, after
    return (befores[0], afters[0]) if afters[0].at > befores[0].at else None


def relation(first: MeterPoint, then: MeterPoint, pool: str) -> Relation:
    """Tell how two readings of a pool lie: on the same cycle, over a reset, or unknown.

    A reading of nothing used, without a reset or with one a full cycle ahead, belongs to the next
    cycle seen: such a cycle has not begun.
    """
    cycle = cycle_of(pool)
    slack = SAME_CYCLE if cycle is None else max(SAME_CYCLE, cycle * SAME_CYCLE_SHARE)
    dropped = first.used - then.used > RESOLUTION[first.unit]
    if _has_not_begun(then, cycle, slack):
        return "same" if first.used <= RESOLUTION[first.unit] else _over_end(first, then)
    if _has_not_begun(first, cycle, slack):
        return "same"
    ends, next_ends = first.resets_at, then.resets_at
    if ends is not None and next_ends is not None:
        is_same = abs(next_ends - ends) <= slack
        # A reset that moved although its moment had not come was the provider's own doing.
        otherwise: Relation = "reset" if ends <= then.read_at else "unknown"
    else:
        is_same = not _ended_between(first, then, cycle, slack)
        otherwise = "reset"
    if is_same:
        return "unknown" if dropped else "same"
    return otherwise


def _ended_between(
    first: MeterPoint, then: MeterPoint, cycle: timedelta | None, slack: timedelta
) -> bool:
    """Tell whether a cycle ended between two readings, of which one at most shows its reset."""
    if first.resets_at is not None:
        return first.resets_at <= then.read_at
    if then.resets_at is not None and cycle is not None:
        return then.resets_at - cycle > first.read_at + slack
    return False


def _over_end(first: MeterPoint, then: MeterPoint) -> Relation:
    """Tell what lies between a used cycle and one not begun: its end, if that moment has come."""
    return "reset" if first.resets_at is not None and first.resets_at <= then.read_at else "unknown"


def _has_not_begun(point: MeterPoint, cycle: timedelta | None, slack: timedelta) -> bool:
    if point.used > 0:
        return False
    if point.resets_at is None:
        return True
    return cycle is not None and abs(point.resets_at - point.read_at - cycle) <= slack


def _difference(series: Series, before: Seen, after: Seen, pool: str) -> tuple[float | None, str]:
    """Subtract over one cycle, or split at the one reset between; else give the reason."""
    how = relation(before.point, after.point, pool)
    inside = [
        point
        for point in series.between(before.at, after.at)
        if before.at < point.read_at < after.at
    ]
    if how == "unknown":
        return None, "reset-unknown"
    if how == "same":
        if _falls_within([before.point, *inside, after.point]):
            return None, "reset-unknown"
        return after.point.used - before.point.used, "ok"
    reset_at = _reset_between(before.point, after.point, pool)
    if reset_at is None:
        return None, "reset-inside"
    last = _last_before(reset_at, [before.point, *inside], pool)
    if last is None or _falls_within([before.point, last]):
        return None, "reset-inside"
    return (last.used - before.point.used) + after.point.used, "reset-split"


def _falls_within(points: Sequence[MeterPoint]) -> bool:
    """Tell whether one source's meter fell between two readings, though no reset was due."""
    newest: dict[str, float] = {}
    for point in points:
        if newest.get(point.source, 0.0) - point.used > RESOLUTION[point.unit]:
            return True
        newest[point.source] = point.used
    return False


def _reset_between(before: MeterPoint, after: MeterPoint, pool: str) -> datetime | None:
    """Give the moment of the one reset between two readings; None if more, or unknown."""
    cycle = cycle_of(pool)
    if cycle is None:
        return None
    if before.resets_at is None:
        return after.resets_at - cycle if after.resets_at is not None else None
    if after.resets_at is not None and after.resets_at - before.resets_at >= 2 * cycle:
        return None
    if after.resets_at is None and after.read_at - before.resets_at >= cycle:
        return None
    return before.resets_at


def _last_before(reset_at: datetime, points: Sequence[MeterPoint], pool: str) -> MeterPoint | None:
    """Give the last reading in the ten minutes before a reset, on the cycle that it ends."""
    near = [
        point
        for point in points
        if reset_at - SPLIT_BEFORE <= _nearest(point, reset_at) <= reset_at
        and (point.resets_at is None or relation(points[0], point, pool) == "same")
    ]
    return max(near, key=lambda point: _nearest(point, reset_at)) if near else None
