"""Store which logins were seen where, whose they are, and which plan a provider names for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portfolio.model import AccountLogin, LoginSighting, PlanSighting
from portfolio.store.opening import query
from portfolio.store.read import moment_of
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from portfolio.store.opening import Database


def account_logins(database: Database) -> list[AccountLogin]:
    """Give the logins that are an account's."""
    return [AccountLogin._make(row) for row in database.execute(query("account_logins")).fetchall()]


def add_account_logins(
    database: Database, found: Sequence[AccountLogin], *, now: datetime, is_its: bool = True
) -> None:
    """Say of logins that they are an account's (or, if that was wrong, that they are not)."""
    if found:
        rows = [(*one, is_its) for one in found]
        _add(database, "add_account_logins", (*AccountLogin._fields, "is_its"), rows, now=now)


def login_sightings(database: Database) -> list[LoginSighting]:
    """Give every sighting of a login, oldest first."""
    rows = database.execute(query("login_sightings")).fetchall()
    return [LoginSighting._make((*row[:5], moment_of(row[5]))) for row in rows]


def add_login_sightings(
    database: Database, found: Sequence[LoginSighting], *, now: datetime
) -> None:
    """Add sightings of logins; the same one twice counts once."""
    if found:
        timed = [(*one[:5], microseconds(one.seen_at)) for one in found]
        names = (*LoginSighting._fields[:5], "seen_us")
        _add(database, "add_login_sightings", names, timed, now=now)


def plan_sightings(database: Database) -> list[PlanSighting]:
    """Give every word for a plan that was seen, oldest first."""
    rows = database.execute(query("plan_hints")).fetchall()
    return [PlanSighting._make((*row[:5], moment_of(row[5]))) for row in rows]


def add_plan_sightings(database: Database, found: Sequence[PlanSighting], *, now: datetime) -> None:
    """Add words for plans."""
    if found:
        timed = [(*one[:5], microseconds(one.seen_at)) for one in found]
        names = (*PlanSighting._fields[:5], "seen_us")
        _add(database, "add_plan_hints", names, timed, now=now)


def renewal_days(database: Database) -> dict[str, int]:
    """Give the day of the month on which each account is paid again, where it is known."""
    return dict(database.execute(query("renewal_days")).fetchall())


def add_renewal_days(database: Database, days: Mapping[str, int], *, now: datetime) -> None:
    """Say on which day of the month accounts are paid again."""
    if days:
        _add(database, "add_renewal_days", ("account", "day"), list(days.items()), now=now)


def models_seen(database: Database) -> list[str]:
    """Give the models that any request went to."""
    return [row[0] for row in database.execute(query("models_seen")).fetchall()]


def turn_marks(
    database: Database, *, taken_in_at: datetime | None
) -> Iterator[tuple[str, str, str, datetime]]:
    """Give model, client's folder, session and time of requests: of all, or of one sync."""
    recorded_us = None if taken_in_at is None else microseconds(taken_in_at)
    rows = database.execute(query("turn_marks"), {"recorded_us": recorded_us}).fetchall()
    return ((model, folder, session, moment_of(us)) for model, folder, session, us in rows)


def _add(
    database: Database,
    name: str,
    columns: Sequence[str],
    rows: Sequence[tuple[object, ...]],
    *,
    now: datetime,
) -> None:
    named = dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))
    database.execute(query(name), {**named, "recorded_us": microseconds(now)})
