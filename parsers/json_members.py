"""Change one member of a JSON object in its text, and leave every other byte as it is.

For the settings of other programs: their order, indent and line ends are their owner's.
"""

from __future__ import annotations

import json
import re
from typing import Final, NamedTuple

from parsers.values import Json, load_json

BLANKS: Final = " \t\r\n"
MARK: Final = "\ufeff"
USUAL_INDENT: Final = "  "
HALF: Final = re.compile("[\ud800-\udfff]")  # of a character that takes two escapes


class Member(NamedTuple):
    """Where one member of an object stands in its text."""

    name: str
    begin: int  # of its name's quote
    value: int  # of its value
    end: int  # behind its value


def members(text: str) -> list[Member]:
    """Find the members of the object that a text is; a byte order mark before it is allowed.

    Raises:
        ValueError: It is no JSON object.
    """
    if not isinstance(load_json(text.removeprefix(MARK)), dict):
        raise ValueError("no JSON object")  # noqa: TRY004 - the text is wrong, not its type
    decoder, found = json.JSONDecoder(), []
    at = _behind_blanks(text, text.index("{") + 1)
    while text[at] != "}":  # the text is known to be right from here on
        name, behind = decoder.raw_decode(text, at)
        value = _behind_blanks(text, _behind_blanks(text, behind) + 1)
        _, end = decoder.raw_decode(text, value)
        found.append(Member(name, at, value, end))
        at = _behind_blanks(text, end)
        if text[at] == ",":
            at = _behind_blanks(text, at + 1)
    return found


def raw_value(text: str, name: str) -> str | None:
    """Give the text of a member's value; of several of one name, the last counts."""
    found = _last_of(text, name)
    return None if found is None else text[found.value : found.end]


def with_member(text: str, name: str, value: Json) -> str:
    """Set a member; a new one stands first, so that no other line changes.

    >>> with_member('{"a": 1}', "b", 2)
    '{"b": 2, "a": 1}'
    """
    found = members(text)
    lead = text[text.index("{") + 1 : found[0].begin] if found else f"\n{USUAL_INDENT}"
    return with_raw_member(text, name, _written(value, lead))


def with_raw_member(text: str, name: str, raw: str) -> str:
    """Set a member to a value that is written already."""
    old = _last_of(text, name)
    if old is not None:
        return text[: old.value] + raw + text[old.end :]
    found = members(text)
    begin = text.index("{") + 1
    said = f"{json.dumps(name)}: {raw}"
    if not found:
        line_end = "\r\n" if "\r\n" in text else "\n"
        inside = f"{line_end}{USUAL_INDENT}{said}{line_end}"
        return text[:begin] + inside + text[_behind_blanks(text, begin) :]
    lead = text[begin : found[0].begin]
    return text[: found[0].begin] + said + "," + (lead or " ") + text[found[0].begin :]


def without_member(text: str, name: str) -> str:
    """Take every member of a name out, with its comma.

    >>> without_member('{"b": 2, "a": 1}', "b")
    '{"a": 1}'
    """
    while (old := _last_of(text, name)) is not None:
        found = members(text)
        at = found.index(old)
        if at + 1 < len(found):
            text = text[: old.begin] + text[found[at + 1].begin :]
        elif at > 0:
            text = text[: found[at - 1].end] + text[old.end :]
        else:
            begin = text.index("{") + 1
            text = text[:begin] + text[_behind_blanks(text, old.end) :]
    return text


def _last_of(text: str, name: str) -> Member | None:
    return next((one for one in reversed(members(text)) if one.name == name), None)


def _written(value: Json, lead: str) -> str:
    """Write a value as its neighbours are: in lines of their indent, or in one line."""
    own_indent = lead.rpartition("\n")[2]
    indent = own_indent or USUAL_INDENT if "\n" in lead else None
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    if HALF.search(written):  # it can be written as an escape alone
        written = json.dumps(value, indent=indent)
    line_end = "\r\n" if "\r\n" in lead else "\n"
    return written if indent is None else written.replace("\n", line_end + own_indent)


def _behind_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in BLANKS:
        at += 1
    return at
