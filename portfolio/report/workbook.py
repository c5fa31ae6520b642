"""Tables as a workbook: a sheet of daily totals, saved and spent, and a sheet a table.

Numbers are numbers and moments are moments, in the user's zone; text from outside is text and
never a formula or a link.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any, Final

from portfolio.report.csv_text import LONGEST
from portfolio.report.tables import Cell, Column, Table
from portfolio.report.text import safe

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MARK: Final = "Written by portfolio report; it is replaced when it is written again."
FORMATS: Final = {
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "usd": {"num_format": "#,##0.00"},
    "number": {"num_format": "General"},
    "integer": {"num_format": "#,##0"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
    "text": {},
}
WIDEST: Final = 40  # characters; longer text is cut on the screen alone


def workbook(
    sheets: Sequence[tuple[Table, Sequence[str]]],
    notes: Sequence[str],
    *,
    zone: tzinfo,
    now: datetime,
) -> bytes:
    """Write the sheets, and what is to be known of them on a sheet of its own after the first.

    Args:
        sheets: A table each, with the heads of its columns; none: the columns' own names.
        notes: A sentence a row.
        zone: Of the moments, which a workbook holds without one.
        now: When it is written.
    """
    from xlsxwriter import Workbook

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(out, options) as book:
        book.set_properties({"comments": MARK, "created": now.replace(tzinfo=None)})
        for at, (table, heads) in enumerate(sheets):
            _fill(book, table, heads or [column.name for column in table.columns], zone)
            if at == 0:
                _note(book.add_worksheet("notes"), notes)
    return out.getvalue()


def _fill(book: Workbook, table: Table, heads: Sequence[str], zone: tzinfo) -> None:
    sheet = book.add_worksheet(table.name[:31])
    formats = {name: book.add_format(look) for name, look in FORMATS.items()}
    sheet.freeze_panes(1, 1)
    for at, (column, head) in enumerate(zip(table.columns, heads, strict=True)):
        sheet.write_string(0, at, head, formats["head"])
        look = formats[_look(column)]
        cells = [row[at] for row in table.rows]
        sheet.set_column(at, at, _width(column, head, cells))
        for line, cell in enumerate(cells, start=1):
            _write(sheet, line, at, cell, look, zone)


def _write(sheet: Worksheet, line: int, at: int, cell: Cell, look: Any, zone: tzinfo) -> None:
    """Write one cell; what is not known stays empty."""
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(line, at, cell, look)
    elif isinstance(cell, str):
        sheet.write_string(line, at, safe(cell, longest=LONGEST), look)
    elif isinstance(cell, datetime):
        sheet.write_datetime(line, at, cell.astimezone(zone).replace(tzinfo=None), look)
    elif isinstance(cell, date):
        sheet.write_datetime(line, at, cell, look)
    else:
        sheet.write_number(line, at, cell, look)


def _look(column: Column) -> str:
    if column.kind == "number" and column.name.endswith("usd"):
        return "usd"
    return column.kind if column.kind in FORMATS else "text"


def _width(column: Column, head: str, cells: Sequence[Cell]) -> int:
    if column.kind == "text":
        widest = max((len(str(cell)) for cell in cells if cell is not None), default=0)
    else:
        widest = {"moment": 16, "day": 11}.get(column.kind, 10)
    return min(WIDEST, max(widest, min(len(head), 24)) + 2)


def _note(sheet: Worksheet, notes: Sequence[str]) -> None:
    sheet.set_column(0, 0, 120)
    for line, told in enumerate(notes):
        sheet.write_string(line, 0, safe(told, longest=LONGEST))
