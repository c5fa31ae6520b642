"""Ask the store what each source has given: how much, from when to when, of which accounts."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple

from portfolio.store.opening import query
from portfolio.store.read import moment_of

if TYPE_CHECKING:
    from datetime import datetime

    from portfolio.store.opening import Database


class ReadingSource(NamedTuple):
    """What one source of readings has given."""

    source: str
    readings: int
    oldest_at: datetime
    newest_at: datetime
    accounts: tuple[str, ...]


class TurnSource(NamedTuple):
    """What one client's logs have given, of one model."""

    source: str
    model: str
    turns: int
    oldest_at: datetime
    newest_at: datetime


class TotalSource(NamedTuple):
    """What another tool has counted."""

    source: str
    counts: int
    oldest_at: datetime
    newest_at: datetime


class RepositorySeen(NamedTuple):
    """What one repository has given."""

    repository: str
    commits: int
    tags: int
    oldest_at: datetime | None
    newest_at: datetime | None
    taken_at: datetime | None  # when it was looked at last and had changed


def reading_sources(database: Database) -> list[ReadingSource]:
    """Give what each source of readings has given."""
    return [
        ReadingSource(source, count, moment_of(oldest), moment_of(newest), tuple(accounts))
        for source, count, oldest, newest, accounts in database.execute(
            query("reading_sources")
        ).fetchall()
    ]


def turn_sources(database: Database) -> list[TurnSource]:
    """Give what each client's logs have given, by model."""
    return [
        TurnSource(source, model, count, moment_of(oldest), moment_of(newest))
        for source, model, count, oldest, newest in database.execute(
            query("turn_sources")
        ).fetchall()
    ]


def total_sources(database: Database) -> list[TotalSource]:
    """Give which other tools' counts of tokens are there."""
    return [
        TotalSource(source, count, moment_of(oldest), moment_of(newest))
        for source, count, oldest, newest in database.execute(query("total_sources")).fetchall()
    ]


def repositories_seen(database: Database) -> list[RepositorySeen]:
    """Give what each repository has given."""
    return [
        RepositorySeen(*row[:3], *(None if at is None else moment_of(at) for at in row[3:]))
        for row in database.execute(query("repositories_seen")).fetchall()
    ]


def accounts_recorded(database: Database) -> dict[str, int]:
    """Give when something was said of each account last, in UTC microseconds."""
    return dict(database.execute(query("accounts_recorded")).fetchall())


def table_version(database: Database) -> int:
    """Give the version of the tables."""
    return int(database.execute(query("get_version")).fetchall()[0][0])


def engine_version() -> str:
    """Give the version of the database engine."""
    return version("duckdb")
