"""What was paid for each account in a span, for how many features, and where it went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parsers.records import Unit
from portfolio.estimate.money import (
    PaidPart,
    PlanOf,
    movement,
    paid,
    split_paid,
    usd_per_unit,
)
from portfolio.estimate.shares import Shares, priced_pool
from portfolio.model import AccountSpan, MeterPoint, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPaid:
    """What one account cost in the span, and for how many shipped features."""

    account: str
    paid_usd: float | None  # None where a plan or price is not known
    features_shipped: int  # in its logged windows, those without a burn included
    paid_per_feature_usd: float | None
    status: str  # ok, no-features, price-unknown, or nothing-logged where there is no span yet


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideBurn:
    """How far a priced pool moved outside every logged window."""

    account: str
    pool: str
    unit: Unit
    burn: float  # in `unit`


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The money of a span, by account."""

    accounts: tuple[AccountPaid, ...]
    split: tuple[PaidPart, ...]
    outside: tuple[OutsideBurn, ...]
    has_assumed_price: bool


def ledger_of(
    shares: Shares,
    readings: Sequence[MeterPoint],
    *,
    spans: Sequence[AccountSpan],
    plan_of: PlanOf,
    since: datetime,
    until: datetime,
) -> Ledger:
    """Add up, for each account, what was paid, what it brought, and what became of it."""
    points: dict[str, list[MeterPoint]] = defaultdict(list)
    for point in readings:
        if point.account is not None:
            points[point.account].append(point)
    accounts, split, outside = [], [], []
    is_assumed = False
    for account in sorted({span.account for span in spans}):
        cost = paid(account, spans, since=since, until=until, plan_of=plan_of)
        is_assumed |= cost.is_assumed
        shipped = len(_shipped_on(account, shares))
        accounts.append(account_paid(account, cost.usd, shipped, has_span=since < until))
        plan = plan_of([one for one in spans if one.account == account][-1].plan)
        pool = priced_pool(plan, until, [one.pool for one in points[account]])
        outside_usd, known_share = 0.0, 0.0
        for unit, series in _by_unit(points[account], pool).items():
            moved = movement(series, pool or "", since=since, until=until)
            own = [one for one in shares.measured if (one.account, one.unit) == (account, unit)]
            burn = max(0.0, moved.moved - sum(one.burn for one in own))
            outside.append(OutsideBurn(account=account, pool=pool or "", unit=unit, burn=burn))
            outside_usd += burn * _worth(series[-1], plan, until)
            known_share = max(known_share, moved.known_share)
        if cost.usd is not None and since < until:
            in_windows = sum(
                one.burn_usd or 0.0 for one in shares.measured if one.account == account
            )
            split += split_paid(
                account,
                cost.usd,
                in_windows_usd=in_windows,
                outside_usd=outside_usd,
                known_share=known_share,
            )
    return Ledger(
        accounts=tuple(accounts),
        split=tuple(split),
        outside=tuple(outside),
        has_assumed_price=is_assumed,
    )


def account_paid(account: str, usd: float | None, shipped: int, *, has_span: bool) -> AccountPaid:
    """Share what an account (or several) cost over the features shipped on it."""
    known = usd if has_span else None
    status = "price-unknown" if known is None else "ok" if shipped else "no-features"
    return AccountPaid(
        account=account,
        paid_usd=known,
        features_shipped=shipped,
        paid_per_feature_usd=known / shipped if known is not None and shipped else None,
        status=status if has_span else "nothing-logged",
    )


def _shipped_on(account: str, shares: Shares) -> set[str]:
    observations = [one.observation for one in shares.measured if one.account == account]
    observations += [observation for observation, owner in shares.left_out if owner == account]
    return {item for observation in observations for item in observation.work.shipped}


def _worth(point: MeterPoint, plan: Plan | None, at: datetime) -> float:
    """Give the dollars of one unit at the price in force; 0 where they are not known."""
    price, _ = plan.price_at(at) if plan else (None, False)
    if price is None:
        return 0.0
    fact = plan.pools_at(at).get(point.pool) if plan else None
    cap = point.cap or (fact.cap if fact and fact.unit == point.unit else None)
    return usd_per_unit(price.usd_month, pool=point.pool, unit=point.unit, cap=cap) or 0.0


def _by_unit(points: Sequence[MeterPoint], pool: str | None) -> dict[Unit, list[MeterPoint]]:
    found: dict[Unit, list[MeterPoint]] = defaultdict(list)
    for point in points:
        if point.pool == pool:
            found[point.unit].append(point)
    return found
