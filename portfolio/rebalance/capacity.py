"""How large a plan's pool is beside another's, as far as the catalogue says."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from portfolio.model import Plan
    from portfolio.store.catalogue import Catalogue


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
    """Tell how many times a plan's pool is another plan's; None where nothing bounds it.

    Stated caps in one unit go first, then multiples of a common plan. Where neither tells, a dearer
    plan of the same provider holds no less than a cheaper one: that bounds it on one side, and a
    third plan whose multiple is known may on the other.
    """
    exact = _exact(pool, plan, beside, at)
    if exact is not None:
        return Ratio(exact, exact)
    ladder = sorted(
        (price, own.plan)
        for own in catalogue
        if own.provider == plan.provider and (price := _price(own, at)) is not None
    )
    plans = {own.plan: own for own in catalogue}
    prices = {name: price for price, name in ladder}
    if plan.plan not in prices or beside.plan not in prices:
        return None
    if prices[plan.plan] > prices[beside.plan]:
        other = ratio_of(pool, beside, beside=plan, catalogue=catalogue, at=at)
        return None if other is None else Ratio(1 / other.high, 1 / other.low)
    # Cheaper: at most as large. At least what the dearest known multiple of it leaves.
    multiples = [
        known
        for price, name in ladder
        if price >= prices[beside.plan]
        and (known := _exact(pool, plan, plans[name], at)) is not None
    ]
    return Ratio(max(multiples), 1.0) if multiples else None


def _price(plan: Plan, at: datetime) -> float | None:
    price, _ = plan.price_at(at)
    return price.usd_month if price else None


def _exact(pool: str, plan: Plan, beside: Plan, at: datetime) -> float | None:
    own, other = _size(pool, plan, at), _size(pool, beside, at)
    if plan.plan == beside.plan:
        return 1.0
    if own is None or other is None or own[0] != other[0]:
        return None
    return own[1] / other[1]


def _size(pool: str, plan: Plan, at: datetime) -> tuple[str, float] | None:
    """Give a pool's size in something that another's may be in too: a unit, or a plan's pool."""
    fact = plan.pools_at(at).get(pool)
    if fact is None:
        return None
    if fact.cap is not None and fact.unit != "pp":
        return fact.unit, fact.cap
    if fact.times is not None and fact.of is not None:
        return f"of {fact.of}", fact.times
    return f"of {plan.plan}", 1.0
