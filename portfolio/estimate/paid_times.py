"""The time of an account's stay on a plan, cut where a cycle or a week begins, or a meter tells."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from portfolio.estimate.cycle_use import END_SHARE, READ_AFTER
from portfolio.estimate.cycles import began_at, is_expired, is_one_reset, shown_since
from portfolio.estimate.resets import resets_of
from portfolio.estimate.spans import both, joined
from portfolio.model import cycle_of

if TYPE_CHECKING:
    from portfolio.estimate.account_spend import Meter, Stay
    from portfolio.estimate.paid_parts import Rest

HasWork: TypeAlias = Callable[[datetime, datetime], bool]
"""Tells whether the account was worked on here between two moments."""


class StayTime(NamedTuple):
    """A piece of a stay that lies in one week and one cycle, of which one thing is known."""

    begin: datetime  # UTC
    end: datetime  # UTC, not included
    cycle: int  # counted from the stay's begin
    week: int  # place in the weeks that were given
    rest: Rest  # what is left of its money, if anything is


def times_of(
    stay: Stay,
    meter: Meter | None,
    *,
    weeks: Sequence[datetime],
    until: datetime,
    has_work: HasWork | None,
) -> list[StayTime]:
    """Cut a stay into pieces, oldest first; together they are all of it.

    Where the account was worked on after the last reading of a cycle, nobody knows how the cycle
    ended, and its time from that reading on is unmeasured.

    Args:
        stay: An account on a plan.
        meter: Of its priced pool; None: it was never read.
        weeks: When each week begins, oldest first; the first no later than the stay.
        until: The end of the span that is asked for; a stay that ended before leaves nothing open.
        has_work: Tells when it was worked on; None: no turn of it is known.
    """
    cycles = [] if meter is None else _cycles(meter)
    known = [] if meter is None else _known(meter, cycles, has_work)
    open_since = None if meter is None or stay.end < until else _open_since(meter)
    cuts = {*cycles, *weeks, *(edge for span in known for edge in span)}
    cuts |= {open_since} if open_since else set()
    inside = sorted(at for at in cuts if stay.begin < at < stay.end)
    edges = [stay.begin, *inside, stay.end]
    found = []
    for begin, end in pairwise(edges):
        rest: Rest = "unmeasured"
        if any(since <= begin < till for since, till in _near(known, begin)):
            is_open = open_since is not None and begin >= open_since
            rest = "still-open" if is_open else "expired"
        cycle, week = bisect_right(cycles, begin), bisect_right(weeks, begin) - 1
        found.append(StayTime(begin, end, cycle, week, rest))
    return found


def _near(
    spans: Sequence[tuple[datetime, datetime]], at: datetime
) -> Sequence[tuple[datetime, datetime]]:
    """Give the one span of many, ascending and apart, that may hold a moment."""
    place = bisect_right(spans, at, key=lambda span: span[0])
    return spans[max(0, place - 1) : place]


def _cycles(meter: Meter) -> list[datetime]:
    """Give when cycles began or ended inside a stay, oldest first."""
    stay, length = meter.stay, cycle_of(meter.pool)
    found = resets_of(meter.points, meter.uses, meter.pool, since=stay.begin)
    for at in [] if length is None else [reset - length for reset in found]:
        place = bisect_left(found, at)
        beside = found[max(0, place - 1) : place + 1]
        if not any(is_one_reset(at, known, meter.pool) for known in beside):
            found.insert(place, at)
    return [at for at in found if stay.begin < at < stay.end]


def _known(
    meter: Meter, cycles: Iterable[datetime], has_work: HasWork | None
) -> list[tuple[datetime, datetime]]:
    """Give when a meter tells what was used, less the ends of cycles that nobody read."""
    if has_work is None:
        return joined(meter.known)
    told: list[tuple[datetime, datetime]] = []
    upto = begin = meter.stay.begin
    for end in cycles:
        place = bisect_left(meter.points, end, key=lambda point: point.read_at)
        last = max(begin, meter.points[place - 1].read_at) if place else begin
        is_late = last >= end - (end - begin) * END_SHARE
        if not is_late and has_work(last + READ_AFTER, end):
            told.append((upto, last))
            upto = end
        begin = end
    return both(
        joined(meter.known), [*(one for one in told if one[0] < one[1]), (upto, meter.stay.end)]
    )


def _open_since(meter: Meter) -> datetime | None:
    """Give when the cycle began that had not ended by the end of a stay; None: none is known."""
    stay = meter.stay
    shown = [point for point in meter.points if shown_since(point) <= stay.end]
    real = (point for point in reversed(shown) if not point.is_computed)
    last = next(
        (one for one in real if not is_expired(one, stay.end)), shown[-1] if shown else None
    )
    if last is None or last.resets_at is None or last.resets_at <= stay.end:
        return None
    return max(began_at(last, last.pool) or stay.begin, stay.begin)
