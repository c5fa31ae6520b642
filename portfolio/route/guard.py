"""The guard that keeps caps: an item starts only where every pool it draws on has room.

A pool has room where its newest reading, what runs already and the upper prediction bound of one
item of that size stay within the cap, less the human's reserve. Shares are of its cap, 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from portfolio.estimate.class_weights import (
    STEP_SPREAD,
    USUAL_SPREAD,
    USUAL_WORTH,
    learned_weights,
)
from portfolio.estimate.quantiles import student_t
from portfolio.estimate.size_cues import SIZES, Size
from portfolio.model import WINDOW_LASTS

LEVEL: Final = 0.95  # of items take no more than the bound
FEWEST_OF_SIZE: Final = 2  # of its own size, before those of other sizes are left aside
SPREAD_OF_ALL: Final = 1.0  # log-sd of what items of any size take (1 : 3 : 9, .6 inside each)
FLOAT_SLACK: Final = 1e-9

Basis: TypeAlias = Literal["same-size", "other-sizes", "other-work"]
Standing: TypeAlias = Literal["read", "reset-passed", "not-read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TookOne:
    """What one finished item took of the account's priced pool."""

    share: float  # of the cap, above 0
    size: Size | None  # None: none was fixed


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What one item is expected to take, and what it will hardly take more than."""

    mean: float
    upper: float
    common: float  # 0 to 1: how much of the squared reach is the error of the mean, alike for all
    items: int  # finished ones that tell it
    basis: Basis

    def times(self, factor: float) -> Bound:
        """Give the same in another unit."""
        return Bound(
            mean=self.mean * factor,
            upper=self.upper * factor,
            common=self.common,
            items=self.items,
            basis=self.basis,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolNow:
    """Where a pool of an account stands."""

    pool: str
    used: float | None  # None: not read lately
    rounding: float  # what the meter may hide, as it shows whole percents
    standing: Standing  # "reset-passed": taken to be empty since, which nobody saw
    told_at: datetime | None  # UTC; the reading, or the reset after it
    resets_at: datetime | None  # UTC; None: not known
    cycle: timedelta | None
    per_priced: float | None  # of this for one of the priced pool, upper end; None: not known
    is_short: bool  # its cycle is shorter than the priced pool's


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """An item that was begun, of which the meter may not tell yet."""

    item: str
    account: str | None  # None: nobody knows on which
    began_at: datetime  # UTC
    is_open: bool
    bound: Bound | None  # on the priced pool; None: nothing tells what it takes


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRoom:
    """What the guard says of one pool."""

    pool: str
    standing: Standing
    used: float | None
    reserve: float
    need: float | None  # the item at its upper bound, with what runs; None: nothing tells
    running: int  # items that are counted besides
    resets_at: datetime | None
    has_room: bool
    is_too_large: bool  # one item may take more than the whole cap, less the reserve


def bound_of_one(took: Sequence[TookOne], size: Size, *, level: float = LEVEL) -> Bound | None:
    """Give the upper prediction bound of one item of a size; None where nothing tells.

    exp(m + t(v) * s * sqrt(1 + 1/n)), of the log of what n items took. The variance s² inside a
    size is pooled over sizes, and .6² counts as four items more; v are its degrees. Of fewer than
    two items of the size, all sized ones tell by their class weights, and a step of .35 (log-sd)
    is added; where none is sized, each counts as an M, and 1² takes the place of .6².

    Source:
        docs/guard.md; Hahn & Meeker (1991), Statistical Intervals, ch. 4.

    Example:
        Twelve items of 1 %: s² = 4 * .36 / 15, and t(15) is 1.753.

        >>> found = bound_of_one([TookOne(share=0.01, size="M")] * 12, "M")
        >>> round(found.upper / 0.01, 3) == round(math.exp(1.7531 * (0.096 * 13 / 12) ** 0.5), 3)
        True
    """
    sized = [(one.size, math.log(one.share)) for one in took if one.size is not None]
    own = [log for other, log in sized if other == size]
    groups = [[log for other, log in sized if other == one] for one in SIZES]
    if len(own) >= FEWEST_OF_SIZE:
        return _bound(own, groups, step=0.0, usual=USUAL_SPREAD, basis="same-size", level=level)
    weights = learned_weights([(one, math.exp(log)) for one, log in sized])
    to = math.log(weights.of(size))
    if sized:
        logs = [log - math.log(weights.of(other)) + to for other, log in sized]
        return _bound(
            logs, groups, step=STEP_SPREAD, usual=USUAL_SPREAD, basis="other-sizes", level=level
        )
    logs = [math.log(one.share) - math.log(weights.medium) + to for one in took]
    if not logs:
        return None
    return _bound(logs, [logs], step=0.0, usual=SPREAD_OF_ALL, basis="other-work", level=level)


def _bound(
    logs: Sequence[float],
    groups: Sequence[Sequence[float]],
    *,
    step: float,
    usual: float,
    basis: Basis,
    level: float,
) -> Bound:
    degrees, squares = USUAL_WORTH, USUAL_WORTH * usual**2
    for group in groups:
        if group:
            mean = math.fsum(group) / len(group)
            squares += math.fsum((log - mean) ** 2 for log in group)
            degrees += len(group) - 1
    n, variance = len(logs), squares / degrees
    centre = math.fsum(logs) / n
    of_mean = variance / n + step**2
    reach = student_t(degrees, level) * math.sqrt(variance + of_mean)
    mean = math.exp(centre + variance / 2)
    return Bound(
        mean=mean,
        upper=max(mean, math.exp(centre + reach)),
        common=of_mean / (variance + of_mean),
        items=n,
        basis=basis,
    )


def upper_together(bounds: Sequence[Bound]) -> float:
    """Give what some items will hardly take more than together; of one, its own bound.

    Means add up, and so do the errors of the mean, which are the same error; of what each item
    takes more or less by itself the squares add up.

    >>> one = Bound(mean=1.0, upper=3.0, common=0.0, items=9, basis="same-size")
    >>> upper_together([one]), upper_together([one] * 4), upper_together([])
    (3.0, 8.0, 0.0)
    """
    reaches = [(one.upper - one.mean, one.common) for one in bounds]
    alike = math.fsum(reach * math.sqrt(common) for reach, common in reaches)
    own = math.fsum(reach**2 * (1 - common) for reach, common in reaches)
    return math.fsum(one.mean for one in bounds) + math.sqrt(alike**2 + own)


def room_on(
    pool: PoolNow,
    bound: Bound | None,
    running: Sequence[Running],
    *,
    reserve: float,
    now: datetime,
) -> PoolRoom:
    """Say whether an item may start on a pool: used + rounding + need <= 1 - reserve.

    A pool that nobody read lately has room as far as anybody knows. Where nothing tells what an
    item takes, any room will do. An item that may take more than the whole of a short pool begins
    on an empty one: running into that cap costs hours. On a longer pool it never starts.

    Args:
        pool: Where it stands.
        bound: Of one item, on the priced pool; None: nothing tells.
        running: What was begun on this account.
        reserve: Share of the cap that is kept for the human.
        now: The moment it would start.
    """
    counted = [one for one in running if counts(one, pool, now)]
    if pool.per_priced == 0:  # such work does not draw on it
        return _room(pool, 0.0, reserve, running=0, has_room=True, is_too_large=False)
    factor, known = pool.per_priced, [one.bound for one in counted if one.bound is not None]
    one = bound.times(factor) if bound is not None and factor is not None else None
    need = None
    if one is not None and factor is not None:
        need = upper_together([one, *(other.times(factor) for other in known)])
    is_too_large = one is not None and one.upper > 1 - reserve + FLOAT_SLACK
    if pool.used is None:
        has_room = reserve < 1
    elif need is None:
        has_room = pool.used < 1 - reserve
    elif is_too_large and pool.is_short:
        has_room = pool.used <= 0 and not counted and reserve < 1
    else:
        has_room = pool.used + pool.rounding + need <= 1 - reserve + FLOAT_SLACK
    return _room(
        pool, need, reserve, running=len(counted), has_room=has_room, is_too_large=is_too_large
    )


def counts(one: Running, pool: PoolNow, now: datetime) -> bool:
    """Tell whether a pool's reading may be without what an item takes, at least in part."""
    if one.began_at > now:
        return False
    since = now - (pool.cycle or WINDOW_LASTS)
    since = max(since, pool.told_at) if pool.told_at else since
    return one.began_at >= since or (one.is_open and one.began_at >= now - WINDOW_LASTS)


def _room(
    pool: PoolNow,
    need: float | None,
    reserve: float,
    *,
    running: int,
    has_room: bool,
    is_too_large: bool,
) -> PoolRoom:
    return PoolRoom(
        pool=pool.pool,
        standing=pool.standing,
        used=pool.used,
        reserve=reserve,
        need=need,
        running=running,
        resets_at=pool.resets_at,
        has_room=has_room,
        is_too_large=is_too_large,
    )


def room_from(rooms: Sequence[PoolRoom]) -> datetime | None:
    """Give the reset that will have made room on all pools; None where one does not say when."""
    ends = [room.resets_at for room in rooms if not room.has_room]
    if not ends or None in ends or any(_is_never(room) for room in rooms):
        return None
    return max(end for end in ends if end is not None)


def _is_never(room: PoolRoom) -> bool:
    """Tell whether even an empty pool would have no room."""
    return not room.has_room and (room.reserve >= 1 or (room.is_too_large and not room.used))
