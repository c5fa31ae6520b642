"""The page that answers are printed on: a console without markup, and one look of table."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, TextIO

from portfolio.report.columns import Column, asked_for, fitted
from portfolio.report.text import safe

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

PLAIN_WIDTH = 80  # where no terminal says its width
GAP = 2  # blanks between two columns
NOTHING = "–"  # in a cell
SENTENCE = 40  # characters, in which one can be read
SHORT = 20  # characters, which stand in one line anywhere


class Page:
    """Where to print, and in which zone moments are told.

    Without a console, one for `file` is made when it is needed: a short sentence needs none, and
    importing it takes a tenth of what a command costs that finds nothing new.
    """

    def __init__(
        self, console: Console | None, zone: tzinfo, *, file: TextIO | None = None
    ) -> None:
        self.zone = zone
        self._console = console
        self._file = file or sys.stdout

    @property
    def console(self) -> Console:
        """Give the console."""
        if self._console is None:
            self._console = console_for(self._file)
        return self._console

    def say(self, text: str) -> None:
        """Print a sentence; long ones wrap at words, and stay as far in as they begin."""
        if self._console is None and len(text) <= SHORT and text.isascii() and text.isprintable():
            self._file.write(text + "\n")
        elif text.startswith("  "):
            from rich.padding import Padding

            said = text.lstrip(" ")
            self.console.print(Padding(said, (0, 0, 0, len(text) - len(said)), expand=False))
        else:
            self.console.print(text)

    def raw(self, text: str) -> None:
        """Print text that is laid out already."""
        self.console.print(text, end="", soft_wrap=True)

    def table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        right: frozenset[int] | set[int] = frozenset(),
        whole: frozenset[int] | set[int] = frozenset(),
        has_sentences: bool = False,
    ) -> None:
        """Print rows under their heads; `right` are numbers, which like `whole` wrap last.

        Where the last column has sentences and little room, each stands below its row.
        """
        texts = [[safe(cell) for cell in row] for row in rows]
        asked = _asked([heads, *texts], whole=right | whole)
        room = self.console.width - GAP * (len(heads) - 1)
        if has_sentences and room - sum(one.natural for one in asked[:-1]) < min(
            asked[-1].natural, SENTENCE
        ):
            widths = fitted(asked[:-1], room=room + GAP)
            self.console.print(_grid(heads[:-1], [], widths, right=right))
            for *cells, sentence in texts:
                self.console.print(_grid((), [cells], widths, right=right))
                if sentence != NOTHING:
                    self.say(f"  {sentence}")
        elif sum(one.natural for one in asked) + GAP <= room:
            self.console.print(_grid(heads, texts, [None] * len(heads), right=right))
        else:
            self.console.print(_grid(heads, texts, fitted(asked, room=room), right=right))


def _asked(lines: Sequence[Sequence[str]], *, whole: frozenset[int] | set[int]) -> list[Column]:
    return [
        asked_for(cells, is_whole=at in whole) for at, cells in enumerate(zip(*lines, strict=True))
    ]


def _grid(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int | None],
    *,
    right: frozenset[int] | set[int],
) -> Table:
    """Lay out rows; without heads they go on below others."""
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=None,
        padding=(0, GAP, 0, 0),
        header_style="bold",
        pad_edge=False,
        show_header=bool(heads),
    )
    for at, width in enumerate(widths):
        table.add_column(
            Text(heads[at] if heads else ""),
            justify="right" if at in right else "left",
            overflow="fold",
            no_wrap=width is None,
            width=width,
        )
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def console_for(file: TextIO, *, width: int | None = None) -> Console:
    """Make a console: colours on a terminal, plain text elsewhere, no markup anywhere."""
    import os

    from rich.console import Console

    is_terminal = file.isatty()
    columns = os.environ.get("COLUMNS", "")
    plain_width = int(columns) if columns.isdecimal() and int(columns) > 0 else PLAIN_WIDTH
    has_style = is_terminal and not os.environ.get("NO_COLOR")
    return Console(
        file=file,
        width=width or (None if is_terminal else plain_width),
        markup=False,
        highlight=False,
        emoji=False,
        color_system="auto" if has_style else None,
        force_terminal=is_terminal,
        force_jupyter=False,  # else a notebook shows what was meant for a file
        legacy_windows=False,
    )
