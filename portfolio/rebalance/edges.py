"""When a pool that is reset at fixed moments is reset, where nobody saw it, too."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import timedelta
from itertools import count, takewhile
from typing import TYPE_CHECKING, Final

from portfolio.estimate.cycles import SAME_CYCLE_SHARE
from portfolio.model import cycle_of
from portfolio.rebalance.history import MINUTE, minute_of, moment_of

if TYPE_CHECKING:
    from portfolio.rebalance.work import IntArray

# Theirs is reset on a day of the month; Codex's month is 43,200 minutes.
BY_CALENDAR: Final = frozenset({"copilot", "cursor"})


def continued(seen: IntArray, pool: str, *, provider: str, begin: int, end: int) -> IntArray:
    """Give all resets of a pool in [begin, end]: those seen, and those that follow from them.

    No cycle lasts longer than its length, so in a longer time between two resets there were others.
    They are counted back from the later one: its cycle began one length before it. Where the reset
    moved by itself (a provider resets all at once, or a cycle begins with its first use), that is
    when it moved to; where the meter was not read, there are as few as there can have been.

    Args:
        seen: Minutes of resets that were seen or said, ascending; later than `end`, too. Without
            any, one at `begin` is taken.
        pool: Gives the length of a cycle.
        provider: Tells whether a month is the calendar's.
        begin: The first minute.
        end: The last minute.

    Raises:
        ValueError: The pool is of no family whose cycle is known.
    """
    import numpy as np

    cycle = cycle_of(pool)
    if cycle is None:
        raise ValueError(f"no cycle is known of {pool}")
    is_by_calendar = pool.partition(":")[0] == "month" and provider in BY_CALENDAR
    away = _months_away if is_by_calendar else _by_length(cycle)
    slack = int(cycle * SAME_CYCLE_SHARE / MINUTE)  # providers move a reset by minutes to hours
    known = [int(edge) for edge in seen] or [begin]
    found = set(known)
    for floor, edge in zip([begin, *(one + slack + 1 for one in known)], known, strict=False):
        found |= _back(away, edge, floor)
    found.update(takewhile(end.__ge__, (away(known[-1], cycles) for cycles in count(1))))
    return np.array(sorted(at for at in found if begin <= at <= end), dtype=np.int64)


def _back(away: Callable[[int, int], int], edge: int, floor: int) -> set[int]:
    """Give the resets before one, down to a minute, included."""
    return set(takewhile(floor.__le__, (away(edge, -cycles) for cycles in count(1))))


def _by_length(cycle: timedelta) -> Callable[[int, int], int]:
    minutes = int(cycle / MINUTE)
    return lambda edge, cycles: edge + cycles * minutes


def _months_away(edge: int, months: int) -> int:
    """Give the same time on the same day of another month; short months have it on their last."""
    at = moment_of(edge)
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    day = min(at.day, monthrange(year, month + 1)[1])
    return minute_of(at.replace(year=year, month=month + 1, day=day))
