"""Which counts of other tools to use: only where no log of ours reaches, and none of them twice.

A tool counted the same requests that logs of ours may hold, and may have been read twice: by day
and by block, in two zones, before and after more logs were there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from parsers.records import TokenTotal
from portfolio.estimate.ownership import provider_of_model

DAY: Final = timedelta(days=1)


class Reached(NamedTuple):
    """What logs of ours say of one day."""

    day: date
    source: str  # the client whose log it is: claude or codex
    model: str


def chosen(
    totals: Sequence[TokenTotal],
    reached: Iterable[Reached],
    *,
    days_of: Callable[[TokenTotal], Sequence[date]],
) -> list[TokenTotal]:
    """Choose the counts to use, the oldest first.

    A count of one client's models is left out where a log of that client, or a request to the same
    provider, is of one of its days; a count of no named model where any log is. Of counts that
    overlap, days go before blocks, and then the one that was said last before the others.

    Args:
        totals: Each count as it stands, the last said first.
        reached: The days, clients and models of which logs of ours tell.
        days_of: Gives the days that a count touches.
    """
    known = _known(reached)
    by_day: dict[date, list[TokenTotal]] = defaultdict(list)
    taken = []
    for one in sorted(totals, key=_is_block):  # a stable sort: the last said stays first
        days = days_of(one)
        if any(known[day] & _marks(one) for day in days):
            continue
        if any(_clash(one, other) for day in days for other in by_day[day]):
            continue
        taken.append(one)
        for day in days:
            by_day[day].append(one)
    return sorted(taken, key=lambda one: (one.start_at, one.source, one.model))


def days_between(first: date, last: date) -> list[date]:
    """Give the days from one to another, both included."""
    return [first + DAY * number for number in range((last - first).days + 1)]


def _known(reached: Iterable[Reached]) -> dict[date, set[str]]:
    known: dict[date, set[str]] = defaultdict(set)
    for day, source, model in reached:
        known[day] |= {"any", f"client {source}", f"provider {provider_of_model(model)}"}
    return known


def _marks(one: TokenTotal) -> set[str]:
    """Give what of ours would say the same again."""
    if not one.model:
        return {"any"}
    return {f"client {_client(one.model)}", f"provider {provider_of_model(one.model)}"}


def _client(model: str) -> str:
    """Give the client in whose logs a tool finds a model."""
    return "codex" if provider_of_model(model) == "codex" else "claude"


def _is_block(one: TokenTotal) -> bool:
    return not one.source.endswith("-daily")


def _clash(one: TokenTotal, other: TokenTotal) -> bool:
    """Tell whether two counts may be of the same requests."""
    if one.start_at >= other.end_at or other.start_at >= one.end_at:
        return False
    if not one.model or not other.model:
        return True
    if _client(one.model) != _client(other.model):
        return False
    # Models of one table, told apart, are parts of one count.
    same = (one.source, one.start_at, one.end_at) == (other.source, other.start_at, other.end_at)
    return not same or one.model == other.model
