"""Write the facts into Parquet files, one a table, and know such files again."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from portfolio.errors import ExportForeignError, FileUnreadableError
from portfolio.store.opening import query

if TYPE_CHECKING:
    from portfolio.store.opening import Database

BOOKKEEPING: Final = {  # tables that hold no fact: what each is for
    "log_file": "how far each log on this machine was read",
    "schema_version": "which tables there are; every file bears it",
}
FIRST: Final = {  # columns that stand first in a file
    "reading": (
        *("account", "pool", "unit", "used", "cap"),
        *("read_at", "resets_at", "source"),
    )
}

WILD: Final = re.compile(r"[*?[]")  # in a file's name


class FactTable(NamedTuple):
    """One table of the store."""

    name: str
    columns: list[str]
    key: list[str]  # the columns of its key; none where every row is a record of its own


class WrittenFile(NamedTuple):
    """One file of an export."""

    table: str
    path: Path
    rows: int


def fact_tables(database: Database) -> list[FactTable]:
    """Give every table that holds facts, by name."""
    rows = database.execute(query("fact_tables")).fetchall()
    return [FactTable(*row) for row in rows if row[0] not in BOOKKEEPING]


def count_of(database: Database, table: str) -> int:
    """Count the rows of a table."""
    return int(database.execute(query("count_facts"), {"facts": table}).fetchall()[0][0])


def write_files(database: Database, folder: Path) -> list[WrittenFile]:
    """Write every fact table; files of an earlier export are replaced, others are left alone.

    Raises:
        ExportForeignError: A file that is none of ours bears the name of one of them.
        FileUnreadableError: The folder cannot be made or written to.
    """
    import duckdb

    tables = fact_tables(database)
    rows = {table.name: count_of(database, table.name) for table in tables}
    mark = json.dumps({"version": _version(database), "rows": rows}, sort_keys=True)
    written = [WrittenFile(name, file_of(folder, name), count) for name, count in rows.items()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for _, path, _ in written:
            if (path.exists() or path.is_symlink()) and mark_of(database, path) is None:
                raise ExportForeignError(path)
        with tempfile.TemporaryDirectory(prefix=".portfolio-", dir=folder) as aside:
            for table in tables:
                _write(database, table, file_of(Path(aside), table.name), mark=mark)
            for name, path, _ in written:
                file_of(Path(aside), name).replace(path)
    except OSError as error:
        raise FileUnreadableError(folder, error.strerror or str(error)) from error
    except duckdb.IOException as error:
        raise FileUnreadableError(folder, str(error).partition("\n")[0]) from error
    return written


def _write(database: Database, table: FactTable, path: Path, *, mark: str) -> None:
    database.execute(
        query("write_facts"),
        {
            "facts": table.name,
            "order": ["record_no"] if "record_no" in table.columns else table.columns,
            "first": list(FIRST.get(table.name, table.columns[:1])),
            "path": str(path),
            "mark": mark,
        },
    )


def file_of(folder: Path, table: str) -> Path:
    """Give the file of a table in a folder."""
    return folder / f"{table}.parquet"


def pattern_of(path: Path) -> str:
    """Give a file as DuckDB reads it: characters that stand for others stand for themselves."""
    return WILD.sub(r"[\g<0>]", str(path))


def mark_of(database: Database, path: Path) -> str | None:
    """Give what our export noted in a file; None where it is none of ours."""
    import duckdb

    try:
        marks = dict(database.execute(query("file_marks"), {"path": pattern_of(path)}).fetchall())
        return bytes(marks[b"portfolio"]).decode()
    except (duckdb.Error, KeyError, UnicodeDecodeError):
        return None


def _version(database: Database) -> int:
    return int(database.execute(query("get_version")).fetchall()[0][0])
