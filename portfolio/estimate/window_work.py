"""What burned in logged windows no turn tells of: shared over the work that was done in them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from portfolio.estimate.observations import Observation
from portfolio.estimate.paid_times import HasWork
from portfolio.estimate.spend import Rise


class WindowItems(NamedTuple):
    """A logged window of one account, and the items that were worked on in it."""

    begin: datetime  # UTC
    end: datetime  # UTC, not included
    window: str
    items: tuple[str, ...]


def window_items(observations: Iterable[Observation]) -> dict[str, list[WindowItems]]:
    """Give the windows of each account in which any item was worked on, oldest first."""
    found: dict[str, dict[tuple[datetime, datetime, str], set[str]]] = defaultdict(dict)
    for one in observations:
        for account in one.accounts if one.work.items else ():
            at = one.window.start_at, one.window.end_at, one.window.window
            found[account].setdefault(at, set()).update(one.work.items)
    return {
        account: [WindowItems(*at, tuple(sorted(items))) for at, items in sorted(own.items())]
        for account, own in found.items()
    }


def in_window(
    rises: Sequence[Rise],
    seen_at: datetime,
    windows: Sequence[WindowItems],
    *,
    has_work: HasWork | None,
) -> WindowItems | None:
    """Give the window in which a meter rose, where no turn in it tells what for; None: in none.

    Args:
        rises: Of the meter, oldest first.
        seen_at: When one of them was seen: its `until`.
        windows: Of the account, oldest first.
        has_work: Tells when there were turns of the account; None: never.
    """
    place = bisect_left(rises, seen_at, key=lambda rise: rise.until)
    if place == len(rises) or rises[place].until != seen_at:
        return None  # no rise, but what rounding left
    stood = rises[place].stood_until
    middle = stood + (seen_at - stood) / 2
    before = bisect_right(windows, middle, key=lambda window: window.begin)
    found = windows[before - 1] if before else None
    if found is None or middle >= found.end:
        return None
    return None if has_work is not None and has_work(found.begin, found.end) else found
