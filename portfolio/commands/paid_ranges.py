"""Put the interval of what was paid for a feature beside each such figure of a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.estimate.money import PlanOf, paid
from portfolio.estimate.paid_ranges import PaidFor, paid_ranges
from portfolio.estimate.resample import RngFor

if TYPE_CHECKING:
    from portfolio.commands.paid_per_feature import ShippedOn
    from portfolio.commands.reporting import Facts
    from portfolio.report.answers.reporting import ReportAnswer


def with_paid_ranges(
    answer: ReportAnswer,
    facts: Facts,
    shipped: ShippedOn,
    *,
    plan_of: PlanOf,
    rng_for: RngFor,
) -> ReportAnswer:
    """Give the answer with the intervals of accounts, of all together, and of rows of an account.

    A provider's rows have none: its accounts' do, and the total. `shipped` is by account.
    """
    names = [account.account for account in answer.accounts]
    asked = [
        *(_paid_for(facts, [name], shipped[name], plan_of) for name in names),
        _paid_for(facts, names, _shipped(answer, facts), plan_of),
    ]
    *of_accounts, of_all = paid_ranges(asked, since=facts.since, until=facts.until, rng_for=rng_for)
    ranges = dict(zip(names, of_accounts, strict=True))
    return replace(
        answer,
        accounts=tuple(
            replace(account, paid_per_feature_range=ranges[account.account])
            for account in answer.accounts
        ),
        total=replace(answer.total, paid_per_feature_range=of_all),
        efficiency=tuple(
            replace(row, paid_per_feature_range=ranges[row.account])
            if row.account is not None and row.paid_per_feature_usd is not None
            else row
            for row in answer.efficiency
        ),
    )


def _paid_for(
    facts: Facts, accounts: Sequence[str], shipped: Mapping[str, datetime], plan_of: PlanOf
) -> PaidFor:
    def paid_in(begins_at: datetime, ends_at: datetime) -> float | None:
        known = _known(
            paid(name, facts.spans, since=begins_at, until=ends_at, plan_of=plan_of).usd
            for name in accounts
        )
        return None if known is None else sum(known)

    return PaidFor(shipped_at=list(shipped.values()), paid_in=paid_in)


def _known(amounts: Iterable[float | None]) -> list[float] | None:
    found = list(amounts)
    known = [amount for amount in found if amount is not None]
    return known if len(known) == len(found) else None


def _shipped(answer: ReportAnswer, facts: Facts) -> dict[str, datetime]:
    """Give when each feature of the total shipped, to the window where it was in one."""
    outside = set(answer.shipped_unlogged)
    found = {
        item.item: item.shipped.at
        for item in facts.work.items
        if item.item in outside and item.shipped is not None
    }
    for one in facts.seen:
        found.update(dict.fromkeys(one.work.shipped, one.window.start_at))
    return found
