"""How much work a month of a plan holds, in dollars at API prices: measured, or beside a measured.

One money for all pools and providers: what a unit of a pool was measured to hold, times its cap,
times the cycles of a month. Formulas: docs/planning.md, "What a plan holds".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from portfolio.estimate.quantiles import student_t
from portfolio.model import CYCLE, WEEKS_PER_MONTH, cycle_of, is_scoped, priced_among
from portfolio.rebalance.capacity import ratio_of
from portfolio.rebalance.history import Held, History, moment_of
from portfolio.rebalance.leaving import WEEK
from portfolio.rebalance.weeks import priced_meter

if TYPE_CHECKING:
    from portfolio.model import Plan
    from portfolio.rebalance.work import IntArray
    from portfolio.store.catalogue import Catalogue

ROLLING: Final = "5h"
EXACT: Final = 1.01  # a size known this closely is known
MANY: Final = 30  # degrees of freedom that an interval of a rate is read with


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a month of a plan holds."""

    plan: str
    provider: str
    usd: Mapping[str, float]  # by pool: at API prices, a month; a pool without a limit is not named
    spread: float  # log-sd of what is not known of it
    uncounted: tuple[str, ...] = ()  # pools that it has and of which nothing tells how large
    is_least: bool = False  # it may hold much more: the catalogue tells only the least


def starts_a_month(history: History) -> float:
    """Give how many five-hour cycles one's working hours would begin in a month."""
    import numpy as np

    minutes = [work.minutes for work in history.works if len(work.minutes)]
    if not minutes:
        return 0.0
    every: IntArray = np.unique(np.concatenate(minutes))
    length = int(CYCLE[ROLLING] / timedelta(minutes=1))
    count, place = 0, 0
    while place < len(every):
        count += 1
        place = int(every.searchsorted(every[place] + length))
    weeks = max(1.0, (history.end - history.begin) / WEEK)
    return count / weeks * WEEKS_PER_MONTH


def measured_room(held: Held, *, starts: float) -> Room | None:
    """Give what the plan of an account holds by its meters; None: nothing tells of its main one."""
    meter = priced_meter(held)
    if meter is None or held.plan is None or meter.cap is None:
        return None
    rate = meter.usd_per_unit
    if rate is None or not rate.point:
        return None
    found = {
        pool: own.cap * own.usd_per_unit.point * _cycles(pool, starts)
        for pool, own in held.meters.items()
        if own.cap is not None and own.usd_per_unit is not None and own.usd_per_unit.point
    }
    spread = 0.0
    if rate.low and rate.high:
        reach = student_t(MANY, (1 + rate.level) / 2)
        spread = (math.log(rate.high) - math.log(rate.low)) / (2 * reach)
    return Room(
        plan=held.plan,
        provider=held.provider,
        usd=found,
        spread=spread,
        uncounted=tuple(sorted(set(held.meters) - set(found))),
    )


def _cycles(pool: str, starts: float) -> float:
    cycle = cycle_of(pool)
    if cycle is None or cycle == CYCLE[ROLLING]:
        return starts
    return WEEKS_PER_MONTH * (timedelta(days=7) / cycle)


def scaled_room(
    plan: Plan, measured: Sequence[Room], *, catalogue: Catalogue, history: History
) -> Room | None:
    """Give what a plan holds at least, beside a measured one of its provider; None: unknown.

    Every pool for all models has to be known. Where the plan has no such pool as the measured one,
    that pool has no limit.
    """
    at = moment_of(history.end)
    pools = plan.pools_at(at)
    priced = priced_among({pool for pool in pools if not is_scoped(pool)})
    for room in measured:
        beside = catalogue.get(room.plan)
        if beside is None or priced is None:
            continue
        found: dict[str, float] = {}
        is_least = False
        for pool in sorted(pools):
            if is_scoped(pool):
                continue
            ratio = ratio_of(pool, plan, beside=beside, catalogue=catalogue, at=at)
            if ratio is None or pool not in room.usd:
                break
            found[pool] = ratio.low * room.usd[pool]
            is_least |= ratio.high > ratio.low * EXACT
        else:
            times = found[priced] / room.usd[priced]
            found |= {pool: times * usd for pool, usd in room.usd.items() if is_scoped(pool)}
            return Room(
                plan=plan.plan,
                provider=plan.provider,
                usd=found,
                spread=room.spread,
                is_least=is_least,
            )
    return None
