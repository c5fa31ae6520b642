"""A backlog as a file, CSV or JSON: what is to be done, how large it is, and when it is due."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any, Final, NamedTuple, NoReturn

from parsers.records import Problem
from portfolio import settings as chosen
from portfolio.errors import BacklogError, PortfolioError
from portfolio.estimate.branch_items import is_id
from portfolio.estimate.size_cues import SIZES, Size

COLUMNS: Final = ("id", "size", "priority", "due")
NORMAL: Final = 3
PRIORITIES: Final = {"": NORMAL, "high": 2, "normal": NORMAL, "low": 4} | {
    str(n): n for n in range(1, 6)
}
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
BLANK: Final = re.compile(r"[ \t\r\n]*")
BAD_ROW: Final = "backlog-row"


class Row(NamedTuple):
    """One entry of a backlog, with its words not read yet."""

    line: int  # 1-based line of the file on which it ends (CSV) or begins (JSON)
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One item that is to be done, as a backlog says."""

    item: str
    line: int | None = None  # of the file; None: of the store
    size: Size | None = None  # None: it does not say
    priority: int = NORMAL  # 1, the first, to 5
    due_at: datetime | None = None  # UTC; a day is over then


def wanted_in(text: str, *, where: str, zone: tzinfo) -> tuple[list[Wanted], list[Problem]]:
    r"""Read a backlog; an entry that cannot be taken is a Problem with its line, the others are.

    Args:
        text: CSV with a head, or a JSON array of objects; `id` is needed, the others are not.
        where: The file, for what is told.
        zone: Of moments without one.

    Raises:
        BacklogError: It is neither, or has no column `id`.

    Example:
        >>> wanted, problems = wanted_in("id,size\nAUTH-01,m\n,S\n", where="b.csv", zone=UTC)
        >>> [(one.item, one.size) for one in wanted], [one.line for one in problems]
        ([('AUTH-01', 'M')], [3])
    """
    problems: list[Problem] = []
    is_json = text.lstrip(" \t\r\n")[:1] in ("[", "{")
    rows = _json_rows(text, where, problems) if is_json else _csv_rows(text, where, problems)
    found: dict[str, Wanted] = {}
    unused: dict[str, None] = {}
    for row in rows:
        unused |= dict.fromkeys(name for name in row.cells if name not in COLUMNS)
        try:
            one = _wanted(row, zone)
        except _BadRowError as error:
            problems.append(_problem(where, row.line, str(error)))
            continue
        if found.setdefault(one.item, one) is not one:
            told = f"{one.item} stands there twice; the first counts"
            problems.append(_problem(where, row.line, told))
    if unused:
        names = ", ".join(map(repr, unused))
        problems.append(_problem(where, None, f"not used: {names}; known are {', '.join(COLUMNS)}"))
    return list(found.values()), problems


class _BadRowError(Exception):
    """An entry that cannot be taken, and why."""


def _problem(where: str, line: int | None, text: str) -> Problem:
    return Problem(BAD_ROW, line, f"{where}: {text}")


def _wanted(row: Row, zone: tzinfo) -> Wanted:
    item = row.cells.get("id", "")
    if not is_id(item):
        raise _BadRowError(
            f"{item!r} is no id of an item: a letter, then letters, digits, dots, _ and -"
        )
    size = row.cells.get("size", "").upper()
    if size and size not in SIZES:
        raise _BadRowError(f"{item}: size {row.cells['size']!r} is not S, M or L")
    priority = PRIORITIES.get(row.cells.get("priority", "").lower())
    if priority is None:
        raise _BadRowError(
            f"{item}: priority {row.cells['priority']!r} is not 1 (first) to 5, high, normal or low"
        )
    return Wanted(
        item=item,
        line=row.line,
        size=next((one for one in SIZES if one == size), None),
        priority=priority,
        due_at=_due_at(row.cells.get("due", ""), item, zone),
    )


def _due_at(text: str, item: str, zone: tzinfo) -> datetime | None:
    """Read when an item is due; a day without a time is over before it is too late."""
    if not text:
        return None
    try:
        at = chosen.moment(text, zone=zone)
        if not DAY.fullmatch(text):
            return at
        after = at.astimezone(zone).date() + timedelta(days=1)
        return datetime.combine(after, time(), zone).astimezone(UTC)
    except (PortfolioError, OverflowError) as error:
        raise _BadRowError(f"{item}: due {text!r} is no day or time") from error


def _csv_rows(text: str, where: str, problems: list[Problem]) -> Iterator[Row]:
    first = text.partition("\n")[0]
    divider = max(",;\t", key=first.count)  # a spreadsheet writes what its country is used to
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=divider, strict=True)
    try:
        heads = [head.strip().lower() for head in next(reader, [])]
        if "id" not in heads or len(set(heads)) < len(heads):
            raise BacklogError("it has no column id, or a column twice", where=where)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(heads) and any(cells[len(heads) :]):
                told = f"it has {len(cells)} cells, the head {len(heads)}"
                problems.append(_problem(where, reader.line_num, told))
                continue
            # A spreadsheet is kept from running a cell by a quote before it.
            plain = (cell.strip().removeprefix("'") for cell in cells)
            yield Row(reader.line_num, dict(zip(heads, plain, strict=False)))
    except csv.Error as error:
        problems.append(_problem(where, reader.line_num, f"no CSV from here on: {error}"))


def _json_rows(text: str, where: str, problems: list[Problem]) -> Iterator[Row]:
    """Give the objects of an array one by one, so that a slip leaves those before it."""
    at = _blanks(text, 0)
    if text[at] != "[":
        raise BacklogError("it is JSON, but no array of objects", where=where)
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    line, told = 1, 0  # the lines up to `told` are counted
    first = _blanks(text, at + 1)
    at, divider = (first, "]") if text[first : first + 1] == "]" else (at, ",")
    while divider == ",":
        at = _blanks(text, at + 1)
        line, told = line + text.count("\n", told, at), at
        try:
            entry, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            problems.append(_problem(where, line, f"no JSON from here on: {error}"))
            return
        at = _blanks(text, at)
        divider = text[at : at + 1]
        if isinstance(entry, dict):
            yield Row(line, _cells(entry))
        else:
            problems.append(_problem(where, line, f"it is no object: {entry!r:.60}"))
    line += text.count("\n", told, at)
    if divider != "]":
        problems.append(_problem(where, line, "a comma or ] is missing, no JSON from here on"))
    elif rest := text[_blanks(text, at + 1) :]:
        line += text.count("\n", at, len(text) - len(rest))
        problems.append(_problem(where, line, f"behind the array stands more: {rest[:40]!r}"))


def _blanks(text: str, at: int) -> int:
    found = BLANK.match(text, at)
    return found.end() if found else at


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _cells(entry: Mapping[str, Any]) -> dict[str, str]:
    """Write values as CSV has them; what is neither text nor number, as JSON does."""
    return {
        name.strip().lower(): value.strip() if isinstance(value, str) else _plain(value)
        for name, value in entry.items()
    }


def _plain(value: object) -> str:
    return "" if value is None else json.dumps(value)
