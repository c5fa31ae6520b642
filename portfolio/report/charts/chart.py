"""A chart, with the words and the table that say the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from portfolio.report.text import amount, percent, risk, safe, usd

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Cell(NamedTuple):
    """What stands in a table: text, and the number behind it where it is one."""

    text: str
    value: float | None = None  # as the answer has it, before it was rounded for print
    is_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One picture; `draw` needs the `page` extra, all else does not."""

    name: str  # unique; in ids and file names: letters, digits and hyphens
    title: str
    caption: str  # how to read it
    told: str  # what it shows, for who does not see it
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    draw: Callable[[], Figure]


def words(text: str | None) -> Cell:
    """Give a cell of text from anywhere."""
    return Cell(safe(text) if text else "–")


def dollars(value: float | None) -> Cell:
    """Give a cell of dollars."""
    return Cell(usd(value), value, is_number=True)


def share(value: float | None) -> Cell:
    """Give a cell of a share of one, in percents."""
    return Cell(percent(value), value, is_number=True)


def chance(value: float | None) -> Cell:
    """Give a cell of how likely something is, in percents."""
    return Cell(risk(value), value, is_number=True)


def count(value: float | None) -> Cell:
    """Give a cell of a count or of any other plain number."""
    return Cell(amount(value), value, is_number=True)


def shortened(text: str, longest: int) -> str:
    """Give text from outside harmless and no longer than there is room in a picture.

    >>> shortened("a-very-long-name", 8)
    'a-very-…'
    """
    shown = safe(text)
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"
