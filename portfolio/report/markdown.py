"""The report as Markdown for a pull request or a wiki: what the terminal shows, with live tables.

Text from outside stays text: no HTML, no link, no picture, no mention of a person, no reference to
an issue or a commit. A mark that would make one is followed by a space of no width, as the hosts
look for mentions in the text that is left after escapes are resolved.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from portfolio.report.answers import Answer
from portfolio.report.layout import Page
from portfolio.report.terminal import show
from portfolio.report.text import safe

MARK: Final = "<!-- portfolio report: replaced when it is written again -->"
LONGEST: Final = 4000
BREAK: Final = "&#8203;"  # a space of no width
ENTITIES: Final = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "|": "&#124;",
        "\\": "&#92;",
        "`": "&#96;",
        "*": r"\*",
        "_": r"\_",
        "[": r"\[",
        "]": r"\]",
        "~": r"\~",
    }
)
LIVE: Final = re.compile(
    r"@(?=\w)"  # a person, a mail address
    r"|[#!](?=\d)"  # an issue, a merge request
    r"|gh-(?=\d)"
    r"|:(?=//)|mailto:|xmpp:|www(?=\.)"
    r"|:(?=[a-z][\w+-]*:)"  # an emoji
    r"|\$(?=[^\d\s])"  # a formula
    r"|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{6}(?=[0-9a-f]{1,34}\b)",  # a commit
    re.IGNORECASE,
)
BLOCK: Final = re.compile(r"^(\d{1,9})([.)])(?=\s|$)|^([-+#=])")  # begins a list, a heading


def markdown(answer: Answer, *, title: str, zone: tzinfo) -> str:
    """Write an answer as a page that begins with our mark."""
    page = MarkdownPage(zone)
    show(answer, page)
    return f"{MARK}\n\n## {escaped(title)}\n\n{page.text()}"


def escaped(text: str) -> str:
    r"""Make text from outside plain text in Markdown, a cell of a table included.

    >>> escaped("<b> a|b @octo #12 snake_case")
    '&lt;b&gt; a&#124;b @&#8203;octo #&#8203;12 snake\\_case'
    """
    pieces, at = [], 0
    told = safe(text, longest=LONGEST)
    for live in LIVE.finditer(told):
        pieces += [told[at : live.end()].translate(ENTITIES), BREAK]
        at = live.end()
    return "".join([*pieces, told[at:].translate(ENTITIES)])


def _paragraph(text: str) -> str:
    """Escape text that stands at the begin of a line, where it must begin no list or heading."""
    return BLOCK.sub(lambda found: rf"{found[1] or ''}\{found[2] or found[3]}", escaped(text))


class MarkdownPage(Page):
    """A page that keeps what is printed on it as Markdown."""

    def __init__(self, zone: tzinfo) -> None:
        super().__init__(None, zone)
        self._blocks: list[str] = []
        self._is_list = False

    def text(self) -> str:
        """Give all of it."""
        return "\n\n".join(self._blocks) + "\n"

    def say(self, text: str) -> None:
        """Add a paragraph; what is set in is an entry of a list."""
        told = _paragraph(text.strip())
        is_entry = text.startswith("  ")
        if not told:
            self._is_list = False
        elif is_entry and self._is_list:
            self._blocks[-1] += f"\n- {told}"
        else:
            self._blocks.append(f"- {told}" if is_entry else told)
            self._is_list = is_entry

    def raw(self, text: str) -> None:
        """Add lines that are laid out already, each a paragraph or an entry of a list."""
        for line in text.splitlines():
            self.say(line)

    def table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        right: frozenset[int] | set[int] = frozenset(),
        whole: frozenset[int] | set[int] = frozenset(),
        has_sentences: bool = False,
    ) -> None:
        """Add a table; `right` are numbers. Its source is aligned, too."""
        del whole, has_sentences  # on a terminal alone
        cells = [[escaped(cell) for cell in row] for row in (heads, *rows)]
        widths = [max(3, *(len(cell) for cell in column)) for column in zip(*cells, strict=True)]

        def line(row: Sequence[str]) -> str:
            fitted = [
                cell.rjust(width) if at in right else cell.ljust(width)
                for at, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            return f"| {' | '.join(fitted)} |"

        rules = ["-" * (w - 1) + (":" if at in right else "-") for at, w in enumerate(widths)]
        self._blocks.append("\n".join([line(cells[0]), line(rules), *map(line, cells[1:])]))
        self._is_list = False
