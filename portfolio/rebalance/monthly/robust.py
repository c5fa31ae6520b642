"""Plans that suffice when features take much and demand is high: the rule where nothing overflows.

With few observations of a method its scenarios tell too little of the bad cases, and where no
tokens can be bought each of those is features that are missing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from portfolio.rebalance.monthly.buying import buying_of
from portfolio.rebalance.monthly.choosing import Choice, choice_of, choose, is_joined
from portfolio.rebalance.monthly.cuts import Cuts, choose_by_cuts
from portfolio.rebalance.monthly.eligible import is_eligible
from portfolio.rebalance.monthly.problem import Method, MonthlyProblem, Options
from portfolio.rebalance.monthly.uses import uses_of

if TYPE_CHECKING:
    from portfolio.rebalance.monthly.problem import FloatArray

USE_LEVEL: Final = 0.95
DEMAND_TIMES: Final = 1.3


def choose_plans(problem: MonthlyProblem, *, options: Options | None = None) -> Choice:
    """Choose over the scenarios where tokens can be bought, else by the robust rule.

    What the options ask of the scenarios together is asked in any case.

    Raises:
        NoPlansError: Nothing that can be held keeps to the budget and the options.
    """
    asked = options or Options()
    judged = judged_by(problem, asked)
    if judged is problem:
        return choose(problem, options=asked)
    cuts = Cuts(buying_of(problem), uses_of(judged))
    found = choose_by_cuts(cuts, gap=asked.gap)
    return choice_of(uses_of(problem), found, cuts=cuts, options=asked)


def judged_by(problem: MonthlyProblem, options: Options) -> MonthlyProblem:
    """Give the problem by which plans are chosen: this one, or the one case to be ready for."""
    if is_joined(options) or has_overflow(problem):
        return problem
    return robust(problem)


def has_overflow(problem: MonthlyProblem) -> bool:
    """Tell whether features of each size can be paid per token."""
    return all(
        any(
            method.api_usd is not None and is_eligible(method, size, floor=problem.quality_floor)
            for method in problem.methods
        )
        for size in range(len(problem.sizes))
    )


def robust(problem: MonthlyProblem) -> MonthlyProblem:
    """Give the one scenario to be ready for: use at its upper end, 1.3 times the mean demand."""
    return replace(
        problem,
        demand=problem.demand.mean(axis=0, keepdims=True) * DEMAND_TIMES,
        methods=tuple(_dear(method) for method in problem.methods),
    )


def _dear(method: Method) -> Method:
    import numpy as np

    def upper(drawn: FloatArray) -> FloatArray:
        high: FloatArray = np.quantile(drawn, USE_LEVEL, axis=0, keepdims=True)
        return high

    return replace(
        method,
        use={pool: upper(use) for pool, use in method.use.items()},
        api_usd=None if method.api_usd is None else upper(method.api_usd),
    )
