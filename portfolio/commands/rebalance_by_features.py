"""The second stage of `rebalance`: the plans that features ask for, held to what `keep` says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from portfolio.commands.rebalance_by_keep import keep_says
from portfolio.commands.rebalance_reasons import (
    alternative_rows,
    binding_rows,
    knowing_rows,
    sensitivity_rows,
)
from portfolio.commands.rebalance_rows import ceiling_row, figures, hold_rows, not_worth
from portfolio.errors import BudgetTooSmallError
from portfolio.estimate.renewal import next_renewal
from portfolio.rebalance.hysteresis import A_CENT, worth_of
from portfolio.rebalance.monthly.alternatives import alternatives
from portfolio.rebalance.monthly.answering import tidy
from portfolio.rebalance.monthly.choosing import Choice, NoPlansError
from portfolio.rebalance.monthly.problem import Ceiling, MonthlyProblem, Options
from portfolio.rebalance.monthly.robust import choose_plans
from portfolio.rebalance.monthly.sensitivity import sensitivities
from portfolio.rebalance.plan_sets import undone, value_of
from portfolio.rebalance.verdict import SAFE
from portfolio.report.answers.rebalance import ActionRow, RebalanceAnswer
from portfolio.report.terminal.keep import REASONS as KEEP_REASONS

if TYPE_CHECKING:
    from portfolio.commands.monthly_offers import Ground, Offers
    from portfolio.commands.rebalancing import Asked
    from portfolio.rebalance.monthly.plan import Action
    from portfolio.rebalance.monthly.problem import FloatArray, HeldAccount
    from portfolio.rebalance.monthly.sensitivity import Sensitivity
    from portfolio.report.answers.keep import KeepRow
    from portfolio.report.answers.rebalance import DemandRow

MISSED: Final = 2.0  # a feature that finds no room is held to cost as much as so many per token
CEILING_SHARE: Final = 0.95  # of the cases in which a ceiling has to hold
EVEN_USD: Final = 1.0  # a month: less is no reason to say otherwise than `keep`
DEAREST_PLANS: Final = 2.0  # where nothing tells that: as much as so many of the dearest plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """A choice that `keep` does not contradict."""

    problem: MonthlyProblem
    choice: Choice
    bound: Mapping[str, KeepRow | None]  # accounts that `keep` would not give up; None: together
    lowest_usd: float | None  # a feature: the lowest ceiling that can be held, where it cannot be


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


def agreed(ground: Ground, asked: Asked, problem: MonthlyProblem) -> Agreed:
    """Choose plans such that no account is given up of which `keep` says that it is needed.

    Raises:
        BudgetTooSmallError: The budget does not even pay for what has to be held.
    """
    bound: dict[str, KeepRow | None] = {}
    while True:
        own = with_bound(problem, bound)
        try:
            choice, lowest = _chosen(own, asked)
        except NoPlansError as error:
            raise BudgetTooSmallError(asked.budget_usd, _held_usd(own)) from error
        if not asked.is_of_the_past:
            return Agreed(problem=own, choice=choice, bound=bound, lowest_usd=lowest)
        refused = _refused(ground, choice) or _clashing(ground, choice)
        if refused.keys() <= bound.keys():
            found = Agreed(problem=own, choice=choice, bound=bound, lowest_usd=lowest)
            return _firm(ground, asked, _even(ground, asked, found))
        bound |= refused


def _firm(ground: Ground, asked: Asked, found: Agreed) -> Agreed:
    """Hold all that `keep` would, so that no next best set of plans goes against it either."""
    actions = found.choice.allocation.actions
    staying = {name for one in actions if one.action == "keep" for name in one.accounts}
    rows = ground.stage.answer.plans
    needed = {row.account for row in rows if row.change == "cancel" and row.verdict == "keep"}
    problem = with_bound(found.problem, needed & staying)
    choice, lowest = _chosen(problem, asked)
    if choice.allocation.counts(1) != found.choice.allocation.counts(1):
        return found  # of several that cost the same another one was found
    return replace(found, problem=problem, choice=choice, lowest_usd=lowest)


def _even(ground: Ground, asked: Asked, found: Agreed) -> Agreed:
    """Of two accounts of which either can go and which save as much, give up the one `keep` would.

    It advises one of them, and says of the other that it cannot go beside that one.
    """
    says = {row.account: row for row in ground.stage.answer.plans if row.change == "cancel"}
    actions = found.choice.allocation.actions
    leaving = {name for one in actions if one.action == "cancel" for name in one.accounts}
    for name in sorted(leaving):
        row = says.get(name)
        rivals = [other for other in row.competes_with if other not in leaving] if row else []
        if not any(says[other].verdict in SAFE for other in rivals if other in says):
            continue
        own = with_bound(found.problem, {name})
        choice, lowest = _chosen(own, asked)
        more = choice.outcome.total_usd.mean() - found.choice.outcome.total_usd.mean()
        if more / asked.months <= EVEN_USD:
            return replace(found, choice=choice, lowest_usd=lowest)
    return found


def _chosen(problem: MonthlyProblem, asked: Asked) -> tuple[Choice, float | None]:
    """Choose within the ceiling; where it cannot be held, without, and give the lowest that can.

    What holds it by shipping nothing at all is no answer.
    """
    if asked.max_cost_usd is not None:
        ceiling = Ceiling(usd_per_feature=asked.max_cost_usd, share=CEILING_SHARE)
        with suppress(NoPlansError):
            found = choose_plans(problem, options=Options(ceiling=ceiling))
            kept = found.allocation.ceiling
            if kept is None or kept.is_kept:
                return found, None
            return choose_plans(problem), kept.smallest_usd
    return choose_plans(problem), None


def _refused(ground: Ground, choice: Choice) -> dict[str, KeepRow | None]:
    """Give the accounts that the choice gives up or makes smaller, and `keep` would not."""
    says = {
        (row.account, row.to): row
        for row in ground.stage.answer.plans
        if row.verdict == "keep" and row.reason != "plan-unknown"
    }
    return {
        name: says[name, one.to_plan]
        for one in choice.allocation.actions
        if one.action in ("cancel", "downgrade")
        for name in one.accounts
        if (name, one.to_plan) in says
    }


def _clashing(ground: Ground, choice: Choice) -> dict[str, KeepRow | None]:
    """Give the account to hold after all: given up with others, the weeks would be blocked.

    Where another plan comes in its place, `keep` is not asked: it knows of no new plans.
    """
    actions = choice.allocation.actions
    if any(one.action in ("add", "upgrade") for one in actions):
        return {}
    leaving = [name for one in actions if one.action == "cancel" for name in one.accounts]
    if len(leaving) < 2:
        return {}
    judged = ground.stage.together(leaving)
    if judged.verdict in SAFE or not judged.weeks:
        return {}
    saves = {row.account: row.saving_usd_month or 0.0 for row in ground.stage.answer.plans}
    return {min(leaving, key=lambda name: (saves.get(name, 0.0), name)): None}


def with_bound(problem: MonthlyProblem, accounts: Collection[str]) -> MonthlyProblem:
    """Give the problem in which some accounts are held for all its months."""

    def held(one: HeldAccount) -> HeldAccount:
        return replace(one, bound_months=problem.months) if one.account in accounts else one

    offers = tuple(
        replace(offer, held=tuple(held(one) for one in offer.held)) for offer in problem.offers
    )
    return replace(problem, offers=offers)


def _held_usd(problem: MonthlyProblem) -> float:
    """Give what the accounts cost that have to be held."""
    return sum(
        offer.usd_by_month[0] for offer in problem.offers for one in offer.held if one.bound_months
    )


def by_features(
    ground: Ground, asked: Asked, found: Offers, demand: FloatArray, *, row: DemandRow
) -> RebalanceAnswer:
    """Answer with the plans that cost least for the features that are wanted."""
    found_out = agreed(ground, asked, problem_of(ground, asked, found, demand))
    as_it_is = _as_it_is(found_out.problem)
    found_out, hysteresis = _settled(asked, found_out, as_it_is)
    problem, allocation = found_out.problem, found_out.choice.allocation
    actions = _actions(ground, found_out)
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
    """Give what would be chosen if things were otherwise; nothing where a ceiling forbids all."""
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


def _settled(asked: Asked, found: Agreed, as_it_is: Choice | None) -> tuple[Agreed, str | None]:
    """Change nothing where a change does not save surely or soon enough; say so.

    Where what is held breaks the budget or the ceiling, it has to change.
    """
    changes = [one for one in found.choice.allocation.actions if one.action != "keep"]
    if as_it_is is None or not changes or (asked.max_cost_usd and found.lowest_usd is None):
        return found, None
    worth = worth_of(
        as_it_is.outcome.total_usd,
        found.choice.outcome.total_usd,
        months=asked.months,
        accounts=sum(one.count for one in changes),
    )
    if worth.is_sure and worth.is_repaid:
        return found, None
    stays = replace(
        found.choice,
        allocation=as_it_is.allocation,
        plans=as_it_is.plans,
        outcome=as_it_is.outcome,
    )
    return replace(found, choice=stays), not_worth(worth, changes)


def _actions(ground: Ground, found: Agreed) -> tuple[ActionRow, ...]:
    """Give what is to be done, what saves most first; what stays comes last."""
    rows = [_action(ground, found, one) for one in found.choice.allocation.actions]
    return tuple(
        sorted(
            rows,
            key=lambda one: (
                one.action == "keep",
                one.month,
                -(one.saving_usd_month or 0.0),
                one.plan,
            ),
        )
    )


def _action(ground: Ground, found: Agreed, one: Action) -> ActionRow:
    saved = None
    if one.action != "keep" and one.month == 1:
        saved = _saved_by(found, one)
    return ActionRow(
        action=one.action,
        plan=one.plan,
        to_plan=one.to_plan,
        count=one.count,
        accounts=one.accounts,
        month=one.month,
        saving_usd_month=saved.usd if saved else None,
        more_features_month=saved.features if saved else None,
        probability=saved.probability if saved else None,
        before=_before(ground, one),
        reason=_reason(ground, found, one),
    )


class _Saved(NamedTuple):
    """What a change brings beside all the others without it, a month."""

    usd: float  # paid less
    features: float  # shipped more
    probability: float  # that it is better, features that are missing counted


def _saved_by(found: Agreed, one: Action) -> _Saved:
    """Tell what a change brings, case by case."""
    counts = found.choice.allocation.counts(1)
    without = undone(
        counts,
        plan=one.plan,
        to_plan=one.to_plan,
        count=one.count,
        is_bought=one.action == "add",
    )
    was, becomes = (value_of(found.choice.uses, own) for own in (without, counts))
    return _Saved(
        usd=tidy(float((was.cost_usd - becomes.cost_usd).mean())),
        features=tidy(float((becomes.features - was.features).mean())),
        probability=float((was.total_usd - becomes.total_usd > A_CENT).mean()),
    )


def _before(ground: Ground, one: Action) -> str | None:
    """Give the day before which it is to be done: the first renewal of its accounts."""
    today = ground.now.astimezone(ground.settings.zone).date()
    days = [ground.renewals[name] for name in one.accounts if name in ground.renewals]
    return min((next_renewal(day, today).isoformat() for day in days), default=None)


def _reason(ground: Ground, found: Agreed, one: Action) -> str:
    """Say why, with what the past weeks say of it."""
    if one.action == "keep":
        rows = [found.bound.get(name) for name in one.accounts]
        why = next((row.reason for row in rows if row is not None and row.reason), None)
        return "" if why is None else f"{KEEP_REASONS.get(why, why)} (portfolio keep)."
    if one.action == "add" and any(held.plan == one.plan for held in ground.held):
        return "See that the provider's terms allow you several accounts."
    if one.action not in ("cancel", "downgrade"):
        return ""
    says = {row.account: row for row in ground.stage.answer.plans if row.to == one.to_plan}
    for row in [says[name] for name in one.accounts if name in says]:
        if row.verdict in ("cancel", "either-or") and row.weeks:
            return f"All of the last {row.weeks} weeks would have fitted without it."
        if row.verdict == "keep" and row.reason is not None:
            return f"But: {KEEP_REASONS.get(row.reason, row.reason)} (portfolio keep)."
        if row.verdict in ("watch", "early-looks-safe", "not-measured"):
            return "The past weeks do not say yet whether all of them would have fitted."
    return ""
