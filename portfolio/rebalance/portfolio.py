"""The pools that follow from a choice of plans, and what each work takes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from portfolio.model import COMPUTED_UNIT, cycle_of
from portfolio.rebalance.capacity import ratio_of
from portfolio.rebalance.history import Held, History, Metered, minute_of, moment_of
from portfolio.rebalance.quota import Quota
from portfolio.rebalance.work import MICRO, Work, micro

if TYPE_CHECKING:
    from portfolio.model import Plan, PoolFact
    from portfolio.rebalance.work import FloatArray, IntArray
    from portfolio.store.catalogue import Catalogue

# How what is not known for sure is taken: caps at their lower end and work at its dearest; both in
# the middle; caps at their upper end and work at its cheapest.
Reckoning: TypeAlias = Literal["tight", "middle", "roomy"]
USD_PER_CREDIT: Final = {"copilot": 0.01}  # of API use, as the catalogue's source says


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One plan of a portfolio, and the account it stands for."""

    name: str  # shown: the account's name, or the plan's id (with a number, where there are two)
    plan: str
    account: str | None  # the held account whose work, resets and phase it has; None: a new one


@dataclass(frozen=True, slots=True, kw_only=True)
class Unjudged:
    """A pool that cannot be replayed, why, and the command that would change that."""

    seat: str
    pool: str
    reason: Literal["cap-unknown", "never-read", "no-rate"]
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """All that a replay of a history under a portfolio takes."""

    seats: tuple[Seat, ...]
    routes: tuple[tuple[int, ...], ...]  # for each work of the history, places of seats, best first
    quotas: tuple[Quota, ...]
    unjudged: tuple[Unjudged, ...]


class _Pool(NamedTuple):
    """A pool of a seat, and the meter that its unit is of."""

    place: int  # of the seat
    seat: Seat
    plan: Plan
    fact: PoolFact
    meter: Metered | None  # None: nobody's; the plan's own unit
    owner: Held | None


class _NotKnownError(Exception):
    """Something is missing to replay a pool."""

    def __init__(self, reason: Literal["cap-unknown", "never-read", "no-rate"], hint: str) -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint


def set_up(
    history: History,
    seats: Sequence[Seat],
    *,
    catalogue: Catalogue,
    reckoning: Reckoning,
) -> Setup:
    """Give the pools of a portfolio and what each work takes of them.

    Args:
        history: What was worked and metered.
        seats: The plans.
        catalogue: Caps and multiples.
        reckoning: How what is not known for sure is taken.

    Raises:
        UnknownNameError: A plan is not in the catalogue.
    """
    quotas: list[Quota] = []
    unjudged: list[Unjudged] = []
    for place, seat in enumerate(seats):
        plan = catalogue.plan(seat.plan)
        for pool, fact in sorted(plan.pools_at(moment_of(history.end)).items()):
            owner = _owner(history, seat, plan, pool)
            meter = owner.meters.get(pool) if owner else None
            one = _Pool(place, seat, plan, fact, meter, owner)
            try:
                quotas.append(_quota(one, history, catalogue, reckoning))
            except _NotKnownError as lack:
                unjudged.append(
                    Unjudged(seat=seat.name, pool=pool, reason=lack.reason, hint=lack.hint)
                )
    providers = [catalogue.plan(seat.plan).provider for seat in seats]
    return Setup(
        seats=tuple(seats),
        routes=tuple(_route(work, seats, providers) for work in history.works),
        quotas=tuple(quotas),
        unjudged=tuple(unjudged),
    )


def _route(work: Work, seats: Sequence[Seat], providers: Sequence[str]) -> tuple[int, ...]:
    """Rank the seats for a work: its own account, then its own provider, then in their order."""
    return tuple(
        sorted(
            range(len(seats)),
            key=lambda place: (
                seats[place].account != work.account,
                providers[place] != work.provider,
                place,
            ),
        )
    )


def _owner(history: History, seat: Seat, plan: Plan, pool: str) -> Held | None:
    """Give the account whose meter tells of a seat's pool: its own, else the provider's best."""
    own = [held for held in history.held if held.account == seat.account]
    others = [held for held in history.held if held.provider == plan.provider]
    read = [held for held in [*own, *others] if _is_read(held, pool)]
    return next(iter([*read, *own, *others]), None)


def _is_read(held: Held, pool: str) -> bool:
    meter = held.meters.get(pool)
    return meter is not None and not meter.is_unread


def _quota(one: _Pool, history: History, catalogue: Catalogue, reckoning: Reckoning) -> Quota:
    import numpy as np

    scope = one.fact.pool.partition(":")[2] or None
    factor = _factor(one, catalogue, history, reckoning)
    draws = {
        place: micro(_draw(one, work, reckoning) * factor)
        for place, work in enumerate(history.works)
        if scope is None or (work.scope == scope and work.provider == one.plan.provider)
    }
    cycle = cycle_of(one.fact.pool)
    minutes = int(cycle.total_seconds()) // 60 if cycle else 0
    is_rolling = one.fact.pool.partition(":")[0] == "5h"
    seen = one.meter.edges if one.meter is not None else np.zeros(0, dtype=np.int64)
    return Quota(
        account=one.place,
        pool=one.fact.pool,
        caps=_caps(one, history),
        draws=draws,
        length=minutes if is_rolling else None,
        edges=np.zeros(0, dtype=np.int64)
        if is_rolling
        else _edges(seen, minutes, history.begin, history.end),
    )


def _unit(one: _Pool) -> str:
    is_read = one.meter is not None and not one.meter.is_unread
    return one.meter.unit if one.meter is not None and is_read else one.fact.unit


def _caps(one: _Pool, history: History) -> tuple[tuple[int, int], ...]:
    """Give the cap of the pool: of the meter's own plan, stated by it; else as the plan states.

    A capped pool of another plan than the meter's is counted in the meter's unit, its works scaled.
    """
    unit = _unit(one)
    if one.meter is not None and not one.meter.is_unread and one.meter.cap is not None:
        return ((history.begin, round(one.meter.cap * MICRO)),)
    if unit == "pp" or one.fact.cap is None:
        raise _NotKnownError("cap-unknown", f"portfolio plans show {one.plan.plan}")
    dated = [
        (max(history.begin, minute_of(fact.since) if fact.since else history.begin), fact.cap)
        for fact in one.plan.pools
        if fact.pool == one.fact.pool and fact.is_there and fact.unit == unit and fact.cap
    ]
    steps = dict(sorted(dated, key=lambda step: step[0]))
    return tuple((minute, round(cap * MICRO)) for minute, cap in steps.items())


def _factor(one: _Pool, catalogue: Catalogue, history: History, reckoning: Reckoning) -> float:
    """Give how much more of its cap a work takes than of the plan that the meter is of."""
    if one.meter is None or one.meter.is_unread or one.owner is None:
        if one.fact.unit == "pp":
            raise _NotKnownError("never-read", "portfolio doctor says how its meter is read")
        return 1.0
    if one.owner.plan == one.plan.plan:
        return 1.0
    beside = catalogue.get(one.owner.plan)
    ratio = (
        ratio_of(
            one.fact.pool,
            one.plan,
            beside=beside,
            catalogue=catalogue,
            at=moment_of(history.end),
        )
        if beside
        else None
    )
    if ratio is None:
        told = f"portfolio plans set {one.plan.plan} says how large its pools are"
        raise _NotKnownError("cap-unknown", told)
    size = {"tight": ratio.low, "middle": ratio.middle, "roomy": ratio.high}[reckoning]
    return 1.0 / size


def _draw(one: _Pool, work: Work, reckoning: Reckoning) -> FloatArray:
    """Give what a work takes of a pool, minute by minute, in the meter's unit."""
    unit = _unit(one)
    if one.owner is not None and work.account == one.owner.account and one.fact.pool in work.burn:
        return work.burn[one.fact.pool]
    if unit == COMPUTED_UNIT and one.plan.provider == "glm":
        ends = {"tight": work.credits_high, "roomy": work.credits_low}
        return ends[reckoning] if reckoning in ends else _mean(work)
    if not work.usd.any():
        return work.usd
    return work.usd / _usd_per_unit(one, unit, reckoning)


def _usd_per_unit(one: _Pool, unit: str, reckoning: Reckoning) -> float:
    """Give the API dollars that a unit holds: by law, or as measured on the meter."""
    if unit == "usd":
        return 1.0
    if unit == "credits" and one.plan.provider in USD_PER_CREDIT:
        return USD_PER_CREDIT[one.plan.provider]
    rate = one.meter.usd_per_unit if one.meter is not None else None
    ends = {"tight": rate.low, "middle": rate.point, "roomy": rate.high} if rate else {}
    found = ends.get(reckoning)
    if not found:
        raise _NotKnownError("no-rate", "some days of work with its meter read (portfolio sync)")
    return found


def _mean(work: Work) -> FloatArray:
    found: FloatArray = (work.credits_high + work.credits_low) / 2
    return found


def _edges(seen: IntArray, cycle: int, begin: int, end: int) -> IntArray:
    """Continue the resets that were seen, before and after them and over gaps."""
    import numpy as np

    known = [int(edge) for edge in seen] or [begin]
    found: set[int] = set()
    for place, edge in enumerate(known):
        stop = known[place + 1] if place + 1 < len(known) else end
        # Less than a cycle before the next one seen, a reset that nobody saw was none.
        found |= set(range(edge, max(edge + 1, stop - cycle // 2), cycle))
    found |= set(range(known[0], begin - 1, -cycle))
    inside = sorted(edge for edge in found if begin <= edge < end)
    return np.array(inside, dtype=np.int64)
