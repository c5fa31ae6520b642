"""How far each turn moved a pool's meter, at the turn's own time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from parsers.records import Unit
from portfolio.estimate.conversion import Burned, usd_per_unit
from portfolio.estimate.interval import Interval
from portfolio.estimate.movement import Used, uses_of
from portfolio.estimate.spend import LAG, Rise, WeighedTurn, rises_of, shares_of
from portfolio.model import MeterPoint

WEEK: Final = timedelta(days=7)
DAY: Final = timedelta(days=1)
WEEKS_FOR_WEEKS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnBurn:
    """The burn of one pool over some time, put on the turns that caused it."""

    burn: tuple[float, ...]  # of each turn, in the pool's unit
    is_told: tuple[bool, ...]  # of each turn: readings tell what was used round it
    elsewhere: tuple[tuple[datetime, float], ...]  # when the meter rose, by how much
    usd_per_unit: Interval | None  # measured on the turns that readings tell of


def turn_burn(
    points: Sequence[MeterPoint],
    pool: str,
    *,
    unit: Unit,
    times: Sequence[datetime],
    usd: Sequence[float],
    weights: Sequence[float],
    since: datetime,
    until: datetime,
) -> TurnBurn:
    """Share what a meter moved over an account's turns; see `spend`.

    Where no reading tells what was used, a turn takes what its dollars did elsewhere in time, if
    that is known: it was no less work for not being watched.

    Args:
        points: The readings of one account in one unit, oldest first.
        pool: Which of its pools.
        unit: The unit of the readings.
        times: When each turn was that counts on the pool, oldest first.
        usd: What each would have cost at API prices.
        weights: What each weighs beside the others.
        since: From when on.
        until: Up to when.
    """
    uses = uses_of(points, pool, since=since, until=until)
    found, left = rises_of(uses, unit=unit)
    rises = _from_first_turns(found)
    turns = [WeighedTurn(at, n, weights[n]) for n, at in enumerate(times)]
    burn, elsewhere = [0.0] * len(turns), []
    for at, turn, amount in shares_of(rises, turns):
        if turn is None:
            elsewhere.append((at, amount))
        else:
            burn[turn] += amount
    if left > 0:
        elsewhere.append((until, left))
    told = _told(uses, times)
    rate = usd_per_unit(_groups(times, usd, burn, told))
    if rate is not None and rate.point:
        for turn, is_told in enumerate(told):
            if not is_told:
                burn[turn] = usd[turn] / rate.point
    return TurnBurn(
        burn=tuple(burn), is_told=tuple(told), elsewhere=tuple(elsewhere), usd_per_unit=rate
    )


def _from_first_turns(rises: Sequence[Rise]) -> list[Rise]:
    """Let a cycle begin a little before it says: the request that began it is in its log then."""
    found: list[Rise] = []
    for rise in rises:
        earliest = found[-1].until if found else rise.since - LAG
        found.append(rise._replace(since=min(rise.since, max(earliest, rise.since - LAG))))
    return found


def _told(uses: Sequence[Used], times: Sequence[datetime]) -> list[bool]:
    """Tell of each moment whether two readings, or a reset and one, say what was used round it."""
    begins = [used.since - LAG if used.is_anew else used.stood_since for used in uses]
    found = []
    for at in times:
        place = bisect_right(begins, at) - 1
        found.append(place >= 0 and at <= uses[place].until)
    return found


def _groups(
    times: Sequence[datetime], usd: Sequence[float], burn: Sequence[float], told: Sequence[bool]
) -> list[Burned]:
    """Sum dollars and burn by week, or by day where there are few weeks."""
    weekly = _grouped(WEEK, times, usd, burn, told)
    return weekly if len(weekly) >= WEEKS_FOR_WEEKS else _grouped(DAY, times, usd, burn, told)


def _grouped(
    span: timedelta,
    times: Sequence[datetime],
    usd: Sequence[float],
    burn: Sequence[float],
    told: Sequence[bool],
) -> list[Burned]:
    found: dict[int, Burned] = {}
    for at, cost, used, is_told in zip(times, usd, burn, told, strict=True):
        if is_told:
            key = int(at.timestamp() // span.total_seconds())
            known = found.get(key, Burned(0.0, 0.0))
            found[key] = Burned(known.usd + cost, known.burn + used)
    return list(found.values())
