"""How much of a pool the fullest five hours took: a pace that was worked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from portfolio.estimate.movement import uses_of
from portfolio.model import WINDOW_LASTS, MeterPoint


def fullest_window(
    points: Sequence[MeterPoint], pool: str, *, since: datetime, until: datetime
) -> float:
    """Give the most that any five hours took of a pool, in its unit; 0 where none was seen to.

    A rise counts where it was seen to end. One between readings more than five hours apart tells
    of no five hours, and is left out.

    Args:
        points: Readings of one account, of that pool in one unit, oldest first.
        pool: Its name.
        since: From then on.
        until: Up to then.
    """
    uses = [
        used
        for used in uses_of(points, pool, since=since, until=until)
        if used.until - used.since <= WINDOW_LASTS
    ]
    most, amount, first = 0.0, 0.0, 0
    for used in uses:
        amount += used.amount
        while uses[first].until <= used.until - WINDOW_LASTS:
            amount -= uses[first].amount
            first += 1
        most = max(most, amount)
    return most
