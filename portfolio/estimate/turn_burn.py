"""How far each turn moved a pool's meter, at the turn's own time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from parsers.records import Unit
from portfolio.estimate.column_sharing import (
    EPOCH,
    MICROSECOND,
    microseconds,
    shared,
    with_first_turns,
)
from portfolio.estimate.conversion import Burned, usd_per_unit
from portfolio.estimate.interval import Interval
from portfolio.estimate.movement import Used
from portfolio.estimate.spend import Rise, rises_of, told_since

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    IntArray: TypeAlias = npt.NDArray[np.int64]
    FloatArray: TypeAlias = npt.NDArray[np.float64]
    BoolArray: TypeAlias = npt.NDArray[np.bool_]

WEEK: Final = timedelta(days=7)
DAY: Final = timedelta(days=1)
WEEKS_FOR_WEEKS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnBurn:
    """The burn of one pool over some time, put on the turns that caused it."""

    burn: FloatArray  # (turns,) in the pool's unit
    is_told: BoolArray  # (turns,) readings tell what was used round it
    elsewhere: tuple[tuple[datetime, float], ...]  # when the meter rose, by how much
    untold_until: datetime | None
    """The last turn of some cost of which neither readings nor a rate tell what it took; None:
    there is none."""
    usd_per_unit: Interval | None  # measured on the turns that readings tell of


def turn_burn(
    uses: Sequence[Used],
    *,
    unit: Unit,
    at_us: IntArray,
    usd: FloatArray,
    weights: FloatArray,
    until: datetime,
) -> TurnBurn:
    """Share what a meter moved over an account's turns; see `spend`.

    Where no reading tells what was used, a turn takes what its dollars did elsewhere in time, if
    that is known: it was no less work for not being watched.

    Args:
        uses: What the readings of one account and pool in one unit show being used.
        unit: The unit of the readings.
        at_us: When each turn was that counts on the pool, oldest first, in microseconds.
        usd: What each would have cost at API prices.
        weights: What each weighs beside the others.
        until: Up to when the uses were asked for.
    """
    found, left = rises_of(uses, unit=unit)
    rises = with_first_turns(found, at_us)
    burn, _, elsewhere = shared(rises, at_us, weights)
    if left:  # below zero where the meter fell in all: the parts add up to what it moved
        elsewhere.append((until, left))
    told = told_in(uses, at_us)
    seen_us = _seen_us(rises, at_us)
    rate = usd_per_unit(_groups(seen_us[told], usd[told], burn[told]))
    if rate is not None and rate.point:
        burn[~told] = usd[~told] / rate.point
    untold = at_us[~told & (usd > 0)] if rate is None else at_us[:0]
    return TurnBurn(
        burn=burn,
        is_told=told,
        elsewhere=tuple(elsewhere),
        untold_until=EPOCH + int(untold[-1]) * MICROSECOND if len(untold) else None,
        usd_per_unit=rate,
    )


def told_in(uses: Sequence[Used], at_us: IntArray) -> BoolArray:
    """Tell of each moment whether two readings, or a reset and one, say what was used round it."""
    import numpy as np

    if not uses:
        return np.zeros(len(at_us), dtype=bool)
    last = microseconds(told_since(uses)).searchsorted(at_us, "right") - 1
    until = microseconds([used.until for used in uses])
    return (last >= 0) & (at_us <= until[np.maximum(last, 0)])


def _seen_us(rises: Sequence[Rise], at_us: IntArray) -> IntArray:
    """Give when each turn's burn was seen: at the end of its rise, the same for all turns in it.

    A rise was shared over its turns by what they weigh; cut into days, it would look as if every
    day had been measured, and all alike.
    """
    import numpy as np

    if not rises:
        return at_us
    since, until = (
        microseconds(each)
        for each in ([rise.since for rise in rises], [rise.until for rise in rises])
    )
    place = np.minimum(until.searchsorted(at_us, "left"), len(rises) - 1)
    is_in = (since[place] < at_us) & (at_us <= until[place])
    return np.where(is_in, until[place], at_us)


def _groups(at_us: IntArray, usd: FloatArray, burn: FloatArray) -> list[Burned]:
    """Sum dollars and burn by week, or by day where there are few weeks."""
    weekly = _grouped(WEEK, at_us, usd, burn)
    return weekly if len(weekly) >= WEEKS_FOR_WEEKS else _grouped(DAY, at_us, usd, burn)


def _grouped(span: timedelta, at_us: IntArray, usd: FloatArray, burn: FloatArray) -> list[Burned]:
    import numpy as np

    keys, place = np.unique(at_us // (span // MICROSECOND), return_inverse=True)
    sums = [np.bincount(place, each, len(keys)).tolist() for each in (usd, burn)]
    return [Burned(*one) for one in zip(*sums, strict=True)]
