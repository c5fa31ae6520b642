"""Choose the plans for the months to come, and tell what they bring."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from portfolio.rebalance.monthly import whole_model
from portfolio.rebalance.monthly.answering import allocation_of
from portfolio.rebalance.monthly.buying import Buying, buying_of
from portfolio.rebalance.monthly.cuts import Cuts, choose_by_cuts
from portfolio.rebalance.monthly.outcomes import Bought, Outcome, bought, outcome_from, outcome_of
from portfolio.rebalance.monthly.plan import CeilingKept
from portfolio.rebalance.monthly.problem import Ceiling, MonthlyProblem, Options
from portfolio.rebalance.monthly.uses import Uses, uses_of
from portfolio.route.solving import Solved, solve

if TYPE_CHECKING:
    from portfolio.rebalance.monthly.plan import Allocation


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """An allocation, and what it comes from: for those who explain it."""

    allocation: Allocation
    buying: Buying
    uses: Uses
    plans: Bought
    outcome: Outcome
    cuts: Cuts | None  # None: the whole model was solved at once


class NoPlansError(ValueError):
    """No plans keep to the rows: the budget does not pay for what is bound."""


def choose(problem: MonthlyProblem, *, options: Options | None = None) -> Choice:
    """Choose what costs least on average over the scenarios, by cuts where no option joins them.

    Raises:
        NoPlansError: Nothing that can be held keeps to the budget and the options.
    """
    asked = options or Options()
    if asked.ceiling or asked.chance or asked.cvar:
        return choose_whole(problem, options=asked)
    buying, uses = buying_of(problem), uses_of(problem)
    cuts = Cuts(buying, uses)
    found = choose_by_cuts(cuts, gap=asked.gap)
    if found.plans is None:
        raise NoPlansError(found.status)
    outcome = outcome_of(uses, found.plans)
    return Choice(
        allocation=allocation_of(
            buying, found.plans, outcome, status=found.status, gap=found.gap, ceiling=None
        ),
        buying=buying,
        uses=uses,
        plans=found.plans,
        outcome=outcome,
        cuts=cuts,
    )


def choose_whole(problem: MonthlyProblem, *, options: Options) -> Choice:
    """Choose by the whole model at once.

    Raises:
        NoPlansError: Nothing that can be held keeps to the budget and the options.
    """
    buying, uses = buying_of(problem), uses_of(problem)
    solved, made, is_kept = _solved(buying, uses, options)
    if solved.objective is None:
        raise NoPlansError(solved.status)
    plans = bought(buying, solved.values)
    outcome = outcome_from(uses, plans, whole_model.amounts_of(made, solved.values))
    ceiling = None
    if options.ceiling is not None:
        ceiling = _ceiling(buying, uses, options, options.ceiling, outcome, is_kept=is_kept)
    return Choice(
        allocation=allocation_of(
            buying, plans, outcome, status=solved.status, gap=solved.gap, ceiling=ceiling
        ),
        buying=buying,
        uses=uses,
        plans=plans,
        outcome=outcome,
        cuts=None,
    )


def _solved(buying: Buying, uses: Uses, options: Options) -> tuple[Solved, whole_model.Whole, bool]:
    """Solve with nothing missing where a ceiling holds; if it cannot be, with what is missing."""
    made = whole_model.whole_of(buying, uses)
    draft = whole_model.solve_mean(made, options)
    if options.ceiling is not None:
        whole_model.add_full_service(made)
    solved = solve(draft.to_pulp(), gap=options.gap, max_nodes=options.max_nodes)
    if solved.objective is not None or options.ceiling is None:
        return solved, made, True
    made = whole_model.whole_of(buying, uses)
    draft = whole_model.solve_mean(made, options)
    return solve(draft.to_pulp(), gap=options.gap, max_nodes=options.max_nodes), made, False


def _ceiling(
    buying: Buying,
    uses: Uses,
    options: Options,
    asked: Ceiling,
    outcome: Outcome,
    *,
    is_kept: bool,
) -> CeilingKept:
    """Tell whether the ceiling is kept, and what is missing if not."""
    features = outcome.shipped.sum(axis=(1, 2))
    holds = outcome.cost_usd <= asked.usd_per_feature * features * (1 + 1e-6) + 1e-6
    return CeilingKept(
        usd_per_feature=asked.usd_per_feature,
        share=float(holds.mean()),
        is_kept=is_kept,
        smallest_usd=None if is_kept else _lowest(buying, uses, options, asked),
        short=None if is_kept else float(outcome.short.sum(axis=(1, 2)).mean()),
    )


def _lowest(buying: Buying, uses: Uses, options: Options, asked: Ceiling) -> float | None:
    """Find the lowest ceiling that can be held with nothing missing; None: something always is."""
    made = whole_model.whole_of(buying, uses)
    made.draft.objective.clear()
    whole_model.add_lowest_ceiling(made, asked)
    if options.chance is not None:
        whole_model.add_chance(made, options.chance)
    solved = solve(made.draft.to_pulp(), gap=options.gap, max_nodes=options.max_nodes)
    return solved.values.get(whole_model.LOWEST)


def stays(problem: MonthlyProblem) -> MonthlyProblem:
    """Give the problem in which nothing can be bought: what is held is all there can be."""
    return replace(
        problem,
        offers=tuple(replace(offer, most=len(offer.held)) for offer in problem.offers),
    )
