"""How far a pool's meter moved over a span of any length, in windows or not."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

from portfolio.estimate.cycles import (
    RESOLUTION,
    began_at,
    cycles_apart,
    fell,
    has_not_begun,
    is_expired,
    is_one_reset,
    is_plain_rise,
    nearest,
    shown_since,
)
from portfolio.estimate.ruling import A_TICK, STARTS_AT_MOST, Stretch, stretches
from portfolio.model import MeterPoint, cycle_of

BACK_WITHIN: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """How far a pool's meter moved over a span, and for how much of the span that is known."""

    moved: float  # in the pool's unit
    known_share: float  # 0 to 1, of the span's time


class Used(NamedTuple):
    """How far a meter moved from one reading to the next."""

    stood_since: datetime  # UTC; it was first seen to stand where it started from
    since: datetime  # UTC; it was last seen to stand there, or was reset
    until: datetime  # UTC; it was first seen to stand higher
    amount: float  # in the pool's unit; a little below zero where rounding made it fall
    is_anew: bool  # counted from a reset on


def movement(
    points: Sequence[MeterPoint], pool: str, *, since: datetime, until: datetime
) -> Movement:
    """Add up what a meter showed being used between two moments; see `uses_of`.

    Time counts as known where the cycle around it has a reading, and between two readings less than
    a cycle apart.
    """
    moved, known = 0.0, 0.0
    for part in stretches(points, pool, since=since, until=until):
        chain = _chain(part, pool)
        moved += sum(used.amount for used in _uses(chain, pool, since=part.since))
        known += _known_seconds(chain, pool, since=part.since, until=part.until)
    length = (until - since).total_seconds()
    return Movement(moved=moved, known_share=min(1.0, known / length) if length > 0 else 0.0)


def movements(
    points: Sequence[MeterPoint], pool: str, spans: Iterable[tuple[datetime, datetime]]
) -> list[Movement]:
    """Give the movement over each of many spans, each from the readings around it alone."""
    if len({point.is_computed for point in points}) > 1:
        # Which kind rules when is told by all of them.
        return [movement(points, pool, since=since, until=until) for since, until in spans]
    read_at = [point.read_at for point in points]
    # The earliest moment that a reading or any after it was shown: it never falls.
    shown = list(accumulate((shown_since(point) for point in reversed(points)), min))[::-1]
    found = []
    for since, until in spans:
        first = bisect_left(read_at, since - STARTS_AT_MOST)
        near = points[first : bisect_right(shown, until)]
        found.append(movement(near, pool, since=since, until=until))
    return found


def uses_of(
    points: Sequence[MeterPoint], pool: str, *, since: datetime, until: datetime
) -> list[Used]:
    """Give what a meter showed being used between two moments, oldest first; resets start it anew.

    What was used between the last reading before a reset and the reset was never seen, so the sum
    is what is known at the least.

    One source is followed at a time, the one that covers most, and others only before its first
    and after its last reading: where two sources round apart or one lags, that is no use. What was
    computed counts for the time alone that no real reading tells of.
    """
    return uses_in(followed(points, pool, since=since, until=until), pool)


def followed(
    points: Sequence[MeterPoint], pool: str, *, since: datetime, until: datetime
) -> list[Stretch]:
    """Give the readings that are followed between two moments, and over which of the time."""
    return [
        part._replace(points=_chain(part, pool))
        for part in stretches(points, pool, since=since, until=until)
    ]


def uses_in(parts: Sequence[Stretch], pool: str) -> list[Used]:
    """Give what readings that are followed show being used; see `uses_of`."""
    return [used for part in parts for used in _uses(part.points, pool, since=part.since)]


def _chain(part: Stretch, pool: str) -> Sequence[MeterPoint]:
    """Give the readings to follow over a stretch of time, oldest first."""
    since, until, points = part
    by_source: dict[str, list[MeterPoint]] = defaultdict(list)
    earliest = since - STARTS_AT_MOST
    for point in points:
        if point.read_at < earliest or (point.held_since or point.read_at) > until:
            continue  # as `shown_since`
        # Shown before its reset, as nearly every reading is, it cannot have expired by then.
        is_fresh = point.resets_at is None or point.read_at <= point.resets_at
        if is_fresh or not is_expired(point, nearest(point, since)):
            by_source[point.source].append(point)
    followed = _followed(by_source, pool, since=since, until=until)
    return _from_since(_without_dips(followed, pool), since)


def _without_dips(chain: Sequence[MeterPoint], pool: str) -> Sequence[MeterPoint]:
    """Leave out readings below one that the meter is back at soon, on the same cycle.

    Of two sessions at once one may show what it was told long ago. Taken for resets, its readings
    would let all that was used count again and again; no meter rises so far so soon after one.
    """
    kept: list[MeterPoint] = []
    place = 0
    while place < len(chain):
        point = chain[place]
        if kept and point.used < kept[-1].used and fell(kept[-1], point):
            back = _back_at(kept[-1], chain, place, pool)
            if back is not None:
                place = back
                continue
        kept.append(point)
        place += 1
    return kept if len(kept) < len(chain) else chain


def _back_at(before: MeterPoint, chain: Sequence[MeterPoint], place: int, pool: str) -> int | None:
    """Give the place of the reading soon after a fall that shows the meter had not fallen."""
    latest = chain[place].read_at + BACK_WITHIN
    for later in range(place, len(chain)):
        point = chain[later]
        if shown_since(point) > latest or not _shows_same_cycle(before, point, pool):
            return None
        if not fell(before, point):
            return later
    return None


def _shows_same_cycle(before: MeterPoint, point: MeterPoint, pool: str) -> bool:
    if before.resets_at is None or point.resets_at is None or before.source != point.source:
        return False
    return is_one_reset(before.resets_at, point.resets_at, pool)


def _uses(chain: Sequence[MeterPoint], pool: str, *, since: datetime) -> list[Used]:
    found: list[Used] = []
    if chain and (began := began_at(chain[0], pool)) is not None and began >= since:
        found.append(Used(began, began, shown_since(chain[0]), chain[0].used, is_anew=True))
    found += [_used_between(first, then, pool) for first, then in pairwise(chain)]
    if chain and chain[0].is_computed:
        # It stood lower up to the very moment of the request that made it rise, not included.
        return [used._replace(since=used.since - A_TICK) for used in found]
    return found


def _followed(
    by_source: Mapping[str, Sequence[MeterPoint]], pool: str, *, since: datetime, until: datetime
) -> list[MeterPoint]:
    """Give the readings of the source that covers most, and of others before and after them."""
    if len(by_source) <= 1:
        return [point for points in by_source.values() for point in points]
    best = max(
        sorted(by_source),
        key=lambda source: (
            _known_seconds(by_source[source], pool, since=since, until=until),
            len(by_source[source]),
        ),
    )
    followed = by_source[best]
    begin, end = shown_since(followed[0]), followed[-1].read_at
    before = {
        source: early
        for source, points in by_source.items()
        if source != best and (early := [point for point in points if point.read_at < begin])
    }
    after = {
        source: late
        for source, points in by_source.items()
        if source != best and (late := [point for point in points if shown_since(point) > end])
    }
    return [
        *_followed(before, pool, since=since, until=min(begin, until)),
        *followed,
        *_followed(after, pool, since=max(end, since), until=until),
    ]


def _from_since(chain: Sequence[MeterPoint], since: datetime) -> Sequence[MeterPoint]:
    """Leave out all that was shown before the span but the newest: that is where it starts."""
    earlier = sum([shown_since(point) <= since for point in chain])
    return chain[max(0, earlier - 1) :]


def _used_between(first: MeterPoint, then: MeterPoint, pool: str) -> Used:
    """Give what was surely used between two readings."""
    rise = then.used - first.used
    stood, until = shown_since(first), shown_since(then)
    if is_plain_rise(first, then):
        return Used(stood, first.read_at, until, rise, is_anew=False)
    how = cycles_apart(first, then, pool)
    if how == "same" and first.source != then.source:
        is_rise = rise > RESOLUTION[then.unit]  # else they only round apart
        return Used(stood, first.read_at, until, rise if is_rise else 0.0, is_anew=False)
    if how == "same" and not fell(first, then):
        return Used(stood, first.read_at, until, rise, is_anew=False)
    # A meter that fell, or whose reset was due, started anew; one whose reset moved may not have.
    if how == "reset" or fell(first, then):
        return Used(stood, _anew_since(first, then, pool), until, then.used, is_anew=True)
    return Used(stood, first.read_at, until, max(0.0, rise), is_anew=False)


def _anew_since(first: MeterPoint, then: MeterPoint, pool: str) -> datetime:
    """Give when a meter started anew, or the last moment at which it surely had not yet."""
    began = began_at(then, pool)
    if began is None or began > shown_since(then):
        began = first.resets_at
    is_between = began is not None and first.read_at <= began <= shown_since(then)
    return began if began is not None and is_between else first.read_at


def known_in(parts: Sequence[Stretch], pool: str) -> list[tuple[datetime, datetime]]:
    """Give when readings that are followed tell what was used, oldest first; see `movement`."""
    return [
        span
        for part in parts
        for span in _known(part.points, pool, since=part.since, until=part.until)
    ]


def _known_seconds(
    chain: Sequence[MeterPoint], pool: str, *, since: datetime, until: datetime
) -> float:
    known = _known(chain, pool, since=since, until=until)
    return sum((upper - lower).total_seconds() for lower, upper in known)


def _known(
    chain: Sequence[MeterPoint], pool: str, *, since: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    cycle = cycle_of(pool)
    spans = {(point.held_since, point.read_at) for point in chain if point.held_since}
    begun = {point.resets_at for point in chain if point.used > 0 or not has_not_begun(point, pool)}
    for resets_at in begun:
        if resets_at is not None and cycle is not None:
            spans.add((resets_at - cycle, resets_at))
    begin = chain[0].read_at if chain else since
    for first, then in pairwise(chain):
        if cycle is not None and shown_since(then) - first.read_at > cycle:
            spans.add((begin, first.read_at))
            begin = then.read_at
    if chain:
        spans.add((begin, chain[-1].read_at))
    found: list[tuple[datetime, datetime]] = []
    upto = since
    for begin, end in sorted(spans):
        lower, upper = max(begin, upto), min(end, until)
        if lower < upper:
            found.append((lower, upper))
            upto = upper
    return found
