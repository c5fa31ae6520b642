"""A month's tokens at API prices, beside what the plans cost in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from portfolio.commands.token_uses import Wanted, token_uses
from portfolio.estimate.break_even import BreakEven, break_even
from portfolio.estimate.money import MONTH, paid
from portfolio.estimate.token_spans import midnight
from portfolio.estimate.tokens import RECENT, TokenMonth, TokenUse, month_of
from portfolio.model import AccountSpan
from portfolio.report.answers.tokens import MonthOfTokens
from portfolio.settings import Settings
from portfolio.store import read

if TYPE_CHECKING:
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database


def month_of_tokens(
    database: Database, *, settings: Settings, catalogue: Catalogue, now: datetime
) -> MonthOfTokens | None:
    """Set a month's tokens at API prices beside what the plans cost; None where nothing was used.

    Both are of the last 30 days up to now, or since use began where that is later, made a month.
    """
    uses = token_uses(
        database, Wanted(zone=settings.zone, since=None, until=now, edges=(now - RECENT,))
    )
    if not uses:
        return None
    month = month_until(uses, midnight(min(use.day for use in uses), settings.zone), now)
    _, whole = plans_beside(uses, read.account_spans(database), month, catalogue)
    return None if whole is None else MonthOfTokens(month=month, total=whole)


def month_until(uses: Sequence[TokenUse], begin: datetime, until: datetime) -> TokenMonth:
    """Project a month from the last 30 days, or from the begin where that is later."""
    return month_of(uses, since=max(begin, until - RECENT), until=until)


def plans_beside(
    uses: Sequence[TokenUse],
    spans: Sequence[AccountSpan],
    month: TokenMonth | None,
    catalogue: Catalogue,
) -> tuple[list[BreakEven], BreakEven | None]:
    """Compare plans with tokens over the span that a month is projected from."""
    if month is None:
        return [], None
    lasted = timedelta(days=month.days)
    # Less than a day is projected as a whole one, so it is also paid for as one.
    costs = [
        paid(account, spans, since=month.until - lasted, until=month.until, plan_of=catalogue.get)
        for account in sorted({span.account for span in spans})
    ]
    return break_even(
        [use for use in uses if month.since <= use.at < month.until],
        costs,
        provider_of={span.account: span.provider for span in spans},
        months=lasted / MONTH,
    )
