"""Merge the facts of an export into the store: all of them or none, and the same ones once.

The files are put into a store beside this one, with the tables of the version that wrote them, and
brought up to date there as any store is. Then each table is merged:

* one with a key, and one whose rows say all by themselves (`SEEN_ONCE`): what is here stays as it
  is, what is not here is added;
* else every record is a version of a fact, and both logs are put in one order (merge_order.py):
  the version that was recorded later rules, wherever it was recorded.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from portfolio.errors import ExportUnreadableError
from portfolio.store import turns
from portfolio.store.exporting import FactTable, count_of, fact_tables, file_of, mark_of, pattern_of
from portfolio.store.merge_order import Key, Record, keys_of, merged
from portfolio.store.opening import migrations, query

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from portfolio.store.opening import Database

# Columns that are told anew from all that is there.
MARKS: Final = {
    "reading": {"is_folded", "held_since"},
    "turn": {"is_superseded"},
    "model_price": {"version"},
}
SEEN_ONCE: Final = {"cap_seen", "commit_problem", "turn"}
UNORDERED: Final = {"reading", "turn"}  # there are many, and no query asks for their order
OF_WINDOWS: Final = "window_part"  # belongs to a version of a window, by its number
WINDOWS: Final = "window_log"
CHECKOUTS: Final = "worktree"  # kept up to date in its place


class Merged(NamedTuple):
    """What became of one table."""

    table: str
    offered: int  # rows in the file
    added: int  # rows that were not here


@contextmanager
def offered(database: Database, folder: Path) -> Iterator[dict[str, int]]:
    """Put an export into a store of its own beside this one, called `offered`; give its rows.

    Raises:
        ExportUnreadableError: It is none, is not whole, or a newer program wrote it.
    """
    version, rows = _told(database, folder)
    database.execute(query("offer_store"))
    try:
        with spoken_of_offered(database):
            steps = migrations()
            for _, text in steps[:version]:
                database.execute(text)
            _load(database, folder, rows)
            for _, text in steps[version:]:
                database.execute(text)
            _check(database, folder, rows)
        yield rows
    finally:
        database.execute(query("withdraw_store"))


@contextmanager
def spoken_of_offered(database: Database) -> Iterator[None]:
    """Let every query ask the store that is offered, for a while."""
    database.execute(query("use_offered"))
    try:
        yield
    finally:
        database.execute(query("use_home"))


def _told(database: Database, folder: Path) -> tuple[int, dict[str, int]]:
    """Give the version of an export and how many rows each of its tables has."""
    marks = {
        path.stem: mark
        for path in sorted(folder.glob("*.parquet"))
        if (mark := mark_of(database, path)) is not None
    }
    if not marks:
        raise ExportUnreadableError(folder, "no file of an export of portfolio is there")
    mark = next(iter(marks.values()))
    try:
        told = json.loads(mark)
        version, rows = int(told["version"]), {str(k): int(v) for k, v in told["rows"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ExportUnreadableError(folder, "what its files say of it is damaged") from error
    if version > len(migrations()):
        raise ExportUnreadableError(
            folder, f"its tables are of version {version}, newer than this program"
        )
    for name in rows:
        if marks.get(name) != mark:
            raise ExportUnreadableError(
                folder, f"{name}.parquet is missing, damaged, or of another export than the rest"
            )
    return version, rows


def _load(database: Database, folder: Path, rows: dict[str, int]) -> None:
    """Fill the store that is offered."""
    import duckdb

    tables = fact_tables(database)
    if {table.name for table in tables} != set(rows):
        raise ExportUnreadableError(folder, "its files are not those of its version")
    for table in tables:
        path = file_of(folder, table.name)
        try:
            place = {"path": pattern_of(path)}
            count = database.execute(query("file_rows"), place).fetchall()[0][0]
            if count:
                found = database.read_parquet(place["path"])
                found.select(*map(duckdb.ColumnExpression, table.columns)).insert_into(table.name)
        except duckdb.Error as error:
            raise ExportUnreadableError(path, str(error).partition("\n")[0]) from error
        if count != rows[table.name]:
            raise ExportUnreadableError(path, f"it has not the {rows[table.name]} rows it ought to")


def _check(database: Database, folder: Path, rows: dict[str, int]) -> None:
    """Refuse values that no program of ours could have written: all that follows counts on them."""
    unsound = dict(database.execute(query("unsound_values")).fetchall())
    for table in fact_tables(database):
        count = unsound.get(table.name, 0)
        if rows.get(table.name) and "record_no" in table.columns:
            asked = {"facts": table.name}
            count += database.execute(query("unsound_rows"), asked).fetchall()[0][0]
        if count:
            raise ExportUnreadableError(
                file_of(folder, table.name), f"{count} of its rows cannot be so"
            )


def merge(database: Database, rows: dict[str, int]) -> list[Merged]:
    """Add all that is offered and not here; to be called inside a transaction.

    Args:
        database: The store.
        rows: How many rows of each table are offered.
    """
    done = [_merged(database, table, rows.get(table.name, 0)) for table in _in_turn(database)]
    if any(table.added for table in done):
        database.execute(query("renumber_price_versions"))
        turns.settle(database)
    return done


def _in_turn(database: Database) -> list[FactTable]:
    """Give every table, the parts of windows right behind the windows they belong to."""
    tables = fact_tables(database)
    own = next(table for table in tables if table.name == OF_WINDOWS)
    others = [table for table in tables if table is not own]
    place = next(place for place, table in enumerate(others) if table.name == WINDOWS)
    return [*others[: place + 1], own, *others[place + 1 :]]


def _merged(database: Database, table: FactTable, count: int) -> Merged:
    """Add what is offered of one table and not here."""
    if not count:
        return Merged(table.name, 0, 0)
    before = count_of(database, table.name)
    if table.name == OF_WINDOWS:
        database.execute(query("add_offered_window_parts"))
    elif table.name == CHECKOUTS:
        database.execute(query("add_offered_worktrees"))
    elif table.name in UNORDERED:
        _add_unknown(database, table)
    else:
        _add_in_order(database, table)
        if table.name == WINDOWS:  # the parts that are here follow their windows in any case
            database.execute(query("renumber_window_parts"))
    return Merged(table.name, count, count_of(database, table.name) - before)


def _offered_name(name: str) -> str:
    return f"offered.main.{name}"


def _identity(table: FactTable) -> list[str]:
    """Give the columns that make a row itself."""
    if table.key:
        return table.key
    beside = {"record_no", *MARKS.get(table.name, ())}
    beside |= {"recorded_at"} if table.name in SEEN_ONCE else set()
    return [column for column in table.columns if column not in beside]


def _add_unknown(database: Database, table: FactTable) -> None:
    """Add the rows that are not here."""
    asked = {
        "here": table.name,
        "offered": _offered_name(table.name),
        "identity": _identity(table),
    }
    database.sql(query("unknown_facts"), params=asked).insert_into(table.name)


def _add_in_order(database: Database, table: FactTable) -> None:
    """Add the records that are not here, and number those behind them anew."""
    import duckdb

    here = _log(database, table.name, _identity(table))
    there = _log(database, _offered_name(table.name), _identity(table))
    _number(database, here, there)
    own = database.table(table.name)
    own.update(
        {"record_no": duckdb.FunctionExpression("renumbered", duckdb.ColumnExpression("record_no"))}
    )
    new = database.sql(query("renumbered_facts"), params={"offered": _offered_name(table.name)})
    new.insert_into(table.name)


def _log(database: Database, facts: str, identity: Sequence[str]) -> list[Record]:
    asked = {"facts": facts, "identity": list(identity)}
    return [Record._make(row) for row in database.execute(query("fact_order"), asked).fetchall()]


def _number(database: Database, here: Sequence[Record], there: Sequence[Record]) -> None:
    """Say which record of either log becomes which number."""
    order = merged(here, there)
    known = dict(zip(keys_of(here), here, strict=True))
    asked = dict(zip(keys_of(there), there, strict=True))
    numbers = _numbers(database, order, known)
    rows = [(True, False, record.number, numbers[key]) for key, record in known.items()]
    rows += [
        (False, key not in known, record.number, numbers[key]) for key, record in asked.items()
    ]
    is_here, is_new, was, now = map(list, zip(*rows, strict=True)) if rows else ([], [], [], [])
    values = {"is_here": is_here, "is_new": is_new, "was": was, "now": now}
    database.execute(query("make_renumbering"), values)
    database.execute(query("make_renumbered"))


def _numbers(database: Database, order: Sequence[Key], known: dict[Key, Record]) -> dict[Key, int]:
    """Give each record its number: the one it has, until the first that comes in between."""
    kept = 0
    for key, own in zip(order, known, strict=False):
        if key != own:
            break
        kept += 1
    numbers = {key: known[key].number for key in order[:kept]}
    new = order[kept:]
    if new:
        asked = {"count": len(new)}
        last = int(database.execute(query("next_numbers"), asked).fetchall()[0][0])
        numbers |= dict(zip(new, range(last - len(new) + 1, last + 1), strict=True))
    return numbers
