"""What was paid for an account, split into what it went to.

What is paid comes evenly over time, and so does the capacity it buys: a pool's cycle costs its
share of the month. What was used in a piece of time is paid by that time's own money first; where
more was used than has come by then, the rest of the same cycle pays. Money of a cycle that is left
then has expired, is open yet, or lies in time that no meter tells of. So parts are never negative,
and the parts of every piece of time add up to what was paid in it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from portfolio.estimate.work import WorkItem

Part: TypeAlias = Literal[
    "shipped",
    "not-shipped",
    "fixes-and-chores",
    "not-named",
    "prototypes",
    "overhead",
    "elsewhere",
    "expired",
    "still-open",
    "unmeasured",
]
PARTS: Final[tuple[Part, ...]] = (
    "shipped",  # features
    "not-shipped",  # features that failed, were reverted, or are open yet
    "fixes-and-chores",
    "not-named",  # changes of unknown kind
    "prototypes",
    "overhead",  # turns on no item
    "elsewhere",  # what no turn on this machine explains
    "expired",  # of cycles that are over, at most
    "still-open",  # the rest of the cycle that has not ended
    "unmeasured",  # time that no meter tells of
)
Rest: TypeAlias = Literal["expired", "still-open", "unmeasured"]
KIND_PARTS: Final[Mapping[str, Part]] = {
    "fix": "fixes-and-chores",
    "chore": "fixes-and-chores",
    "prototype": "prototypes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidPart:
    """One part of what was paid for an account; its parts add up to the whole."""

    account: str
    part: Part
    usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidWeek:
    """One part of what was paid for an account in one week."""

    account: str
    week_start: str  # the day it begins on, in the user's zone, ISO
    part: Part
    usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidTime:
    """A piece of time of one cycle, or of time that no cycle is known of."""

    paid_usd: float
    used_usd: Mapping[Part, float]  # dollars of capacity
    rest: Rest  # what is left of it, if anything is


def part_of(item: WorkItem) -> Part:
    """Tell the part that what an item took belongs to."""
    if item.is_feature:
        return "shipped" if item.outcome == "shipped" else "not-shipped"
    return KIND_PARTS.get(item.kind, "not-named")


def parts_of(items: Iterable[WorkItem]) -> dict[str, Part]:
    """Tell the part of every item; of two that bear one id, that of the feature."""
    ordered = sorted(items, key=lambda item: item.is_feature)
    return {item.item: part_of(item) for item in ordered}


def split(times: Sequence[PaidTime]) -> list[dict[Part, float]]:
    """Split what was paid for one cycle, by its pieces of time.

    Where more was used in all than was paid, what was paid is shared in proportion. A use below
    zero is rounding, and nobody was paid back for it. Use that the known time cannot have held is
    told in full, and leaves so much less unmeasured.

    Example:
        A week of $7, of which 3 days lie in this calendar week: $4 was used in them for what
        shipped and $1 in the other four. So a dollar of the four days' money was used ahead.

        >>> shipped = PaidTime(paid_usd=3.0, used_usd={"shipped": 4.0}, rest="expired")
        >>> elsewhere = PaidTime(paid_usd=4.0, used_usd={"elsewhere": 1.0}, rest="expired")
        >>> split([shipped, elsewhere])
        [{'shipped': 3.0}, {'elsewhere': 1.0, 'shipped': 1.0, 'expired': 2.0}]
    """
    found: list[dict[Part, float]] = []
    rooms: list[float] = []
    over: dict[Part, float] = defaultdict(float)
    for time in times:
        used = {part: usd for part, usd in time.used_usd.items() if usd > 0}
        whole = math.fsum(used.values())
        scale = min(1.0, time.paid_usd / whole) if whole > 0 else 1.0
        for part, usd in used.items():
            over[part] += usd - usd * scale
        found.append({part: usd * scale for part, usd in used.items()})
        rooms.append(max(0.0, time.paid_usd - whole * scale))
    for is_known in (True, False):
        those = [n for n, time in enumerate(times) if (time.rest != "unmeasured") == is_known]
        over = _spread(over, those, rooms, found)
    for time, room, parts in zip(times, rooms, found, strict=True):
        if room > 0:
            parts[time.rest] = parts.get(time.rest, 0.0) + room
    return found


def _spread(
    over: Mapping[Part, float],
    those: Sequence[int],
    rooms: list[float],
    found: Sequence[dict[Part, float]],
) -> dict[Part, float]:
    """Let the room of some pieces of time, each by its size, pay for use; give what is left."""
    whole, room = math.fsum(over.values()), math.fsum(rooms[n] for n in those)
    if whole <= 0 or room <= 0:
        return dict(over)
    paid = min(1.0, room / whole)
    for n in those:
        share = rooms[n] / room * paid
        for part, usd in over.items():
            if usd * share > 0:
                found[n][part] = found[n].get(part, 0.0) + usd * share
        rooms[n] = max(0.0, rooms[n] - whole * share)
    return {part: usd * (1.0 - paid) for part, usd in over.items()}
