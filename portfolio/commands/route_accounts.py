"""The accounts that a route may plan on: where their pools stand, and when they are worked on."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from portfolio.commands.item_takes import LATELY
from portfolio.estimate.fullest_window import fullest_window
from portfolio.estimate.shares import span_at
from portfolio.model import WINDOW_LASTS, cycle_of, is_scoped
from portfolio.report.answers.route import NotPlanned, RouteNote
from portfolio.route.pools_now import cap_of, pools_now
from portfolio.route.problem import WINDOW_POOL, Account, Pool
from portfolio.route.windows import openable

if TYPE_CHECKING:
    from parsers.records import Unit
    from portfolio.model import AccountSpan, MeterPoint
    from portfolio.route.guard import PoolNow
    from portfolio.store.catalogue import Catalogue

MINUTE: Final = timedelta(minutes=1)
ROUNDED_UP: Final = 1 + 1e-9  # so that the largest item fits, whatever sums are rounded to


@dataclass(frozen=True, slots=True, kw_only=True)
class CappedPool:
    """A pool that was read, in its own unit."""

    now: PoolNow  # shares of the cap
    unit: Unit
    cap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAccount:
    """An account that may be planned on."""

    account: str
    plan: str | None
    kind: str  # of accounts on one plan that have the same pools, with the same caps
    pools: tuple[CappedPool, ...]  # the priced one first
    capacity_usd: float  # of a whole cycle of the priced pool
    fullest: float | None
    """What the fullest five hours of late took of the priced pool, in its unit: a window is planned
    with no more where nobody knows how fast the 5-hour pool fills. None: that is known."""

    @property
    def priced(self) -> CappedPool:
        """Give the priced pool."""
        return self.pools[0]


def open_accounts(
    points: Sequence[MeterPoint],
    spans: Sequence[AccountSpan],
    *,
    capacity_usd: Mapping[str, float],
    out: Collection[str],
    catalogue: Catalogue,
    now: datetime,
) -> tuple[list[OpenAccount], list[RouteNote]]:
    """Give the accounts that may be planned on, and why the others, or some of their caps, are not.

    Args:
        points: What meters showed lately, oldest first.
        spans: Of all accounts.
        capacity_usd: Dollars of a whole cycle of the priced pool, where they are known.
        out: Accounts that are out of the race.
        catalogue: The plans.
        now: This moment.
    """
    own: dict[str, list[MeterPoint]] = defaultdict(list)
    for point in points:
        own[point.account or ""].append(point)
    found, notes = [], []
    for account in sorted({span.account for span in spans if span.holds_at(now)}):
        span = span_at([span for span in spans if span.account == account], now)
        plan = catalogue.get(span.plan) if span else None
        names = list(plan.pools_at(now)) if plan else []
        standing = pools_now(own[account], names, since=now - LATELY, now=now)
        capped = [one for pool in standing if (one := _capped(pool, own[account], now))]
        is_read = bool(capped) and capped[0].now is standing[0] and not is_scoped(standing[0].pool)
        if account in out:
            command = f"portfolio race back {account} --reason R"
            notes.append(_note(account, "out-of-race", command=command))
        elif not is_read:
            notes.append(_note(account, "never-read", command=_read(account)))
        elif account not in capacity_usd:
            provider = span.provider if span else "P"
            command = f"portfolio account add {account} --provider {provider} --plan ID"
            notes.append(_note(account, "no-plan", command=command))
        else:
            fullest = _fullest(capped, own[account], now)
            usd = capacity_usd[account]
            found.append(_open_account(account, plan.plan if plan else None, capped, usd, fullest))
            notes += _notes_of_pools(found[-1], standing)
    return found, notes


def _open_account(
    account: str,
    plan: str | None,
    pools: Sequence[CappedPool],
    capacity_usd: float,
    fullest: float | None,
) -> OpenAccount:
    return OpenAccount(
        account=account,
        plan=plan,
        kind=_kind(plan or account, pools, has_pace=fullest is not None),
        pools=tuple(pools),
        capacity_usd=capacity_usd,
        fullest=fullest,
    )


def _read(account: str) -> str:
    return f"portfolio read - --account {account}"


def _capped(pool: PoolNow, points: Sequence[MeterPoint], now: datetime) -> CappedPool | None:
    """Give a pool in the unit that it was read in last; None: it was never read."""
    own = [one for one in points if one.pool == pool.pool and one.read_at <= now and cap_of(one)]
    if pool.used is None or not own:
        return None
    return CappedPool(now=pool, unit=own[-1].unit, cap=cap_of(own[-1]))


def _fullest(
    pools: Sequence[CappedPool], points: Sequence[MeterPoint], now: datetime
) -> float | None:
    if any(one.now.pool == WINDOW_POOL and one.now.per_priced is not None for one in pools):
        return None
    priced = pools[0]
    own = [one for one in points if one.pool == priced.now.pool and one.unit == priced.unit]
    return fullest_window(own, priced.now.pool, since=now - LATELY, until=now)


def _kind(plan: str, pools: Sequence[CappedPool], *, has_pace: bool) -> str:
    told = [f"{one.now.pool}={one.cap:g}{one.unit}" for one in pools]
    return " ".join([plan, *told, *["by pace"] * has_pace])


def _note(
    account: str, reason: NotPlanned, *, pool: str | None = None, command: str | None = None
) -> RouteNote:
    return RouteNote(kind="account", name=account, reason=reason, of=pool, command=command)


def _notes_of_pools(one: OpenAccount, standing: Sequence[PoolNow]) -> list[RouteNote]:
    """Say of which pools the cap is not planned, and which are taken to be empty."""
    account = one.account
    notes = [] if one.fullest is None else [_note(account, "by-pace", pool=WINDOW_POOL)]
    for pool in standing:
        if pool.pool == WINDOW_POOL:
            continue
        if pool.per_priced is None:
            notes.append(_note(account, "pool-unrelated", pool=pool.pool))
        elif pool.standing == "reset-passed":
            told = _note(account, "reset-unseen", pool=pool.pool, command=_read(account))
            notes.append(told)
    return notes


def planned_on(
    one: OpenAccount,
    working: Sequence[tuple[int, int]],
    *,
    begin: datetime,
    span_min: int,
    reserve: float,
    largest: float,
) -> Account:
    """Give an account as a route needs it: what is left of its pools, and its windows.

    Where nobody knows how fast its 5-hour pool fills, a window has room for what the fullest one
    took of the priced pool, but for one item of any size at the least.

    Args:
        one: The account.
        working: Begin and end of each stretch of working hours, in minutes since `begin`.
        begin: Minute 0.
        span_min: How long the plan is.
        reserve: Share of every cap that is kept for the human.
        largest: What the largest item takes of the priced pool, in its unit.
    """
    pools = [_pool(pool, begin, span_min, reserve) for pool in one.pools]
    if one.fullest is not None:
        pools = _by_pace(pools, one, max(one.fullest, largest * ROUNDED_UP))
    resets = sorted(
        {at for pool in pools if pool.pool != WINDOW_POOL for at in _resets(pool, span_min)}
    )
    running = next((pool for pool in pools if pool.pool == WINDOW_POOL), None)
    windows = openable(
        working, open_until=running.resets_min if running is not None else None, resets=resets
    )
    return Account(
        account=one.account,
        kind=one.kind,
        pools=tuple(pools),
        windows=windows,
        dollars={one.priced.now.pool: one.capacity_usd / one.priced.cap},
    )


def _by_pace(pools: Sequence[Pool], one: OpenAccount, most: float) -> list[Pool]:
    """Give the pools with windows that are filled by the priced pool's unit, up to a pace."""
    ends = next((pool.resets_min for pool in pools if pool.pool == WINDOW_POOL), None)
    paced = Pool(
        pool=WINDOW_POOL,
        unit=one.priced.unit,
        cap=most,
        resets_min=ends,
        cycle_min=WINDOW_LASTS // MINUTE,
    )
    return [*(pool for pool in pools if pool.pool != WINDOW_POOL), paced]


def _pool(pool: CappedPool, begin: datetime, span_min: int, reserve: float) -> Pool:
    ends, cycle = pool.now.resets_at, pool.now.cycle or cycle_of(pool.now.pool)
    resets_min = None if ends is None else max(1, math.ceil((ends - begin) / MINUTE))
    is_within = resets_min is not None and resets_min < span_min
    return Pool(
        pool=pool.now.pool,
        unit=pool.unit,
        cap=pool.cap,
        used=(pool.now.used or 0.0) * pool.cap,
        rounding=pool.now.rounding * pool.cap,
        reserve=reserve * pool.cap,
        resets_min=resets_min if is_within or pool.now.pool == WINDOW_POOL else None,
        cycle_min=(cycle or timedelta(weeks=1)) // MINUTE,
    )


def _resets(pool: Pool, span_min: int) -> range:
    return range(pool.resets_min, span_min, pool.cycle_min) if pool.resets_min else range(0)
