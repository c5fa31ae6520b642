"""Choose the plans for the months to come, and tell what they bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from portfolio.rebalance.monthly import whole_model
from portfolio.rebalance.monthly.answering import allocation_of
from portfolio.rebalance.monthly.buying import Buying, buying_of
from portfolio.rebalance.monthly.cuts import Chosen, Cuts, choose_by_cuts
from portfolio.rebalance.monthly.lowest import lowest_ceiling
from portfolio.rebalance.monthly.outcomes import Bought, Outcome, bought, outcome_from, outcome_of
from portfolio.rebalance.monthly.plan import CeilingKept
from portfolio.rebalance.monthly.problem import Ceiling, MonthlyProblem, Options
from portfolio.rebalance.monthly.uses import Uses, uses_of
from portfolio.route.solving import Solved, solve

if TYPE_CHECKING:
    from portfolio.rebalance.monthly.draft import Row, Variable
    from portfolio.rebalance.monthly.plan import Allocation


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """An allocation, and what it comes from: for those who explain it."""

    allocation: Allocation
    buying: Buying
    uses: Uses  # in the scenarios in which the allocation is judged
    plans: Bought
    outcome: Outcome
    options: Options
    cuts: Cuts  # of the scenarios in which the plans were chosen


class NoPlansError(ValueError):
    """No plans keep to the rows: the budget does not pay for what is bound."""


def choose(problem: MonthlyProblem, *, options: Options | None = None) -> Choice:
    """Choose what costs least on average over the scenarios, by cuts where no option joins them.

    Raises:
        NoPlansError: Nothing that can be held keeps to the budget and the options.
    """
    asked = options or Options()
    if is_joined(asked):
        return choose_whole(problem, options=asked)
    buying, uses = buying_of(problem), uses_of(problem)
    cuts = Cuts(buying, uses)
    found = choose_by_cuts(cuts, gap=asked.gap)
    if found.plans is None:
        raise NoPlansError(found.status)
    return choice_of(uses, found, cuts=cuts, options=asked)


def choice_of(uses: Uses, found: Chosen, *, cuts: Cuts, options: Options) -> Choice:
    """Tell what the plans that were chosen bring in these scenarios."""
    if found.plans is None:
        raise NoPlansError(found.status)
    outcome = outcome_of(uses, found.plans)
    return Choice(
        allocation=allocation_of(
            cuts.buying, found.plans, outcome, status=found.status, gap=found.gap, ceiling=None
        ),
        buying=cuts.buying,
        uses=uses,
        plans=found.plans,
        outcome=outcome,
        options=options,
        cuts=cuts,
    )


def is_joined(options: Options) -> bool:
    """Tell whether a rule joins the scenarios, so that none can be worked out by itself."""
    return bool(options.ceiling or options.chance or options.cvar)


def choose_whole(problem: MonthlyProblem, *, options: Options) -> Choice:
    """Choose by the whole model at once; a ceiling that cannot be held is told and left aside.

    Raises:
        NoPlansError: Nothing that can be held keeps to the budget and the options.
    """
    buying, uses = buying_of(problem), uses_of(problem)
    solved, made = _solved(buying, uses, options)
    if solved.objective is None and options.ceiling is not None:
        return _without_ceiling(problem, options, options.ceiling)
    if solved.objective is None:
        raise NoPlansError(solved.status)
    plans = bought(buying, solved.values)
    outcome = outcome_from(uses, plans, whole_model.amounts_of(made, solved.values))
    ceiling = None
    if options.ceiling is not None:
        ceiling = CeilingKept(
            usd_per_feature=options.ceiling.usd_per_feature,
            share=_kept_share(options.ceiling, outcome),
            is_kept=True,
            smallest_usd=None,
        )
    return Choice(
        allocation=allocation_of(
            buying, plans, outcome, status=solved.status, gap=solved.gap, ceiling=ceiling
        ),
        buying=buying,
        uses=uses,
        plans=plans,
        outcome=outcome,
        options=options,
        cuts=Cuts(buying, uses),
    )


def _without_ceiling(problem: MonthlyProblem, options: Options, asked: Ceiling) -> Choice:
    """Choose what costs least where no plans hold the ceiling, and tell the lowest they could."""
    found = choose(problem, options=replace(options, ceiling=None))
    ceiling = CeilingKept(
        usd_per_feature=asked.usd_per_feature,
        share=_kept_share(asked, found.outcome),
        is_kept=False,
        smallest_usd=lowest_ceiling(found.buying, found.uses, options, asked),
    )
    return replace(found, allocation=replace(found.allocation, ceiling=ceiling))


def _kept_share(asked: Ceiling, outcome: Outcome) -> float:
    """Give the share of the scenarios in which a feature costs no more than the ceiling."""
    features = outcome.shipped.sum(axis=(1, 2))
    within = asked.usd_per_feature * features * (1 + 1e-6) + 1e-6
    return float((outcome.cost_usd <= within).mean())


def choose_again(
    choice: Choice, *, also: Sequence[Row], beside: Mapping[str, Variable] | None = None
) -> Choice | None:
    """Choose anew over the same scenarios, with rows that must hold besides; None: nothing can."""
    options = choice.options
    if not is_joined(options):
        found = choose_by_cuts(choice.cuts, gap=options.gap, also=also, beside=beside)
        if found.plans is None:
            return None
        return choice_of(choice.uses, found, cuts=choice.cuts, options=options)
    solved, made = _solved(choice.buying, choice.uses, options, also=also, beside=beside)
    if solved.objective is None:
        return None
    plans = bought(choice.buying, solved.values)
    amounts = whole_model.amounts_of(made, solved.values)
    outcome = outcome_from(choice.uses, plans, amounts)
    allocation = allocation_of(
        choice.buying, plans, outcome, status=solved.status, gap=solved.gap, ceiling=None
    )
    return replace(choice, allocation=allocation, plans=plans, outcome=outcome)


def _solved(
    buying: Buying,
    uses: Uses,
    options: Options,
    *,
    also: Sequence[Row] = (),
    beside: Mapping[str, Variable] | None = None,
) -> tuple[Solved, whole_model.Whole]:
    """Solve the whole model; where a ceiling holds nothing is missing."""
    made = _whole(buying, uses, also, beside)
    draft = whole_model.minimise_mean(made, options)
    if options.ceiling is not None:
        whole_model.add_full_service(made)
    return solve(draft.to_pulp(), gap=options.gap, max_nodes=options.max_nodes), made


def _whole(
    buying: Buying, uses: Uses, also: Sequence[Row], beside: Mapping[str, Variable] | None
) -> whole_model.Whole:
    made = whole_model.whole_of(buying, uses)
    made.draft.variables |= beside or {}
    made.draft.extend(also)
    return made
