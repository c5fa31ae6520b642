"""What was paid for each account in a span, for how many features, and what burned beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parsers.records import Unit
from portfolio.estimate.account_spend import Meter, Stay, meter_of, stays_in
from portfolio.estimate.interval import Interval
from portfolio.estimate.money import PlanOf, paid
from portfolio.estimate.movement import movements
from portfolio.estimate.observations import Observation
from portfolio.estimate.shares import Share, Shares, span_at
from portfolio.model import PP_CAP, AccountSpan, MeterPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPaid:
    """What one account cost in the span, and for how many shipped features."""

    account: str
    paid_usd: float | None  # None where a plan or price is not known
    features_shipped: int
    """In its logged windows, those without a burn included; in none of them: by turns."""
    paid_per_feature_usd: float | None
    status: str  # ok, no-features, price-unknown, or nothing-logged where there is no span yet
    paid_per_feature_range: Interval | None = None  # None: under four weeks, or price unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideBurn:
    """How far a priced pool moved outside every logged window."""

    account: str
    plan: str | None  # the stay it was in
    pool: str
    unit: Unit
    burn: float  # in `unit`


@dataclass(frozen=True, slots=True)
class PaidStay:
    """An account's stay on one plan in the span, and what its meter showed."""

    span: AccountSpan
    stay: Stay
    meter: Meter | None  # of the priced pool; None: it was never read


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The money of a span, by account."""

    accounts: tuple[AccountPaid, ...]
    stays: tuple[PaidStay, ...]
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
    """Add up, for each account, what was paid, what it brought, and what burned beside windows."""
    points: dict[str, list[MeterPoint]] = defaultdict(list)
    for point in readings:
        if point.account is not None:
            points[point.account].append(point)
    accounts: list[AccountPaid] = []
    stays: list[PaidStay] = []
    outside: list[OutsideBurn] = []
    is_assumed = False
    for account in sorted({span.account for span in spans}):
        own = [span for span in spans if span.account == account]
        cost = paid(account, own, since=since, until=until, plan_of=plan_of)
        is_assumed |= cost.is_assumed
        shipped = len(shipped_on(account, shares))
        accounts.append(account_paid(account, cost.usd, shipped, has_span=since < until))
        for span in own:
            mine = _in_span(shares, own, span)
            units = [share.unit for share in mine.measured]
            for stay in stays_in([span], since=since, until=until):
                meter = meter_of(stay, points[account], plan_of=plan_of, measured_in=units)
                stays.append(PaidStay(span, stay, meter))
                outside += [_outside(meter, mine)] if meter is not None else []
    return Ledger(
        accounts=tuple(accounts),
        stays=tuple(stays),
        outside=tuple(outside),
        has_assumed_price=is_assumed,
    )


def _in_span(shares: Shares, spans: Sequence[AccountSpan], span: AccountSpan) -> Shares:
    """Give the shares of an account that lie in one of its spans."""

    def is_in(observation: Observation, owner: str) -> bool:
        at = observation.window.start_at
        return owner == span.account and span_at(spans, at) is span

    return Shares(
        measured=[one for one in shares.measured if is_in(one.observation, one.account)],
        left_out=[one for one in shares.left_out if is_in(*one)],
    )


def _outside(meter: Meter, shares: Shares) -> OutsideBurn:
    """Give what moved during a stay outside its windows."""
    own = sum(_in_unit(share, meter) for share in shares.measured)
    # A window left out has no burn of its own; what its meter showed was still burned inside it.
    spans = [(one.window.start_at, one.window.end_at) for one, _ in shares.left_out]
    inside = sum(one.moved for one in movements(meter.points, meter.pool, spans))
    return OutsideBurn(
        account=meter.stay.account,
        plan=meter.stay.plan,
        pool=meter.pool,
        unit=meter.unit,
        burn=max(0.0, meter.moved - own - inside),
    )


def _in_unit(share: Share, meter: Meter) -> float:
    """Give a window's burn in the unit of a meter; 0 where it says nothing of that meter."""
    if share.pool != meter.pool or share.unit == meter.unit:
        return share.burn if share.pool == meter.pool else 0.0
    # A part of one cap is the same part of the other, whatever either counts in.
    own = _size(share.unit, share.cap, meter)
    other = _size(meter.unit, meter.cap, meter)
    return share.burn * other / own if own and other else 0.0


def _size(unit: Unit, cap: float | None, meter: Meter) -> float | None:
    """Give what a whole pool counts in a unit; None where its cap is not known."""
    return PP_CAP if unit == "pp" else cap or meter.stated_cap(unit, meter.stay.end)


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


def shipped_on(account: str, shares: Shares) -> dict[str, datetime]:
    """Give each feature that shipped on an account, with the begin of the window it shipped in."""
    observations = [one.observation for one in shares.measured if one.account == account]
    observations += [observation for observation, owner in shares.left_out if owner == account]
    return {
        item: observation.window.start_at
        for observation in observations
        for item in observation.work.shipped
    }
