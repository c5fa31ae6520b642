"""Write rows that are no facts into Parquet files, and know such files again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from portfolio.errors import FileUnwritableError
from portfolio.store.exporting import pattern_of
from portfolio.store.opening import query

if TYPE_CHECKING:
    from portfolio.store.opening import Database

CellType: TypeAlias = Literal["VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "TIMESTAMPTZ", "DATE"]
StoredCell: TypeAlias = None | str | int | float | bool
MARK: Final = b"portfolio_table"


def write_rows(
    database: Database,
    path: Path,
    *,
    name: str,
    types: Mapping[str, CellType],
    rows: Sequence[Sequence[StoredCell]],
) -> None:
    """Write one table; moments and days are given as ISO text.

    Raises:
        FileUnwritableError: It cannot be written there.
    """
    import duckdb

    asked = {
        "rows": json.dumps([dict(zip(types, _valid(row), strict=True)) for row in rows]),
        "structure": json.dumps([dict(types)]),
        "path": str(path),
        "mark": name,
    }
    try:
        database.execute(query("write_rows"), asked)
    except duckdb.IOException as error:
        raise FileUnwritableError(path, str(error).partition("\n")[0]) from error


def _valid(row: Sequence[StoredCell]) -> list[StoredCell]:
    """Spell out halves of characters, which a commit may hold and no Parquet file can."""
    return [
        cell.encode("utf-8", "backslashreplace").decode("utf-8") if isinstance(cell, str) else cell
        for cell in row
    ]


def is_table_file(database: Database, path: Path, name: str) -> bool:
    """Tell whether a file is one that `write_rows` wrote of a table of this name."""
    import duckdb

    try:
        marks = database.execute(query("file_marks"), {"path": pattern_of(path)}).fetchall()
    except duckdb.Error:
        return False
    return dict(marks).get(MARK) == name.encode()
