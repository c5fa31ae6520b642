"""Dollars: what a unit of a pool is worth, and what was paid in a span."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final, TypeAlias

from parsers.records import Unit
from portfolio.model import (
    PP_CAP,
    WEEKS_PER_MONTH,
    AccountSpan,
    Plan,
    cycle_of,
)

PlanOf: TypeAlias = Callable[[str | None], Plan | None]

WEEK: Final = timedelta(days=7)
MONTH: Final = WEEK * WEEKS_PER_MONTH
ALWAYS: Final = datetime.min.replace(tzinfo=UTC)


def usd_per_unit(usd_month: float, *, pool: str, unit: Unit, cap: float | None) -> float | None:
    """Give the dollars that one unit of a pool is worth; None where its cap is not known.

    The price of a cycle, shared over its cap: price ÷ 4.345 × (cycle days ÷ 7) ÷ cap. A percentage
    point is a hundredth of the cap, whatever the cap is.

    Args:
        usd_month: The plan's price, dollars a month.
        pool: The priced pool.
        unit: What it counts in.
        cap: Its cap in that unit; not needed for percentage points.

    Example:
        >>> round(usd_per_unit(20.0, pool="week", unit="pp", cap=None), 4)
        0.046
    """
    cycle = cycle_of(pool)
    size = PP_CAP if unit == "pp" else cap
    if cycle is None or not size:
        return None
    return usd_month / WEEKS_PER_MONTH * (cycle / WEEK) / size


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What one account cost over a span."""

    account: str
    usd: float | None  # None where a plan or price is not known
    is_assumed: bool  # a price was used before the first date it is known for


def paid(
    account: str,
    spans: Sequence[AccountSpan],
    *,
    since: datetime,
    until: datetime,
    plan_of: PlanOf,
) -> Paid:
    """Add up what an account cost between two moments, at the prices of each day."""
    total, is_assumed = 0.0, False
    for span in spans:
        begin = max(since, span.since or ALWAYS)
        end = min(until, span.until or until)
        if span.account != account or end <= begin:
            continue
        plan = plan_of(span.plan)
        if plan is None or not plan.prices:
            return Paid(account=account, usd=None, is_assumed=False)
        for start, stop in _pieces(plan, begin, end):
            price, assumed = plan.price_at(start)
            if price is None:
                return Paid(account=account, usd=None, is_assumed=False)
            total += price.usd_month * ((stop - start) / MONTH)
            is_assumed |= assumed
    return Paid(account=account, usd=total, is_assumed=is_assumed)


def _pieces(plan: Plan, begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Cut a span where the price changes."""
    cuts = sorted(
        {fact.since for fact in plan.prices if fact.since is not None and begin < fact.since < end}
    )
    edges = [begin, *cuts, end]
    return list(pairwise(edges))
