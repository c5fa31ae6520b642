"""The burn of one pool, shared out: what tests of spend look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from portfolio.estimate.spend import WeighedTurn, rises_in, shares_of
from portfolio.model import MeterPoint
from tests.estimate.builders import at

Key = TypeVar("Key", bound=Hashable)


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
    for _, key, amount in shares_of(rises, sorted(turns, key=lambda turn: turn.at)):
        if key is None:
            shared.elsewhere += amount
        else:
            shared.parts[key] += amount
    return shared
