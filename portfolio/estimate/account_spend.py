"""The spend of each account: burn of its priced pool, in its unit and in dollars of capacity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from parsers.records import Unit
from portfolio.estimate.column_sharing import Shared, shared, with_first_turns
from portfolio.estimate.money import ALWAYS, PlanOf, usd_per_unit
from portfolio.estimate.movement import Used, followed, known_in, uses_in
from portfolio.estimate.shares import priced_pool
from portfolio.estimate.spend import (
    WELL_COVERED,
    Rise,
    rises_of,
)
from portfolio.model import AccountSpan, MeterPoint, Plan

if TYPE_CHECKING:
    from portfolio.estimate.column_sharing import FloatArray, IntArray

Key = TypeVar("Key", bound=Hashable)


@dataclass(slots=True)
class Amount:
    """Some burn, in the pool's unit and in dollars of capacity."""

    burn: float = 0.0
    usd: float | None = 0.0  # None: what a unit is worth is not known

    def add(self, burn: float, worth: float | None) -> None:
        """Add some burn at what a unit was worth then."""
        self.burn += burn
        self.usd = None if self.usd is None or worth is None else self.usd + burn * worth


class KeyedTurns(NamedTuple, Generic[Key]):
    """The turns of one account, oldest first."""

    at_us: IntArray  # (turns,) microseconds since 1970, UTC
    weights: FloatArray  # (turns,) beside each other
    key: IntArray  # (turns,) place in `keys` of what each was for
    keys: Sequence[Key]


class Stay(NamedTuple):
    """An account's time on one plan, as far as it lies in the span that is asked for."""

    account: str
    plan: str | None
    begin: datetime  # UTC
    end: datetime  # UTC, not included

    @property
    def name(self) -> tuple[str, str | None]:
        """Name it for rows: burn on two plans is not in one unit."""
        return self.account, self.plan


@dataclass(frozen=True, slots=True)
class Meter:
    """The rises of the priced pool in one stay."""

    stay: Stay
    pool: str
    unit: Unit
    rises: tuple[Rise, ...]
    left: float
    uses: tuple[Used, ...]  # oldest first
    known_share: float  # 0 to 1, of the stay's time
    plan: Plan | None
    cap: float | None  # in `unit`, as the last reading states it
    is_computed: bool  # some of it was counted from requests, where nobody read the meter
    points: Sequence[MeterPoint] = ()  # the readings of the pool in `unit`, oldest first
    known: Sequence[tuple[datetime, datetime]] = ()  # when what was used is known, oldest first

    @property
    def moved(self) -> float:
        """Give how far it moved, in the pool's unit."""
        return sum(used.amount for used in self.uses)

    def worth(self, at: datetime) -> float | None:
        """Give the dollars of one unit at a moment; None where price or cap is not known."""
        price, _ = self.plan.price_at(at) if self.plan else (None, False)
        if price is None:
            return None
        return self.worth_of(price.usd_month, at)

    def worth_of(self, usd_month: float, at: datetime) -> float | None:
        """Give the dollars of one unit for so much a month; None where the cap is not known."""
        cap = self.cap or self.stated_cap(self.unit, at)
        return usd_per_unit(usd_month, pool=self.pool, unit=self.unit, cap=cap)

    def stated_cap(self, unit: Unit, at: datetime) -> float | None:
        """Give the cap that the catalogue states in a unit; None where it states none."""
        fact = self.plan.pools_at(at).get(self.pool) if self.plan else None
        return fact.cap if fact is not None and fact.unit == unit else None


@dataclass(frozen=True, slots=True)
class Spend(Generic[Key]):
    """The burn of one stay, shared out; all parts add up to what the meter moved."""

    meter: Meter
    parts: Mapping[Key, Amount]
    elsewhere: Amount

    @property
    def whole(self) -> Amount:
        """Give what the meter moved."""
        amounts = [*self.parts.values(), self.elsewhere]
        known = [one.usd for one in amounts if one.usd is not None]
        usd = sum(known) if len(known) == len(amounts) else None
        return Amount(sum(one.burn for one in amounts), usd)

    @property
    def coverage(self) -> float | None:
        """Give the share that turns on this machine explain; None where nothing was burned."""
        whole = self.whole.burn
        return sum(one.burn for one in self.parts.values()) / whole if whole > 0 else None

    @property
    def is_thin(self) -> bool:
        """Tell whether so little is explained that figures of the parts mean little."""
        return self.coverage is not None and self.coverage < WELL_COVERED


def stays_in(spans: Sequence[AccountSpan], *, since: datetime, until: datetime) -> list[Stay]:
    """Give every account's time on each plan between two moments, by account, oldest first."""
    found = [
        Stay(
            span.account,
            span.plan,
            max(since, span.since or since),
            min(until, span.until or until),
        )
        for span in sorted(spans, key=lambda span: (span.account, span.since or ALWAYS))
    ]
    return [stay for stay in found if stay.begin < stay.end]


def meter_of(
    stay: Stay,
    points: Sequence[MeterPoint],
    *,
    plan_of: PlanOf,
    measured_in: Sequence[Unit] = (),
) -> Meter | None:
    """Follow the priced pool over a stay, in the unit that is known best; None where never read.

    Args:
        stay: Whose, and when.
        points: The readings of this account, oldest first.
        plan_of: Gives a plan by its id.
        measured_in: The units of what was measured of it before, which are to be kept to.
    """
    plan = plan_of(stay.plan)
    pool = priced_pool(plan, stay.end, list({point.pool for point in points}))
    by_unit: dict[Unit, list[MeterPoint]] = defaultdict(list)
    for point in points:
        if point.pool == pool:
            by_unit[point.unit].append(point)
    if pool is None or not by_unit:
        return None
    parts = {
        unit: followed(series, pool, since=stay.begin, until=stay.end)
        for unit, series in by_unit.items()
    }
    spans = {unit: known_in(own, pool) for unit, own in parts.items()}
    known = {unit: _share(own, stay) for unit, own in spans.items()}
    read = {unit: not all(point.is_computed for point in by_unit[unit]) for unit in by_unit}
    unit = max(
        by_unit,
        key=lambda unit: (
            measured_in.count(unit),
            known[unit] > 0 and read[unit],
            known[unit],
            unit != "pp",
        ),
    )
    if known[unit] == 0:
        return None
    series = by_unit[unit]
    uses = uses_in(parts[unit], pool)
    rises, left = rises_of(uses, unit=unit)
    caps = [point.cap for point in series if point.cap is not None]
    cap = caps[-1] if caps and unit != "pp" else None
    return Meter(
        stay,
        pool,
        unit,
        tuple(rises),
        left,
        tuple(uses),
        known[unit],
        plan,
        cap,
        is_computed=any(point.is_computed for point in series),
        points=series,
        known=spans[unit],
    )


def _share(spans: Sequence[tuple[datetime, datetime]], stay: Stay) -> float:
    known = sum((end - begin).total_seconds() for begin, end in spans)
    return min(1.0, known / (stay.end - stay.begin).total_seconds())


def shared_over(meter: Meter, at_us: IntArray, weights: FloatArray) -> Shared:
    """Share the rises of a stay over its account's turns, oldest first, by what they weigh."""
    return shared(with_first_turns(meter.rises, at_us), at_us, weights)


def spend_of(meter: Meter, turns: KeyedTurns[Key] | None) -> Spend[Key]:
    """Share the burn of a stay over what its account's turns were for; None: it has no turns."""
    parts: dict[Key, Amount] = {}
    elsewhere = Amount()
    away = [(rise.until, rise.amount) for rise in meter.rises]
    if turns is not None:
        burn, rise, away = shared_over(meter, turns.at_us, turns.weights)
        parts = _parts(meter, turns, burn, rise)
    for at, amount in away:
        elsewhere.add(amount, meter.worth(at))
    if meter.left:
        elsewhere.add(meter.left, meter.worth(meter.stay.end))
    return Spend(meter, parts, elsewhere)


def _parts(
    meter: Meter, turns: KeyedTurns[Key], burn: FloatArray, rise: IntArray
) -> dict[Key, Amount]:
    """Add up what turns burned by what they were for, at what a unit was worth at each rise."""
    import numpy as np

    used = np.flatnonzero(burn)
    worths = [meter.worth(one.until) for one in meter.rises]
    worth = np.array([np.nan if one is None else one for one in worths])
    own = turns.key[used]
    burns = np.bincount(own, burn[used], len(turns.keys))
    usd = np.bincount(own, burn[used] * worth[rise[used]], len(turns.keys))
    return {
        turns.keys[place]: Amount(amount, None if np.isnan(dollars) else dollars)
        for place in np.flatnonzero(burns).tolist()
        for amount, dollars in [(float(burns[place]), float(usd[place]))]
    }
