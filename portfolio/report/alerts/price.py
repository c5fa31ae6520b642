"""An alert that the price of a plan one holds changed in the catalogue, or will change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta, tzinfo

from portfolio.model import Plan, PriceFact
from portfolio.report.alerts.alert import Alert
from portfolio.report.text import day, safe, usd

AGAIN_AFTER = timedelta(days=180)  # a price that came back after so long is news


def price_alerts(
    plans: Iterable[Plan],
    before: Mapping[str, float],
    *,
    ahead_days: float,
    zone: tzinfo,
    now: datetime,
) -> Iterator[Alert]:
    """Tell of each plan held whose price is another than at the last run, or soon will be.

    Args:
        plans: The plans held.
        before: Dollars a month by plan, as the last run saw them.
        ahead_days: How far ahead to look.
        zone: The user's.
        now: This moment.
    """
    for plan in plans:
        price, _ = plan.price_at(now)
        seen = before.get(plan.plan)
        if price is not None and seen is not None and price.usd_month != seen:
            yield _alert(plan, seen, price, "is now", about_at=now)
        for fact in plan.prices:
            is_soon = fact.since and now < fact.since <= now + timedelta(days=ahead_days)
            if fact.billing == "monthly" and fact.since and is_soon and price is not None:
                when = f"from {day(fact.since, zone)} on is"
                yield _alert(plan, price.usd_month, fact, when, about_at=fact.since)


def _alert(
    plan: Plan, before_usd: float, price: PriceFact, when: str, *, about_at: datetime
) -> Alert:
    return Alert(
        kind="price",
        subject=f"{plan.plan} {price.usd_month:.2f}",
        about_at=about_at,
        apart=AGAIN_AFTER,
        text=f"The price of {safe(plan.plan)} {when} {usd(price.usd_month)} a month; it was"
        f" {usd(before_usd)}.",
        command=f"portfolio plans show {safe(plan.plan)}",
    )
