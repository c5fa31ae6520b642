"""CSV that a spreadsheet may open."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.report.csv_text import csv_text
from portfolio.report.tables import Cell, Column, Table


def cells(*row: Cell) -> list[str]:
    """Give the cells of a row, written and read again."""
    columns = tuple(Column(f"c{n}", "text") for n, _ in enumerate(row))
    written = csv_text(Table(name="t", columns=columns, rows=(row,)))
    return list(csv.reader(io.StringIO(written, newline="")))[1]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "=cmd|' /C calc'!A0"],
)
def test_text_that_would_be_a_formula_is_set_behind_a_quote(text: str) -> None:
    assert cells(text)[0].startswith("'")


@given(st.text())
def test_no_text_begins_a_formula_or_a_second_row(text: str) -> None:
    (cell,) = cells(text) or [""]

    assert not cell.lstrip().startswith(tuple("=+-@\t\r\n"))
    assert "\n" not in cell
    assert "\x1b" not in cell


def test_numbers_stay_numbers_moments_are_utc_and_what_is_not_known_is_empty() -> None:
    vienna = timezone(timedelta(hours=1))

    assert cells(
        *(-3.5, 7, None, True, "", 'a;b, "c"'),
        *(datetime(2026, 11, 3, 10, tzinfo=vienna), date(2026, 11, 3)),
    ) == ["-3.5", "7", "", "true", "", 'a;b, "c"', "2026-11-03T09:00:00Z", "2026-11-03"]


def test_a_table_without_rows_has_its_header() -> None:
    empty = Table(name="t", columns=(Column("a", "text"), Column("b", "day")), rows=())

    assert csv_text(empty) == "a,b\n"
