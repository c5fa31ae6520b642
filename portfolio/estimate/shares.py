"""Shares: what one account did in one window, on its priced pool; and what had to be left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from parsers.records import CapFact, Unit
from portfolio.estimate.burn import Burn
from portfolio.estimate.money import ALWAYS, PlanOf, usd_per_unit
from portfolio.estimate.observations import Observation
from portfolio.model import AccountSpan, Plan, Window, is_scoped, priced_among


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
    is_computed: bool  # the burn was counted from logs, not read from the meter
    cap_since: datetime | None  # UTC; when the catalogue says the cap changed last before this
    unmeasured: frozenset[str]
    """The providers of accounts whose part in the same window is not known; "" if unknown too."""
    epoch_since: datetime | None = None
    """UTC; from here on it is of another kind than before; None: nothing changed, or not before."""

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
    for one in spans:
        by_account.setdefault(one.account, []).append(one)
    for observation in observations:
        burns: dict[str, dict[str, Burn]] = {}
        for burn in observation.burns:
            burns.setdefault(burn.account, {})[burn.pool] = burn
        at = observation.window.start_at
        shares: list[Share] = []
        unmeasured: set[str] = set()
        for account in observation.accounts:
            span = span_at(by_account.get(account, ()), at)
            plan = plan_of(span.plan) if span else None
            own = burns.get(account, {})
            pool = priced_pool(plan, at, list(own))
            found.excluded += _exclusions(observation, account, own, pool, is_known=bool(span))
            priced = own.get(pool or "")
            if priced is None or priced.burn is None or span is None:
                found.left_out.append((observation, account))
                unmeasured.add(span.provider if span else "")
                continue
            shares.append(
                _share(observation, priced, span, plan=plan, caps=caps, priced_at=priced_at)
            )
        if unmeasured:
            shares = [replace(share, unmeasured=frozenset(unmeasured)) for share in shares]
        found.measured += shares
    return found


def span_at(spans: Sequence[AccountSpan], at: datetime) -> AccountSpan | None:
    """Give an account's span at a moment; where none holds, the newest before it, else the first.

    A window outside every span was worked all the same, most likely on the plan next to it.
    """
    holding = next((span for span in spans if span.holds_at(at)), None)
    if holding is not None or not spans:
        return holding
    ended = [span for span in spans if span.until is not None and span.until <= at]
    return ended[-1] if ended else spans[0]


def priced_pool(plan: Plan | None, at: datetime, read: Sequence[str]) -> str | None:
    """Give the priced pool: the longest for all models that the plan has, or that was read."""
    pools = {*(plan.pools_at(at) if plan else {}), *read}
    return priced_among({pool for pool in pools if not is_scoped(pool)})


def _exclusions(
    observation: Observation,
    account: str,
    burns: Mapping[str, Burn],
    pool: str | None,
    *,
    is_known: bool,
) -> list[Exclusion]:
    """Give what of an account's part in a window has no burn, with the reason."""
    name = observation.window.window
    # A pool that was not looked at round this window is no news, unless it is the priced one.
    found = [
        Exclusion(window=name, account=account, pool=burn.pool, reason=burn.status)
        for burn in burns.values()
        if not burn.is_measured
        and (burn.pool == pool or burn.before is not None or burn.after is not None)
    ]
    priced = burns.get(pool or "")
    if priced is None or (priced.is_measured and not is_known):
        reason = "no-reading-before" if priced is None else "account-unknown"
        found.append(Exclusion(window=name, account=account, pool=pool or "week", reason=reason))
    return found


def _share(
    observation: Observation,
    priced: Burn,
    span: AccountSpan,
    *,
    plan: Plan | None,
    caps: Sequence[CapFact],
    priced_at: datetime,
) -> Share:
    window = observation.window
    price, is_assumed = plan.price_at(priced_at) if plan else (None, False)
    _, was_assumed = plan.price_at(window.start_at) if plan else (None, False)
    cap = None if priced.unit == "pp" else _cap(priced, window, plan=plan, caps=caps)
    return Share(
        observation=observation,
        account=priced.account,
        provider=span.provider,
        plan=span.plan,
        pool=priced.pool,
        unit=priced.unit,
        cap=cap,
        burn=priced.burn or 0.0,
        usd_per_unit=usd_per_unit(price.usd_month, pool=priced.pool, unit=priced.unit, cap=cap)
        if price
        else None,
        is_assumed=is_assumed or was_assumed,
        is_computed=priced.is_computed,
        cap_since=cap_changed_at(plan, priced.pool, window.start_at)
        if priced.unit == "pp"
        else None,
        unmeasured=frozenset(),
    )


def cap_changed_at(plan: Plan | None, pool: str, at: datetime) -> datetime | None:
    """Give when the catalogue says a pool's cap last became another; None: it never did.

    A percentage point is of the cap, so with another cap it is another unit.
    """
    facts = [fact for fact in plan.pools if fact.pool == pool and fact.is_there] if plan else []
    if len(facts) < 2:
        return None
    # Open facts come first, then the dated ones that hold already.
    facts = [fact for fact in facts if fact.since is None or fact.since <= at]
    facts.sort(key=lambda fact: ALWAYS if fact.since is None else fact.since)
    changed: datetime | None = None
    known: dict[str, tuple[object, object]] = {}
    for fact in facts:
        sizes = {"stated": (fact.unit, fact.cap), "relative": (fact.of, fact.times)}
        for kind, size in sizes.items():
            if size[1] is None:
                continue
            if known.get(kind, size) != size:
                changed = fact.since
            known[kind] = size
    return changed


def _cap(burn: Burn, window: Window, *, plan: Plan | None, caps: Sequence[CapFact]) -> float | None:
    """Give a pool's cap: beside the reading, else as a text stated it, else from the catalogue.

    What was stated last by the window's end holds; before the first statement, that one.
    """
    if burn.cap is not None:
        return burn.cap
    stated = [
        cap
        for cap in caps
        if (cap.account, cap.pool, cap.unit) == (burn.account, burn.pool, burn.unit)
    ]
    if stated:
        stated.sort(key=lambda cap: cap.read_at)
        by_then = [cap for cap in stated if cap.read_at <= window.end_at]
        return (by_then[-1] if by_then else stated[0]).cap
    fact = plan.pools_at(window.start_at).get(burn.pool) if plan else None
    return fact.cap if fact is not None and fact.unit == burn.unit else None
