"""Weeks as the user counts them, cut from what the report is computed from."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final, NamedTuple

from portfolio.estimate.money import paid
from portfolio.estimate.week_history import BurnedWindow, History
from portfolio.settings import Settings, week_begins

if TYPE_CHECKING:
    from portfolio.commands.reporting import Facts
    from portfolio.estimate.money import PlanOf
    from portfolio.estimate.shares import Share

WEEK_AND_A_DAY: Final = timedelta(days=8)  # surely in the next week, be its days 23 or 25 hours


class Calendar(NamedTuple):
    """How the user counts weeks; asked of the settings once, as a zone is a file to be read."""

    zone: tzinfo
    first_day: str  # of a week

    def week(self, at: datetime) -> tuple[datetime, datetime]:
        """Give when the week of a moment begins and ends, in UTC."""
        begins = week_begins(at, self.zone, first_day=self.first_day)
        ends = week_begins(begins + WEEK_AND_A_DAY, self.zone, first_day=self.first_day)
        return begins, ends

    def whole_weeks(self, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
        """Give the whole weeks from that of one moment up to another, oldest first."""
        found = []
        begins, ends = self.week(since)
        while ends <= until:
            found.append((begins, ends))
            begins, ends = self.week(ends)
        return found

    def name(self, begins_at: datetime) -> str:
        """Name a week by its first day."""
        return begins_at.astimezone(self.zone).date().isoformat()


def calendar_of(settings: Settings) -> Calendar:
    """Give how weeks are counted, as set."""
    return Calendar(settings.zone, settings.week_start)


def history_of(facts: Facts, plan_of: PlanOf, *, since: datetime, until: datetime) -> History:
    """Give what shipped and was burned between two moments, and what was paid in any week."""
    accounts = sorted({span.account for span in facts.spans})

    def paid_in(begins_at: datetime, ends_at: datetime) -> float | None:
        costs = [
            paid(account, facts.spans, since=begins_at, until=ends_at, plan_of=plan_of).usd
            for account in accounts
        ]
        known = [usd for usd in costs if usd is not None]
        return sum(known) if known and len(known) == len(costs) else None

    shipped = [
        item.shipped.at
        for item in facts.work.items
        if item.is_feature
        and item.outcome == "shipped"
        and item.shipped is not None
        and since <= item.shipped.at < until
    ]
    return History(shipped, _windows(facts, plan_of, since, until), paid=paid_in)


def _windows(facts: Facts, plan_of: PlanOf, since: datetime, until: datetime) -> list[BurnedWindow]:
    """Give the windows whose whole burn is known in dollars; others lose burn and features."""
    shares: dict[str, list[Share]] = defaultdict(list)
    for share in facts.shares.measured:
        if since <= share.observation.window.start_at < until:
            shares[share.observation.window.window].append(share)
    features: dict[str, set[str]] = defaultdict(set)
    for one in facts.seen:
        if one.window.window in shares:
            features[one.window.window].update(one.work.shipped)
    found = []
    for name, own in shares.items():
        usd = [share.burn_usd for share in own]
        known = [amount for amount in usd if amount is not None]
        if len(known) < len(own) or any(share.unmeasured for share in own):
            continue
        then = sum(
            amount * _price_ratio(share, plan_of, priced_at=facts.until)
            for amount, share in zip(known, own, strict=True)
        )
        start_at = own[0].observation.window.start_at
        found.append(BurnedWindow(start_at, len(features[name]), sum(known), then))
    return found


def _price_ratio(share: Share, plan_of: PlanOf, *, priced_at: datetime) -> float:
    """Give what a plan's price was when the window was worked, over what it is priced at."""
    plan = plan_of(share.plan)
    if plan is None or len(plan.prices) < 2:
        return 1.0
    then, _ = plan.price_at(share.observation.window.start_at)
    now, _ = plan.price_at(priced_at)
    return then.usd_month / now.usd_month if then and now and now.usd_month else 1.0
