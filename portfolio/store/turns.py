"""Store what the clients' logs say: requests, each once, and how far every log was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from portfolio.store.opening import query
from portfolio.store.read import moment_of
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from datetime import datetime

    from parsers.records import Turn
    from portfolio.store.opening import Database


class FoundTurns(NamedTuple):
    """Turns of one log, and where it lies."""

    turns: Sequence[Turn]
    folder: str  # the client's folder
    origin: str  # the log file


class LogState(NamedTuple):
    """How far one log was read."""

    path: str
    folder: str  # the client's folder it was found in
    source: str  # claude or codex
    reader: int  # version of the parser; a newer one reads the log again
    size: int
    modified_ns: int
    end_offset: int  # behind the last whole line that was read
    seam: str  # digest of what stands before it, to know a rewritten log
    carry: str  # what reading on must know
    lines_read: int
    lines_skipped: int

    @classmethod
    def of_folder(cls, path: str, source: str, seam: str) -> LogState:
        """Make the state of what is looked at as a whole: a digest says whether it changed."""
        return cls(path, path, source, 1, 0, 0, 0, seam, "", 0, 0)


def add(database: Database, found: Iterable[FoundTurns], *, now: datetime) -> int:
    """Add turns in one go, and give how many more requests count than before.

    To be called inside a transaction.
    """
    from portfolio.store.waiting_turns import waiting_turns

    with waiting_turns() as waiting:
        for one in found:
            waiting.put(one)
        return waiting.store(database, now=now)


def settle(database: Database) -> None:
    """Tell anew which lines count, among all that are stored: after turns came in another way."""
    database.execute(query("mark_turns"), {"before": -1})


def log_states(database: Database) -> dict[str, LogState]:
    """Give how far each log was read, by its path."""
    rows = database.execute(query("log_states")).fetchall()
    return {row[0]: LogState._make(row) for row in rows}


def log_state(database: Database, path: str) -> LogState | None:
    """Give how far one log was read, or how a folder looked."""
    rows = database.execute(query("log_state"), {"path": path}).fetchall()
    return LogState._make(rows[0]) if rows else None


def set_log_states(database: Database, states: Sequence[LogState]) -> None:
    """Say how far some logs were read, in the transaction that stores what they say."""
    if not states:
        return
    database.execute(query("forget_log_states"), {"path": [state.path for state in states]})
    columns = zip(*states, strict=True)
    named = dict(zip(LogState._fields, map(list, columns), strict=True))
    database.execute(query("add_log_states"), named)


def are_any(database: Database) -> bool:
    """Tell whether any turn was taken in."""
    return bool(database.execute(query("has_turns")).fetchall()[0][0])


def newest_before(database: Database, recorded_at: datetime) -> datetime | None:
    """Give the moment of the newest turn that was taken in before a moment; None: there is none."""
    asked = {"recorded_us": microseconds(recorded_at)}
    (found,) = database.execute(query("newest_turn_before"), asked).fetchall()[0]
    return None if found is None else moment_of(found)
