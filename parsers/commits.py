"""Read the work tags, `Work:` trailers and reverts that stand in a commit message.

    tag line = [blanks] [bullet "*" | "-" | "+" [blanks]] tag SP message
    tag      = kind "::" id "::" window "::" step          e.g. xfeat::AUTH-01::W0-003::BUILD
    trailer  = [blanks] "Work:" [blanks] id                e.g. Work: api.412

Every line counts, not the subject alone: GitHub's squash lists the subjects under bullets, and
`git merge --squash` indents them by four blanks.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from parsers.records import CommitTag, ParsedMessage, Problem

KINDS: Final[dict[str, Literal["feature", "prototype"]]] = {
    "xfeat": "feature",
    "xproto": "prototype",
}
ITEM = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
WINDOW = re.compile(r"W[0-9]+-[0-9]+|W-[A-Za-z0-9]+")
STEP = re.compile(r"[A-Z]+")
LONGEST = 64  # characters of an id, a window or a step; no name is longer, and numbers stay numbers
SIGNS = ("xfeat:", "xproto:", "ork:", "This reverts commit ")
SHOWN = 120  # characters of a line that a Problem quotes

_BULLET = re.compile(r"\A[ \t]*(?:[*+-][ \t]*)?")
_TRAILER = re.compile(r"[ \t]*[Ww]ork:[ \t]*(\S.*)")
_ANY_TRAILER = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]*: |\(cherry picked from commit |[ \t])")
_REVERTS = re.compile(r"[ \t]*This reverts commit ([0-9a-f]{7,64})\b")


def says_something(message: str) -> bool:
    """Tell at a glance whether a message may hold a mark or a revert; most do not."""
    return any(sign in message for sign in SIGNS)


def parse_message(message: str) -> ParsedMessage:
    """Read every mark and every reverted hash; what begins like a tag and is none is a Problem.

    `Work:` may begin a line of prose, too; only where git itself reads trailers, among the last
    lines, is one that names no item a Problem.
    """
    parsed = ParsedMessage()
    if not says_something(message):
        return parsed
    lines = message.split("\n")
    wrong: list[Problem] = []
    for number, raw in enumerate(lines, start=1):
        line = raw.rstrip("\r")
        if "ork:" in line and (said := _TRAILER.fullmatch(line)):
            _read_trailer(said[1].rstrip(), number, parsed, wrong)
        if reverted := _REVERTS.match(line):
            parsed.reverts.append(reverted.group(1))
        text = _BULLET.sub("", line, count=1)
        if text.startswith(("xfeat:", "xproto:")):
            _read_tag(text, number, parsed)
    if wrong and (first := _first_trailer(lines)):
        parsed.problems += [one for one in wrong if (one.line or 0) >= first]
    return parsed


def _read_trailer(value: str, line: int, parsed: ParsedMessage, wrong: list[Problem]) -> None:
    if _is(ITEM, value):
        parsed.trailers.append((line, value))
    else:
        reason = "an item's id is one word: a letter, then letters, digits, dots, hyphens"
        wrong.append(Problem("trailer-malformed", line, f"Work: {value[:SHOWN]} ({reason})"))


def _first_trailer(lines: list[str]) -> int | None:
    """Give the first line of the last paragraph if all of it are trailers, and it is not the first.

    >>> _first_trailer(["Add export", "", "Work: api.412", "Signed-off-by: Ada", ""])
    3
    """
    last = len(lines)
    while last and not lines[last - 1].strip():
        last -= 1
    first = last
    while first and lines[first - 1].strip():
        first -= 1
    is_block = first > 0 and all(map(_ANY_TRAILER.match, lines[first:last]))
    return first + 1 if is_block else None


def _read_tag(text: str, line: int, parsed: ParsedMessage) -> None:
    tag, _, message = text.partition(" ")
    reason = _why_no_tag(tag, message)
    if reason is not None:
        parsed.problems.append(Problem("tag-malformed", line, f"{text[:SHOWN]} ({reason})"))
        return
    kind, item, window, step = tag.split("::")
    parsed.tags.append(
        CommitTag(
            kind=KINDS[kind],
            item=item,
            window=window,
            step=step,
            message=message.strip(),
            line=line,
        )
    )


def _why_no_tag(tag: str, message: str) -> str | None:
    """Say which part of the grammar a line breaks; None for a good tag."""
    parts = tag.split("::")
    if len(parts) != 4 or parts[0] not in KINDS:
        return "not kind::id::window::step"
    _, item, window, step = parts
    if not _is(ITEM, item):
        return "the id is a letter, then up to 63 letters, digits, dots, underscores, hyphens"
    if not _is(WINDOW, window):
        return "the window is like W0-003 or W-P1"
    if not _is(STEP, step):
        return "the step is one word in capitals"
    return None if message.strip() else "no message after the tag"


def _is(form: re.Pattern[str], word: str) -> bool:
    return len(word) <= LONGEST and form.fullmatch(word) is not None
