"""Open the store: one process at a time, in UTC, with its tables up to date.

DuckDB takes one writing process and lets no second one read meanwhile; processes that retry on its
own lock were measured to lose acknowledged rows. So every use of the store holds our own lock file
from open to close, and is short.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from portfolio.errors import StoreBusyError, StoreUnreadableError

if TYPE_CHECKING:
    import duckdb

    Database: TypeAlias = duckdb.DuckDBPyConnection

HERE: Final = Path(__file__).parent  # importlib.resources takes 5 ms to load
FOREIGN_HOLDER: Final = re.compile(r"[Cc]onflicting lock is held in (.{1,200}?\(PID [0-9]+\))")


@contextmanager
def opened(path: Path, *, wait_s: float = 10.0) -> Iterator[Database]:
    """Open the store for one command, and close it after.

    Raises:
        StoreBusyError: Another process held the lock for all of `wait_s` seconds.
        StoreUnreadableError: The file is no store, is damaged, or is of a newer version.
    """
    import duckdb

    with held(path, wait_s=wait_s):
        database = _connected(path)
        try:
            database.execute("SET TimeZone = 'UTC'")
            _migrate(database, path)
            yield database
        except duckdb.Error as error:
            if _is_interrupt(error):
                raise KeyboardInterrupt from error
            if _is_damage(error):
                raise StoreUnreadableError(path, _first_line(error)) from error
            raise
        except RuntimeError as error:
            if _is_interrupt(error):  # so DuckDB tells of Ctrl-C in the middle of a query
                raise KeyboardInterrupt from error
            raise
        finally:
            database.close()


def _connected(path: Path) -> Database:
    import duckdb

    try:
        return duckdb.connect(str(path))
    except duckdb.IOException as error:
        if other := FOREIGN_HOLDER.search(str(error)):
            raise StoreBusyError(path, holder=other.group(1), waited_s=0) from error
        raise StoreUnreadableError(path, _first_line(error)) from error
    except (duckdb.Error, OSError) as error:
        raise StoreUnreadableError(path, _first_line(error)) from error


def _is_interrupt(error: Exception) -> bool:
    return "interrupted" in str(error).lower()


def _is_damage(error: Exception) -> bool:
    """Tell a damaged page (seen when it is read) or a full disk from a mistake of our own."""
    import duckdb

    kinds = (
        duckdb.FatalException,
        duckdb.InternalException,
        duckdb.IOException,
        duckdb.SerializationException,
    )
    if isinstance(error, duckdb.TransactionException):
        return "Failed to commit" in str(error)  # nothing of it is in the store
    # A checksum that does not match bears no kind of its own.
    return isinstance(error, kinds) or type(error) is duckdb.Error


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


@contextmanager
def held(path: Path, *, wait_s: float) -> Iterator[None]:
    """Hold the store's lock: nobody else of ours has the file open meanwhile.

    Raises:
        StoreBusyError: Another process held it for all of `wait_s` seconds.
        StoreUnreadableError: The folder cannot be written to.
    """
    from portfolio.store.lock import locked

    holder = Path(f"{path}.holder")
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(f"{path}.lock", wait_s=wait_s))
        except TimeoutError as error:
            raise StoreBusyError(path, holder=_read_holder(holder), waited_s=wait_s) from error
        except OSError as error:
            raise StoreUnreadableError(path, str(error)) from error
        try:
            with suppress(OSError):  # a kindness to who waits; the lock holds without it
                name = f"process {os.getpid()} ({Path(sys.argv[0]).name})"
                holder.write_text(name, encoding="utf-8", errors="replace")
            yield
        finally:
            with suppress(OSError):
                holder.unlink()


def _read_holder(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace") or "another process"
    except OSError:
        return "another process"


def _migrate(database: Database, path: Path) -> None:
    """Bring the tables up to date, all or nothing."""
    have = _version(database)
    steps = migrations()
    if have > len(steps):
        raise StoreUnreadableError(
            path, f"its tables are of version {have}, newer than this program"
        )
    for number, (_, text) in enumerate(steps[have:], start=have + 1):
        with transaction(database):
            database.execute(text)
            database.execute(query("set_version"), {"version": number})


def _version(database: Database) -> int:
    database.execute(query("make_version_table"))  # to ask whether it is there takes 10 ms
    row = database.execute(query("get_version")).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


@contextmanager
def transaction(database: Database) -> Iterator[None]:
    """Write all of it or none of it."""
    database.begin()
    try:
        yield
    except BaseException:
        database.rollback()
        raise
    database.commit()


@lru_cache
def query(name: str) -> str:
    """Give the text of one file of queries/."""
    return (HERE / "queries" / f"{name}.sql").read_text(encoding="utf-8")


def migrations() -> list[tuple[str, str]]:
    """Give every migration in order, as (name, text)."""
    found = [
        (entry.name, entry.read_text(encoding="utf-8"))
        for entry in (HERE / "migrations").iterdir()
        if entry.name.endswith(".sql")
    ]
    return sorted(found)
