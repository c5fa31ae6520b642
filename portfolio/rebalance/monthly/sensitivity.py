"""How the choice and its cost hang on what is not known: demand, and what features take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from portfolio.rebalance.monthly.answering import tidy
from portfolio.rebalance.monthly.outcomes import outcome_of
from portfolio.rebalance.monthly.robust import choose_plans, judged_by
from portfolio.rebalance.monthly.uses import uses_of

if TYPE_CHECKING:
    from portfolio.rebalance.monthly.choosing import Choice
    from portfolio.rebalance.monthly.problem import FloatArray, Method, MonthlyProblem

DEMAND_BY: Final = 0.25
ENDS: Final = (0.025, 0.975)  # of the interval of what a feature takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """What changes if one thing is otherwise than supposed."""

    what: str  # "demand" or the method's name
    change: str  # "-25 %", "+25 %"; "takes least", "takes most"
    total_usd_month: float  # of the chosen plans if so, missing features counted
    best: Choice  # what would have been best
    regret_usd_month: float  # what the chosen plans cost more than those, by the rule that chose
    is_same_now: bool  # the best holds the same plans in month 1


class Case(NamedTuple):
    """One thing that is otherwise."""

    what: str
    change: str
    problem: MonthlyProblem


def sensitivities(choice: Choice) -> tuple[Sensitivity, ...]:
    """Choose again in each case, and hold the plans that were chosen against it.

    Raises:
        NoPlansError: Not where the choice itself was found: no case changes what is paid.
    """
    return tuple(_held_against(choice, case) for case in cases(choice.uses.problem))


def cases(problem: MonthlyProblem) -> Iterator[Case]:
    """Give each case: demand 25 % less and more, each method at the ends of its interval."""
    for sign, times in (("-", 1 - DEMAND_BY), ("+", 1 + DEMAND_BY)):
        other = replace(problem, demand=problem.demand * times)
        yield Case("demand", f"{sign}{DEMAND_BY * 100:g} %", other)
    for place, method in enumerate(problem.methods):
        for change, level in zip(("takes least", "takes most"), ENDS, strict=True):
            methods = list(problem.methods)
            methods[place] = _at(method, level)
            yield Case(method.method, change, replace(problem, methods=tuple(methods)))


def _at(method: Method, level: float) -> Method:
    """Set what a feature takes to one end in every scenario; tokens cost what they cost."""
    import numpy as np

    def end(drawn: FloatArray) -> FloatArray:
        set_to: FloatArray = np.broadcast_to(np.quantile(drawn, level, axis=0), drawn.shape)
        return set_to

    return replace(method, use={pool: end(use) for pool, use in method.use.items()})


def _held_against(choice: Choice, case: Case) -> Sensitivity:
    months = case.problem.months
    best = choose_plans(case.problem, options=choice.options)
    judged = uses_of(judged_by(case.problem, choice.options))
    regret = outcome_of(judged, choice.plans).total_usd - outcome_of(judged, best.plans).total_usd
    total = outcome_of(uses_of(case.problem), choice.plans).total_usd
    return Sensitivity(
        what=case.what,
        change=case.change,
        total_usd_month=tidy(float(total.mean()) / months),
        best=best,
        regret_usd_month=tidy(float(regret.mean()) / months),
        is_same_now=best.allocation.counts(1) == choice.allocation.counts(1),
    )
