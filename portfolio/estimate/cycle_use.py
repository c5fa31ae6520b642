"""What the meter itself showed of whole cycles: how much of each was used, and when it was full."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple, TypeAlias

from portfolio.estimate.cycles import (
    SAME_CYCLE,
    has_not_begun,
    is_expired,
    is_one_reset,
    shown_since,
)
from portfolio.estimate.movement import Used
from portfolio.estimate.spans import joined
from portfolio.model import PP_CAP, MeterPoint, cycle_of

END_SHARE: Final = 0.1  # of a cycle: a reading in its last tenth tells how it ended
READ_AFTER: Final = timedelta(minutes=30)  # the last work of a cycle is read at most so long after

Spans: TypeAlias = list[tuple[datetime, datetime]]


class CycleUsed(NamedTuple):
    """What a meter showed of one cycle that is over."""

    begin: datetime  # UTC
    end: datetime  # UTC, not included
    used: float  # in the pool's unit, up to the last reading
    last_read_at: datetime  # UTC


def cycles_used(
    points: Sequence[MeterPoint],
    uses: Sequence[Used],
    *,
    since: datetime,
    until: datetime,
) -> list[CycleUsed]:
    """Give the cycles that began and ended between two moments and were read, oldest first.

    A cycle that nobody read is none of them: nothing is known of it.

    Args:
        points: The readings of one pool in one unit, oldest first.
        uses: How far its meter moved, as `uses_of` tells, oldest first.
        since: No cycle began earlier.
        until: No cycle ended later.
    """
    if not points or (cycle := cycle_of(points[0].pool)) is None:
        return []
    groups: list[list[MeterPoint]] = []
    for point in points:
        if point.resets_at is None or has_not_begun(point, point.pool):
            continue
        if is_expired(point, shown_since(point)):
            continue  # a stale source
        if groups and is_one_reset(groups[-1][0].resets_at or until, point.resets_at, point.pool):
            groups[-1].append(point)
        # An older cycle's reset is a stale source's.
        elif not groups or point.resets_at > (groups[-1][0].resets_at or until):
            groups.append([point])
    begins = [(own[0].resets_at or until) - cycle for own in groups]
    found = []
    for place, own in enumerate(groups):
        begin, end = begins[place], begins[place] + cycle
        if place + 1 < len(groups):
            # Where the provider reset it early, the next one began before this one's time.
            end = min(end, max(own[-1].read_at, begins[place + 1]))
        if begin >= since - SAME_CYCLE and end <= until:
            first = bisect_left(uses, shown_since(own[0]), key=_seen_at)
            last = bisect_right(uses, own[-1].read_at, key=_seen_at)
            used = sum(one.amount for one in uses[first:last])
            found.append(CycleUsed(begin, end, used, own[-1].read_at))
    return found


def _seen_at(used: Used) -> datetime:
    return used.until


def tells_end(cycle: CycleUsed, worked_at: Sequence[datetime]) -> bool:
    """Tell whether it is known how a cycle ended: read late, or no work after the last reading.

    Args:
        cycle: One that is over.
        worked_at: When its account was worked on, as far as this machine knows, ascending.
    """
    if cycle.last_read_at >= cycle.end - (cycle.end - cycle.begin) * END_SHARE:
        return True
    place = bisect_right(worked_at, cycle.last_read_at + READ_AFTER)
    return place == len(worked_at) or worked_at[place] >= cycle.end


def full_spans(points: Sequence[MeterPoint], *, cap: float | None, until: datetime) -> Spans:
    """Give when a pool stood at its cap: from the reading that shows it to the reset, oldest first.

    A reading below the cap ends it earlier. Without a reset, it is known as long as it was shown.

    Args:
        points: The readings of one pool, oldest first.
        cap: Its cap where a reading does not state it; not needed for percentage points.
        until: Now.
    """
    found: Spans = []
    begun: dict[str, MeterPoint] = {}  # by source: the first reading at the cap
    ends: dict[str, datetime] = {}
    for point in points:
        size = PP_CAP if point.unit == "pp" else point.cap or cap
        begin, source = begun.get(point.source), point.source
        if size is not None and point.used >= size:
            if begin is None or not _goes_on(begin, ends[source], point):
                _close(found, begin, ends.get(source))
                begun[source] = point
            ends[source] = max(point.resets_at or point.read_at, point.read_at)
        elif begin is not None:
            _close(found, begin, min(ends[source], shown_since(point)))
            del begun[source]
    for source, begin in begun.items():
        _close(found, begin, min(ends[source], until))
    return joined(found)


def _goes_on(begin: MeterPoint, end: datetime, then: MeterPoint) -> bool:
    """Tell whether a meter stood at its cap from one reading of it to another."""
    if begin.resets_at is not None:
        return shown_since(then) < end
    cycle = cycle_of(begin.pool)
    return cycle is not None and shown_since(then) - begin.read_at < cycle


def _close(found: Spans, begin: MeterPoint | None, end: datetime | None) -> None:
    if begin is not None and end is not None and shown_since(begin) < end:
        found.append((shown_since(begin), end))


def hours_in(spans: Sequence[tuple[datetime, datetime]], since: datetime, until: datetime) -> float:
    """Give how many hours of a time some spans cover."""
    covered = (min(until, end) - max(since, begin) for begin, end in spans)
    return sum(one.total_seconds() for one in covered if one > timedelta(0)) / 3600
