"""How large a plan's pool is beside another's, as far as the catalogue says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from itertools import permutations, product
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from portfolio.model import Plan
    from portfolio.store.catalogue import Catalogue

_Most: TypeAlias = dict[tuple[str, str], Fraction]  # the first plan's pool in second's, at most


class Ratio(NamedTuple):
    """How many times as large a pool is, at least and at most."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """Give the geometric mean."""
        return math.sqrt(self.low * self.high)


def ratio_of(
    pool: str, plan: Plan, *, beside: Plan, catalogue: Catalogue, at: datetime
) -> Ratio | None:
    """Tell how many times a plan's pool is another plan's, at least and at most, as is known.

    What is known says of two plans of one provider that one's pool is at most so many times the
    other's: a multiple (or two caps in one unit) says it both ways, and of two prices the cheaper
    plan holds at most once the dearer's. Such sayings chain, and the tightest chain is the bound.

    None where one side has no bound. None, too, where a plan does not have the pool: no limit
    (Claude Ultra's five hours) is no size.
    """
    plans = [own for own in catalogue if own.provider == plan.provider and _has(own, pool, at)]
    if not {plan.plan, beside.plan} <= {own.plan for own in plans}:
        return None
    if plan.plan == beside.plan:
        return Ratio(1.0, 1.0)
    told = _chained(_multiples(pool, plans, at))
    most = _chained(_ladder(plans, at) | told)
    if _is_contradicting(most):  # then prices do not tell how large this provider's pools are
        most = told
    high, other = most.get((plan.plan, beside.plan)), most.get((beside.plan, plan.plan))
    if high is None or other is None or high * other < 1:
        return None
    return Ratio(float(1 / other), float(high))


def _is_contradicting(most: _Most) -> bool:
    return any(
        times * back < 1
        for (one, other), times in most.items()
        if (back := most.get((other, one))) is not None
    )


def _has(plan: Plan, pool: str, at: datetime) -> bool:
    return pool in plan.pools_at(at)


def _ladder(plans: Sequence[Plan], at: datetime) -> _Most:
    """Give what prices say: a cheaper plan holds no more than a dearer one."""
    prices = {own.plan: price for own in plans if (price := _price(own, at)) is not None}
    return {
        (one, other): Fraction(1)
        for one, other in permutations(prices, 2)
        if prices[one] < prices[other]
    }


def _price(plan: Plan, at: datetime) -> float | None:
    price, _ = plan.price_at(at)
    return price.usd_month if price else None


def _multiples(pool: str, plans: Sequence[Plan], at: datetime) -> _Most:
    """Give what caps in one unit say, and multiples of another plan's pool."""
    found: _Most = {}
    caps: dict[str, tuple[str, Fraction]] = {}
    for own in plans:
        fact = own.pools_at(at)[pool]
        if fact.cap and fact.unit != "pp":
            caps[own.plan] = fact.unit, Fraction(fact.cap)
        elif fact.times and fact.of is not None:
            times = Fraction(fact.times)
            found |= {(own.plan, fact.of): times, (fact.of, own.plan): 1 / times}
    for (one, (unit, cap)), (other, (other_unit, other_cap)) in permutations(caps.items(), 2):
        if unit == other_unit:
            found[one, other] = cap / other_cap
    return found


def _chained(most: _Most) -> _Most:
    """Add what follows: the least of all products along chains (Floyd and Warshall)."""
    found = dict(most)
    names = sorted({name for pair in most for name in pair})
    for through, one, other in product(names, repeat=3):
        if one != other and (one, through) in found and (through, other) in found:
            chain = found[one, through] * found[through, other]
            found[one, other] = min(chain, found.get((one, other), chain))
    return found
