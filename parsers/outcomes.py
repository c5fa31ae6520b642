"""Read what a pipeline says became of work items.

    {"feature": "AUTH-01", "outcome": "shipped", "at": "2026-11-03T09:30:00Z", "reason": "..."}

as one object, a list of them, or one a line; or a JUnit XML report, as test runners write it: a
suite or case that is named by an item (in a property `work`, else its name or classname) says that
it failed where one of its cases failed, and that it shipped where all of them passed. What was
skipped says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Final, NamedTuple

from parsers.records import Problem
from parsers.values import Json, load_json

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

OUTCOMES: Final = {
    "shipped": "shipped",
    "failed": "failed",
    "open": "open",
    "reopened": "open",
    "bug": "bug",
}
ITEM: Final = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}")
LONGEST_REASON: Final = 500
SHOWN: Final = 120
BAD: Final = ("failure", "error")


class SaidOutcome(NamedTuple):
    """What is said of one item."""

    item: str
    outcome: str  # shipped, failed, open or bug
    reason: str
    at: datetime | None  # UTC; None: not said
    line: int | None


class Outcomes(NamedTuple):
    """What one file says, and what of it could not be read."""

    said: list[SaidOutcome]
    problems: list[Problem]


def parse_outcomes(text: str, *, items: Sequence[str] = (), zone: tzinfo) -> Outcomes:
    """Read a whole file, JSON or XML.

    Args:
        text: Of the file.
        items: The ids that names in a JUnit report may name.
        zone: Of times that name none.
    """
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return _junit(text, {item.casefold(): item for item in items}, zone)
    found = Outcomes([], [])
    for line, value in _objects(text, found.problems):
        if isinstance(value, dict):
            _read(value, line, found, zone)
        else:
            _fail(found, line, str(value), "no object with feature and outcome")
    return found


def _objects(text: str, problems: list[Problem]) -> Iterator[tuple[int | None, Json]]:
    """Give every object of a document, a list, or lines."""
    try:
        whole = load_json(text.removeprefix("\ufeff"))
    except ValueError:
        for line, raw in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
            if raw.strip():
                try:
                    yield line, load_json(raw)
                except ValueError as error:
                    problems.append(Problem("json-unreadable", line, f"{raw[:SHOWN]} ({error})"))
        return
    for value in whole if isinstance(whole, list) else [whole]:
        yield None, value


def _read(value: dict[str, Json], line: int | None, found: Outcomes, zone: tzinfo) -> None:
    item, outcome, said_at = value.get("feature"), value.get("outcome"), value.get("at")
    reason = value.get("reason")
    if not isinstance(item, str) or not ITEM.fullmatch(item):
        _fail(found, line, item, "feature is to be an item's id")
        return
    known = OUTCOMES.get(outcome.casefold()) if isinstance(outcome, str) else None
    if known is None:
        _fail(found, line, outcome, f"the outcome of {item} is none of {', '.join(OUTCOMES)}")
        return
    at = _moment(said_at, zone) if isinstance(said_at, str) else None
    if at is None and said_at is not None:
        _fail(found, line, said_at, f"at of {item} is no ISO 8601 time")
        return
    told = reason[:LONGEST_REASON] if isinstance(reason, str) else ""
    found.said.append(SaidOutcome(item, known, told, at, line))


def _moment(text: str, zone: tzinfo) -> datetime | None:
    """Read a time; without a zone it is in `zone`."""
    try:
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _fail(found: Outcomes, line: int | None, what: object, why: str) -> None:
    found.problems.append(Problem("outcome-unreadable", line, f"{str(what)[:SHOWN]} ({why})"))


def _junit(text: str, items: dict[str, str], zone: tzinfo) -> Outcomes:
    from xml.etree import ElementTree as ET

    found = Outcomes([], [])
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        _fail(found, None, "<!DOCTYPE", "a test report declares no entities")
        return found
    try:
        # Without entities there is nothing that could grow.
        root = ET.fromstring(text.lstrip("\ufeff \t\r\n"))  # noqa: S314
    except (ET.ParseError, ValueError) as error:
        _fail(found, None, text, f"no XML: {error}")
        return found
    try:
        _suite(root, items, found, None, zone)
    except RecursionError:
        _fail(found, None, root.tag, "nested too deeply")
        return found
    if not found.said:
        _fail(found, None, root.tag, "no suite and no case of it is named by a known item")
    return found


def _suite(
    node: Element, items: dict[str, str], found: Outcomes, at: datetime | None, zone: tzinfo
) -> None:
    """Read a node that an item names; of others, what is in them."""
    stamp = node.get("timestamp")
    at = (_moment(stamp, zone) if stamp else None) or at
    item = _item(node, items)
    if item is None:
        for inner in node:
            if inner.tag in ("testsuite", "testcase"):
                _suite(inner, items, found, at, zone)
        return
    cases = [one for one in node.iter("testcase") if one.find("skipped") is None]
    bad = next((one for case in cases for one in case if one.tag in BAD), None)
    if cases:
        reason = "" if bad is None else (bad.get("message") or bad.tag)[:LONGEST_REASON]
        found.said.append(
            SaidOutcome(item, "shipped" if bad is None else "failed", reason, at, None)
        )


def _item(node: Element, items: dict[str, str]) -> str | None:
    """Give the item that names a suite or case; None where none does."""
    for one in node.iterfind("properties/property"):
        said = one.get("value") or ""
        if one.get("name") == "work" and ITEM.fullmatch(said):
            return items.get(said.casefold(), said)
    for name in (node.get("name"), node.get("classname")):
        if name and (known := items.get(name.strip().casefold())):
            return known
    return None
