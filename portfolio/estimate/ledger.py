"""What was paid for each account in a span, for how many features, and where it went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parsers.records import Unit
from portfolio.estimate.cycles import began_at, is_expired, shown_since
from portfolio.estimate.money import (
    MONTH,
    PaidPart,
    PlanOf,
    UsedUsd,
    paid,
    split_paid,
    usd_per_unit,
)
from portfolio.estimate.movement import Movement, movement
from portfolio.estimate.shares import Share, Shares, priced_pool, span_at
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
    plan: str | None  # the stay it was in
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


@dataclass(frozen=True, slots=True)
class _Stay:
    """An account's stay on one plan, as far as it lies in the span."""

    span: AccountSpan
    plan: Plan | None
    begin: datetime
    end: datetime
    paid_usd: float | None


@dataclass(frozen=True, slots=True)
class _Use:
    """What was used during a stay, in dollars and, outside windows, in the pool's unit."""

    usd: UsedUsd
    outside: OutsideBurn | None


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
    accounts: list[AccountPaid] = []
    split: list[PaidPart] = []
    outside: list[OutsideBurn] = []
    is_assumed = False
    for account in sorted({span.account for span in spans}):
        own = [span for span in spans if span.account == account]
        cost = paid(account, own, since=since, until=until, plan_of=plan_of)
        is_assumed |= cost.is_assumed
        shipped = len(_shipped_on(account, shares))
        accounts.append(account_paid(account, cost.usd, shipped, has_span=since < until))
        uses = [
            (stay, _use(stay, own, shares, points[account]))
            for stay in _stays(own, plan_of, since=since, until=until)
        ]
        outside += [use.outside for _, use in uses if use.outside is not None]
        if cost.usd is not None:
            split += _split(account, uses)
    return Ledger(
        accounts=tuple(accounts),
        split=tuple(split),
        outside=tuple(outside),
        has_assumed_price=is_assumed,
    )


def _split(account: str, uses: Sequence[tuple[_Stay, _Use]]) -> list[PaidPart]:
    """Share what was paid for each stay, and add the stays up."""
    usd: dict[str, float] = {}
    for stay, use in uses:
        for part in split_paid(account, stay.paid_usd or 0.0, use.usd):
            usd[part.part] = usd.get(part.part, 0.0) + part.usd
    return [PaidPart(account=account, part=part, usd=amount) for part, amount in usd.items()]


def _stays(
    spans: Sequence[AccountSpan], plan_of: PlanOf, *, since: datetime, until: datetime
) -> list[_Stay]:
    found = []
    for span in spans:
        begin = max(since, span.since or since)
        end = min(until, span.until or until)
        if begin < end:
            cost = paid(span.account, [span], since=begin, until=end, plan_of=plan_of)
            found.append(_Stay(span, plan_of(span.plan), begin, end, cost.usd))
    return found


def _use(
    stay: _Stay, spans: Sequence[AccountSpan], shares: Shares, points: Sequence[MeterPoint]
) -> _Use:
    """Measure what was used during a stay, in dollars at the price that was paid for it."""
    account = stay.span.account
    measured = [
        share
        for share in shares.measured
        if share.account == account
        and span_at(spans, share.observation.window.start_at) is stay.span
    ]
    left_out = [
        observation.window
        for observation, owner in shares.left_out
        if owner == account and span_at(spans, observation.window.start_at) is stay.span
    ]
    pool = priced_pool(stay.plan, stay.end, [point.pool for point in points])
    in_windows_usd = sum(share.burn * (_worth(stay, share) or 0.0) for share in measured)
    found = _moved(stay, pool, points, [share.unit for share in measured])
    if found is None:
        unknown = UsedUsd(
            in_windows=in_windows_usd, outside=0.0, known_share=0.0, open_share=0.0, in_open=0.0
        )
        return _Use(unknown, None)
    series, moved = found
    last = series[-1]
    worth = _worth(stay, last) or 0.0
    own = sum(_in_unit(stay, share, last) for share in measured)
    # A window left out has no burn of its own; what its meter showed was still burned inside it.
    inside = sum(
        movement(series, last.pool, since=window.start_at, until=window.end_at).moved
        for window in left_out
    )
    burn = max(0.0, moved.moved - own - inside)
    open_share, in_open = _open(stay, series)
    used = UsedUsd(
        in_windows=in_windows_usd + inside * worth,
        outside=burn * worth,
        known_share=moved.known_share,
        open_share=open_share,
        in_open=in_open * worth,
    )
    beside = OutsideBurn(
        account=account, plan=stay.span.plan, pool=last.pool, unit=last.unit, burn=burn
    )
    return _Use(used, beside)


def _open(stay: _Stay, series: Sequence[MeterPoint]) -> tuple[float, float]:
    """Give the share of a stay in the cycle that has not ended, and what was used in it."""
    shown = [point for point in series if shown_since(point) <= stay.end]
    real = [point for point in shown if not point.is_computed and not is_expired(point, stay.end)]
    last = next(reversed(real or shown), None)
    if last is None or last.resets_at is None or last.resets_at <= stay.end:
        return 0.0, 0.0
    begin = max(began_at(last, last.pool) or stay.begin, stay.begin)
    if begin >= stay.end:
        return 0.0, 0.0
    moved = movement(series, last.pool, since=begin, until=stay.end).moved
    return (stay.end - begin) / (stay.end - stay.begin), moved


def _moved(
    stay: _Stay, pool: str | None, points: Sequence[MeterPoint], units: Sequence[Unit]
) -> tuple[list[MeterPoint], Movement] | None:
    """Follow the priced pool in one unit: the one its windows are measured in, else best known."""
    by_unit: dict[Unit, list[MeterPoint]] = defaultdict(list)
    for point in points:
        if point.pool == pool:
            by_unit[point.unit].append(point)
    found = [
        (series, movement(series, series[-1].pool, since=stay.begin, until=stay.end))
        for series in by_unit.values()
    ]
    return max(
        found,
        key=lambda one: (
            units.count(one[0][-1].unit),
            one[1].known_share > 0 and not all(point.is_computed for point in one[0]),
            one[1].known_share,
            one[0][-1].unit != "pp",
        ),
        default=None,
    )


def _in_unit(stay: _Stay, share: Share, point: MeterPoint) -> float:
    """Give a window's burn in the unit of a meter; 0 where it says nothing of that meter."""
    if share.pool == point.pool and share.unit == point.unit:
        return share.burn
    own, other = _worth(stay, share), _worth(stay, point)
    return share.burn * own / other if own and other and share.pool == point.pool else 0.0


def _worth(stay: _Stay, used: Share | MeterPoint) -> float | None:
    """Give the dollars of one unit, at what the stay cost a month; None where not known."""
    if stay.paid_usd is None:
        return None
    fact = stay.plan.pools_at(stay.end).get(used.pool) if stay.plan else None
    stated = fact.cap if fact is not None and fact.unit == used.unit else None
    usd_month = stay.paid_usd / ((stay.end - stay.begin) / MONTH)
    return usd_per_unit(usd_month, pool=used.pool, unit=used.unit, cap=used.cap or stated)


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
