"""The lowest ceiling on what is paid per feature that can be held, where the one asked for cannot.

Over one month it is found within a hundredth. Over several that would take minutes (measured: 42 s
for three months): plans are chosen in every so manieth scenario, and what they hold is told in all
of them. That can be held; others may hold a little less.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from portfolio.rebalance.monthly import whole_model
from portfolio.rebalance.monthly.cuts import Cuts, choose_by_cuts
from portfolio.rebalance.monthly.outcomes import bought, limits_of, outcome_from, packed
from portfolio.rebalance.monthly.uses import uses_of
from portfolio.route.solving import Solved, solve

if TYPE_CHECKING:
    from portfolio.rebalance.monthly.buying import Buying
    from portfolio.rebalance.monthly.outcomes import Bought
    from portfolio.rebalance.monthly.problem import Ceiling, MonthlyProblem, Options
    from portfolio.rebalance.monthly.uses import Uses

ROUGHLY: Final = 10  # times the gap
FIRST: Final = 1e3  # a feature that is missing costs as many times the dearest tokens


def lowest_ceiling(buying: Buying, uses: Uses, options: Options, asked: Ceiling) -> float | None:
    """Find the lowest ceiling that can be held with nothing missing; None: none is found."""
    known = None if options.chance else _of_the_cheapest(buying, uses, options, asked)
    months = uses.problem.months
    if months == 1:
        solved = _solved(buying, uses, options, asked, known=known)
        return solved.values.get(whole_model.LOWEST, known)
    some = uses_of(every(uses.problem, months))
    solved = _solved(buying, some, options, asked, known=None)
    if solved.objective is None:
        return known
    found = kept_by(uses, bought(buying, solved.values), asked)
    return min((one for one in (known, found) if one is not None), default=None)


def every(problem: MonthlyProblem, step: int) -> MonthlyProblem:
    """Give the problem in every so manieth of its scenarios."""
    return replace(
        problem,
        demand=problem.demand[::step],
        methods=tuple(
            replace(
                method,
                use={pool: use[::step] for pool, use in method.use.items()},
                api_usd=None if method.api_usd is None else method.api_usd[::step],
            )
            for method in problem.methods
        ),
    )


def kept_by(uses: Uses, plans: Bought, asked: Ceiling) -> float | None:
    """Give the ceiling that plans hold; None: something is missing in too many scenarios."""
    import numpy as np

    problem = uses.problem
    limits = limits_of(uses, plans.subscription_usd, plans.working)
    # so that no feature is left out for what it costs
    first = FIRST * max(float(uses.api.max(initial=0.0)), 1.0)
    amounts = packed(uses, limits, first - uses.api).amounts
    outcome = outcome_from(uses, plans, amounts.reshape(problem.scenarios, problem.months, -1))
    wanted = np.maximum(problem.demand.sum(axis=(1, 2)), 1e-9)
    is_full = outcome.short.sum(axis=(1, 2)) <= 1e-6 * (1 + wanted)
    each = np.sort(np.where(is_full, outcome.cost_usd / wanted, np.inf))
    few = int((1 - asked.share) * len(each) + 1e-9)
    kept = float(each[len(each) - 1 - few])
    return kept * (1 + 1e-6) if np.isfinite(kept) else None


def _solved(
    buying: Buying, uses: Uses, options: Options, asked: Ceiling, *, known: float | None
) -> Solved:
    made = whole_model.whole_of(buying, uses)
    made.draft.objective.clear()
    whole_model.add_lowest_ceiling(made, asked, known=known)
    if options.chance is not None:
        whole_model.add_chance(made, options.chance)
    return solve(made.draft.to_pulp(), gap=ROUGHLY * options.gap, max_nodes=options.max_nodes)


def _of_the_cheapest(buying: Buying, uses: Uses, options: Options, asked: Ceiling) -> float | None:
    found = choose_by_cuts(Cuts(buying, uses), gap=options.gap)
    return None if found.plans is None else kept_by(uses, found.plans, asked)
