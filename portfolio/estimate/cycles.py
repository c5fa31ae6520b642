"""How readings of one pool lie to each other: on one cycle, over a reset, or nobody can tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from parsers.records import Unit
from portfolio.model import MeterPoint, cycle_of

Relation: TypeAlias = Literal["same", "reset", "unknown"]

RESOLUTION: Final[dict[Unit, float]] = {"pp": 1.0, "prompts": 1.0, "credits": 1.0, "usd": 0.01}
SAME_CYCLE: Final = timedelta(minutes=5)
SAME_CYCLE_SHARE: Final = 0.02  # of the cycle: providers move a reset by minutes to hours
RESET_JITTER: Final = timedelta(minutes=2)  # one meter says 1:59pm and 2pm of the same reset
FLOAT_SLACK: Final = 1e-9  # 13.3 - 12.3 is no drop of more than one


def fell(first: MeterPoint, then: MeterPoint) -> bool:
    """Tell whether a meter dropped by more than rounding can make it."""
    return first.used - then.used > RESOLUTION[first.unit] + FLOAT_SLACK


def cycles_apart(first: MeterPoint, then: MeterPoint, pool: str) -> Relation:
    """Tell how two readings of a pool lie, by their resets alone: `fell` tells the rest.

    A reading of nothing used, without a reset or with one a full cycle ahead, belongs to the next
    cycle seen: such a cycle has not begun.
    """
    if has_not_begun(then, pool):
        return _to_not_begun(first, then, pool)
    if has_not_begun(first, pool):
        began = began_at(then, pool)
        is_hiding = began is not None and _hides_cycle(first, began, pool, slack=timedelta(0))
        return "reset" if is_hiding else "same"
    if first.resets_at is not None and then.resets_at is not None:
        if is_one_reset(first.resets_at, then.resets_at, pool):
            return "same"
        # A reset that moved although its moment had not come was the provider's own doing.
        has_come = first.resets_at - RESET_JITTER <= shown_since(then)
        return "reset" if has_come and then.resets_at > first.resets_at else "unknown"
    return "reset" if _ended_between(first, then, pool) else "same"


def _to_not_begun(first: MeterPoint, then: MeterPoint, pool: str) -> Relation:
    """Tell how a reading lies to one of a cycle that has not begun."""
    if has_not_begun(first, pool):
        is_hiding = _hides_cycle(first, shown_since(then), pool, slack=SAME_CYCLE)
        return "reset" if is_hiding else "same"
    if first.resets_at is not None and first.resets_at - RESET_JITTER <= shown_since(then):
        return "reset"
    if first.resets_at is not None and then.resets_at is not None and first.used > 0:
        return "same" if is_one_reset(first.resets_at, then.resets_at, pool) else "unknown"
    if first.used > RESOLUTION[first.unit]:
        return "unknown"
    return "reset" if first.resets_at is None and _is_cycle_apart(first, then, pool) else "same"


def _hides_cycle(first: MeterPoint, until: datetime, pool: str, *, slack: timedelta) -> bool:
    """Tell whether a whole cycle may have come and gone unseen after one that had not begun."""
    if first.resets_at is not None:
        return first.resets_at - RESET_JITTER <= until
    cycle = cycle_of(pool)
    return cycle is not None and until - first.read_at >= cycle + slack


def _ended_between(first: MeterPoint, then: MeterPoint, pool: str) -> bool:
    """Tell whether a cycle ended between two readings, of which one at most shows its reset."""
    if first.resets_at is not None:
        return first.resets_at <= shown_since(then)
    began = began_at(then, pool)
    if began is not None:
        return began > first.read_at + SAME_CYCLE
    return _is_cycle_apart(first, then, pool)


def _is_cycle_apart(first: MeterPoint, then: MeterPoint, pool: str) -> bool:
    """Tell whether two readings without a reset lie too far apart for one cycle.

    Captures handed over are dated at the window's edges, five hours apart, which need not be to the
    minute: only a reading beyond that is on another five hours for certain.
    """
    cycle = cycle_of(pool)
    return cycle is not None and shown_since(then) - first.read_at > cycle + _slack(cycle)


def is_one_reset(one: datetime, other: datetime, pool: str) -> bool:
    """Tell whether two moments are the same reset, as far as providers keep to it."""
    return one == other or abs(one - other) <= _slack(cycle_of(pool))


@lru_cache
def _slack(cycle: timedelta | None) -> timedelta:
    return SAME_CYCLE if cycle is None else max(SAME_CYCLE, cycle * SAME_CYCLE_SHARE)


def has_not_begun(point: MeterPoint, pool: str) -> bool:
    """Tell whether a reading shows a cycle that nothing has been used of yet."""
    if point.used > 0:
        return False
    if point.resets_at is None:
        return True
    cycle = cycle_of(pool)
    return cycle is not None and abs(point.resets_at - point.read_at - cycle) <= _slack(cycle)


def began_at(point: MeterPoint, pool: str) -> datetime | None:
    """Give the moment a reading's cycle began, where its reset tells."""
    cycle = cycle_of(pool)
    return None if point.resets_at is None or cycle is None else point.resets_at - cycle


def shown_since(point: MeterPoint) -> datetime:
    """Give the first moment at which the meter was seen to show this value."""
    return point.held_since or point.read_at


def nearest(point: MeterPoint, target: datetime) -> datetime:
    """Give the moment nearest to `target` at which the meter was known to show this value."""
    return min(max(shown_since(point), target), point.read_at)


def is_expired(point: MeterPoint, at: datetime) -> bool:
    """Tell whether a reading's cycle had ended by a moment: then it says nothing any more."""
    return point.resets_at is not None and point.resets_at < at - RESET_JITTER


def falls_within(points: Iterable[MeterPoint]) -> bool:
    """Tell whether one source's meter fell among these readings, oldest first, on one cycle."""
    newest: dict[str, MeterPoint] = {}
    for point in points:
        if point.source in newest and fell(newest[point.source], point):
            return True
        newest[point.source] = point
    return False


def rises_on_one_cycle(points: Sequence[MeterPoint]) -> bool:
    """Tell the plain case at a glance: one source, one reset to the minute, and never a fall.

    Nearly all windows are so; the rest is looked at closely.
    """
    first, last = points[0], points[-1]
    resets_at, source, used = first.resets_at, first.source, first.used
    if resets_at is None or used <= 0 or last.read_at > resets_at:
        return False
    for point in points:
        if point.resets_at != resets_at or point.source != source or point.used < used:
            return False
        used = point.used
    return True


def is_plain_rise(first: MeterPoint, then: MeterPoint) -> bool:
    """Tell the plain case of two readings, as `rises_on_one_cycle` does of many."""
    return (
        first.resets_at is not None
        and 0 < first.used <= then.used
        and then.resets_at == first.resets_at
        and then.source == first.source
        and then.read_at <= first.resets_at
    )


def crossings(points: Sequence[MeterPoint], pool: str) -> list[tuple[MeterPoint, MeterPoint]]:
    """Give the pairs of readings, oldest first, between which the cycle changed or may have.

    Of the readings between the first and the last, those without a reset say nothing of the cycle,
    but that none has begun yet; nor do those that a stale source showed after it had ended.
    """
    first, *inside, last = points
    chain = [first]
    for point in inside:
        if has_not_begun(point, pool):
            is_telling = has_not_begun(chain[-1], pool)
        else:
            is_telling = point.resets_at is not None and not is_expired(point, point.read_at)
        if is_telling:
            chain.append(point)
    pairs = pairwise([*chain, last])
    return [(one, then) for one, then in pairs if cycles_apart(one, then, pool) != "same"]


def reset_between(first: MeterPoint, then: MeterPoint, pool: str) -> datetime | None:
    """Give the moment of the one reset between two readings; None if more, or not known."""
    cycle = cycle_of(pool)
    if cycle is None or has_not_begun(first, pool):
        return None
    if first.resets_at is None:
        return began_at(then, pool)
    if then.resets_at is not None and not has_not_begun(then, pool):
        return first.resets_at if then.resets_at - first.resets_at < 2 * cycle else None
    return first.resets_at if shown_since(then) - first.resets_at < cycle else None
