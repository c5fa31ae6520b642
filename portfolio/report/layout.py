"""The page that answers are printed on: a console without markup, and one look of table."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, TextIO

from portfolio.report.text import safe

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_WIDTH = 80  # where no terminal says its width
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
    ) -> None:
        """Print rows under their heads; `right` are numbers, which like `whole` never wrap."""
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
        for at, head in enumerate(heads):
            table.add_column(
                Text(head),
                justify="right" if at in right else "left",
                overflow="fold",
                no_wrap=at in right or at in whole,
            )
        for row in rows:
            table.add_row(*(Text(safe(cell)) for cell in row))
        self.console.print(table)


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
