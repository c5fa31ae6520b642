"""A choice of plans that `keep` does not contradict."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from portfolio.errors import BudgetTooSmallError
from portfolio.rebalance.monthly.choosing import Choice, NoPlansError
from portfolio.rebalance.monthly.problem import Ceiling, Chance, Cvar, MonthlyProblem, Options
from portfolio.rebalance.monthly.robust import choose_plans
from portfolio.rebalance.verdict import SAFE

if TYPE_CHECKING:
    from portfolio.commands.monthly_ground import Ground
    from portfolio.commands.rebalancing import Asked
    from portfolio.rebalance.monthly.problem import HeldAccount
    from portfolio.report.answers.keep import KeepRow

CEILING_SHARE: Final = 0.95  # of the cases in which a ceiling has to hold
EVEN_USD: Final = 1.0  # a month: less is no reason to say otherwise than `keep`


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """A choice that `keep` does not contradict."""

    problem: MonthlyProblem
    choice: Choice
    bound: Mapping[str, KeepRow | None]  # accounts that `keep` would not give up; None: together
    lowest_usd: float | None  # a feature: the lowest ceiling that can be held, where it cannot be


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

    What holds it by shipping nothing at all is no answer. If features cannot be had as surely as it
    is asked, that is left aside too, which the answer tells.
    """
    options = options_of(asked)
    if asked.max_cost_usd is not None:
        ceiling = Ceiling(usd_per_feature=asked.max_cost_usd, share=CEILING_SHARE)
        with suppress(NoPlansError):
            found = choose_plans(problem, options=replace(options, ceiling=ceiling))
            kept = found.allocation.ceiling
            return found, kept.smallest_usd if kept else None
    return _as_sure(problem, options), None


def _as_sure(problem: MonthlyProblem, options: Options) -> Choice:
    """Choose as surely as it is asked; where that cannot be, by cost alone."""
    if options.chance is not None:
        with suppress(NoPlansError):
            return choose_plans(problem, options=options)
    return choose_plans(problem, options=replace(options, chance=None))


def options_of(asked: Asked) -> Options:
    """Give what is asked of all cases together, but for the ceiling."""
    return Options(
        chance=Chance(share=asked.sure_share) if asked.sure_share is not None else None,
        cvar=Cvar(weight=asked.worst_weight) if asked.worst_weight else None,
    )


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
