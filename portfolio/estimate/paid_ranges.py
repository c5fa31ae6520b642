"""Say how far chance may move what was paid for a feature."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from portfolio.estimate.interval import FEWEST_FOR_SE, History, Interval, cost, efficiencies
from portfolio.estimate.resample import RngFor, grouped
from portfolio.estimate.week_history import PaidIn

WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidFor:
    """What was shipped on one account, or several, and what they cost."""

    shipped_at: Sequence[datetime]  # UTC, of each feature
    paid_in: PaidIn


def paid_ranges(
    paid_for: Sequence[PaidFor], *, since: datetime, until: datetime, rng_for: RngFor
) -> list[Interval | None]:
    """Give the interval of each one's dollars paid per feature, in weeks that go on like these.

    It is the interval of efficiency, with what a week cost in the place of what it burned. None
    where a price is not known, and under four weeks: how much weeks differ cannot be assumed.

    Args:
        paid_for: One for each account, provider, or all together.
        since: UTC; the begin of what was paid and shipped.
        until: UTC; its end, from which weeks are counted back; the rest is part of the first week.
        rng_for: Gives the source of chance of all with so many weeks.
    """
    edges = _edges(since, until)
    found: list[Interval | None] = [None] * len(paid_for)
    histories = {
        place: history
        for place, one in enumerate(paid_for)
        if (history := _by_week(one, edges)) is not None
    }
    rates = efficiencies(list(histories.values()), rng_for=rng_for)
    for place, rate in zip(histories, rates, strict=True):
        found[place] = cost(rate, 1.0)
    return found


def _edges(since: datetime, until: datetime) -> list[datetime]:
    """Cut a span into weeks, from its end backwards; the first is up to two weeks long."""
    weeks = max(0, (until - since) // WEEK)
    return [since, *(until - back * WEEK for back in range(weeks - 1, -1, -1))]


def _by_week(one: PaidFor, edges: Sequence[datetime]) -> History | None:
    paid = []
    for begin, end in pairwise(edges):
        usd = one.paid_in(begin, end)
        if usd is None:
            return None
        paid.append(usd)
    ordered = sorted(one.shipped_at)
    places = [bisect_left(ordered, edge) for edge in edges]
    shipped = [float(behind - first) for first, behind in pairwise(places)]
    weeks, _ = grouped(shipped, paid)
    if len(weeks) < FEWEST_FOR_SE or not any(paid):
        return None
    return History(shipped=shipped, burn=paid)
