"""The second stage of `rebalance`: the plans that features ask for, held to what `keep` says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from portfolio.commands.rebalance_by_keep import keep_says
from portfolio.commands.rebalance_reasons import (
    alternative_rows,
    binding_rows,
    knowing_rows,
    sensitivity_rows,
)
from portfolio.commands.rebalance_rows import (
    ceiling_row,
    figures,
    hold_rows,
    not_worth,
    sure_row,
    sure_share,
)
from portfolio.rebalance.hysteresis import REPAID_MONTHS, TROUBLE_USD, Worth, worth_of
from portfolio.rebalance.monthly.alternatives import alternatives
from portfolio.rebalance.monthly.answering import tidy
from portfolio.rebalance.monthly.choosing import Choice, NoPlansError
from portfolio.rebalance.monthly.plan import Action
from portfolio.rebalance.monthly.problem import MonthlyProblem, Options
from portfolio.rebalance.monthly.robust import choose_plans
from portfolio.rebalance.monthly.sensitivity import sensitivities
from portfolio.report.answers.rebalance import RebalanceAnswer

if TYPE_CHECKING:
    from portfolio.commands.monthly_ground import Ground, Offers
    from portfolio.commands.rebalancing import Asked
    from portfolio.rebalance.monthly.problem import FloatArray
    from portfolio.rebalance.monthly.sensitivity import Sensitivity
    from portfolio.report.answers.rebalance import DemandRow

from portfolio.commands.rebalance_actions import action_rows
from portfolio.commands.rebalance_agreeing import CEILING_SHARE, Agreed, agreed, with_bound

A_CASE: Final = 1e-9  # rounding
MISSED: Final = 2.0  # a feature that finds no room is held to cost as much as so many per token
DEAREST_PLANS: Final = 2.0  # where nothing tells that: as much as so many of the dearest plan


def problem_of(ground: Ground, asked: Asked, found: Offers, demand: FloatArray) -> MonthlyProblem:
    """Put offers, methods and demand to the model."""
    measured = ground.measured
    return MonthlyProblem(
        sizes=measured.sizes,
        offers=tuple(sorted(found.offers, key=lambda one: one.plan)),
        methods=tuple(found.methods),
        demand=demand,
        short_usd=_short_usd(found, measured.size_weights),
        quality_floor=ground.settings.quality_floor,
        budget_usd=asked.budget_usd,
        change_usd=TROUBLE_USD * asked.months / REPAID_MONTHS,
    )


def _short_usd(found: Offers, weights: Mapping[str, float]) -> tuple[float, ...]:
    """Say what a feature that finds no room is held to cost, by size."""
    tokens = [one.api_usd.mean(axis=0) for one in found.methods if one.api_usd is not None]
    if tokens:
        return tuple(
            MISSED * max(float(own[place]) for own in tokens) for place in range(len(weights))
        )
    dearest = max(max(offer.usd_by_month) for offer in found.offers)
    return tuple(DEAREST_PLANS * max(dearest, 1.0) * weight for weight in weights.values())


def by_features(
    ground: Ground, asked: Asked, found: Offers, demand: FloatArray, *, row: DemandRow
) -> RebalanceAnswer:
    """Answer with the plans that cost least for the features that are wanted."""
    found_out = agreed(ground, asked, problem_of(ground, asked, found, demand))
    as_it_is = _as_it_is(found_out.problem)
    found_out, hysteresis = _settled(asked, found_out, as_it_is)
    problem, allocation = found_out.problem, found_out.choice.allocation
    actions = action_rows(ground, found_out)
    choice = found_out.choice
    others, otherwise = alternatives(choice), _otherwise(choice)
    known = [one.choice for one in others] + [one.best for one in otherwise]
    gone = {
        name
        for one in allocation.actions
        if one.action in ("cancel", "downgrade")
        for name in one.accounts
    }
    return RebalanceAnswer(
        at=ground.now,
        months=asked.months,
        scenarios=asked.scenarios,
        stage="features",
        stage_reason=None,
        is_what_if=asked.what_if is not None,
        actions=actions,
        hold=hold_rows(allocation, problem),
        expected=figures(allocation.expected),
        now=None if as_it_is is None else figures(as_it_is.allocation.expected),
        is_proved=allocation.status == "optimal",
        gap=None if allocation.gap is None else tidy(allocation.gap),
        demand=row,
        ceiling=ceiling_row(
            found_out.choice,
            asked.max_cost_usd,
            lowest_usd=found_out.lowest_usd,
            wanted_share=CEILING_SHARE,
        ),
        sure=sure_row(found_out.choice, asked.sure_share),
        worst_weight=asked.worst_weight,
        budget_usd=asked.budget_usd,
        hysteresis=hysteresis,
        binding=tuple(binding_rows(choice)),
        alternatives=tuple(alternative_rows(others)),
        sensitivity=tuple(sensitivity_rows(choice, otherwise)),
        value_of_information=tuple(knowing_rows(choice, known, ground.measured)),
        keep=keep_says(ground.stage, gone=gone, refused=found_out.bound),
        not_judged=tuple(found.not_judged),
        straddled=ground.measured.straddled,
        unpriced=ground.measured.unpriced,
        last=None,
        problems=(),
    )


def _otherwise(choice: Choice) -> tuple[Sensitivity, ...]:
    """Give what would be chosen if things were otherwise; nothing where a ceiling forbids all.

    What is asked of all cases together besides a ceiling is not solved anew: it takes too long.
    """
    if choice.options.chance or choice.options.cvar:
        return ()
    try:
        return sensitivities(replace(choice, options=Options()))
    except NoPlansError:
        return ()


def _as_it_is(problem: MonthlyProblem) -> Choice | None:
    """Give what comes of changing nothing; None: the budget does not pay for it."""
    names = {one.account for offer in problem.offers for one in offer.held}
    bound = with_bound(problem, names)
    offers = tuple(replace(offer, most=len(offer.held)) for offer in bound.offers)
    try:
        return choose_plans(replace(bound, offers=offers))
    except NoPlansError:
        return None


def _changes(choice: Choice) -> list[Action]:
    return [one for one in choice.allocation.actions if one.action != "keep"]


def _worth(asked: Asked, choice: Choice, as_it_is: Choice) -> Worth:
    return worth_of(
        as_it_is.outcome.total_usd,
        choice.outcome.total_usd,
        months=asked.months,
        accounts=sum(one.count for one in _changes(choice)),
        is_more_paid=_plans_usd(choice) > _plans_usd(as_it_is),
        worst=choice.options.cvar,
    )


def _passed_over(asked: Asked, found: Agreed, as_it_is: Choice) -> str | None:
    """Say what would be changed if a change were no trouble; None: nothing."""
    anew = choose_plans(replace(found.problem, change_usd=0.0), options=found.choice.options)
    changes = _changes(anew)
    return not_worth(_worth(asked, anew, as_it_is), changes) if changes else None


def _plans_usd(choice: Choice) -> float:
    return float(choice.outcome.subscription_usd.sum())


def _settled(asked: Asked, found: Agreed, as_it_is: Choice | None) -> tuple[Agreed, str | None]:
    """Change nothing where a change does not save surely or soon enough; say so.

    Where what is held breaks the budget or the ceiling, or misses features that are to be had more
    surely, it has to change.
    """
    changes = _changes(found.choice)
    if as_it_is is None or (asked.max_cost_usd and found.lowest_usd is None):
        return found, None
    wanted = asked.sure_share
    if wanted and sure_share(as_it_is) < wanted <= sure_share(found.choice) + A_CASE:
        return found, None
    if not changes:
        return found, _passed_over(asked, found, as_it_is)
    worth = _worth(asked, found.choice, as_it_is)
    if worth.is_sure and worth.is_repaid:
        return found, None
    stays = replace(
        found.choice,
        allocation=as_it_is.allocation,
        plans=as_it_is.plans,
        outcome=as_it_is.outcome,
    )
    return replace(found, choice=stays), not_worth(worth, changes)
