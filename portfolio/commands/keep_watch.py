"""Until when a plan is watched before it can be judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from portfolio.rebalance.history import moment_of
from portfolio.rebalance.leaving import WEEK
from portfolio.rebalance.verdict import WEEKS_TO_WATCH
from portfolio.rebalance.weeks import KNOWN_SHARE, priced_meter

if TYPE_CHECKING:
    from datetime import datetime

    from portfolio.rebalance.history import Held, History, Metered


def watched_until(
    history: History, leaving: Held, others: Sequence[Held], *, weeks: int
) -> datetime | None:
    """Give the end of the fourth week that can be judged, if readings go on.

    Args:
        history: What is known.
        leaving: The account whose weeks they are.
        others: The accounts whose room counts.
        weeks: How many are there.
    """
    own = priced_meter(leaving)
    if own is None:
        return None
    meters = [own, *(meter for held in others if (meter := priced_meter(held)) is not None)]
    last = int(own.edges[-1]) if len(own.edges) else history.end
    last += (history.end - last) // WEEK * WEEK
    lacking = WEEKS_TO_WATCH - weeks
    # Of a week that was not watched from its beginning on, too little will be known.
    lacking += any(_missed(meter, last, history.end) > (1 - KNOWN_SHARE) * WEEK for meter in meters)
    return moment_of(last + lacking * WEEK)


def _missed(meter: Metered, begin: int, end: int) -> int:
    """Give the minutes of the present week up to the last reading of which nothing is known."""
    known = [(max(since, begin), min(until, end)) for since, until in meter.known if until > begin]
    upto = max((until for _, until in known), default=begin)
    return upto - begin - sum(until - since for since, until in known)
