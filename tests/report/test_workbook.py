"""The workbook, read back by a library of others."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from portfolio.report.tables import Column, Table
from portfolio.report.workbook import workbook

NOW = datetime(2026, 11, 28, tzinfo=UTC)
TABLE = Table(
    name="daily",
    columns=(
        *(Column("day", "day"), Column("seen_at", "moment"), Column("paid_usd", "number")),
        *(Column("windows", "integer"), Column("is_good", "truth"), Column("name", "text")),
    ),
    rows=(
        (date(2026, 11, 3), datetime(2026, 11, 3, 23, 30, tzinfo=UTC), -1.25, 7, True, "=1+1"),
        (None, None, None, None, None, None),
        (date(2026, 11, 4), None, 0.0, 0, False, "https://evil.example"),
    ),
)


def read(table: Table, *, heads: tuple[str, ...] = ()) -> Any:
    body = workbook([(table, heads)], ["=a note"], zone=ZoneInfo("Europe/Vienna"), now=NOW)
    return openpyxl.load_workbook(io.BytesIO(body))


def test_numbers_days_and_moments_come_back_as_they_are_and_nothing_as_zero() -> None:
    sheet = read(TABLE)["daily"]

    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    midnight = datetime(2026, 11, 3)  # noqa: DTZ001 - a workbook knows no zone
    assert rows[0] == [midnight, datetime(2026, 11, 4, 0, 30), -1.25, 7, True, "=1+1"]  # noqa: DTZ001
    assert rows[1:2] == [[None] * 6]
    assert rows[2][2:5] == [0, 0, False]
    assert [cell.is_date for cell in sheet[2]] == [True, True, False, False, False, False]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "@SUM(A1)", '=HYPERLINK("x")', "{=1}", "007", "\x1b[31m"]
)
def test_text_is_never_a_formula_a_link_or_a_number(text: str) -> None:
    table = Table(name="t", columns=(Column("name", "text"),), rows=((text,),))

    sheet = read(table)["t"]

    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].hyperlink is None
    assert sheet["A2"].value == text.replace("\x1b", "\\x1b")


def test_the_notes_stand_after_the_first_sheet_and_heads_say_what_columns_are() -> None:
    table = Table(name="t", columns=(Column("saved_usd", "number"),), rows=())

    book = read(table, heads=("Saved, USD",))

    assert book.sheetnames == ["t", "notes"]
    assert book["t"]["A1"].value == "Saved, USD"
    assert (book["notes"]["A1"].value, book["notes"]["A1"].data_type) == ("=a note", "s")


def test_text_longer_than_a_cell_holds_is_cut_and_told_so() -> None:
    table = Table(name="t", columns=(Column("name", "text"),), rows=(("x" * 40_000,),))

    value = read(table)["t"]["A2"].value

    assert len(value) == 32_000
    assert value.endswith("…")
