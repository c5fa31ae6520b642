"""Which weeks can be judged: complete ones that every meter that matters tells of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from portfolio.model import priced_among
from portfolio.rebalance.history import Held, History, Metered
from portfolio.rebalance.leaving import WEEK, Week

KNOWN_SHARE: Final = 0.9  # of a week's minutes


def priced_meter(held: Held) -> Metered | None:
    """Give the meter of an account's priced pool; None where it has none that was read."""
    pool = priced_among({pool for pool in held.meters if ":" not in pool})
    meter = held.meters.get(pool or "")
    return None if meter is None or meter.is_unread else meter


def judged_weeks(history: History, leaving: Held, others: Sequence[Held]) -> list[Week]:
    """Give the complete weeks in which the meters of all accounts are known, oldest first.

    They end where the leaving account's own weeks do, so that its cycles are whole.
    """
    own = priced_meter(leaving)
    meters = [own, *(priced_meter(held) for held in others)]
    if own is None or any(meter is None for meter in meters):
        return []
    last = int(own.edges[-1]) if len(own.edges) else history.end
    last += (history.end - last) // WEEK * WEEK
    found = []
    while last - WEEK >= history.begin:
        week = Week(last - WEEK, last)
        if all(_is_known(meter, week) for meter in meters if meter is not None):
            found.append(week)
        last -= WEEK
    return found[::-1]


def _is_known(meter: Metered, week: Week) -> bool:
    known = sum(
        max(0, min(until, week.end) - max(since, week.begin)) for since, until in meter.known
    )
    return known >= KNOWN_SHARE * WEEK
