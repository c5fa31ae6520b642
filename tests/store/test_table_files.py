"""Rows that are no facts, as Parquet files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from portfolio.errors import FileUnwritableError
from portfolio.store.opening import opened
from portfolio.store.table_files import CellType, is_table_file, write_rows

TYPES: dict[str, CellType] = {
    "name": "VARCHAR",
    "count": "BIGINT",
    "usd": "DOUBLE",
    "is_good": "BOOLEAN",
    "at": "TIMESTAMPTZ",
    "day": "DATE",
}


def test_every_kind_of_cell_comes_back_and_what_is_not_known_is_null(tmp_path: Path) -> None:
    path = tmp_path / "it's.parquet"
    rows = [
        ("=1+1 € \x00", 2**53 + 1, -0.1, True, "2026-11-03T09:00:00+00:00", "2026-11-03"),
        ("half \ud83d", None, None, None, None, None),
    ]

    with opened(tmp_path / "store.duckdb") as database:
        write_rows(database, path, name="t", types=TYPES, rows=rows)

    with duckdb.connect() as other:
        found = other.execute("FROM read_parquet($path)", {"path": str(path)})
        types = {name: str(kind) for name, kind, *_ in found.description or ()}
        read = found.fetchall()
    at = datetime(2026, 11, 3, 9, tzinfo=UTC)
    assert read[0] == ("=1+1 € \x00", 2**53 + 1, -0.1, True, at, date(2026, 11, 3))
    assert read[1] == ("half \\ud83d", None, None, None, None, None)
    assert types["at"] == "TIMESTAMP WITH TIME ZONE"


def test_a_table_without_rows_keeps_its_columns(tmp_path: Path) -> None:
    with opened(tmp_path / "store.duckdb") as database:
        write_rows(database, tmp_path / "t.parquet", name="t", types=TYPES, rows=[])

    with duckdb.connect() as other:
        found = other.execute("FROM read_parquet($path)", {"path": str(tmp_path / "t.parquet")})
        assert [name for name, *_ in found.description or ()] == list(TYPES)
        assert found.fetchall() == []


def test_a_file_is_known_again_by_its_table_and_others_are_not(tmp_path: Path) -> None:
    ours, other = tmp_path / "t[1].parquet", tmp_path / "other.parquet"
    (tmp_path / "text.parquet").write_text("no Parquet")

    with opened(tmp_path / "store.duckdb") as database:
        write_rows(database, ours, name="t", types=TYPES, rows=[])
        database.execute("COPY (SELECT 1 AS one) TO $path (FORMAT parquet)", {"path": str(other)})

        assert is_table_file(database, ours, "t")
        assert not is_table_file(database, ours, "u")
        assert not is_table_file(database, other, "t")
        assert not is_table_file(database, tmp_path / "text.parquet", "t")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with opened(tmp_path / "store.duckdb") as database, pytest.raises(FileUnwritableError):
        write_rows(database, tmp_path / "gone" / "t.parquet", name="t", types=TYPES, rows=[])
