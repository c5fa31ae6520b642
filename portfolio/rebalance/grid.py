"""The minutes in which anything was worked, all works together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portfolio.rebalance.work import FloatArray, IntArray, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Every minute in which anything was worked, and the place of each work's minutes in it."""

    minutes: IntArray  # (grid,) ascending
    places: tuple[IntArray, ...]  # for each work: (n,) where its minutes stand in the grid

    def laid(self, work: int, amounts: FloatArray) -> FloatArray:
        """Lay out amounts of a work's own minutes over the grid; nothing elsewhere."""
        import numpy as np

        found = np.zeros(len(self.minutes))
        found[self.places[work]] = amounts
        return found


def grid_of(works: Sequence[Work]) -> Grid:
    """Give the grid of some works."""
    import numpy as np

    every = [work.minutes for work in works]
    minutes = np.unique(np.concatenate(every)) if every else np.zeros(0, dtype=np.int64)
    places = tuple(np.searchsorted(minutes, own) for own in every)
    return Grid(minutes=minutes, places=places)
