"""Small records for the tests of `portfolio.estimate`; times are hours after one Monday noon."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Literal

from parsers.records import Unit
from portfolio.estimate.burn import Burn, Tolerances, burn_of, series_of
from portfolio.estimate.observations import Observation, WindowWork
from portfolio.model import (
    AccountSpan,
    GivenReading,
    Mark,
    MeterPoint,
    Plan,
    PoolFact,
    PriceFact,
    Revert,
    Window,
)

MONDAY = datetime(2026, 11, 2, 12, tzinfo=UTC)
NUMBERS = count()


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def point(
    hours: float,
    used: float,
    resets: float | None = None,
    *,
    pool: str = "week",
    unit: Unit = "pp",
    cap: float | None = None,
    source: str = "panel",
    account: str | None = "a",
    held: float | None = None,
    name: str | None = None,
) -> MeterPoint:
    return MeterPoint(
        id=name or f"r{next(NUMBERS)}",
        account=account,
        pool=pool,
        unit=unit,
        used=used,
        cap=cap,
        read_at=at(hours),
        held_since=None if held is None else at(held),
        resets_at=None if resets is None else at(resets),
        source=source,
    )


def window(
    name: str = "W0-001", start: float = 0, end: float | None = None, methodology: str | None = None
) -> Window:
    return Window(
        window=name,
        start_at=at(start),
        end_at=at(start + 5 if end is None else end),
        methodology=methodology,
    )


def given(side: Literal["before", "after"], reading: str, *, pool: str = "week") -> GivenReading:
    return GivenReading(
        window="W0-001", account="a", pool=pool, side=side, reading=reading, has_own_time=False
    )


def measure(
    points: Sequence[MeterPoint],
    *,
    pool: str = "week",
    of: Window | None = None,
    handed: Sequence[GivenReading] = (),
) -> Burn:
    """Measure the burn of one window, W0-001 from hour 0 to 5 unless another is given."""
    ordered = sorted(points, key=lambda point: point.read_at)
    return burn_of(
        of or window(),
        "a",
        pool,
        series=series_of(ordered).get(("a", pool), {}),
        given=handed,
        tolerances=Tolerances(),
    )


def burn(
    amount: float | None,
    *,
    name: str = "W0-001",
    account: str = "a",
    pool: str = "week",
    unit: Unit = "pp",
    cap: float | None = None,
    status: str | None = None,
) -> Burn:
    known = amount is not None
    return Burn(
        window=name,
        account=account,
        pool=pool,
        unit=unit,
        before=0.0,
        after=amount if known else 0.0,
        burn=amount,
        status=status or ("ok" if known else "reset-inside"),
        cap=cap,
    )


def observation(
    number: int,
    *burns: Burn,
    shipped: Sequence[str] = (),
    attempted: Sequence[str] = (),
    reverted: Sequence[str] = (),
    methodology: str | None = "solo",
    start: float | None = None,
) -> Observation:
    name = f"W0-{number:03d}"
    return Observation(
        window=window(name, number * 24 if start is None else start, methodology=methodology),
        burns=tuple(replace(one, window=name) for one in burns),
        accounts=tuple(sorted({one.account for one in burns})),
        work=WindowWork(
            shipped=tuple(sorted(shipped)),
            attempted=tuple(sorted({*shipped, *attempted})),
            reverted=tuple(sorted(reverted)),
        ),
    )


def price(usd_month: float, since: float | None = None, billing: str = "monthly") -> PriceFact:
    assert billing in ("monthly", "quarterly", "yearly")
    return PriceFact(
        usd_month=usd_month,
        billing="monthly" if billing == "monthly" else "yearly",
        since=None if since is None else at(since),
        as_of="2026-11-02",
        source="made up",
    )


def pool_fact(
    pool: str = "week",
    *,
    unit: Unit = "pp",
    cap: float | None = None,
    times: float | None = None,
    since: float | None = None,
) -> PoolFact:
    return PoolFact(
        pool=pool,
        is_there=True,
        unit=unit,
        cap=cap,
        times=times,
        of="claude-pro" if times else None,
        since=None if since is None else at(since),
        as_of="2026-11-02",
        source="made up",
    )


def plan(
    name: str = "pro",
    *prices: PriceFact,
    pools: Sequence[PoolFact] | None = None,
    provider: str = "claude",
) -> Plan:
    return Plan(
        plan=name,
        provider=provider,
        name=name.title(),
        prices=prices or (price(20.0),),
        pools=tuple([pool_fact()] if pools is None else pools),
    )


def plans(*known: Plan) -> Callable[[str | None], Plan | None]:
    by_name = {one.plan: one for one in known}
    return lambda name: by_name.get(name or "")


def span(
    account: str = "a",
    plan: str | None = "pro",
    *,
    number: int = 0,
    since: float | None = None,
    until: float | None = None,
    provider: str = "claude",
) -> AccountSpan:
    return AccountSpan(
        account=account,
        span=number,
        provider=provider,
        plan=plan,
        since=None if since is None else at(since),
        until=None if until is None else at(until),
        folder=None,
    )


def sighting(
    item: str,
    step: str = "SHIP",
    *,
    window: str = "W0-001",
    hours: float = 1,
    commit: str = "c1",
    repository: str = "api",
    kind: Literal["feature", "prototype"] = "feature",
    is_landed: bool = True,
) -> Mark:
    return Mark(
        kind=kind,
        item=item,
        window=window,
        step=step,
        message="",
        repository=repository,
        commit=commit,
        written_at=at(hours),
        author="Test <test@example.com>",
        is_landed=is_landed,
        via=commit,
    )


def revert(commit: str, reverted: str, repository: str = "api") -> Revert:
    return Revert(repository=repository, commit=commit, reverted=reverted)
