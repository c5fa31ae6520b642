"""Tables as CSV that a spreadsheet may open: no cell of it is ever a formula."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Final

from portfolio.report.tables import Cell, Table
from portfolio.report.text import safe

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONGEST: Final = 32_000  # characters; a spreadsheet's cell holds 32,767


def csv_text(table: Table) -> str:
    """Write a table with its header; a cell that is not known is empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_written(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str):
        return plain(cell)
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return cell.isoformat() if not isinstance(cell, int | float) else repr(cell)


def plain(text: str) -> str:
    """Make text from outside plain text: what would begin a formula is set behind a quote.

    >>> plain("=1+1"), plain(" @SUM(A1)"), plain("a-b")
    ("'=1+1", "' @SUM(A1)", 'a-b')
    """
    told = safe(text, longest=LONGEST)
    is_formula = text.startswith(FORMULA) or told.lstrip().startswith(FORMULA)
    return f"'{told}" if is_formula else told
