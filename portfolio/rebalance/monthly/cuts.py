"""The same answer, quicker: the first stage with what the second is worth told by cuts.

What a month costs beyond its plans is convex in the accounts that can be worked with, so the
prices of the pools at any choice of plans bound it from below at every other:

    theta_t >= mean_s [ (phi - pi_s) D_st - mu_s capacity(x_t) - nu_s (B - subscriptions_t) ]

Prices hold in every month, as what a feature takes does not change by month: each is used in all.
Plans are chosen, the second stage is worked out for them exactly, cuts are added, until the choice
costs what the cuts say, within the gap (Benders 1962; Van Slyke and Wets 1969).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from portfolio.rebalance.monthly.draft import Draft, Row, Sum, Variable, real
from portfolio.rebalance.monthly.outcomes import Bought, bought, limits_of, packed
from portfolio.route.solving import Status, solve, solve_relaxed

if TYPE_CHECKING:
    from portfolio.rebalance.monthly.buying import Buying
    from portfolio.rebalance.monthly.problem import FloatArray
    from portfolio.rebalance.monthly.uses import Uses

MOST_ROUNDS: Final = 400
SAME_USD: Final = 1e-7


@dataclass(slots=True)
class Cuts:
    """A first stage, the second it leads to, and the cuts found so far; they hold for any rows."""

    buying: Buying
    uses: Uses
    rows: list[Row] = field(default_factory=list)
    seen: set[tuple[float, ...]] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was found."""

    status: Status
    gap: float | None
    plans: Bought | None  # None: no plans keep to the rows
    total_usd: float  # mean over the scenarios


def choose_by_cuts(
    cuts: Cuts, *, gap: float, also: Iterable[Row] = (), beside: dict[str, Variable] | None = None
) -> Chosen:
    """Find the plans that cost least on average.

    Args:
        cuts: Grows: what was found for one question serves the next on the same scenarios.
        gap: Relative, at which to stop.
        also: Rows that must hold besides.
        beside: Variables of theirs.
    """
    draft = _master(cuts, list(also), beside or {})
    _warm(cuts, draft, gap)
    low, best = -math.inf, Chosen(status="no-solution", gap=None, plans=None, total_usd=math.inf)
    for _ in range(MOST_ROUNDS):
        draft.extend(row for row in cuts.rows if row.name not in draft.rows)
        solved = solve(draft.to_pulp(), gap=gap / 10)
        if solved.objective is None or solved.bound is None:
            return Chosen(status=solved.status, gap=None, plans=None, total_usd=math.inf)
        low = max(low, solved.bound + draft.number)
        plans = bought(cuts.buying, solved.values)
        total = _cut(cuts, plans) + _ties(cuts, plans)
        if total < best.total_usd - SAME_USD:
            best = Chosen(status="not-proved", gap=None, plans=plans, total_usd=total)
        reached = max(0.0, best.total_usd - low) / max(abs(best.total_usd), 1e-9)
        if reached <= gap or best.total_usd - low <= SAME_USD:
            return Chosen(status="optimal", gap=reached, plans=best.plans, total_usd=best.total_usd)
    return Chosen(status="not-proved", gap=reached, plans=best.plans, total_usd=best.total_usd)


def _master(cuts: Cuts, also: list[Row], beside: dict[str, Variable]) -> Draft:
    draft = cuts.buying.draft.copy()
    for usd in cuts.buying.usd:
        for name, value in usd.terms.items():
            draft.objective[name] = draft.objective.get(name, 0.0) + value
        draft.number += usd.number
    for month in range(1, cuts.buying.problem.months + 1):
        draft.variables[_theta(month)] = real()
        draft.objective[_theta(month)] = 1.0
    draft.variables |= beside
    draft.extend(also)
    draft.extend(cuts.rows)
    return draft


def _theta(month: int) -> str:
    return f"theta_{month:02}"


def _warm(cuts: Cuts, draft: Draft, gap: float) -> None:
    """Add cuts for parts of plans first: those are quick to choose."""
    for _ in range(MOST_ROUNDS):
        draft.extend(row for row in cuts.rows if row.name not in draft.rows)
        solved = solve_relaxed(draft.to_pulp())
        if solved.objective is None:
            return
        plans = bought(cuts.buying, solved.values)
        total = _cut(cuts, plans) + _ties(cuts, plans)
        if total - (solved.objective + draft.number) <= max(gap * abs(total), SAME_USD):
            return


def _ties(cuts: Cuts, plans: Bought) -> float:
    return Sum(cuts.buying.draft.objective).at(plans.values)


def _cut(cuts: Cuts, plans: Bought) -> float:
    """Work out the second stage of a choice, add its cuts, give what it costs on average."""
    problem = cuts.uses.problem
    limits = limits_of(cuts.uses, plans.subscription_usd, plans.working)
    done = packed(cuts.uses, limits, cuts.uses.worth)
    shape = (problem.scenarios, problem.months, -1)
    found = done.prices.reshape(shape)
    for month in range(problem.months):
        for row in _rows(cuts, found[:, month]):
            cuts.rows.append(row)
    missing = float((problem.demand @ list(problem.short_usd)).sum(axis=1).mean())
    saved = float(done.worth.reshape(problem.scenarios, -1).sum(axis=1).mean())
    return float(plans.subscription_usd.sum()) + missing - saved


def _rows(cuts: Cuts, prices: FloatArray) -> Iterator[Row]:
    """Turn the prices of one choice, shape (scenarios, rows), into a cut for each month."""
    import numpy as np

    uses, problem = cuts.uses, cuts.uses.problem
    sizes, pools = len(problem.sizes), len(uses.pools)
    mean = prices.mean(axis=0)
    by_offer = mean[sizes : sizes + pools] @ uses.capacity
    rest = np.array(problem.short_usd) - prices[:, :sizes]
    fixed = (problem.demand * rest[:, None, :]).sum(axis=2).mean(axis=0)  # by month
    key = tuple(round(float(one), 9) for one in [*by_offer, mean[-1], *fixed])
    if key in cuts.seen:
        return
    cuts.seen.add(key)
    number = len(cuts.seen)
    for month in range(problem.months):
        right = Sum({}, float(fixed[month]))
        for offer, value in enumerate(by_offer):
            right = right.plus(cuts.buying.working[offer, month + 1], -float(value))
        if uses.has_budget and problem.budget_usd is not None:
            nu = float(mean[-1])
            right = right.plus(Sum({}, -nu * problem.budget_usd))
            right = right.plus(cuts.buying.usd[month], nu)
        terms = {_theta(month + 1): 1.0} | {name: -v for name, v in right.terms.items()}
        yield Row(f"cut {number:05} t{month + 1:02}", terms, ">=", right.number)
