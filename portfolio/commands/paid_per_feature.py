"""What was paid for each feature that shipped: of an account, of a provider, and of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from portfolio.commands.item_turns import ItemTurns
from portfolio.estimate.ledger import AccountPaid, account_paid, shipped_on
from portfolio.estimate.rows import EfficiencyRow
from portfolio.report.answers.reporting import TotalPaid

if TYPE_CHECKING:
    from portfolio.commands.reporting import Facts

ShippedOn: TypeAlias = Mapping[str, Mapping[str, datetime]]  # account, feature, when it did


def shipped_in_windows(facts: Facts) -> dict[str, dict[str, datetime]]:
    """Give what shipped on each account in its logged windows."""
    return {one.account: shipped_on(one.account, facts.shares) for one in facts.ledger.accounts}


def shipped_everywhere(facts: Facts, turns: Mapping[str, ItemTurns]) -> ShippedOn:
    """Give what shipped on each account.

    A feature of no logged window, or of one that tells of no account, is on that of most turns.
    """
    found = shipped_in_windows(facts)
    asked = _shipped(facts).difference(*found.values())
    for item in facts.work.items:
        if item.item in asked and item.item in turns and item.shipped is not None:
            found.get(turns[item.item].account or "", {})[item.item] = item.shipped.at
    return found


def accounts_paid(facts: Facts, shipped: ShippedOn) -> tuple[AccountPaid, ...]:
    """Share what each account cost over what shipped on it."""
    return tuple(
        account_paid(
            one.account,
            one.paid_usd,
            len(shipped[one.account]),
            has_span=facts.since < facts.until,
        )
        for one in facts.ledger.accounts
    )


def total_paid(facts: Facts) -> TotalPaid:
    """Join all accounts, over every feature that shipped in the span, logged or not."""
    total = _joined(facts.ledger.accounts, _shipped(facts), facts)
    return TotalPaid(
        paid_usd=total.paid_usd,
        features_shipped=total.features_shipped,
        paid_per_feature_usd=total.paid_per_feature_usd,
        status=total.status,
    )


def rows_paid(
    rows: Sequence[EfficiencyRow], facts: Facts, by: str | None, shipped: ShippedOn
) -> list[EfficiencyRow]:
    """Put what was paid beside each row that has an account, or all of a provider's, to itself."""
    paid = {account.account: account for account in accounts_paid(facts, shipped)}
    counts: dict[str | None, int] = defaultdict(int)
    for row in rows:
        counts[row.account] += 1
    # An account whose windows lie in no row is not shared: only rows share it.
    found = []
    for row in rows:
        own = None
        if by in (None, "account") and row.account and counts[row.account] == 1:
            own = paid[row.account]
        elif by == "provider":
            names = sorted({one.account for one in facts.spans if one.provider == row.provider})
            items = {item for name in names for item in shipped[name]}
            own = _joined([paid[name] for name in names], items, facts)
        note = ("price-assumed",) if facts.ledger.has_assumed_price and own else ()
        found.append(
            replace(
                row,
                paid_per_feature_usd=own.paid_per_feature_usd if own else None,
                paid_status=own.status if own else "account-level",
                notes=tuple(dict.fromkeys((*row.notes, *note))),
            )
        )
    return found


def _joined(accounts: Sequence[AccountPaid], shipped: set[str], facts: Facts) -> AccountPaid:
    """Join what some accounts cost; a feature that shipped on two of them counts once."""
    known = [account.paid_usd for account in accounts if account.paid_usd is not None]
    usd = sum(known) if len(known) == len(accounts) and known else None
    return account_paid("", usd, len(shipped), has_span=facts.since < facts.until)


def _shipped(facts: Facts) -> set[str]:
    """Give the features that shipped in the span."""
    return {item for one in facts.seen for item in one.work.shipped} | set(shipped_unlogged(facts))


def shipped_unlogged(facts: Facts) -> tuple[str, ...]:
    """Give the features that shipped in the span in no logged window."""
    return tuple(
        sorted(
            item.item
            for item in facts.work.items
            if item.is_feature
            and item.outcome == "shipped"
            and item.shipped is not None
            and (facts.since <= item.shipped.at or facts.since >= facts.until)
            and item.shipped.at < facts.until
            and facts.work.credits.window_of(item.shipped) is None
        )
    )
