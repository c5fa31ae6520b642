"""Burn of a window on a pool: the meter after it minus the meter before it, on one cycle.

A meter only rises within its cycle. So a pair of readings gives a burn only when both lie on the
same cycle, or when the reset between them can be split out exactly; everything else is excluded
with its reason, never clamped.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final, NamedTuple, TypeAlias

from parsers.records import Unit
from portfolio.estimate.cycles import (
    crossings,
    cycles_apart,
    falls_within,
    fell,
    is_expired,
    is_one_reset,
    nearest,
    reset_between,
    rises_on_one_cycle,
    shown_since,
)
from portfolio.model import GivenReading, MeterPoint, Window

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
    is_computed: bool = False  # counted from logs; no meter was read

    @property
    def is_measured(self) -> bool:
        """Tell whether the burn is known."""
        return self.status in MEASURED


class Seen(NamedTuple):
    """A reading as it stands at one moment: a run of equal ones stands anywhere inside it."""

    at: datetime
    point: MeterPoint


class Series:
    """The readings of one account's pool in one unit, oldest first."""

    def __init__(self, points: Sequence[MeterPoint]) -> None:
        self.points = points
        self._times = [point.read_at for point in points]
        # The earliest moment that a reading from here on was already shown at: where it lies after
        # a moment, no run of equal values can reach back to it any more.
        self._shown = list(accumulate([shown_since(point) for point in reversed(points)], min))
        self._shown.reverse()

    def between(self, low: datetime, high: datetime) -> Sequence[MeterPoint]:
        """Give the readings in [low, high], and those whose run of equal values reaches in."""
        first = bisect_left(self._times, low)
        last = bisect_right(self._times, high)
        reaching = bisect_right(self._shown, high, lo=last)
        if reaching == last:  # as nearly always
            return self.points[first:last]
        return [
            *self.points[first:last],
            *(point for point in self.points[last:reaching] if shown_since(point) <= high),
        ]


Counting: TypeAlias = tuple[Unit, bool]
"""What a meter counts in, and whether it was computed: the two are never subtracted."""


def series_of(readings: Iterable[MeterPoint]) -> dict[tuple[str, str], dict[Counting, Series]]:
    """Group readings, oldest first, by account and pool, then by how they count."""
    groups: dict[tuple[str, str], dict[Counting, list[MeterPoint]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for point in readings:
        if point.account is not None:
            groups[point.account, point.pool][point.unit, point.is_computed].append(point)
    return {
        key: {counting: Series(points) for counting, points in by_counting.items()}
        for key, by_counting in groups.items()
    }


def burn_of(
    window: Window,
    account: str,
    pool: str,
    *,
    series: Mapping[Counting, Series],
    given: Sequence[GivenReading],
    tolerances: Tolerances,
) -> Burn:
    """Measure one pool over one window, in the unit that gives a burn; counts before percent.

    What was computed stands only where no real reading gives a burn.
    """
    found = [
        _burn_in(window, account, pool, counting, own, given, tolerances)
        for counting, own in series.items()
    ]
    if not found:
        return _excluded(window, account, pool, "pp", "no-reading-before")
    if len(found) == 1:  # as nearly always
        return found[0]
    return min(
        found,
        key=lambda burn: (
            not burn.is_measured,
            burn.is_computed,
            burn.before is None,
            burn.unit == "pp",
        ),
    )


def _burn_in(
    window: Window,
    account: str,
    pool: str,
    counting: Counting,
    series: Series,
    given: Sequence[GivenReading],
    tolerances: Tolerances,
) -> Burn:
    points = series.between(
        window.start_at - tolerances.before_early, window.end_at + tolerances.after_late
    )
    befores = _befores(window, points, tolerances, _given_ids(given, "before"))
    afters = _afters(window, points, tolerances, _given_ids(given, "after"))
    pair = _pair(befores, afters)
    unit, is_computed = counting
    if pair is None:
        reason = "no-reading-after" if befores else "no-reading-before"
        excluded = _excluded(window, account, pool, unit, reason, befores[:1], afters[:1])
        return replace(excluded, is_computed=is_computed)
    before, after = pair
    burn, status = _difference(points, before, after, pool)
    return Burn(
        window=window.window,
        account=account,
        pool=pool,
        unit=unit,
        before=before.point.used,
        after=after.point.used,
        burn=burn,
        status=status,
        cap=before.point.cap if after.point.cap is None else after.point.cap,
        is_computed=is_computed,
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
    return {one.reading for one in given if one.side == side} if given else set()


def _befores(
    window: Window, points: Sequence[MeterPoint], tolerances: Tolerances, given: set[str]
) -> list[Seen]:
    """Give the readings that may stand for a window's start, best first."""
    start = window.start_at
    low, high = start - tolerances.before_early, start + tolerances.before_late
    seen = [
        one
        for one in _seen_near(points, start, low=low, high=high)
        if not is_expired(one.point, max(one.at, start))
    ]
    if given:
        seen = [one for one in seen if one.point.id in given] or seen
    if len(seen) > 1:
        seen.sort(key=lambda one: (one.at > start, abs(one.at - start)))
    return seen


def _afters(
    window: Window, points: Sequence[MeterPoint], tolerances: Tolerances, given: set[str]
) -> list[Seen]:
    """Give the readings that may stand for a window's end, best first."""
    end = window.end_at
    low, high = end - tolerances.after_early, end + tolerances.after_late
    seen = [
        one
        for one in _seen_near(points, end, low=low, high=high)
        if not is_expired(one.point, one.at)
    ]
    if given:
        seen = [one for one in seen if one.point.id in given] or seen
    if len(seen) > 1:
        seen.sort(key=lambda one: (one.at < end, abs(one.at - end)))
    return seen


def _seen_near(
    points: Sequence[MeterPoint], target: datetime, *, low: datetime, high: datetime
) -> list[Seen]:
    """Give the readings that stood in [low, high], each at its moment nearest to `target`."""
    return [
        Seen(at, point)
        for point in points
        if low <= point.read_at
        and (point.held_since or point.read_at) <= high  # as `shown_since`, 100,000 times
        and low <= (at := nearest(point, target)) <= high
    ]


def _pair(befores: Sequence[Seen], afters: Sequence[Seen]) -> tuple[Seen, Seen] | None:
    """Choose before and after; from one source if any source has both, as sources round apart."""
    if not befores or not afters:
        return None
    for before in befores:
        for after in afters:
            if after.point.source == before.point.source and after.at > before.at:
                return before, after
    return (befores[0], afters[0]) if afters[0].at > befores[0].at else None


def _difference(
    points: Sequence[MeterPoint], before: Seen, after: Seen, pool: str
) -> tuple[float | None, str]:
    """Subtract over one cycle, or split at the one reset between; else give the reason."""
    inside = [
        point
        for point in points
        if before.at < point.read_at
        and shown_since(point) < after.at
        and not is_expired(point, shown_since(point))
        and point is not before.point
        and point is not after.point
    ]
    chain = [before.point, *inside, after.point]
    if rises_on_one_cycle(chain):
        return after.point.used - before.point.used, "ok"
    changes = crossings(chain, pool)
    if any(cycles_apart(first, then, pool) == "unknown" for first, then in changes):
        return None, "reset-unknown"
    if not changes:
        if fell(before.point, after.point) or falls_within(chain):
            return None, "reset-unknown"
        return after.point.used - before.point.used, "ok"
    reset_at = reset_between(*changes[0], pool) if len(changes) == 1 else None
    if reset_at is None:
        return None, "reset-inside"
    return _split(before.point, inside, after.point, reset_at=reset_at, pool=pool)


def _split(
    before: MeterPoint,
    inside: Sequence[MeterPoint],
    after: MeterPoint,
    *,
    reset_at: datetime,
    pool: str,
) -> tuple[float | None, str]:
    """Add up what was used before a reset and after it, if the meter was read right before it."""
    is_old = [_is_on_ended_cycle(point, reset_at, pool) for point in inside]
    old = [before, *(point for point, ended in zip(inside, is_old, strict=True) if ended)]
    new = [*(point for point, ended in zip(inside, is_old, strict=True) if not ended), after]
    near = [point for point in old if nearest(point, reset_at) >= reset_at - SPLIT_BEFORE]
    if not near:
        return None, "reset-inside"
    last = max(near, key=lambda point: nearest(point, reset_at))
    if fell(before, last) or falls_within(old) or falls_within(new):
        return None, "reset-unknown"
    return (last.used - before.used) + after.used, "reset-split"


def _is_on_ended_cycle(point: MeterPoint, reset_at: datetime, pool: str) -> bool:
    """Tell whether a reading shows the cycle that a reset ended, by its reset, else by its time."""
    if shown_since(point) > reset_at:
        return False
    return point.resets_at is None or is_one_reset(point.resets_at, reset_at, pool)
