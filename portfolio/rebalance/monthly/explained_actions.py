"""What each action of this month saves: the best that could be done without it, beside the plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from portfolio.rebalance.monthly.answering import tidy
from portfolio.rebalance.monthly.choosing import Choice, choose_again
from portfolio.rebalance.monthly.draft import Row
from portfolio.rebalance.monthly.plan import Action

A_CENT: Final = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What an action saves beside the best without it, over the same scenarios."""

    action: Action
    usd_month: float | None  # in the mean, missing features counted; None: it has to be
    probability: float | None  # of the scenarios in which it saves anything


def savings(choice: Choice) -> tuple[Saving, ...]:
    """Tell of each action of month 1 what it saves; the other plans may change without it."""
    return tuple(_saving(choice, one) for one in choice.allocation.actions if one.month == 1)


def _saving(choice: Choice, action: Action) -> Saving:
    without = choose_again(choice, also=list(without_action(choice, action)))
    if without is None:
        return Saving(action=action, usd_month=None, probability=None)
    saved = without.outcome.total_usd - choice.outcome.total_usd
    return Saving(
        action=action,
        usd_month=tidy(float(saved.mean()) / choice.buying.problem.months),
        probability=float((saved > A_CENT).mean()),
    )


def without_action(choice: Choice, action: Action) -> Iterator[Row]:
    """Undo what it does, all months: x_jt <= x*_jt - n of what is held by it; cancelled: >= x* + n.

    Of a cancelled plan what is held is more, of any other that which the action has us hold less.
    """
    buying = choice.buying
    names = [offer.plan for offer in buying.problem.offers]
    plan = action.to_plan or action.plan
    for month in range(1, buying.problem.months + 1):
        chosen = choice.allocation.counts(month).get(plan, 0)
        count = buying.counts[names.index(plan), month]
        name = f"without {action.action} {plan} t{month:02}"
        if action.action == "cancel":
            most = buying.problem.offers[names.index(plan)].most
            least = float(min(chosen + action.count, most))
            yield Row(name, count.terms, ">=", least - count.number)
        else:
            most_left = float(max(chosen - action.count, 0))
            yield Row(name, count.terms, "<=", most_left - count.number)
