"""Which readings tell of a stretch of time: real ones rule, and what was computed fills the rest.

No stretch holds both kinds, so no reading of a meter is ever set against one that was computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from portfolio.estimate.cycles import began_at, shown_since
from portfolio.model import COMPUTED_UNIT, MeterPoint

A_TICK: Final = timedelta(microseconds=1)  # the least step of time
STARTS_AT_MOST: Final = timedelta(minutes=30)  # before the span: as far as a window's `before`


class Stretch(NamedTuple):
    """A stretch of time, and the readings that tell of it."""

    since: datetime  # UTC
    until: datetime
    points: Sequence[MeterPoint]


def stretches(
    points: Sequence[MeterPoint], pool: str, *, since: datetime, until: datetime
) -> list[Stretch]:
    """Cut a span into what real readings of a pool tell of, and what was computed before and after.

    Real readings tell of the time from the first of them to the last, and of that back to the
    beginning of the first one's cycle where it lies in the span: its meter then began at nothing.

    Args:
        points: Readings of the pool in one unit, oldest first.
    """
    if not points or points[0].unit != COMPUTED_UNIT:  # as nearly always: no need to look at each
        return [Stretch(since, until, points)]
    computed = [point for point in points if point.is_computed]
    if not computed:
        return [Stretch(since, until, points)]
    real = [
        point
        for point in points
        if not point.is_computed
        and point.read_at >= since - STARTS_AT_MOST
        and shown_since(point) <= until
    ]
    if not real:
        return [Stretch(since, until, computed)]
    begin, end = shown_since(real[0]), min(real[-1].read_at, until)
    began = began_at(real[0], pool)
    if began is not None and since <= began < begin:
        begin = began
    begin, end = max(since, begin), max(since, end)
    cut = [
        Stretch(since, begin, computed),
        Stretch(begin, end, real),
        Stretch(end, until, computed),
    ]
    return [one for one in cut if one.since < one.until or one.points is real]
