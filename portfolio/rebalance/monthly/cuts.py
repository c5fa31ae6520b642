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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from portfolio.rebalance.monthly.draft import Draft, Row, Sum, Variable, real
from portfolio.rebalance.monthly.month_bounds import Cut, least_of
from portfolio.rebalance.monthly.outcomes import Bought, bought, limits_of, packed
from portfolio.route.solving import Solved, Status, solve, solve_relaxed

if TYPE_CHECKING:
    from portfolio.rebalance.monthly.buying import Buying
    from portfolio.rebalance.monthly.problem import FloatArray
    from portfolio.rebalance.monthly.uses import Uses

MOST_ROUNDS: Final = 400
SAME_USD: Final = 2e-6  # HiGHS itself stops this near
NODES: Final = 5_000  # of one choice of plans
MOST_LIFTS: Final = 12


@dataclass(slots=True)
class Cuts:
    """A first stage, the second it leads to, and the cuts found so far; they hold for any rows."""

    buying: Buying
    uses: Uses
    cuts: list[Cut] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)  # of the cuts, and of what months cost at least
    seen: set[tuple[float, ...]] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was found."""

    status: Status
    gap: float | None
    plans: Bought | None  # None: no plans keep to the rows
    total_usd: float  # mean over the scenarios


def choose_by_cuts(
    cuts: Cuts,
    *,
    gap: float,
    also: Iterable[Row] = (),
    beside: Mapping[str, Variable] | None = None,
) -> Chosen:
    """Find the plans that cost least on average.

    Args:
        cuts: Grows: what was found for one question serves the next on the same scenarios.
        gap: Relative, at which to stop.
        also: Rows that must hold besides.
        beside: Variables of theirs.
    """
    draft = _master(cuts, list(also), beside or {})
    solved = _warm(cuts, draft, gap)
    _bound_months(cuts, draft, gap, solved)
    low, reached = -math.inf, math.inf
    best = Chosen(status="no-solution", gap=None, plans=None, total_usd=math.inf)
    for _ in range(MOST_ROUNDS):
        _renew(cuts, draft)
        solved = solve(draft.to_pulp(), gap=gap / 2, max_nodes=NODES)
        if solved.objective is None or solved.bound is None:
            return Chosen(status=solved.status, gap=None, plans=None, total_usd=math.inf)
        low = max(low, solved.bound + draft.number)
        plans, known = bought(cuts.buying, solved.values), len(cuts.cuts)
        total = _cut(cuts, plans) + _ties(cuts, plans)
        if total < best.total_usd - SAME_USD:
            best = Chosen(status="not-proved", gap=None, plans=plans, total_usd=total)
        reached = max(0.0, best.total_usd - low) / max(abs(best.total_usd), 1e-9)
        is_proved = reached <= gap or best.total_usd - low <= SAME_USD
        if is_proved or len(cuts.cuts) == known:  # else nothing new is known: it would go on so
            return replace(best, status="optimal" if is_proved else "not-proved", gap=reached)
    return replace(best, gap=reached)


def _master(cuts: Cuts, also: list[Row], beside: Mapping[str, Variable]) -> Draft:
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


def _warm(cuts: Cuts, draft: Draft, gap: float) -> Solved:
    """Add cuts for parts of plans first: those are quick to choose."""
    while True:
        _renew(cuts, draft)
        solved = solve_relaxed(draft.to_pulp())
        if solved.objective is None:
            return solved
        plans = bought(cuts.buying, solved.values)
        known = len(cuts.cuts)
        total = _cut(cuts, plans) + _ties(cuts, plans)
        low = solved.objective + draft.number
        if total - low <= max(gap * abs(total), SAME_USD) or len(cuts.cuts) == known:
            return solved


def _bound_months(cuts: Cuts, draft: Draft, gap: float, solved: Solved) -> None:
    """Add what each month costs at least in whole accounts, while that lifts the bound."""
    import numpy as np

    problem = cuts.buying.problem
    for _ in range(MOST_LIFTS):
        if solved.objective is None:
            return
        prices = draft.prices(solved)
        working = np.zeros((problem.months, len(problem.offers)))
        for month in range(1, problem.months + 1):
            row = _least(cuts, month, prices, working, gap)
            if row is not None:
                cuts.rows.append(row)
        _cut(cuts, Bought(values={}, subscription_usd=working[:, 0] * 0, working=working))
        _renew(cuts, draft)
        low, solved = solved.objective, solve_relaxed(draft.to_pulp())
        if solved.objective is not None and solved.objective - low <= gap / 4 * abs(low):
            return


def _least(
    cuts: Cuts, month: int, prices: dict[str, float], working: FloatArray, gap: float
) -> Row | None:
    """Bound one month; not one in which accounts can be worked with that are not held."""
    offers = cuts.buying.problem.offers
    names = [f"count_{month:02}_{place:02}" for place in range(len(offers))]
    for place, name in enumerate(names):
        if cuts.buying.working[place, month].terms != {name: 1.0}:
            return None
    usd = [-prices[f"count {offer.plan} t{month:02}"] for offer in offers]
    least = least_of(cuts.buying.problem, month, cuts.cuts, usd, gap=gap / 4)
    if least is None:
        return None
    working[month - 1] = least.counts
    number = sum(row.name.startswith("least") for row in cuts.rows)
    terms = {_theta(month): 1.0, **dict(zip(names, usd, strict=True))}
    return Row(f"least {number:05} t{month:02}", terms, ">=", least.usd)


def _renew(cuts: Cuts, draft: Draft) -> None:
    draft.extend(row for row in cuts.rows if row.name not in draft.rows)


def _ties(cuts: Cuts, plans: Bought) -> float:
    return Sum(cuts.buying.draft.objective).at(plans.values)


def _cut(cuts: Cuts, plans: Bought) -> float:
    """Work out the second stage of a choice, add its cuts, give what it costs on average."""
    problem = cuts.uses.problem
    limits = limits_of(cuts.uses, plans.subscription_usd, plans.working)
    done = packed(cuts.uses, limits, cuts.uses.worth)
    found = done.prices.reshape(problem.scenarios, problem.months, -1)
    for month in range(problem.months):
        cut = _cut_of(cuts.uses, found[:, month])
        key = tuple(round(float(one), 9) for one in [*cut.account, cut.budget, *cut.fixed])
        if key not in cuts.seen:
            cuts.seen.add(key)
            cuts.cuts.append(cut)
            cuts.rows += _rows(cuts, cut)
    missing = float((problem.demand @ list(problem.short_usd)).sum(axis=1).mean())
    saved = float(done.worth.reshape(problem.scenarios, -1).sum(axis=1).mean())
    return float(plans.subscription_usd.sum()) + missing - saved


def _cut_of(uses: Uses, prices: FloatArray) -> Cut:
    """Turn the prices of one choice in one month, shape (scenarios, rows), into a cut."""
    import numpy as np

    problem = uses.problem
    sizes, pools = len(problem.sizes), len(uses.pools)
    mean = prices.mean(axis=0)
    rest = np.array(problem.short_usd) - prices[:, :sizes]
    return Cut(
        account=mean[sizes : sizes + pools] @ uses.capacity,
        budget=float(mean[-1]) if uses.has_budget else 0.0,
        fixed=(problem.demand * rest[:, None, :]).sum(axis=2).mean(axis=0),
    )


def _rows(cuts: Cuts, cut: Cut) -> Iterator[Row]:
    """Write a cut down for each month."""
    problem = cuts.uses.problem
    for month in range(1, problem.months + 1):
        right = Sum({}, float(cut.fixed[month - 1]) - cut.budget * (problem.budget_usd or 0.0))
        for offer, value in enumerate(cut.account):
            right = right.plus(cuts.buying.working[offer, month], -float(value))
        right = right.plus(cuts.buying.usd[month - 1], cut.budget)
        terms = {name: -value for name, value in right.terms.items() if value}
        name = f"cut {len(cuts.seen):05} t{month:02}"
        yield Row(name, {_theta(month): 1.0, **terms}, ">=", right.number)
