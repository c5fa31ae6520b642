"""Store what the clients' logs say: requests, each once, and how far every log was read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from portfolio.store.opening import query

if TYPE_CHECKING:
    from datetime import datetime

    from parsers.records import Turn
    from portfolio.store.opening import Database

LEAST_LINE: Final = 1 << 16  # bytes


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

    A line that a stored one of the same request says as well or better is not stored again. To be
    called inside a transaction.
    """
    from portfolio.store.write import microseconds

    best: dict[tuple[str, str, str], Turn] = {}
    places: dict[tuple[str, str, str], int] = {}
    folders: list[str] = []
    origins: list[str] = []
    for turns, folder, origin in found:
        folders.append(folder)
        origins.append(origin)
        for turn in turns:
            key = turn[:3]
            known = best.get(key)
            if known is None or turn.rank > known.rank:
                best[key] = turn
                places[key] = len(origins)
    if not best:
        return 0
    with tempfile.TemporaryDirectory(prefix="portfolio-") as scratch:
        table = Path(scratch, "turns.json")
        written = _lines([*turn, places[key]] for key, turn in best.items())
        table.write_bytes(written)
        # What DuckDB sets aside for a line; by itself, it takes 16 MiB.
        longest = max(LEAST_LINE, *map(len, written.splitlines()))
        at = {"path": str(table), "longest": longest, "folder": folders, "origin": origins}
        database.execute(query("read_turns"), at)
    added = _changed(database, "add_turns", {"recorded_us": microseconds(now)})
    # What once is needless stays so: every mark takes one of those that counted away.
    return added - _changed(database, "mark_turns")


def _lines(rows: Iterable[list[object]]) -> bytes:
    """Write rows as lines of JSON: text of every sort is safe in it, and no way in is faster."""
    import msgspec

    written = list(rows)
    encoder = msgspec.json.Encoder()
    try:
        return encoder.encode_lines(written)
    except UnicodeEncodeError:  # half a character, as a name of a file or branch may hold
        return encoder.encode_lines([list(map(_whole_characters, row)) for row in written])


def _whole_characters(value: object) -> object:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _changed(database: Database, name: str, values: dict[str, object] | None = None) -> int:
    return int(database.execute(query(name), values).fetchall()[0][0])


def settle(database: Database) -> None:
    """Tell anew which lines count, among all that are stored: after turns came in another way."""
    database.execute(query("take_all_turns"))
    database.execute(query("mark_turns"))


@contextmanager
def on_one_thread(database: Database) -> Iterator[None]:
    """Let the store work on one thread: sharing out small batches costs more than it brings."""
    database.execute(query("use_one_thread"))
    try:
        yield
    finally:
        database.execute(query("use_all_threads"))


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
