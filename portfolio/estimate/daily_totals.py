"""Day by day: what the tokens would have cost at API prices, what was paid, and the difference.

Paid is what the plans cost in the day's hours, at the prices of that day. Set against it are the
tokens of the providers that an account is held at: what others bill by the token is no saving.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal, TypeAlias

from portfolio.estimate.money import PlanOf, paid
from portfolio.estimate.ownership import provider_of_model
from portfolio.estimate.token_spans import midnight
from portfolio.estimate.tokens import TokenUse, priced, total
from portfolio.model import AccountSpan, TokenCount

TokensStatus: TypeAlias = Literal["priced", "partly-priced", "unpriced", "no-use", "not-logged"]
PaidStatus: TypeAlias = Literal["ok", "no-account", "price-unknown"]
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyTotal:
    """One day, in the user's zone; of the first and the last only what lies in the span."""

    day: str  # ISO
    at_api_prices_usd: float | None  # None: nothing is priced, or no log reaches back so far
    spent_usd: float | None  # None: no account was held, or a plan or price is not known
    saved_usd: float | None  # at API prices − spent; None where either is not known
    tokens: int | None  # of the providers that an account is held at; None: not logged
    unpriced_tokens: int | None  # those among them without a price, so not in the dollars
    tokens_status: TokensStatus
    spent_status: PaidStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class DailySum:
    """All days of which both the tokens' dollars and what was paid are known."""

    since: datetime | None  # None: there is no day
    until: datetime  # not included
    days: int
    days_known: int  # those that are added up
    at_api_prices_usd: float | None  # here and below: None where no day is known
    spent_usd: float | None
    saved_usd: float | None  # at API prices − spent
    unpriced_tokens: int  # of all days
    other_tokens: int  # of providers that no account is held at, in no row
    is_at_least: bool  # some tokens have no price, so more was saved


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyTotals:
    """Every day of a span, and what they add up to."""

    rows: tuple[DailyTotal, ...]  # oldest first
    total: DailySum


def daily_totals(
    uses: Sequence[TokenUse],
    spans: Sequence[AccountSpan],
    *,
    plan_of: PlanOf,
    since: datetime | None,
    until: datetime,
    zone: tzinfo,
) -> DailyTotals:
    """Add up every day of a span.

    Args:
        uses: Every use before `until`, cut at `since`; what lies before tells since when there
            are logs.
        spans: Which accounts were held.
        plan_of: Gives a plan by its id.
        since: The begin; None: the first day with use.
        until: The end, not included.
        zone: Of the days.
    """
    first = min((use.day for use in uses), default=None)
    begin = since or (None if first is None else midnight(first, zone))
    held = {span.provider for span in spans}
    counts: dict[date, list[TokenCount]] = defaultdict(list)
    others = 0
    for use in uses:
        if begin is None or use.at < begin:
            continue
        if provider_of_model(use.model) in held:
            counts[use.day].append(use.counted)
        else:
            others += use.counted.tokens
    rows = []
    for day in _days(begin, until, zone):
        start, end = midnight(day, zone), midnight(day + DAY, zone)
        spent, status = _spent(
            spans, plan_of, since=max(start, begin or start), until=min(end, until)
        )
        is_logged = first is not None and first <= day
        rows.append(_row(day, counts.get(day, []), spent, status, is_logged=is_logged))
    return DailyTotals(rows=tuple(rows), total=_sum(rows, begin, until, others))


def _days(begin: datetime | None, until: datetime, zone: tzinfo) -> Iterable[date]:
    if begin is None or begin >= until:
        return []
    first = begin.astimezone(zone).date()
    last = (until - timedelta(microseconds=1)).astimezone(zone).date()
    return [first + DAY * n for n in range((last - first).days + 1)]


def _spent(
    spans: Sequence[AccountSpan], plan_of: PlanOf, *, since: datetime, until: datetime
) -> tuple[float | None, PaidStatus]:
    """Give what all accounts cost between two moments."""
    held = sorted(
        {
            span.account
            for span in spans
            if (span.since is None or span.since < until)
            and (span.until is None or span.until > since)
        }
    )
    if not held:
        return None, "no-account"
    costs = [paid(one, spans, since=since, until=until, plan_of=plan_of).usd for one in held]
    known = [usd for usd in costs if usd is not None]
    return (math.fsum(known), "ok") if len(known) == len(held) else (None, "price-unknown")


def _row(
    day: date,
    counts: Sequence[TokenCount],
    spent: float | None,
    spent_status: PaidStatus,
    *,
    is_logged: bool,
) -> DailyTotal:
    counted = total(counts)
    status: TokensStatus = "no-use" if is_logged else "not-logged"
    if counts:
        status = priced(counted)
    usd = None if status in ("unpriced", "not-logged") else counted.usd
    return DailyTotal(
        day=day.isoformat(),
        at_api_prices_usd=usd,
        spent_usd=spent,
        saved_usd=None if usd is None or spent is None else usd - spent,
        tokens=None if status == "not-logged" else counted.tokens,
        unpriced_tokens=None if status == "not-logged" else counted.unpriced_tokens,
        tokens_status=status,
        spent_status=spent_status,
    )


def _sum(
    rows: Sequence[DailyTotal], begin: datetime | None, until: datetime, others: int
) -> DailySum:
    known = [
        (row.at_api_prices_usd, row.spent_usd)
        for row in rows
        if row.at_api_prices_usd is not None and row.spent_usd is not None
    ]
    worth = math.fsum(usd for usd, _ in known) if known else None
    spent = math.fsum(usd for _, usd in known) if known else None
    return DailySum(
        since=begin if rows else None,
        until=until,
        days=len(rows),
        days_known=len(known),
        at_api_prices_usd=worth,
        spent_usd=spent,
        saved_usd=None if worth is None or spent is None else worth - spent,
        unpriced_tokens=sum(row.unpriced_tokens or 0 for row in rows),
        other_tokens=others,
        is_at_least=any(row.tokens_status == "partly-priced" for row in rows),
    )
