"""How full each pool was over its last cycles, thinned to what a picture can show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from portfolio.estimate.pace import Pace, expiring_share, paces
from portfolio.model import PP_CAP, MeterPoint, cycle_of

CYCLES: Final = 8  # that are shown, the present one included
MOST: Final = 160  # readings of one pool that are shown
SAME_RESET: Final = timedelta(minutes=10)  # a reset is told now so, now so


class PoolPoint(NamedTuple):
    """One reading."""

    at: datetime  # UTC
    share_used: float  # 0 to 1 of the cap; above it when overdrawn
    resets_at: datetime | None  # UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolBurn:
    """One pool of one account over its last cycles."""

    account: str
    pool: str
    since: datetime
    readings: int  # in this time
    points: tuple[PoolPoint, ...]  # oldest first: all, or the first, last and fullest of each step
    pace: Pace | None  # of the present cycle; None: it is not known
    expiring_share: float | None  # of the cap, at this pace; None: it hits it, or it is too early


def pool_burns(readings: Iterable[MeterPoint], *, now: datetime) -> list[PoolBurn]:
    """Give every pool that was read in its last cycles; the one that hits its cap first is first.

    Of a pool with readings of its meter those that were computed are left out.
    """
    by_pool: dict[tuple[str, str], list[MeterPoint]] = defaultdict(list)
    kept = list(readings)
    for point in kept:
        cycle = cycle_of(point.pool)
        cap = PP_CAP if point.unit == "pp" else point.cap
        if point.account is None or cycle is None or not cap:
            continue
        if now - CYCLES * cycle <= point.read_at <= now:
            by_pool[point.account, point.pool].append(point)
    known = {(pace.account, pace.pool): pace for pace in paces(kept, now=now)}
    order = [*known, *sorted(set(by_pool) - set(known))]
    return [_burn(key, by_pool[key], known.get(key), now) for key in order if by_pool.get(key)]


def _burn(
    key: tuple[str, str], found: Sequence[MeterPoint], pace: Pace | None, now: datetime
) -> PoolBurn:
    real = [point for point in found if not point.is_computed] or found
    cycle = cycle_of(key[1])
    assert cycle is not None  # noqa: S101 - such pools were left out
    since = now - CYCLES * cycle
    points = sorted(PoolPoint(point.read_at, _share(point), point.resets_at) for point in real)
    expiring = None
    if pace is not None and pace.hits_at is None:
        expiring = expiring_share(pace, now=now)
    return PoolBurn(
        account=key[0],
        pool=key[1],
        since=since,
        readings=len(points),
        points=tuple(thinned(points, since=since, until=now)),
        pace=pace,
        expiring_share=expiring,
    )


def _share(point: MeterPoint) -> float:
    return point.used / (PP_CAP if point.unit == "pp" else point.cap or PP_CAP)


def thinned(
    points: Sequence[PoolPoint], *, since: datetime, until: datetime, most: int = MOST
) -> list[PoolPoint]:
    """Keep of many points the first, the fullest and the last of each step of time and cycle.

    So no cycle loses how far it came, nor where it began. At most `most` are kept where cycles are
    fewer than a third of that.
    """
    if len(points) <= most:
        return list(points)
    step = (until - since) / max(1, most // 3 - CYCLES)
    groups: dict[tuple[int, int], list[PoolPoint]] = defaultdict(list)
    cycle = 0
    for before, point in zip([points[0], *points], points, strict=False):
        cycle += is_reset(before, point)
        groups[cycle, int((point.at - since) / step)].append(point)
    kept: list[PoolPoint] = []
    for group in groups.values():
        fullest = max(group, key=lambda point: point.share_used)
        kept += sorted({group[0], fullest, group[-1]})
    return kept


def is_reset(before: PoolPoint, point: PoolPoint) -> bool:
    """Tell whether a pool was reset between two readings of it."""
    if before.resets_at is None or point.resets_at is None:
        return point.share_used < before.share_used
    return point.resets_at - before.resets_at > SAME_RESET


def resets_of(burn: PoolBurn) -> list[datetime]:
    """Give when each cycle that was read ended or ends."""
    found: list[datetime] = []
    for point in burn.points:
        at = point.resets_at
        if at is not None and (not found or at - found[-1] > SAME_RESET):
            found.append(at)
    return found
