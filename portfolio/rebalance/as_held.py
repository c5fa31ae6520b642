"""A set of plans as it stands: what it would bring if it were held, and nothing changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from portfolio.rebalance.monthly.problem import HeldAccount, MonthlyProblem, Offer


def as_held(problem: MonthlyProblem, counts: Mapping[str, int]) -> MonthlyProblem:
    """Give the problem in which so many of each plan are held, and nothing else can be.

    Args:
        problem: With the offers and the scenarios.
        counts: How many of each plan; of one that is not named, none.
    """
    offers = tuple(_held(offer, counts.get(offer.plan, 0), problem) for offer in problem.offers)
    return replace(problem, offers=offers)


def _held(offer: Offer, count: int, problem: MonthlyProblem) -> Offer:
    """Hold so many: those of now first, by name, then new ones."""
    own = sorted(offer.held, key=lambda one: one.account)[:count]
    new = [HeldAccount(account=f"new-{number}") for number in range(len(own), count)]
    bound = tuple(replace(one, bound_months=problem.months) for one in (*own, *new))
    return replace(offer, held=bound, most=count)


def undone(
    counts: Mapping[str, int], *, plan: str, to_plan: str | None, count: int, is_bought: bool
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
