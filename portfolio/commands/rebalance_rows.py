"""An allocation as the rows of the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from portfolio.rebalance.hysteresis import REPAID_MONTHS, SURE
from portfolio.rebalance.monthly.problem import Chance
from portfolio.report.answers.rebalance import CeilingRow, HoldRow, MonthFigures, SureRow
from portfolio.report.text import cases, safe, usd

if TYPE_CHECKING:
    from portfolio.rebalance.hysteresis import Worth
    from portfolio.rebalance.monthly.choosing import Choice
    from portfolio.rebalance.monthly.plan import Action, Allocation, Expected
    from portfolio.rebalance.monthly.problem import MonthlyProblem

STAYING: Final = ("keep",)


def hold_rows(
    allocation: Allocation, problem: MonthlyProblem, *, month: int = 1
) -> tuple[HoldRow, ...]:
    """Give how many of each plan are held in a month, and which accounts of now are on it."""
    prices = {offer.plan: offer.usd_by_month[month - 1] for offer in problem.offers}
    names = {offer.plan: [one.account for one in offer.held] for offer in problem.offers}
    gone = {
        account
        for one in allocation.actions
        if one.action not in STAYING and one.month <= month
        for account in one.accounts
    }
    for one in allocation.actions:
        if one.to_plan is not None and one.month <= month:
            names[one.to_plan] = [*names[one.to_plan], *one.accounts]
            gone -= set(one.accounts)
            names[one.plan] = [name for name in names[one.plan] if name not in one.accounts]
    return tuple(
        HoldRow(
            plan=plan,
            count=count,
            price_usd=prices[plan],
            accounts=tuple(name for name in names[plan] if name not in gone),
        )
        for plan, count in sorted(allocation.counts(month).items())
    )


def plans_only(counts: Mapping[str, int], problem: MonthlyProblem) -> tuple[HoldRow, ...]:
    """Give a set of plans as rows, nobody's."""
    prices = {offer.plan: offer.usd_by_month[0] for offer in problem.offers}
    return tuple(
        HoldRow(plan=plan, count=count, price_usd=prices[plan], accounts=())
        for plan, count in sorted(counts.items())
        if count
    )


def figures(expected: Expected) -> MonthFigures:
    """Give what an average month brings."""
    months = len(expected.months)
    plans = sum(one.subscription_usd for one in expected.months) / months
    return MonthFigures(
        cost_usd=expected.cost_usd / months,
        features=expected.features / months,
        cost_per_feature_usd=expected.cost_per_feature_usd,
        plans_usd=plans,
        api_usd=sum(one.api_usd for one in expected.months) / months,
        short=sum(expected.short) / months,
    )


def ceiling_row(
    choice: Choice, asked_usd: float | None, *, lowest_usd: float | None, wanted_share: float
) -> CeilingRow | None:
    """Say whether the ceiling holds, and what is missing if not; None: none was asked for.

    Args:
        choice: Within the ceiling; where it cannot be held, what costs least.
        asked_usd: A feature.
        lowest_usd: The lowest that can be held with no feature left out; None: not known.
        wanted_share: Of the cases, in which it has to hold.
    """
    import numpy as np

    if asked_usd is None:
        return None
    outcome = choice.outcome
    each = outcome.cost_usd / np.maximum(outcome.shipped.sum(axis=(1, 2)), 1e-9)
    kept = choice.allocation.ceiling
    is_kept = kept is not None and kept.is_kept
    if not is_kept and lowest_usd is None:
        lowest_usd = float(np.quantile(each, wanted_share, method="higher"))
    return CeilingRow(
        usd_per_feature=asked_usd,
        share=float((each <= asked_usd * (1 + 1e-6)).mean()),
        wanted_share=wanted_share,
        is_kept=is_kept,
        missing=None
        if is_kept or lowest_usd is None
        else f"{usd(max(0.0, lowest_usd - asked_usd))} a feature",
        smallest_usd=None if is_kept else lowest_usd,
    )


def sure_share(choice: Choice) -> float:
    """Give the share of the cases in which next to no feature is missing in any month."""
    import numpy as np

    outcome = choice.outcome
    wanted = (outcome.shipped + outcome.short).sum(axis=2)
    few = Chance().short_share * wanted + 1e-6
    return float(np.all(outcome.short.sum(axis=2) <= few, axis=1).mean())


def sure_row(choice: Choice, asked: float | None) -> SureRow | None:
    """Say in how many of the cases next to no feature is missing; None: nothing was asked."""
    if asked is None:
        return None
    share = sure_share(choice)
    return SureRow(
        share=share,
        wanted_share=asked,
        is_kept=share >= asked - 1e-9,
        short_share=Chance().short_share,
    )


def not_worth(worth: Worth, changes: Sequence[Action]) -> str:
    """Say what was found and is not proposed, and why."""
    deeds = " and ".join(_deed(one) for one in changes)
    told = f"To {deeds} would save {usd(worth.saving_usd_month)} a month on average"
    if not worth.is_sure:
        sure = f"{round(SURE * 100)} are asked"
        return f"{told}, but is the better choice in only {cases(worth.probability)} ({sure})."
    return f"{told}, which does not repay the trouble within {REPAID_MONTHS:g} months."


def _deed(one: Action) -> str:
    """Write a change as a person would."""
    many = f"{one.count} × " if one.count > 1 else ""
    who = " and ".join(map(safe, one.accounts)) or f"{many}{safe(one.plan)}"
    return f"{one.action} {who}{f' to {safe(one.to_plan)}' if one.to_plan else ''}"
