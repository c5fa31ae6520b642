"""Read the work tags and reverts that stand in a commit message.

    tag line = [blanks] [bullet "*" | "-" | "+" [blanks]] tag SP message
    tag      = kind "::" id "::" window "::" step          e.g. xfeat::AUTH-01::W0-003::BUILD

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
SHOWN = 120  # characters of a line that a Problem quotes

_BULLET = re.compile(r"\A[ \t]*(?:[*+-][ \t]*)?")
_REVERTS = re.compile(r"[ \t]*This reverts commit ([0-9a-f]{7,64})\b")


def parse_message(message: str) -> ParsedMessage:
    """Read every tag and every reverted hash; what begins like a tag and is none is a Problem."""
    parsed = ParsedMessage()
    for number, raw in enumerate(message.split("\n"), start=1):
        line = raw.rstrip("\r")
        if reverted := _REVERTS.match(line):
            parsed.reverts.append(reverted.group(1))
        text = _BULLET.sub("", line, count=1)
        if text.startswith(("xfeat:", "xproto:")):
            _read_tag(text, number, parsed)
    return parsed


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
