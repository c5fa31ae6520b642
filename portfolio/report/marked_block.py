"""A marked block in a page of the user's own: found, put in, and put anew; nothing else changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

BEGIN: Final = "<!-- portfolio:begin -->"
END: Final = "<!-- portfolio:end -->"
LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")


class MarkersBrokenError(ValueError):
    """The marks do not enclose one block."""


def with_block(page: str, lines: list[str]) -> str:
    r"""Give a page with the lines of its marked block put anew; without marks, at its end.

    A mark is one where it has a line to itself, and is not shown as code. The lines end as the
    line of the mark does, and those of a block at the end as the page's first.

    Raises:
        MarkersBrokenError: There are marks that do not enclose one block.

    Example:
        >>> with_block("# Hi\n", ["x"])
        '# Hi\n\n<!-- portfolio:begin -->\nx\n<!-- portfolio:end -->\n'
    """
    marks = list(_marks(page))
    if not marks:
        end = _line_end(page)
        gap = "" if not page else end if page.endswith(("\n", "\r")) else end * 2
        return f"{page}{gap}{_block(lines, end)}{end}"
    (begin, first), (end_at, _) = _checked(marks)
    end = first[len(first.rstrip("\r\n")) :] or "\n"
    return page[: begin + len(first)] + "".join(f"{line}{end}" for line in lines) + page[end_at:]


def _block(lines: list[str], end: str) -> str:
    return end.join([BEGIN, *lines, END])


def _line_end(page: str) -> str:
    found = re.search(r"\r\n|\n|\r", page)
    return found[0] if found else "\n"


def _marks(page: str) -> Iterator[tuple[int, str]]:
    """Give where each mark's line begins, and the line; what is shown as code is none."""
    fence = ""
    for found in LINE.finditer(page):
        line = found[0]
        opened = FENCE.match(line)
        if fence:
            is_end = opened and opened[1].startswith(fence) and line.strip() == opened[1]
            fence = "" if is_end else fence
        elif opened:
            fence = opened[1]
        elif _bare(line) in (BEGIN, END):
            yield found.start(), line


def _checked(marks: list[tuple[int, str]]) -> list[tuple[int, str]]:
    names = [_bare(line) for _, line in marks]
    if names == [BEGIN, END]:
        return marks
    if names.count(BEGIN) > 1 or names.count(END) > 1:
        raise MarkersBrokenError("there is more than one pair of marks")
    if names == [END, BEGIN]:
        raise MarkersBrokenError("the end stands before the begin")
    raise MarkersBrokenError(f"{names[0]} stands alone")


def _bare(line: str) -> str:
    """Give a line without blanks around it, nor the mark some editors begin a file with."""
    return line.removeprefix("\ufeff").strip()
