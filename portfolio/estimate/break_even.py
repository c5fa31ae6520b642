"""What the plans cost beside what the same tokens would have cost at the providers' APIs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from portfolio.estimate.money import Paid
from portfolio.estimate.ownership import provider_of_model
from portfolio.estimate.tokens import TokenUse, share, total
from portfolio.model import TokenCount

Status: TypeAlias = Literal["ok", "at-least", "unpriced", "no-use", "no-account", "plan-unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """A provider's plans against its tokens at API prices, both for a month."""

    provider: str | None  # None in the total; "" for models that no known provider sells
    accounts: tuple[str, ...]
    paid_usd_month: float | None
    tokens_usd_month: float | None
    times: float | None  # tokens ÷ paid; over 1 the plans are cheaper
    unpriced_share: float | None  # 0 to 1, of the tokens: as dear as unknown, so not in the dollars
    is_assumed: bool  # a plan's price was used before the first date it is known for
    status: Status  # at-least: some tokens have no price


def break_even(
    uses: Sequence[TokenUse], paid: Iterable[Paid], *, provider_of: Mapping[str, str], months: float
) -> tuple[list[BreakEven], BreakEven]:
    """Compare plans with tokens, by provider and in total.

    The total joins the providers whose plans have a known price: tokens of the others would be set
    against nothing.

    Args:
        uses: What was used in the span.
        paid: What each account cost in it.
        provider_of: Who sells each account's plan.
        months: The span's length in months, above zero.
    """
    counts: dict[str, list[TokenCount]] = defaultdict(list)
    for use in uses:
        counts[provider_of_model(use.model) or ""].append(use.counted)
    accounts: dict[str, list[Paid]] = defaultdict(list)
    for one in paid:
        accounts[provider_of[one.account]].append(one)
    rows = {
        provider: _row(provider, accounts[provider], total(counts[provider]), months=months)
        for provider in sorted({*counts, *accounts}, key=lambda name: (not name, name))
    }
    known = [provider for provider, row in rows.items() if row.paid_usd_month is not None]
    whole = _row(
        None,
        [one for provider in known for one in accounts[provider]],
        total(count for provider in known for count in counts[provider]),
        months=months,
    )
    return list(rows.values()), whole


def _row(
    provider: str | None, accounts: Sequence[Paid], counted: TokenCount, *, months: float
) -> BreakEven:
    known = [one.usd for one in accounts if one.usd is not None]
    paid = sum(known) / months if known and len(known) == len(accounts) else None
    status = _status(accounts, counted, is_paid=paid is not None)
    # Tokens without any price are not worth nothing.
    usd = None if counted.tokens and counted.unpriced_tokens == counted.tokens else counted.usd
    worth = None if usd is None else usd / months
    return BreakEven(
        provider=provider,
        accounts=tuple(sorted(one.account for one in accounts)),
        paid_usd_month=paid,
        tokens_usd_month=worth,
        times=share(worth, paid) if worth is not None and paid is not None else None,
        unpriced_share=share(counted.unpriced_tokens, counted.tokens),
        is_assumed=any(one.is_assumed for one in accounts),
        status=status,
    )


def _status(accounts: Sequence[Paid], counted: TokenCount, *, is_paid: bool) -> Status:
    if not accounts:
        return "no-account"
    if not is_paid:
        return "plan-unknown"
    if not counted.tokens:
        return "no-use"
    if counted.unpriced_tokens == counted.tokens:
        return "unpriced"
    return "at-least" if counted.unpriced_tokens else "ok"
