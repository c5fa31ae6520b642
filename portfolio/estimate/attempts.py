"""Attempts: work items that were finished on one of two arms, with what they took."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from portfolio.estimate.size_cues import SIZES, Size

ATTEMPTS_A_PERIOD: Final = 8  # fewer in a week leave its own level to chance
FEWEST_OF_KIND: Final = 2  # of a kind once seen there is no difference to tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One finished work item."""

    item: str
    is_first: bool  # on the first of the two arms
    usd: float  # dollars of capacity it took, above zero
    size: Size | None  # None: none was fixed before the work
    kind: str
    week: int  # any count of weeks
    is_shipped: bool
    weight: float = 1.0  # one over the probability of its draw, where it was drawn

    def __post_init__(self) -> None:
        if not (math.isfinite(self.usd) and self.usd > 0):
            raise ValueError(f"usd must be finite and above zero, got {self.usd} for {self.item}")


def periods_of(weeks: Sequence[int]) -> dict[int, int]:
    """Join weeks to periods of eight attempts or more, and give each week the number of its own.

    What is left over at the end goes to the last period.

    >>> periods_of([1] * 9 + [2] * 4 + [3] * 5 + [4])
    {1: 0, 2: 1, 3: 1, 4: 1}
    """
    found: dict[int, int] = {}
    period, held = 0, 0
    counts = Counter(weeks)
    left = len(weeks)
    for week in sorted(counts):
        if held >= ATTEMPTS_A_PERIOD and left >= ATTEMPTS_A_PERIOD:
            period, held = period + 1, 0
        found[week] = period
        held += counts[week]
        left -= counts[week]
    return found


@dataclass(frozen=True, slots=True)
class Design:
    """How attempts are written as rows of a regression."""

    sizes: tuple[Size | None, ...]  # those present; none fixed is a class of its own
    kinds: tuple[str, ...]  # those beside the most frequent one
    periods: dict[int, int]  # by week; empty: weeks are not told apart

    @classmethod
    def of(cls, attempts: Sequence[Attempt], *, is_drawn: bool) -> Design:
        """Learn what to tell apart from the attempts that are compared; of drawn ones classes."""
        kinds = [
            kind
            for kind, n in Counter(one.kind for one in attempts).most_common()
            if n >= FEWEST_OF_KIND
        ]
        present = {one.size for one in attempts}
        return cls(
            tuple(size for size in (*SIZES, None) if size in present),
            () if is_drawn else tuple(kinds[1:]),
            {} if is_drawn else periods_of([one.week for one in attempts]),
        )

    def row(self, attempt: Attempt) -> list[float]:
        """Write an attempt: a column for each class, then what is beside it; none for the arm."""
        return [
            *(float(attempt.size == size) for size in self.sizes),
            *(float(attempt.kind == kind) for kind in self.kinds),
            *(
                float(self.periods.get(attempt.week) == period)
                for period in range(1, max(self.periods.values(), default=0) + 1)
            ),
        ]
