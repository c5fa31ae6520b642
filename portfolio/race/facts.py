"""The facts a race is computed from: what was drawn, what came of it, and when arms began anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from portfolio.estimate.attempts import Attempt
from portfolio.estimate.size_cues import Size
from portfolio.race.draw import weight

Reason: TypeAlias = Literal["joined", "epoch", "brought-back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnItem:
    """An item whose arm chance gave, as assigned, wherever it was done."""

    item: str
    arm: str
    eligible: tuple[str, ...]
    probabilities: tuple[float, ...]  # of each eligible arm
    size: Size | None  # at the draw
    drawn_at: datetime  # UTC
    finished_at: datetime | None = None  # UTC; None: under way
    usd: float | None = None  # dollars of capacity it took; None: not known
    is_shipped: bool = False  # and stayed

    def is_finished(self, until: datetime) -> bool:
        """Tell whether it was finished before a moment."""
        return self.finished_at is not None and self.finished_at < until


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An arm's coming into the race: at first, or anew.

    Anew means that nothing drawn before tells of it any more: its cap, model or client changed (an
    epoch that cuts), or its user brought it back, who may know what the race does not.
    """

    arm: str
    at: datetime  # UTC
    reason: Reason


def entries(items: Iterable[DrawnItem], anew: Iterable[Entry]) -> list[Entry]:
    """Give every entry, oldest first: an arm joins with the first draw that could have given it."""
    joined: dict[str, datetime] = {}
    for one in sorted(items, key=lambda one: one.drawn_at):
        for arm in one.eligible:
            joined.setdefault(arm, one.drawn_at)
    found = [Entry(arm=arm, at=at, reason="joined") for arm, at in joined.items()]
    # Of an arm that was never in a draw, nothing is told that could begin anew.
    found += [one for one in anew if one.arm in joined and one.at > joined[one.arm]]
    return sorted(found, key=lambda one: (one.at, one.arm, one.reason))


def pair_attempts(
    items: Sequence[DrawnItem], pair: tuple[str, str], *, since: datetime
) -> list[Attempt]:
    """Give what tells of a pair: drawn for either, since a moment, while both could have been.

    Args:
        items: Drawn ones that are finished.
        pair: The first and the second arm.
        since: Of the draws, inclusive.
    """
    return [
        attempt_of(
            one,
            is_first=one.arm == pair[0],
            weight=weight(one.arm, pair, one.eligible, one.probabilities),
        )
        for one in items
        if one.arm in pair
        and all(arm in one.eligible for arm in pair)
        and one.usd is not None
        and one.usd > 0
        and since <= one.drawn_at
    ]


def attempt_of(one: DrawnItem, *, is_first: bool, weight: float) -> Attempt:
    """Give a drawn item whose spend is known as an attempt of one of two arms."""
    return Attempt(
        item=one.item,
        is_first=is_first,
        usd=one.usd or 0.0,
        size=one.size,
        kind="",
        week=0,
        is_shipped=one.is_shipped,
        weight=weight,
    )
