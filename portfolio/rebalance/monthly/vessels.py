"""Plans whose pools are all in one proportion: what one of them can do, the others can, scaled.

A feature draws on every pool of its account at once (5 hours, week, scoped), so accounts may be
summed only where no pool is short on one and left over on another. In one proportion none is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from portfolio.rebalance.monthly.eligible import is_eligible
from portfolio.rebalance.monthly.problem import MonthlyProblem, Offer

DIGITS: Final = 9  # to which two proportions are the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Vessel:
    """Plans of one provider in one proportion, and the pools that can bind on them."""

    provider: str
    offers: tuple[int, ...]  # places in the problem
    pools: tuple[str, ...]  # those with a limit that some method uses

    @property
    def name(self) -> str:
        """Name it by its plans' places, zero-padded."""
        return "+".join(f"{place:02}" for place in self.offers)


def vessels_of(problem: MonthlyProblem) -> tuple[Vessel, ...]:
    """Put plans together that are in one proportion, in the order in which they are offered.

    Raises:
        ValueError: A method has no limit on a plan: it could do any number of features.
    """
    used = _used(problem)
    found: dict[tuple[object, ...], list[int]] = {}
    for place, offer in enumerate(problem.offers):
        if offer.provider in used:
            key = (offer.provider, *_proportion(offer, used[offer.provider]))
            found.setdefault(key, []).append(place)
    made = []
    for places in found.values():
        offer = problem.offers[places[0]]
        pools = sorted(pool for pool in used[offer.provider] if pool in offer.capacity)
        _check_limited(problem, offer, pools)
        made.append(Vessel(provider=offer.provider, offers=tuple(places), pools=tuple(pools)))
    return tuple(made)


def _used(problem: MonthlyProblem) -> dict[str, set[str]]:
    """Give the pools that eligible methods use, by provider."""
    used: dict[str, set[str]] = {}
    for method in problem.methods:
        sizes = range(len(problem.sizes))
        if any(is_eligible(method, size, floor=problem.quality_floor) for size in sizes):
            used.setdefault(method.provider, set()).update(method.use)
    return used


def _proportion(offer: Offer, pools: set[str]) -> tuple[tuple[str, float], ...]:
    limits = {pool: offer.capacity[pool] for pool in sorted(pools) if pool in offer.capacity}
    largest = max(limits.values(), default=0.0) or 1.0
    return tuple((pool, round(limit / largest, DIGITS)) for pool, limit in limits.items())


def _check_limited(problem: MonthlyProblem, offer: Offer, pools: list[str]) -> None:
    for method in problem.methods:
        if method.provider != offer.provider:
            continue
        for size in range(len(problem.sizes)):
            if not is_eligible(method, size, floor=problem.quality_floor):
                continue
            uses = [method.use[pool][:, size] for pool in pools if pool in method.use]
            if not uses or (sum(uses[1:], uses[0]) <= 0).any():
                raise ValueError(f"{method.method} has no limit on {offer.plan}")
