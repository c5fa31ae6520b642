"""Ask the store: one function a question, named as its file in queries/, giving records.

Times leave DuckDB as microseconds and become aware datetimes here: fetching a TIMESTAMPTZ would
need a package that DuckDB does not declare.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from parsers.records import CapFact, Reading
from portfolio.model import (
    AccountSpan,
    GivenReading,
    MeterPoint,
    Methodology,
    Step,
    Window,
    WindowPart,
)
from portfolio.store.opening import query

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any

    from portfolio.store.opening import Database

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment_of(microseconds: int) -> datetime:
    """Give the moment of a UTC microsecond count."""
    return EPOCH + timedelta(0, 0, microseconds)  # by name it takes a third more, 40,000 times


@lru_cache(maxsize=10_000)  # a reset is beside many readings
def _moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else moment_of(microseconds)


def _rows(
    database: Database, name: str, values: dict[str, Any] | None = None
) -> Sequence[tuple[Any, ...]]:
    return database.execute(query(name), values).fetchall()


def account_spans(database: Database) -> list[AccountSpan]:
    """Give every account on every plan it was on."""
    return [
        AccountSpan(
            account=account,
            span=span,
            provider=provider,
            plan=plan,
            since=_moment(since_us),
            until=_moment(until_us),
            folder=folder,
            plan_found=plan_found,
        )
        for account, span, provider, plan, since_us, until_us, folder, plan_found in _rows(
            database, "account_spans"
        )
    ]


def methodologies(database: Database) -> list[Methodology]:
    """Give every methodology with its steps."""
    return [
        Methodology(
            methodology=name,
            steps=tuple(
                Step(step=step, model=model, account=account)
                for step, model, account in zip(steps, models, accounts, strict=True)
            ),
        )
        for name, steps, models, accounts in _rows(database, "methodologies")
    ]


def readings(database: Database, *, account: str | None = None) -> list[MeterPoint]:
    """Give the readings that stand, oldest first; of every account, or of one."""
    rows = _rows(database, "readings", {"account": account})
    return [
        MeterPoint(
            name, owner, pool, unit, used, cap, moment_of(at), _moment(held), _moment(reset), source
        )
        for name, owner, pool, unit, used, cap, at, held, reset, source in rows
    ]


def recent_readings(database: Database, *, since: datetime) -> list[MeterPoint]:
    """Give the readings of accounts that stand and were taken from a moment on, oldest first."""
    since_us = (since - EPOCH) // timedelta(microseconds=1)
    rows = _rows(database, "recent_readings", {"since_us": since_us})
    return [
        MeterPoint(
            name, owner, pool, unit, used, cap, moment_of(at), _moment(held), _moment(reset), source
        )
        for name, owner, pool, unit, used, cap, at, held, reset, source in rows
    ]


def dropped_readings(
    database: Database, *, account: str | None = None
) -> list[tuple[MeterPoint, str]]:
    """Give the readings that were taken back, each with the reason."""
    rows = _rows(database, "dropped_readings", {"account": account})
    return [
        (MeterPoint._make((*row[:6], moment_of(row[6]), None, None, row[7])), row[8])
        for row in rows
    ]


def aside_readings(database: Database) -> list[tuple[str, Reading]]:
    """Give the readings whose account is not known, each with its id, oldest first."""
    return [
        (
            reading,
            Reading(
                account=None,
                provider=provider,
                pool=pool,
                unit=unit,
                used=used,
                cap=cap,
                read_at=moment_of(read_us),
                resets_at=_moment(resets_us),
                source=source,
                login=login,
                folder=folder,
            ),
        )
        for (
            reading,
            provider,
            pool,
            unit,
            used,
            cap,
            read_us,
            resets_us,
            source,
            login,
            folder,
        ) in _rows(database, "aside_readings")
    ]


def placed_readings(database: Database, providers: Collection[str]) -> list[tuple[str, Reading]]:
    """Give the readings whose account their client's folder alone tells, each with its id."""
    rows = _rows(database, "placed_readings", {"provider": sorted(providers)})
    return [
        (
            row[0],
            Reading(
                account=row[1],
                provider=row[2],
                pool=row[3],
                unit=row[4],
                used=row[5],
                cap=row[6],
                read_at=moment_of(row[7]),
                resets_at=_moment(row[8]),
                source=row[9],
                folder=row[10],
            ),
        )
        for row in rows
    ]


def aside_counts(database: Database) -> dict[str | None, int]:
    """Give how many readings have no account yet, by provider (None: the text does not tell)."""
    return dict(_rows(database, "aside_counts"))


def caps(database: Database) -> list[CapFact]:
    """Give the caps that texts stated, oldest first."""
    return [
        CapFact(
            account=account,
            provider=None,
            pool=pool,
            unit=unit,
            cap=cap,
            read_at=moment_of(read_us),
            source="stored",
        )
        for account, pool, unit, cap, read_us in _rows(database, "caps")
    ]


def windows_borne(database: Database, *, since: datetime) -> list[tuple[str, datetime]]:
    """Give the windows that tags of commits from a moment on name, with the first of them."""
    since_us = (since - EPOCH) // timedelta(microseconds=1)
    rows = _rows(database, "windows_borne", {"since_us": since_us})
    return [(name, moment_of(first_us)) for name, first_us in rows]


def windows(database: Database) -> list[Window]:
    """Give the logged windows, oldest first."""
    parts: dict[str, list[WindowPart]] = {}
    for name, methodology, features in _rows(database, "window_parts"):
        part = WindowPart(methodology=methodology, features=tuple(features))
        parts.setdefault(name, []).append(part)
    return [
        Window(
            window=name,
            start_at=moment_of(start_us),
            end_at=moment_of(end_us),
            methodology=methodology,
            is_guess=is_guess,
            parts=tuple(parts.get(name, ())),
        )
        for name, start_us, end_us, methodology, is_guess in _rows(database, "windows")
    ]


def window_captures(database: Database) -> list[GivenReading]:
    """Give the captures handed over for a side of a window."""
    return [
        GivenReading(
            window=name,
            account=account,
            pool=pool,
            side=side,
            reading=reading,
            has_own_time=has_own_time,
        )
        for name, account, pool, side, reading, has_own_time in _rows(database, "window_captures")
    ]


def oldest_evidence(database: Database) -> datetime | None:
    """Give the moment of the oldest sign of work; None where there is none."""
    return _moment(_rows(database, "oldest_evidence")[0][0])
