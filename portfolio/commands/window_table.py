"""Windows as a table that a spreadsheet can edit: written, and taken in again."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from datetime import datetime, tzinfo
from typing import Final, NamedTuple

from parsers.records import Problem
from portfolio import settings as chosen
from portfolio.commands.window_parts import said_methodology
from portfolio.commands.window_span import NAME_RULE, check_span, evidence_of, is_name
from portfolio.errors import PortfolioError, WindowTableError
from portfolio.estimate.proposals import Proposal
from portfolio.model import Window, WindowPart

COLUMNS: Final = ("window", "start", "end", "methodology", "guessed", "evidence")
NEEDED: Final = COLUMNS[:3]
YES: Final = {"yes", "true", "1", "x", "wahr"}  # "wahr": what a German spreadsheet makes of true
NO: Final = {"", "no", "false", "0", "falsch"}
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so is run by a spreadsheet


class Row(NamedTuple):
    """One row of a table of windows, as the user left it."""

    line: int
    window: str
    start_at: datetime  # UTC
    end_at: datetime  # UTC
    methodology: str | None
    parts: tuple[WindowPart, ...]
    says_guess: bool


def table_of(proposed: Sequence[Proposal], logged: Sequence[Window], *, zone: tzinfo) -> str:
    """Write the proposed windows that ended, and the logged ones with a guess, as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in proposed:
        if not one.is_running:
            writer.writerow(_cells(one, _evidence(one), zone=zone))
    for window in logged:
        if window.is_guess:
            writer.writerow(_cells(window, "logged", zone=zone))
    return out.getvalue()


def _cells(one: Proposal | Window, evidence: str, *, zone: tzinfo) -> list[str]:
    return [
        _text(cell)
        for cell in (
            one.window,
            one.start_at.astimezone(zone).isoformat(),
            one.end_at.astimezone(zone).isoformat(),
            one.methodology or "",
            "yes" if one.is_guess else "",
            evidence,
        )
    ]


def _text(cell: str) -> str:
    """Write a cell so that no spreadsheet runs it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _evidence(one: Proposal) -> str:
    accounts = ", ".join(one.accounts) or "no known account"
    burn = "; ".join(
        f"{burn.account} {burn.pool} {burn.burn:g} {burn.unit}"
        for burn in one.burn
        if burn.burn is not None
    )
    return f"{evidence_of(one)} on {accounts}{f'; {burn}' * bool(burn)}"


def rows_in(text: str, *, where: str, zone: tzinfo) -> tuple[list[Row], list[Problem]]:
    """Read a table; a row that cannot be taken is a Problem with its line, the others are given.

    Raises:
        WindowTableError: It lacks a column that is needed.
    """
    first = text.partition("\n")[0]
    divider = max(",;\t", key=first.count)  # a spreadsheet writes what its country is used to
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=divider)
    rows: list[Row] = []
    named: set[str] = set()
    problems: list[Problem] = []
    try:
        heads = [head.strip().lower() for head in next(reader, [])]
        if missing := [name for name in NEEDED if name not in heads]:
            raise WindowTableError(f"there is no column {', '.join(missing)}", where=where)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            row = dict(zip(heads, (cell.strip() for cell in cells), strict=False))
            try:
                rows.append(_row(row, line=reader.line_num, zone=zone, named=named))
                named.add(rows[-1].window)
            except (PortfolioError, _BadRowError) as error:
                problems.append(Problem("row-unreadable", reader.line_num, str(error)))
    except csv.Error as error:
        problems.append(Problem("row-unreadable", reader.line_num, f"no CSV from here on: {error}"))
    return rows, problems


class _BadRowError(Exception):
    """A row that cannot be taken, and why."""


def _row(row: dict[str, str], *, line: int, zone: tzinfo, named: Collection[str]) -> Row:
    name = row.get("window", "").removeprefix("'")
    if not is_name(name):
        raise _BadRowError(f"{name!r} cannot name a window ({NAME_RULE})")
    if name in named:
        raise _BadRowError(f"{name} stands in the table twice")
    start = chosen.moment(row.get("start", ""), zone=zone)
    end = chosen.moment(row.get("end", ""), zone=zone)
    check_span(start, end)
    mark = row.get("guessed", "").lower()
    if mark not in YES | NO:
        raise _BadRowError(f"{mark!r} in the column guessed is neither yes nor no")
    text = row.get("methodology", "").removeprefix("'")
    methodology, parts = _methodology(text)
    return Row(line, name, start, end, methodology, parts, mark in YES)


def _methodology(text: str) -> tuple[str | None, tuple[WindowPart, ...]]:
    """Read a cell: one name, or several with their features: solo=AUTH-01,AUTH-02 relay=FEED-02."""
    if not text:
        return None, ()
    return said_methodology(text.split() if "=" in text else [text])
