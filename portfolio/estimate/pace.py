"""Which cap bites next, if the use of the present cycle goes on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from portfolio.model import PP_CAP, MeterPoint, cycle_of, is_scoped

A_DAY: Final = timedelta(days=1)
SHORT_OF_A_CYCLE: Final = 0.2  # the least of a short cycle that a pace is taken over


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Where a pool stands in its present cycle."""

    account: str
    pool: str
    share_used: float  # 0 to 1 of the cap, at the newest reading
    resets_at: datetime  # UTC
    hits_at: datetime | None  # UTC; None: not before the reset, at this pace
    is_computed: bool = False  # counted from logs, not read from the meter


def paces(readings: Iterable[MeterPoint], *, now: datetime) -> list[Pace]:
    """Give every pool whose present cycle is known, the first to hit its cap first.

    Only the newest reading of a pool counts, and only while its cycle lasts: after `resets_at` it
    says nothing; a computed one, where no real one says anything. The pace is what was used since
    the cycle began over the time up to now, idle nights included; of a long cycle at least a day,
    as nobody works round the clock.
    """
    known_paces: dict[tuple[str, str], Pace] = {}
    for point in _newest(readings, now):
        if (pace := _pace(point, now)) is not None:
            known_paces.setdefault((pace.account, pace.pool), pace)
    found = list(known_paces.values())
    return sorted(
        found,
        key=lambda pace: (
            pace.hits_at is None,
            pace.hits_at or pace.resets_at,
            -pace.share_used,
        ),
    )


def accounts_at_a_cap(readings: Iterable[MeterPoint], *, now: datetime) -> set[str]:
    """Give the accounts of which a shared pool is used up, as far as anybody knows.

    One that was read at its cap without the time of its reset is used up until a cycle later, or
    until a newer reading: nothing tells that it was reset before.
    """
    standing: dict[tuple[str, str], float] = {}
    for point in _newest(readings, now):
        cycle, cap = cycle_of(point.pool), _cap(point)
        if cycle is None or not cap or is_scoped(point.pool):
            continue
        share = point.used / cap
        ends_at = point.resets_at or (point.read_at + cycle if share >= 1 else now)
        if ends_at > now:
            standing.setdefault((point.account or "", point.pool), share)
    return {account for (account, _), share in standing.items() if share >= 1}


def _newest(readings: Iterable[MeterPoint], now: datetime) -> list[MeterPoint]:
    """Give the newest reading of each pool up to now, those of meters before computed ones."""
    newest: dict[tuple[str, str, bool], MeterPoint] = {}
    for point in readings:
        if point.account is None or point.read_at > now:
            continue
        key = (point.account, point.pool, point.is_computed)
        known = newest.setdefault(key, point)
        # One capture may show a pool in two units; the one whose cap is known tells the share.
        if (point.read_at, _cap(point) > 0) > (known.read_at, _cap(known) > 0):
            newest[key] = point
    return sorted(newest.values(), key=lambda point: point.is_computed)


def _pace(point: MeterPoint, now: datetime) -> Pace | None:
    cycle = cycle_of(point.pool)
    cap = _cap(point)
    if cycle is None or not cap or point.resets_at is None or point.resets_at <= now:
        return None
    elapsed = _elapsed(point.resets_at, cycle, now)
    share, hits_at = point.used / cap, None
    if share >= 1:
        hits_at = point.read_at
    elif share > 0 and (1 - share) / share < (point.resets_at - now) / elapsed:
        hits_at = now + elapsed * ((1 - share) / share)
    return Pace(
        account=point.account or "",
        pool=point.pool,
        share_used=share,
        resets_at=point.resets_at,
        hits_at=hits_at,
        is_computed=point.is_computed,
    )


def _elapsed(resets_at: datetime, cycle: timedelta, now: datetime) -> timedelta:
    """Give the time that a pace is taken over."""
    return max(now - (resets_at - cycle), min(A_DAY, cycle * SHORT_OF_A_CYCLE))


def expiring_share(pace: Pace, *, now: datetime) -> float | None:
    """Give the share of a pool's cap that expires at its reset, if its use goes on as it does.

    None before half of the cycle is over: a few days say too little of the others.

    >>> from datetime import UTC
    >>> sunday = datetime(2026, 11, 8, tzinfo=UTC)
    >>> used = Pace(account="a", pool="week", share_used=0.4, resets_at=sunday, hits_at=None)
    >>> round(expiring_share(used, now=sunday - timedelta(days=1.4)), 3)
    0.5
    """
    cycle = cycle_of(pace.pool)
    if cycle is None or pace.resets_at - now > cycle / 2:
        return None
    elapsed = _elapsed(pace.resets_at, cycle, now)
    return max(0.0, 1 - pace.share_used * (1 + (pace.resets_at - now) / elapsed))


def _cap(point: MeterPoint) -> float:
    """Give a pool's cap in the unit of a reading; 0 where it is not known."""
    return PP_CAP if point.unit == "pp" else point.cap or 0.0
