"""Which cap bites next, if the use of the present cycle goes on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from portfolio.model import PP_CAP, MeterPoint, cycle_of

TOO_EARLY: Final = 0.02  # of a cycle: a pace over less says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Where a pool stands in its present cycle."""

    account: str
    pool: str
    share_used: float  # 0 to 1 of the cap, at the newest reading
    resets_at: datetime  # UTC
    hits_at: datetime | None  # UTC; None: not before the reset, at this pace


def paces(readings: Iterable[MeterPoint], *, now: datetime) -> list[Pace]:
    """Give every pool whose present cycle is known, the first to hit its cap first.

    Only the newest reading of a pool counts, and only while its cycle lasts: after `resets_at` it
    says nothing. The pace is what was used since the cycle began, over the time since then.
    """
    newest: dict[tuple[str, str], MeterPoint] = {}
    for point in readings:
        if point.account is not None and point.read_at <= now:
            newest[point.account, point.pool] = point
    found = [pace for point in newest.values() if (pace := _pace(point, now)) is not None]
    return sorted(
        found,
        key=lambda pace: (
            pace.hits_at is None,
            pace.hits_at or pace.resets_at,
            -pace.share_used,
        ),
    )


def _pace(point: MeterPoint, now: datetime) -> Pace | None:
    cycle = cycle_of(point.pool)
    cap = PP_CAP if point.unit == "pp" else point.cap
    if cycle is None or not cap or point.resets_at is None or point.resets_at <= now:
        return None
    elapsed = cycle - (point.resets_at - point.read_at)
    hits_at = None
    if point.used >= cap:
        hits_at = point.read_at
    elif point.used > 0 and elapsed > cycle * TOO_EARLY:
        expected = point.read_at + elapsed * ((cap - point.used) / point.used)
        hits_at = expected if expected < point.resets_at else None
    return Pace(
        account=point.account or "",
        pool=point.pool,
        share_used=point.used / cap,
        resets_at=point.resets_at,
        hits_at=hits_at,
    )
