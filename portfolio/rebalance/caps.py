"""How much a pool of a plan holds, in the unit of the meter that tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from portfolio.rebalance.capacity import ratio_of
from portfolio.rebalance.history import History, minute_of, moment_of
from portfolio.rebalance.seated_pool import NotKnownError, Reckoning, SeatedPool
from portfolio.rebalance.work import MICRO

if TYPE_CHECKING:
    from portfolio.store.catalogue import Catalogue

NOT_READ: Final = "and no account on that plan was read here"
Steps = tuple[tuple[int, int], ...]


class Capacity(NamedTuple):
    """The cap of a pool, and how a work's use of the meter is to be scaled to it."""

    caps: Steps  # as a quota has them
    times: float  # what a work takes of this cap for one that it takes of the meter's


def capacity_of(
    pool: SeatedPool, history: History, *, catalogue: Catalogue, reckoning: Reckoning
) -> Capacity:
    """Give how much a pool holds.

    What the meter itself says goes first, for a pool of another plan scaled by how many times as
    large that is; then what the catalogue states in the meter's unit.

    Raises:
        NotKnownError: Neither tells.
    """
    meter = pool.meter
    if meter is None:
        if pool.fact.unit == "pp" and not _is_held(pool, history):
            raise _unknown_cap(pool)
        if pool.fact.unit == "pp":
            raise NotKnownError("never-read", "portfolio doctor says how its meter is read")
        return Capacity(_stated(pool, history), 1.0)
    if meter.cap is None:
        return Capacity(_stated(pool, history), 1.0)
    caps = ((history.begin, round(meter.cap * MICRO)),)
    if pool.is_of_meters_plan:
        return Capacity(caps, 1.0)
    beside = catalogue.get(pool.owner.plan) if pool.owner is not None else None
    if beside is None:
        raise _unknown_cap(pool)
    ratio = ratio_of(
        pool.fact.pool, pool.plan, beside=beside, catalogue=catalogue, at=moment_of(history.end)
    )
    if ratio is None:
        raise _unknown_cap(pool)
    size = {"tight": ratio.low, "middle": ratio.middle, "roomy": ratio.high}[reckoning]
    return Capacity(caps, 1 / size)


def _stated(pool: SeatedPool, history: History) -> Steps:
    """Give the caps that the catalogue states in the meter's unit, by when they hold."""
    if pool.unit == "pp" or pool.fact.cap is None:
        raise _unknown_cap(pool)
    dated = [
        (max(history.begin, minute_of(fact.since) if fact.since else history.begin), fact.cap)
        for fact in pool.plan.pools
        if (fact.pool, fact.unit) == (pool.fact.pool, pool.unit) and fact.is_there and fact.cap
    ]
    if not dated:
        raise _unknown_cap(pool)
    steps = dict(sorted(dated, key=lambda step: step[0]))
    return tuple((minute, round(cap * MICRO)) for minute, cap in steps.items())


def _is_held(pool: SeatedPool, history: History) -> bool:
    """Tell whether the plan is held, so that its meter could be read."""
    return any(one.plan == pool.plan.plan and one.until is None for one in history.held)


def _unknown_cap(pool: SeatedPool) -> NotKnownError:
    return NotKnownError("cap-unknown", f"{pool.plan.provider} publishes no size, {NOT_READ}")
