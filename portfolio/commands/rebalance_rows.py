"""An allocation as the rows of the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from portfolio.report.answers.rebalance import CeilingRow, HoldRow, MonthFigures
from portfolio.report.text import plural, usd

if TYPE_CHECKING:
    from portfolio.rebalance.monthly.plan import Allocation, CeilingKept, Expected
    from portfolio.rebalance.monthly.problem import MonthlyProblem

STAYING: Final = ("keep",)


def hold_rows(
    allocation: Allocation, problem: MonthlyProblem, *, month: int = 1
) -> tuple[HoldRow, ...]:
    """Give how many of each plan are held in a month, and which of the accounts of now stay."""
    prices = {offer.plan: offer.usd_by_month[month - 1] for offer in problem.offers}
    names = {offer.plan: [one.account for one in offer.held] for offer in problem.offers}
    gone = {
        account
        for one in allocation.actions
        if one.action not in STAYING and one.month <= month
        for account in one.accounts
    }
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


def ceiling_row(kept: CeilingKept | None, *, wanted_share: float) -> CeilingRow | None:
    """Say whether the ceiling holds, and what is missing if not."""
    if kept is None:
        return None
    return CeilingRow(
        usd_per_feature=kept.usd_per_feature,
        share=kept.share,
        wanted_share=wanted_share,
        is_kept=kept.is_kept,
        missing=None if kept.is_kept else _missing(kept),
        smallest_usd=kept.smallest_usd,
    )


def _missing(kept: CeilingKept) -> str:
    """Say what would have to be given up, or paid."""
    told: list[str] = []
    if kept.short is not None and kept.short > 0:
        told.append(f"it would leave out {plural(max(1, round(kept.short)), 'feature')} on average")
    if kept.smallest_usd is not None:
        told.append(f"{usd(kept.smallest_usd - kept.usd_per_feature)} a feature more")
    return _joined(told) or "cheaper plans, or features that take less"


def _joined(words: Sequence[str]) -> str:
    return ", or ".join(words)
