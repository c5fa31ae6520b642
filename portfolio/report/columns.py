"""How wide each column of a table is where there is less room than its cells ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

NARROWEST = 4  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What one column asks for, in characters."""

    natural: int  # its longest cell in one line
    word: int  # its longest word
    is_whole: bool  # rather not wrapped: numbers, names


def fitted(columns: Sequence[Column], *, room: int) -> list[int]:
    """Give widths that fit together; the widest columns give way first.

    Words stay whole as long as they can: first sentences wrap, then what is rather not wrapped,
    and only then is a word cut.

    Args:
        columns: In their order.
        room: Characters for all of them, without what lies between.

    Example:
        >>> name, note = (Column(natural=n, word=w, is_whole=n < 9) for n, w in ((8, 8), (60, 7)))
        >>> fitted([name, note], room=40)
        [8, 32]
    """
    widths = [one.natural for one in columns]
    for floors in (
        [one.natural if one.is_whole else one.word for one in columns],
        [one.word for one in columns],
        [min(one.word, NARROWEST) for one in columns],
    ):
        while sum(widths) > room:
            spare = [(widths[at], at) for at, floor in enumerate(floors) if widths[at] > floor]
            if not spare:
                break
            widths[max(spare)[1]] -= 1
    return widths


def asked_for(cells: Sequence[str], *, is_whole: bool) -> Column:
    """Measure the cells of one column, its head among them."""
    from rich.cells import cell_len

    lines = [line for cell in cells for line in cell.split("\n")]
    words = (cell_len(word) for line in lines for word in line.split())
    return Column(natural=max(map(cell_len, lines)), word=max(words, default=0), is_whole=is_whole)
