"""Let the store work in little memory on one thread, and in more where it cannot do without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from portfolio.store.opening import query

if TYPE_CHECKING:
    from portfolio.store.opening import Database

_T = TypeVar("_T")


@contextmanager
def little_room(database: Database) -> Iterator[None]:
    """Work on one thread, as sharing out batches costs more than it brings, and spill early."""
    import duckdb

    database.execute(query("use_one_thread"))
    with suppress(duckdb.OutOfMemoryException):  # it holds more already
        database.execute(query("use_little_memory"))
    try:
        yield
    finally:
        database.execute(query("use_all_memory"))
        database.execute(query("use_all_threads"))


def with_room(database: Database, act: Callable[[], _T]) -> _T:
    """Do what is all or nothing, and do it again with all memory where little was not enough."""
    import duckdb

    try:
        return act()
    except duckdb.OutOfMemoryException:
        database.execute(query("use_all_memory"))
        return act()
