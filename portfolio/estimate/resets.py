"""When a pool was reset, as far as its readings say."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime

from portfolio.estimate.cycles import has_not_begun, is_one_reset
from portfolio.estimate.movement import Used
from portfolio.model import MeterPoint


def resets_of(
    points: Sequence[MeterPoint], uses: Sequence[Used], pool: str, *, since: datetime
) -> list[datetime]:
    """Give the moments at which a pool was reset or is to be, each once, oldest first.

    What readings say of their own reset goes before a fall of the meter, which tells less well when
    it was. One that was said and moved before it came, by the same source, never came.

    Args:
        points: The readings of the pool.
        uses: What they show being used.
        pool: Which it is.
        since: From when on.
    """
    said = _said(points, pool)
    fell = {used.since for used in uses if used.is_anew}
    found: list[datetime] = []
    for at in [*sorted(said), *sorted(fell)]:
        place = bisect_left(found, at)
        beside = found[max(0, place - 1) : place + 1]  # if any is the same reset, the nearest is
        if since <= at and not any(is_one_reset(at, known, pool) for known in beside):
            found.insert(place, at)
    return found


def _said(points: Sequence[MeterPoint], pool: str) -> set[datetime]:
    """Give the resets that readings said, by what each source said last before they were due."""
    found = set()
    last: dict[str, datetime] = {}
    for point in points:
        if point.pool != pool or point.resets_at is None or has_not_begun(point, pool):
            continue
        before = last.get(point.source)
        if before is not None and point.read_at >= before:
            found.add(before)
        last[point.source] = point.resets_at
    return found | set(last.values())
