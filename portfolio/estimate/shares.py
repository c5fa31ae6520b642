"""Shares: what one account did in one window, on its priced pool; and what had to be left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from parsers.records import CapFact, Unit
from portfolio.estimate.burn import Burn
from portfolio.estimate.money import PlanOf, usd_per_unit
from portfolio.estimate.observations import Observation
from portfolio.model import AccountSpan, Plan, is_scoped, priced_among


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A window left out on one pool of one account, and why."""

    window: str
    account: str
    pool: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One account's part in one window, measured on its priced pool."""

    observation: Observation
    account: str
    provider: str
    plan: str | None
    pool: str
    unit: Unit
    cap: float | None  # in `unit`, where it counts for the money; None for pp or unknown
    burn: float  # in `unit`
    usd_per_unit: float | None  # at the price in force; None where price or cap is not known
    is_assumed: bool  # a price was used before the first date it is known for

    @property
    def burn_usd(self) -> float | None:
        """Give the burn in dollars of capacity."""
        return None if self.usd_per_unit is None else self.burn * self.usd_per_unit


@dataclass(slots=True)
class Shares:
    """All shares, and all that was left out."""

    measured: list[Share] = field(default_factory=list)
    excluded: list[Exclusion] = field(default_factory=list)
    """On any pool; one on a priced pool leaves out burn and features together."""
    left_out: list[tuple[Observation, str]] = field(default_factory=list)
    """(observation, account) with no burn on the priced pool."""


def shares_of(
    observations: Sequence[Observation],
    *,
    spans: Sequence[AccountSpan],
    plan_of: PlanOf,
    caps: Sequence[CapFact],
    priced_at: datetime,
) -> Shares:
    """Measure each account in each window on its priced pool, at the prices of `priced_at`."""
    found = Shares()
    by_account: dict[str, list[AccountSpan]] = {}
    for span in spans:
        by_account.setdefault(span.account, []).append(span)
    for observation in observations:
        burns: dict[str, dict[str, Burn]] = {}
        for burn in observation.burns:
            burns.setdefault(burn.account, {})[burn.pool] = burn
        for account in observation.accounts:
            _add(
                found,
                observation,
                account,
                burns.get(account, {}),
                span=_span_at(by_account.get(account, ()), observation.window.start_at),
                plan_of=plan_of,
                caps=caps,
                priced_at=priced_at,
            )
    return found


def _span_at(spans: Sequence[AccountSpan], at: datetime) -> AccountSpan | None:
    return next((span for span in spans if span.holds_at(at)), spans[0] if spans else None)


def priced_pool(plan: Plan | None, at: datetime, read: Sequence[str]) -> str | None:
    """Give the priced pool: the longest of the plan's, where it is known, else of those read."""
    of_plan = {pool for pool in (plan.pools_at(at) if plan else {}) if not is_scoped(pool)}
    return priced_among(of_plan) or priced_among({pool for pool in read if not is_scoped(pool)})


def _add(
    found: Shares,
    observation: Observation,
    account: str,
    burns: Mapping[str, Burn],
    *,
    span: AccountSpan | None,
    plan_of: PlanOf,
    caps: Sequence[CapFact],
    priced_at: datetime,
) -> None:
    window = observation.window
    plan = plan_of(span.plan) if span else None
    pool = priced_pool(plan, window.start_at, list(burns))
    for burn in burns.values():
        # A pool that was not looked at round this window is no news, unless it is the priced one.
        was_seen = burn.before is not None or burn.after is not None
        if not burn.is_measured and (burn.pool == pool or was_seen):
            found.excluded.append(_exclusion(burn))
    priced = burns.get(pool or "")
    if priced is None:
        found.excluded.append(
            Exclusion(
                window=window.window,
                account=account,
                pool=pool or "week",
                reason="no-reading-before",
            )
        )
    if priced is None or priced.burn is None or span is None:
        found.left_out.append((observation, account))
        return
    price, is_assumed = plan.price_at(priced_at) if plan else (None, False)
    _, was_assumed = plan.price_at(window.start_at) if plan else (None, False)
    cap = None if priced.unit == "pp" else _cap(priced, window.start_at, plan=plan, caps=caps)
    found.measured.append(
        Share(
            observation=observation,
            account=account,
            provider=span.provider,
            plan=span.plan,
            pool=priced.pool,
            unit=priced.unit,
            cap=cap,
            burn=priced.burn,
            usd_per_unit=usd_per_unit(price.usd_month, pool=priced.pool, unit=priced.unit, cap=cap)
            if price
            else None,
            is_assumed=is_assumed or was_assumed,
        )
    )


def _exclusion(burn: Burn) -> Exclusion:
    return Exclusion(window=burn.window, account=burn.account, pool=burn.pool, reason=burn.status)


def _cap(burn: Burn, at: datetime, *, plan: Plan | None, caps: Sequence[CapFact]) -> float | None:
    """Give a pool's cap: beside the reading, else as a text stated it, else from the catalogue."""
    if burn.cap is not None:
        return burn.cap
    stated = [
        cap.cap
        for cap in caps
        if (cap.account, cap.pool, cap.unit) == (burn.account, burn.pool, burn.unit)
    ]
    if stated:
        return stated[-1]
    fact = plan.pools_at(at).get(burn.pool) if plan else None
    return fact.cap if fact is not None and fact.unit == burn.unit else None
