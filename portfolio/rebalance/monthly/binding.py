"""What binds: the pools that are full, and what one more account of a plan could do at most.

What an account adds is found by doing the month again with it, never read off the price of a row:
that holds for the first drop only (measured: +54.7 features by the price, +31.9 by doing it).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from portfolio.rebalance.monthly.outcomes import limits_of, packed

if TYPE_CHECKING:
    from portfolio.rebalance.monthly.choosing import Choice
    from portfolio.rebalance.monthly.problem import FloatArray

FULL_WITHIN: Final = 1e-6  # of a limit
ROUNDING: Final = 1e-6  # features: a whole number less so little is one


@dataclass(frozen=True, slots=True, kw_only=True)
class FullPool:
    """A pool in month 1 that holds features back."""

    plans: tuple[str, ...]  # in one proportion: their pool is one
    pool: str
    share: float  # of the scenarios in which it is full and features do not fit on plans


@dataclass(frozen=True, slots=True, kw_only=True)
class OneMore:
    """What one more account of a plan would allow in month 1."""

    plan: str
    features: int  # on plans, in the mean of the scenarios: at most so many more
    usd: float  # what it would cost in this month, without a promo


def full_pools(choice: Choice) -> tuple[FullPool, ...]:
    """Tell which pools are full in month 1, those that are so most often first."""
    uses = choice.uses
    limits = limits_of(uses, choice.plans.subscription_usd, choice.plans.working)[:, :1]
    amounts = packed(uses, limits, uses.worth).amounts
    sizes = len(uses.problem.sizes)
    used = (uses.need * amounts[:, None, :]).sum(axis=2)[:, sizes : sizes + len(uses.pools)]
    caps = limits[:, 0, sizes : sizes + len(uses.pools)]
    on_plans = amounts[:, [column.method is not None for column in uses.columns]].sum(axis=1)
    is_more_wanted = on_plans < uses.problem.demand[:, 0].sum(axis=1) * (1 - FULL_WITHIN)
    is_full = (caps > 0) & (used >= caps * (1 - FULL_WITHIN)) & is_more_wanted[:, None]
    names = [offer.plan for offer in uses.problem.offers]
    held = choice.plans.working[0]
    found = [
        FullPool(
            plans=tuple(names[one] for one in uses.vessels[row.vessel].offers if held[one] > 0),
            pool=row.pool,
            share=float(is_full[:, place].mean()),
        )
        for place, row in enumerate(uses.pools)
        if is_full[:, place].any()
    ]
    return tuple(sorted(found, key=lambda one: (-one.share, one.plans, one.pool)))


def one_more(choice: Choice) -> tuple[OneMore, ...]:
    """Tell of each plan what one more account would allow, rounded down: no more than that."""
    problem = choice.uses.problem
    now = _most_features(choice, choice.plans.working[:1])
    found = []
    for place, offer in enumerate(problem.offers):
        working = choice.plans.working[:1].copy()
        working[0, place] += 1
        more = _most_features(choice, working) - now
        features = math.floor(more + ROUNDING)
        found.append(OneMore(plan=offer.plan, features=features, usd=offer.usd_by_month[0]))
    return tuple(found)


def _most_features(choice: Choice, working: FloatArray) -> float:
    """Give how many features fit on plans in month 1, whatever their size, in the mean."""
    import numpy as np

    uses = choice.uses
    is_on_plan = np.array([column.method is not None for column in uses.columns], dtype=float)
    worth = np.tile(is_on_plan, (uses.problem.scenarios, 1))
    limits = limits_of(uses, choice.plans.subscription_usd, choice.plans.working)[:, :1].copy()
    sizes = len(uses.problem.sizes)
    limits[:, :, sizes : sizes + len(uses.pools)] = working @ uses.capacity.T
    return float(packed(uses, limits, worth).worth.mean())
