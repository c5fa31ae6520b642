"""What a GLM meter would have shown, counted from the requests in this machine's own logs.

GLM's quota law is published (glm_credits.py), so the past can be counted where nobody read the
meter. What other machines used is not in it: it is a meter of this machine's share, and a real
reading rules wherever there is one.

The points tile the time without a gap: each holds from right after one request up to the next one,
or to the end of its cycle. So at any moment the meter stands at what was used before it, and over
any span on one cycle it moves by what was used in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Final, NamedTuple

from portfolio.estimate.ruling import A_TICK
from portfolio.model import COMPUTED, COMPUTED_UNIT, CYCLE, MeterPoint

# No plan counted in credits before; plans that were held then moved up to 2 September.
CREDITS_SINCE: Final = datetime(2026, 8, 10, tzinfo=UTC)
WEEK: Final = CYCLE["week"]


class Charge(NamedTuple):
    """The credits that one request took, and when."""

    at: datetime  # UTC
    credits: float


CapAt = Callable[[str, datetime], float | None]
"""Gives the cap of a pool at a moment; None where it is not known."""


@dataclass(frozen=True, slots=True)
class _Cycle:
    """One cycle of a pool, and what was used in it, oldest first."""

    end: datetime
    charges: list[Charge]


def computed_points(
    account: str,
    charges: Sequence[Charge],
    *,
    resets: Sequence[MeterPoint],
    cap_at: CapAt,
    until: datetime,
) -> list[MeterPoint]:
    """Give the points of both pools of an account, oldest first.

    Args:
        account: Whose requests they are.
        charges: What each took, oldest first.
        resets: Real readings of its weekly meter, which tell when it is reset.
        cap_at: Tells a pool's cap.
        until: Up to when nothing was used after the last request.
    """
    if not charges:
        return []
    cycles = {"5h": _rolling(charges), "week": _weekly(charges, resets)}
    points = [
        point
        for pool, own in cycles.items()
        for point in _points(account, pool, own, cap_at=cap_at, until=until)
    ]
    return sorted(points, key=lambda point: point.read_at)


def _rolling(charges: Sequence[Charge]) -> list[_Cycle]:
    """Cut requests into cycles of five hours, each begun by the first after the last one ended."""
    found: list[_Cycle] = []
    for charge in charges:
        if not found or charge.at >= found[-1].end:
            found.append(_Cycle(charge.at + CYCLE["5h"], []))
        found[-1].charges.append(charge)
    return found


def _weekly(charges: Sequence[Charge], resets: Sequence[MeterPoint]) -> list[_Cycle]:
    """Cut requests into weeks, at the resets that real readings told, or from the first one on."""
    told = [(point.read_at, point.resets_at) for point in resets if point.resets_at is not None]
    found: list[_Cycle] = []
    for charge in charges:
        if not found or charge.at >= found[-1].end:
            # The reading that is nearest in time knows best: a renewed plan begins its weeks anew.
            nearest = min(told, key=lambda one: abs(one[0] - charge.at), default=None)
            anchor = nearest[1] if nearest else charges[0].at
            found.append(_Cycle(anchor + WEEK * ((charge.at - anchor) // WEEK + 1), []))
        found[-1].charges.append(charge)
    return found


def _points(
    account: str, pool: str, cycles: Sequence[_Cycle], *, cap_at: CapAt, until: datetime
) -> Iterator[MeterPoint]:
    """Give the points of one pool: before the first cycle and between cycles nothing is used."""
    numbers = count()

    def point(since: datetime, upto: datetime, used: float, end: datetime | None) -> MeterPoint:
        return MeterPoint(
            id=f"{COMPUTED}.{account}.{pool}.{next(numbers)}",
            account=account,
            pool=pool,
            unit=COMPUTED_UNIT,
            used=used,
            cap=cap_at(pool, since),
            read_at=upto,
            held_since=since,
            resets_at=end,
            source=COMPUTED,
        )

    # A window that begins before the first request of all can be measured, too.
    idle_since = cycles[0].charges[0].at - CYCLE["5h"]
    for cycle in cycles:
        if idle_since < cycle.charges[0].at:
            yield point(idle_since, cycle.charges[0].at, 0.0, None)
        used = 0.0
        for place, charge in enumerate(cycle.charges):
            used += charge.credits
            is_last = place == len(cycle.charges) - 1
            behind = cycle.end if is_last else cycle.charges[place + 1].at
            if is_last and cycle is cycles[-1]:
                behind = max(charge.at + A_TICK, min(behind, until))
            if behind > charge.at:  # else another one was made at the same moment
                yield point(charge.at + A_TICK, behind, used, cycle.end)
        idle_since = cycle.end + A_TICK
    if idle_since < until:
        yield point(idle_since, until, 0.0, None)
