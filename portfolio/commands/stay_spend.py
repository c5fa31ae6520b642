"""What one account's stay on a plan was used for: its meter's burn, by part and by item."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from portfolio.commands.placed_turns import ON_NONE
from portfolio.commands.turn_weighing import weighed
from portfolio.estimate.account_spend import shared_over
from portfolio.estimate.branch_items import kind_of_branch
from portfolio.estimate.column_sharing import EPOCH, MICROSECOND
from portfolio.estimate.paid_parts import KIND_PARTS, PARTS, Part
from portfolio.estimate.window_work import WindowItems, in_window

if TYPE_CHECKING:
    from portfolio.commands.placed_turns import PlacedTurns
    from portfolio.estimate.account_spend import Meter
    from portfolio.estimate.paid_times import StayTime
    from portfolio.store.turn_columns import IntArray, TurnColumns

OVERHEAD: Final = PARTS.index("overhead")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTurns:
    """The turns of one account, oldest first."""

    columns: TurnColumns
    item: IntArray  # (turns,) place in `items`
    part: IntArray  # (turns,) place in PARTS
    items: Sequence[str]
    provider: str

    def has_any(self, since: datetime, until: datetime) -> bool:
        """Tell whether any lies between two moments."""
        at_us = self.columns.at_us
        begin, end = ((at - EPOCH) // MICROSECOND for at in (since, until))
        return bool(at_us.searchsorted(begin) < at_us.searchsorted(end))


def own_turns(
    placed: PlacedTurns | None, account: str, provider: str, parts: Mapping[str, Part]
) -> OwnTurns | None:
    """Give the turns of an account; None: there are none."""
    if placed is None:
        return None
    import numpy as np

    own = placed.of(account)
    if not len(own):
        return None
    item = placed.item[own]
    columns = placed.turns.at(own)
    part = np.zeros(len(placed.items), dtype=np.int64)
    first = dict(zip(*(each.tolist() for each in np.unique(item, return_index=True)), strict=True))
    for number, turn in first.items():
        branch = columns.spots[int(columns.spot[turn])].branch
        part[number] = _part(number, placed.items[number], branch, parts)
    return OwnTurns(
        columns=columns, item=item, part=part[item], items=placed.items, provider=provider
    )


def _part(number: int, item: str, branch: str | None, parts: Mapping[str, Part]) -> int:
    """Tell the part of an item; of one that nothing but its branch knows it is open yet."""
    if number == ON_NONE:
        return OVERHEAD
    found = parts.get(item)
    if found is None:
        kind = kind_of_branch(branch or "") or "change"
        found = "not-shipped" if kind == "feature" else KIND_PARTS.get(kind, "not-named")
    return PARTS.index(found)


@dataclass(slots=True)
class Spent:
    """What was used of a stay."""

    by_time: list[dict[Part, float]]  # dollars of capacity of each piece of its time
    by_item: dict[str, float]  # dollars of capacity
    windows: set[WindowItems]  # whose burn was shared over the work done in them

    def add(self, time: int, part: Part, usd: float) -> None:
        """Add what was used in a piece of time."""
        here = self.by_time[time]
        here[part] = here.get(part, 0.0) + usd


def spent_in(
    meter: Meter,
    times: Sequence[StayTime],
    worth: Sequence[float],
    *,
    turns: OwnTurns | None,
    windows: Sequence[WindowItems],
    parts: Mapping[str, Part],
) -> Spent:
    """Share what a meter moved in a stay over what it was for; the parts add up to all of it.

    Args:
        meter: Of the stay.
        times: The pieces of its time, oldest first.
        worth: The dollars of one unit in each.
        turns: Those of its account; None: there are none.
        windows: The logged ones of its account with the items worked on in them, oldest first.
        parts: The part of every item that is known.
    """
    found = Spent([{} for _ in times], defaultdict(float), set())
    begins = [time.begin for time in times]
    elsewhere: list[tuple[datetime, float]]
    if turns is None:
        elsewhere = [(rise.until, rise.amount) for rise in meter.rises]
    else:
        elsewhere = _add_turns(found, meter, times, worth, turns)
    for at, burn in elsewhere:
        time = max(0, bisect_right(begins, at) - 1)
        usd = burn * worth[time]
        window = in_window(meter.rises, at, windows, has_work=turns.has_any if turns else None)
        if window is None:
            found.add(time, "elsewhere", usd)
            continue
        found.windows.add(window)
        for item in window.items:
            found.add(time, parts.get(item, "not-named"), usd / len(window.items))
            found.by_item[item] += usd / len(window.items)
    if meter.left:
        found.add(len(times) - 1, "elsewhere", meter.left * worth[-1])
    return found


def _add_turns(
    found: Spent,
    meter: Meter,
    times: Sequence[StayTime],
    worth: Sequence[float],
    turns: OwnTurns,
) -> list[tuple[datetime, float]]:
    """Add what turns used; give what they do not explain: when it was seen, how much."""
    import numpy as np

    columns = turns.columns
    weights, _ = weighed(columns, turns.provider)
    burn, _, elsewhere = shared_over(meter, columns.at_us, weights)
    begins = np.array([(time.begin - EPOCH) // MICROSECOND for time in times])
    time = np.maximum(begins.searchsorted(columns.at_us, "right") - 1, 0)
    usd = burn * np.array(worth)[time]
    places, place = np.unique(time * len(PARTS) + turns.part, return_inverse=True)
    sums = np.bincount(place, usd, len(places))
    for at, amount in zip(places.tolist(), sums.tolist(), strict=True):
        if amount:
            found.add(at // len(PARTS), PARTS[at % len(PARTS)], amount)
    per_item = np.bincount(turns.item, usd, len(turns.items))
    for number in np.flatnonzero(per_item).tolist():
        if number != ON_NONE:
            found.by_item[turns.items[number]] += float(per_item[number])
    return elsewhere
