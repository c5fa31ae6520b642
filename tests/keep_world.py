"""Weeks of two accounts, of which all is known: what was worked, and what the meters showed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from parsers.records import Reading, Turn
from portfolio.model import AccountSpan
from portfolio.store import prices, turns, write
from portfolio.store.opening import transaction
from portfolio.store.prices import ModelPrice
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from portfolio.store.opening import Database

BEGIN = datetime(2026, 10, 5, tzinfo=UTC)  # a Monday, on which weeks are reset
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
MODELS = {"claude": "claude-sonnet-9", "codex": "gpt-9-codex"}
HOURS = (9, 15)  # of work on each weekday; each begins five hours of its own
FIVE_HOURS = timedelta(hours=5)


def add_account(
    database: Database,
    name: str,
    plan: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """Say an account, held always or for a time."""
    span = AccountSpan(
        account=name,
        span=0,
        provider=plan.partition("-")[0],
        plan=plan,
        since=since,
        until=until,
        folder=None,
    )
    write.account_span(database, span, now=BEGIN)


def add_weeks(
    database: Database,
    account: str,
    weeks: list[float],
    *,
    usd_per_pp: float = 1.0,
    is_read: bool = True,
) -> datetime:
    """Work some dollars a week on an account, in ten turns, and read both its meters after each.

    A percent of the five hours holds a fifth of what one of the week does. Gives the end.
    """
    provider = account.partition("-")[0]
    model = MODELS[provider]
    prices.add(
        database,
        [ModelPrice(model, "made up", is_priced=True, input_usd=1.0, output_usd=1.0)],
        now=BEGIN,
    )
    made, read = [], []
    for number, usd in enumerate(weeks):
        begin, used = BEGIN + number * WEEK, 0.0
        for place in range(10):
            at = begin + place // 2 * DAY + timedelta(hours=HOURS[place % 2])
            used += usd / 10
            made.append(_turn(at, provider, model, usd / 10))
            shown = at + timedelta(minutes=1)
            read += [
                _reading(account, "week", used / usd_per_pp, shown, begin + WEEK),
                _reading(account, "5h", usd / 2 / usd_per_pp, shown, at + FIVE_HOURS),
            ]
    end = BEGIN + len(weeks) * WEEK
    with transaction(database):
        turns.add(database, [turns.FoundTurns(made, f"/made/{provider}", "made")], now=end)
        turns.settle(database)
        write.readings(database, read if is_read else [], origin="made", now=end)
    return end


def add_reading(
    database: Database, account: str, pool: str, used: float, at: datetime, resets_at: datetime
) -> None:
    """Read a meter once more."""
    reading = _reading(account, pool, used, at, resets_at)
    with transaction(database):
        write.readings(database, [reading], origin="made once", now=at)


def _turn(at: datetime, provider: str, model: str, usd: float) -> Turn:
    return Turn(
        source=provider,
        message=f"{provider}-{at.isoformat()}",
        request="",
        session=provider,
        turn_us=microseconds(at),
        model=model,
        cwd=None,
        branch=None,
        input_tokens=round(usd * 1e6),
        output_tokens=0,
        cache_read_tokens=0,
        cache_write_tokens=0,
        cache_write_1h_tokens=0,
        is_sidechain=False,
        has_speed=True,
    )


def _reading(account: str, pool: str, used: float, at: datetime, resets_at: datetime) -> Reading:
    return Reading(
        account=account,
        provider=account.partition("-")[0],
        pool=pool,
        unit="pp",
        used=float(round(used)),
        cap=100.0,
        read_at=at,
        resets_at=resets_at,
        source="made-up",
    )
