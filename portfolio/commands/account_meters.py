"""What each meter of an account told: how it is followed, and its pools as a replay needs them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from portfolio.estimate.movement import Used, followed, known_in, uses_in
from portfolio.estimate.resets import resets_of
from portfolio.model import COMPUTED_UNIT, PP_CAP
from portfolio.rebalance.history import Metered, minute_of

if TYPE_CHECKING:
    from parsers.records import Unit
    from portfolio.estimate.turn_burn import TurnBurn
    from portfolio.model import MeterPoint, Plan


@dataclass(frozen=True, slots=True)
class MeterSeries:
    """The readings of one pool in one unit, and what they tell."""

    points: Sequence[MeterPoint]  # oldest first
    uses: Sequence[Used]
    known: Sequence[tuple[datetime, datetime]]  # when what was used is known


def series_of(
    points: Sequence[MeterPoint], *, since: datetime, until: datetime
) -> dict[str, MeterSeries]:
    """Give the readings of each pool in the unit that is known best, as `meter_of` does."""
    found: dict[str, dict[Unit, list[MeterPoint]]] = defaultdict(lambda: defaultdict(list))
    for point in points:
        if point.read_at >= since:
            found[point.pool][point.unit].append(point)
    best: dict[str, MeterSeries] = {}
    for pool, by_unit in sorted(found.items()):
        parts = {
            unit: followed(own, pool, since=since, until=until) for unit, own in by_unit.items()
        }
        spans = {unit: known_in(one, pool) for unit, one in parts.items()}
        known = {unit: _length(one) for unit, one in spans.items()}
        unit = max(
            by_unit,
            key=lambda unit: (
                bool(known[unit]) and not all(point.is_computed for point in by_unit[unit]),
                known[unit],
                unit != "pp",
            ),
        )
        if known[unit]:
            best[pool] = MeterSeries(by_unit[unit], uses_in(parts[unit], pool), spans[unit])
    return best


def _length(spans: Sequence[tuple[datetime, datetime]]) -> timedelta:
    return sum((end - begin for begin, end in spans), timedelta())


def metered(
    pool: str,
    series: MeterSeries,
    burn: TurnBurn,
    plan: Plan | None,
    *,
    since: datetime,
    until: datetime,
) -> Metered:
    """Give a pool as its meter told of it."""
    import numpy as np

    points = series.points
    unit = points[-1].unit
    fact = plan.pools_at(until).get(pool) if plan else None
    stated = next((point.cap for point in reversed(points) if point.cap is not None), None)
    known = fact.cap if fact is not None and fact.unit == unit else None
    cap = PP_CAP if unit == "pp" else known if stated is None else stated
    edges = resets_of(points, series.uses, pool, since=since)
    return Metered(
        pool=pool,
        unit=unit,
        cap=cap,
        edges=np.unique(np.array([minute_of(at) for at in edges], dtype=np.int64)),
        known=tuple((minute_of(one), minute_of(other)) for one, other in series.known),
        usd_per_unit=burn.usd_per_unit,
        told_since=minute_of(burn.untold_until) + 1 if burn.untold_until else None,
        is_computed=unit == COMPUTED_UNIT and any(point.is_computed for point in points),
    )


def unread(plan: Plan | None, until: datetime, read: dict[str, Metered]) -> dict[str, Metered]:
    """Give the pools that the plan has and no reading tells of."""
    import numpy as np

    facts = plan.pools_at(until).values() if plan else ()
    return {
        fact.pool: Metered(
            pool=fact.pool,
            unit=fact.unit,
            cap=PP_CAP if fact.unit == "pp" else fact.cap,
            edges=np.zeros(0, dtype=np.int64),
            known=(),
            usd_per_unit=None,
            told_since=None,
            is_computed=False,
            is_unread=True,
        )
        for fact in facts
        if fact.pool not in read
    }
