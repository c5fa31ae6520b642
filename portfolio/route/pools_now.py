"""Where the pools of an account stand now, and what one of them takes beside the priced one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from portfolio.estimate.coupling import Moved, longer_per_shorter
from portfolio.estimate.cycles import RESOLUTION
from portfolio.estimate.movement import uses_of
from portfolio.model import PP_CAP, MeterPoint, cycle_of, is_scoped, priced_among
from portfolio.route.guard import PoolNow

A_DAY: Final = timedelta(days=1)


def pools_now(
    points: Sequence[MeterPoint], pools: Collection[str], *, since: datetime, now: datetime
) -> list[PoolNow]:
    """Give where every pool of one account stands, the priced one first.

    After its reset a pool is taken to be empty, as nobody saw otherwise; `standing` says so.

    Args:
        points: Its readings, oldest first.
        pools: Those of its plan; one that was not read is told, too.
        since: From then on the readings tell how pools move beside each other.
        now: Later readings are not known yet.
    """
    by_pool: dict[str, list[MeterPoint]] = defaultdict(list)
    for point in points:
        if point.read_at <= now and cap_of(point):
            by_pool[point.pool].append(point)
    names = {*by_pool, *pools}
    priced = priced_among({name for name in names if not is_scoped(name)})
    in_order = sorted(names, key=lambda name: (name != priced, name))
    return [
        _pool_now(name, by_pool, priced, _per_priced(name, priced, by_pool, since, now), now)
        for name in in_order
    ]


def cap_of(point: MeterPoint) -> float:
    """Give a pool's cap in the unit of a reading; 0 where it is not known."""
    return PP_CAP if point.unit == "pp" else point.cap or 0.0


def _newest(points: Sequence[MeterPoint]) -> MeterPoint | None:
    """Give the newest reading; a computed one, only where there is no real one of the cycle."""
    real = [point for point in points if not point.is_computed]
    newest = points[-1] if points else None
    if newest is None or not real or not newest.is_computed:
        return newest
    ends = real[-1].resets_at
    return real[-1] if ends is not None and ends > newest.read_at else newest


def _pool_now(
    name: str,
    by_pool: dict[str, list[MeterPoint]],
    priced: str | None,
    per_priced: float | None,
    now: datetime,
) -> PoolNow:
    cycle, whole = cycle_of(name), cycle_of(priced or "")
    point = _newest(by_pool.get(name, ()))
    used = point.used / cap_of(point) if point else None
    ends = point.resets_at if point else None
    if point is not None and ends is None and cycle is not None and point.read_at + cycle <= now:
        ends = point.read_at + cycle  # it did not show its reset, but that has come by now
    is_past = ends is not None and ends <= now
    return PoolNow(
        pool=name,
        used=0.0 if is_past else used,
        rounding=0.0 if point is None or is_past else _rounding(point),
        standing="not-read" if point is None else "reset-passed" if is_past else "read",
        told_at=ends if is_past else point.read_at if point else None,
        resets_at=None if is_past else ends,
        cycle=cycle,
        per_priced=per_priced,
        is_short=cycle is not None and whole is not None and cycle < whole,
    )


def _rounding(point: MeterPoint) -> float:
    """Give what a meter in whole steps may hide, as a share of the cap: half a step."""
    is_whole = not point.is_computed and point.used % RESOLUTION[point.unit] == 0
    return RESOLUTION[point.unit] / 2 / cap_of(point) if is_whole else 0.0


def _per_priced(
    name: str,
    priced: str | None,
    by_pool: dict[str, list[MeterPoint]],
    since: datetime,
    now: datetime,
) -> float | None:
    """Give what one of the priced pool takes of another, at the upper end of its interval.

    Of a shorter pool that is one over the lower end of longer-per-shorter.
    """
    if name == priced:
        return 1.0
    other, whole = by_pool.get(name), by_pool.get(priced or "")
    if not other or not whole or priced is None:
        return None
    own, of_priced = _by_day(other, since, now), _by_day(whole, since, now)
    days = sorted({*own, *of_priced})
    steps = [100 * RESOLUTION[one[-1].unit] / cap_of(one[-1]) for one in (other, whole)]
    if is_scoped(name):
        if sum(of_priced.values()) > 0 and sum(own.values()) <= 0:
            return 0.0
        moved = [Moved(longer=own.get(day, 0), shorter=of_priced.get(day, 0)) for day in days]
        return longer_per_shorter(moved, longer_step=steps[0], shorter_step=steps[1]).high
    moved = [Moved(longer=of_priced.get(day, 0), shorter=own.get(day, 0)) for day in days]
    low = longer_per_shorter(moved, longer_step=steps[1], shorter_step=steps[0]).low
    return 1 / low if low else None


def _by_day(points: Sequence[MeterPoint], since: datetime, now: datetime) -> dict[int, float]:
    """Give the percents of a cap that were used on each day, in the unit it was read in last."""
    unit, cap = points[-1].unit, cap_of(points[-1])
    own = [point for point in points if point.unit == unit]
    found: dict[int, float] = defaultdict(float)
    for used in uses_of(own, own[-1].pool, since=since, until=now):
        found[(used.until - since) // A_DAY] += 100 * used.amount / cap
    return found
