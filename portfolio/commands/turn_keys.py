"""Say what turns were for, once for all that are alike: they are far more than what tells them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from portfolio.estimate.starts import StartedSteps
    from portfolio.model import WorkStart
    from portfolio.store.turn_columns import IntArray, TurnColumns

Key = TypeVar("Key", bound=Hashable)


def keys_of(*columns: IntArray, key_at: Callable[[int], Key]) -> tuple[IntArray, Sequence[Key]]:
    """Give the place of each turn's key, and the keys as they first appear.

    Args:
        columns: (turns,) numbers; turns that are equal in all of them have the same key.
        key_at: Gives the key of the turn at a place.
    """
    import numpy as np

    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        lowest = int(column.min(initial=0))
        code = code * (int(column.max(initial=0)) - lowest + 1) + (column - lowest)
    _, first, alike = np.unique(code, return_index=True, return_inverse=True)
    numbers: dict[Key, int] = {}
    number = np.zeros(len(first), dtype=np.int64)
    for place in np.argsort(first).tolist():
        number[place] = numbers.setdefault(key_at(int(first[place])), len(numbers))
    return number[alike], list(numbers)


def starts_in(
    turns: TurnColumns, started: StartedSteps
) -> tuple[IntArray, Sequence[WorkStart | None]]:
    """Give the place of the start that each turn came after, and the starts; None: after none."""
    from portfolio.estimate.by_period import answers

    numbers: dict[WorkStart | None, int] = {}

    def standing(spot: int, at: datetime) -> tuple[datetime, int]:
        start, until = started.standing(**turns.spots[spot]._asdict(), at=at)
        return until, numbers.setdefault(start, len(numbers))

    return answers(turns.spot, turns.at_us, standing=standing), list(numbers)
