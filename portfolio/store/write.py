"""Put facts into the store; the same fact twice changes nothing.

What belongs together is put in by one caller inside `opening.transaction`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from portfolio.store.opening import query

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from parsers.records import CapFact, Reading
    from portfolio.model import AccountSpan, GivenReading, Methodology, Window
    from portfolio.store.opening import Database


def microseconds(at: datetime) -> int:
    """Give a moment as the store takes it: whole UTC microseconds."""
    from portfolio.store.read import EPOCH

    span = at - EPOCH
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def _us(at: datetime | None) -> int | None:
    return None if at is None else microseconds(at)


def reading_id(reading: Reading) -> str:
    """Give the key of a reading: a hash of its content, so that the same one counts once."""
    content: tuple[object, ...] = (
        reading.account,
        reading.provider,
        reading.pool,
        reading.unit,
        float(reading.used),
        None if reading.cap is None else float(reading.cap),
        microseconds(reading.read_at),
        _us(reading.resets_at),
        reading.source,
    )
    if reading.login is not None:  # two logins may show the same at the same moment
        content = (*content, reading.login)
    return hashlib.blake2b(repr(content).encode(), digest_size=8).hexdigest()


def account_span(database: Database, span: AccountSpan, *, now: datetime) -> None:
    """Record one version of an account's span."""
    database.execute(
        query("add_account_span"),
        {
            "account": span.account,
            "span": span.span,
            "provider": span.provider,
            "plan": span.plan,
            "since_us": _us(span.since),
            "until_us": _us(span.until),
            "folder": span.folder,
            "plan_found": span.plan_found,
            "recorded_us": microseconds(now),
        },
    )


def methodology(database: Database, named: Methodology, *, now: datetime) -> None:
    """Record one version of a methodology."""
    database.execute(
        query("add_methodology"),
        {
            "methodology": named.methodology,
            "steps": [step.step for step in named.steps],
            "models": [step.model for step in named.steps],
            "accounts": [step.account for step in named.steps],
            "recorded_us": microseconds(now),
        },
    )


def readings(
    database: Database, found: Sequence[Reading], *, origin: str, now: datetime
) -> list[str]:
    """Add readings, and give the ids of those that were new."""
    return located_readings(database, [(reading, origin) for reading in found], now=now)


def located_readings(
    database: Database, located: Sequence[tuple[Reading, str]], *, now: datetime
) -> list[str]:
    """Add readings, each with the file it came from, and give the ids of those that were new."""
    if not located:
        return []
    found = [reading for reading, _ in located]
    added = database.execute(
        query("add_readings"),
        {
            "id": [reading_id(reading) for reading in found],
            "account": [reading.account for reading in found],
            "provider": [reading.provider for reading in found],
            "pool": [reading.pool for reading in found],
            "unit": [reading.unit for reading in found],
            "used": [reading.used for reading in found],
            "cap": [reading.cap for reading in found],
            "read_us": [microseconds(reading.read_at) for reading in found],
            "resets_us": [_us(reading.resets_at) for reading in found],
            "source": [reading.source for reading in found],
            "login": [reading.login for reading in found],
            "folder": [reading.folder for reading in found],
            "origin": [origin for _, origin in located],
            "recorded_us": microseconds(now),
        },
    ).fetchall()
    return [row[0] for row in added]


def fold_runs(database: Database, accounts: Collection[str]) -> None:
    """Keep first and last of each run of equal readings, whatever order they came in."""
    database.execute(query("fold_runs"), {"account": sorted(accounts)})
    database.execute(query("mark_runs"))


def drop_readings(database: Database, reasons: Mapping[str, str], *, now: datetime) -> None:
    """Take readings back, each id with its reason; they stay to be looked at."""
    database.execute(
        query("drop_readings"),
        {
            "reading": list(reasons),
            "reason": list(reasons.values()),
            "recorded_us": microseconds(now),
        },
    )


def restore_readings(database: Database, found: Sequence[Reading], *, now: datetime) -> None:
    """Let readings stand again that were taken back and are given once more."""
    ids = [reading_id(reading) for reading in found]
    restore_ids(database, ids, reason="given again", now=now)


def restore_ids(database: Database, ids: Sequence[str], *, reason: str, now: datetime) -> None:
    """Let readings stand again that were taken back; those that stand are left alone."""
    database.execute(
        query("restore_readings"),
        {"id": list(ids), "reason": reason, "recorded_us": microseconds(now)},
    )


def settle_readings(
    database: Database, settled: Sequence[tuple[str, Reading]], *, now: datetime
) -> None:
    """Say readings once more, with the account they belong to (None: it cannot be told any more).

    The key of a reading holds its account, so it is the one that the same capture would give now.
    """
    if not settled:
        return
    database.execute(
        query("settle_readings"),
        {
            "aside": [aside for aside, _ in settled],
            "settled": [reading_id(reading) for _, reading in settled],
            "account": [reading.account for _, reading in settled],
            "recorded_us": microseconds(now),
        },
    )
    reasons = {
        aside: f"it belongs to {reading.account or 'one of several accounts'}"
        for aside, reading in settled
    }
    drop_readings(database, reasons, now=now)
    back = {"id": [reading_id(reading) for _, reading in settled]}
    database.execute(query("return_readings"), back | {"recorded_us": microseconds(now)})


def caps(database: Database, found: Sequence[CapFact], *, origin: str, now: datetime) -> None:
    """Add cap facts."""
    if found:
        database.execute(
            query("add_caps"),
            {
                "account": [cap.account for cap in found],
                "provider": [cap.provider for cap in found],
                "pool": [cap.pool for cap in found],
                "unit": [cap.unit for cap in found],
                "cap": [cap.cap for cap in found],
                "read_us": [microseconds(cap.read_at) for cap in found],
                "source": [cap.source for cap in found],
                "origin": origin,
                "recorded_us": microseconds(now),
            },
        )


def window(database: Database, logged: Window, *, now: datetime) -> None:
    """Record one version of a window."""
    windows(database, [logged], now=now)


def windows(database: Database, logged: Sequence[Window], *, now: datetime) -> None:
    """Record one version of each of some windows; each name stands there once."""
    if not logged:
        return
    rows = database.execute(
        query("add_windows"),
        {
            "name": [one.window for one in logged],
            "start_us": [microseconds(one.start_at) for one in logged],
            "end_us": [microseconds(one.end_at) for one in logged],
            "methodology": [one.methodology for one in logged],
            "is_guess": [one.is_guess for one in logged],
            "recorded_us": microseconds(now),
        },
    ).fetchall()
    version = dict(rows)
    parts = [(one.window, part) for one in logged for part in one.parts]
    if parts:
        database.execute(
            query("add_window_parts"),
            {
                "name": [name for name, _ in parts],
                "version": [version[name] for name, _ in parts],
                "methodology": [part.methodology for _, part in parts],
                "features": [list(part.features) for _, part in parts],
                "recorded_us": microseconds(now),
            },
        )


def window_captures(
    database: Database, name: str, given: Sequence[GivenReading], *, now: datetime
) -> None:
    """Record the captures handed over for a window."""
    database.execute(
        query("add_window_captures"),
        {
            "name": name,
            "account": [one.account for one in given],
            "pool": [one.pool for one in given],
            "side": [one.side for one in given],
            "reading": [one.reading for one in given],
            "has_own_time": [one.has_own_time for one in given],
            "recorded_us": microseconds(now),
        },
    )
