"""The burn of one pool, shared out: what tests of spend look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

import numpy as np

from portfolio.estimate import column_sharing
from portfolio.estimate.movement import uses_of
from portfolio.estimate.spend import Rise, rises_of
from portfolio.model import MeterPoint
from tests.estimate.builders import at
from tests.estimate.one_by_one import WeighedTurn

Key = TypeVar("Key", bound=Hashable)


def rises_in(
    points: Sequence[MeterPoint], pool: str, *, since: datetime, until: datetime
) -> tuple[list[Rise], float]:
    """Give the rises of a meter over a span, and what is left; they add up to its `movement`."""
    if not points:
        return [], 0.0
    uses = uses_of(points, pool, since=since, until=until)
    return rises_of(uses, unit=points[-1].unit)


@dataclass
class Shared(Generic[Key]):
    """Parts of what a meter moved."""

    parts: dict[Key, float] = field(default_factory=lambda: defaultdict(float))
    elsewhere: float = 0.0

    @property
    def moved(self) -> float:
        """Give the whole."""
        return sum(self.parts.values()) + self.elsewhere


def share_out(
    points: Sequence[MeterPoint],
    turns: Sequence[WeighedTurn[Key]],
    *,
    pool: str = "week",
    since: float = 0,
    until: float = 100,
) -> Shared[Key]:
    """Share what a meter moved between two hours over turns."""
    ordered = sorted(points, key=lambda point: point.read_at)
    rises, left = rises_in(ordered, pool, since=at(since), until=at(until))
    shared = Shared[Key](elsewhere=left)
    parts, away = shares_in(rises, sorted(turns, key=lambda turn: turn.at))
    shared.parts.update(parts)
    shared.elsewhere += away
    return shared


def shares_in(
    rises: Sequence[Rise], turns: Sequence[WeighedTurn[Key]]
) -> tuple[dict[Key, float], float]:
    """Give what rises of a meter were used on, and how much of them was used elsewhere."""
    found = column_sharing.shared(
        rises,
        column_sharing.microseconds([turn.at for turn in turns]),
        np.array([turn.weight for turn in turns], dtype=np.float64),
    )
    parts: dict[Key, float] = defaultdict(float)
    for turn, burn in zip(turns, found.burn.tolist(), strict=True):
        if burn:
            parts[turn.key] += burn
    return parts, sum(amount for _, amount in found.elsewhere)
