"""How far a pool's meter moved over a span of any length, in windows or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from portfolio.estimate.cycles import (
    RESOLUTION,
    began_at,
    cycles_apart,
    fell,
    has_not_begun,
    is_expired,
    nearest,
    rises_on_one_cycle,
    shown_since,
)
from portfolio.model import MeterPoint, cycle_of

STARTS_AT_MOST: Final = timedelta(minutes=30)  # before the span: as far as a window's `before`


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """How far a pool's meter moved over a span, and for how much of the span that is known."""

    moved: float  # in the pool's unit
    known_share: float  # 0 to 1, of the span's time


def movement(
    points: Sequence[MeterPoint], pool: str, *, since: datetime, until: datetime
) -> Movement:
    """Add up what a meter showed being used between two moments; resets start it anew.

    What was used between the last reading before a reset and the reset was never seen, so the sum
    is what is known at the least. Time counts as known where the cycle around it has a reading, and
    between two readings less than a cycle apart.

    One source is followed at a time, the one that covers most, and others only before its first
    and after its last reading: where two sources round apart or one lags, that is no use.
    """
    by_source: dict[str, list[MeterPoint]] = defaultdict(list)
    earliest = since - STARTS_AT_MOST
    for point in points:
        if point.read_at < earliest or shown_since(point) > until:
            continue
        # Shown before its reset, as nearly every reading is, it cannot have expired by then.
        is_fresh = point.resets_at is None or point.read_at <= point.resets_at
        if is_fresh or not is_expired(point, nearest(point, since)):
            by_source[point.source].append(point)
    chain = _from_since(_followed(by_source, pool, since=since, until=until), since)
    moved = 0.0
    if chain and (began := began_at(chain[0], pool)) is not None and began >= since:
        moved = chain[0].used
    moved += sum(_used_between(first, then, pool) for first, then in pairwise(chain))
    length = (until - since).total_seconds()
    known = _known_seconds(chain, pool, since=since, until=until)
    return Movement(moved=moved, known_share=min(1.0, known / length) if length > 0 else 0.0)


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
    earlier = sum(shown_since(point) <= since for point in chain)
    return chain[max(0, earlier - 1) :]


def _used_between(first: MeterPoint, then: MeterPoint, pool: str) -> float:
    """Give what was surely used between two readings."""
    if rises_on_one_cycle((first, then)):
        return then.used - first.used
    how = cycles_apart(first, then, pool)
    rise = then.used - first.used
    if how == "same" and first.source != then.source:
        return rise if rise > RESOLUTION[then.unit] else 0.0  # else they only round apart
    if how == "same" and not fell(first, then):
        return rise
    # A meter that fell, or whose reset was due, started anew; one whose reset moved may not have.
    is_anew = how == "reset" or fell(first, then)
    return then.used if is_anew else max(0.0, rise)


def _known_seconds(
    chain: Sequence[MeterPoint], pool: str, *, since: datetime, until: datetime
) -> float:
    cycle = cycle_of(pool)
    stretches = {(point.held_since, point.read_at) for point in chain if point.held_since}
    for resets_at in {point.resets_at for point in chain if not has_not_begun(point, pool)}:
        if resets_at is not None and cycle is not None:
            stretches.add((resets_at - cycle, resets_at))
    begin = chain[0].read_at if chain else since
    for first, then in pairwise(chain):
        if cycle is not None and shown_since(then) - first.read_at > cycle:
            stretches.add((begin, first.read_at))
            begin = then.read_at
    if chain:
        stretches.add((begin, chain[-1].read_at))
    total, upto = 0.0, since
    for begin, end in sorted(stretches):
        lower, upper = max(begin, upto), min(end, until)
        if lower < upper:
            total += (upper - lower).total_seconds()
            upto = upper
    return total
