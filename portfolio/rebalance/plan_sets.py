"""Sets of plans: what each would bring if it were held all months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from portfolio.rebalance.monthly.outcomes import Bought, outcome_of

if TYPE_CHECKING:
    from portfolio.rebalance.monthly.problem import FloatArray, MonthlyProblem, Offer
    from portfolio.rebalance.monthly.uses import Uses

Counts: TypeAlias = Mapping[str, int]  # of each plan; of one that is not named, none


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Valued:
    """What a set of plans brings in each scenario, a month; shape (scenarios,)."""

    cost_usd: FloatArray  # plans and pay-per-token
    features: FloatArray  # shipped
    total_usd: FloatArray  # cost and what missing features are held to cost


def value_of(uses: Uses, counts: Counts) -> Valued:
    """Tell what a set of plans brings if it is held all months."""
    months = uses.problem.months
    outcome = outcome_of(uses, bought_of(uses.problem, counts))
    return Valued(
        cost_usd=outcome.cost_usd / months,
        features=outcome.shipped.sum(axis=(1, 2)) / months,
        total_usd=outcome.total_usd / months,
    )


def bought_of(problem: MonthlyProblem, counts: Counts) -> Bought:
    """Give a set of plans as the first stage of all months.

    Of accounts that are held now the days that are paid for cost nothing, and can be worked with
    whether the account stays or not.
    """
    import numpy as np

    usd = np.zeros(problem.months)
    working = np.zeros((problem.months, len(problem.offers)))
    for place, offer in enumerate(problem.offers):
        count = counts.get(offer.plan, 0)
        working[:, place] = count
        for month in range(problem.months):
            usd[month] += _usd(offer, count, month)
        usd[0] -= sum(one.paid_share for one in offer.held[:count]) * offer.usd_by_month[0]
        working[0, place] += sum(one.paid_share for one in offer.held[count:])
    return Bought(values={}, subscription_usd=usd, working=working)


def _usd(offer: Offer, count: int, month: int) -> float:
    """Give what so many of a plan cost in a month, the first being 0; new ones have the promo."""
    price = offer.usd_by_month[month]
    new = max(0, count - len(offer.held))
    if offer.promo is not None and month < offer.promo.months:
        return (count - new) * price + new * min(price, offer.promo.usd_month)
    return count * price


def undone(
    counts: Counts, *, plan: str, to_plan: str | None, count: int, is_bought: bool
) -> dict[str, int]:
    """Give a set of plans as it would be without one change.

    >>> undone({"max": 1}, plan="pro", to_plan="max", count=1, is_bought=False)
    {'max': 0, 'pro': 1}
    >>> undone({"pro": 2}, plan="pro", to_plan=None, count=1, is_bought=True)
    {'pro': 1}
    """
    found = dict(counts)
    found[plan] = found.get(plan, 0) + (-count if is_bought else count)
    if to_plan is not None:
        found[to_plan] = found.get(to_plan, 0) - count
    return found
