"""When each change of the monthly answer holds, and what is paid for it on that day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from portfolio.rebalance.proration import Bill, added, cancelled, downgraded, upgraded

if TYPE_CHECKING:
    from portfolio.commands.monthly_ground import Ground
    from portfolio.rebalance.monthly.plan import Action
    from portfolio.rebalance.monthly.problem import MonthlyProblem, Offer


def bill_of(
    ground: Ground, problem: MonthlyProblem, actions: Iterable[Action], one: Action
) -> Bill | None:
    """Give the first day of a change and what all its accounts cost then; None of a later month.

    Args:
        ground: What is held, and when it is paid.
        problem: The plans and their prices.
        actions: All that is to be done.
        one: The change that is asked about.
    """
    if one.action == "keep" or one.month > 1:
        return None
    today = ground.now.astimezone(ground.settings.zone).date()
    offers = {offer.plan: offer for offer in problem.offers}
    if one.action == "add":
        bill = added(_ending(ground, actions, today), today, usd=_first_usd(offers[one.plan]))
        return Bill(on=bill.on, usd=bill.usd and bill.usd * one.count)
    bills = [_given_up(ground, offers, one, name, today) for name in one.accounts]
    known = [bill.usd for bill in bills if bill.usd is not None]
    return Bill(
        on=min((bill.on for bill in bills), default=today),
        usd=sum(known) if len(known) == len(bills) else None,
    )


def _given_up(
    ground: Ground, offers: dict[str, Offer], one: Action, account: str, today: date
) -> Bill:
    """Say it of one account that leaves its plan."""
    day = ground.renewals.get(account)
    if one.to_plan is None:
        return cancelled(day, today)
    to_usd, offer = offers[one.to_plan].usd_by_month[0], offers[one.plan]
    if one.action == "downgrade":
        return downgraded(day, today, to_usd=to_usd)
    usd, is_credited = offer.usd_by_month[0], offer.is_upgrade_credited
    return upgraded(day, today, usd=usd, to_usd=to_usd, is_credited=is_credited)


def _ending(ground: Ground, actions: Iterable[Action], today: date) -> Sequence[date]:
    """Give the days on which accounts end that are given up or made smaller."""
    return [
        cancelled(ground.renewals.get(name), today).on
        for one in actions
        if one.action in ("cancel", "downgrade") and one.month == 1
        for name in one.accounts
    ]


def _first_usd(offer: Offer) -> float:
    """Give what a new account costs in its first month."""
    usual = offer.usd_by_month[0]
    return min(offer.promo.usd_month, usual) if offer.promo else usual
