"""Spans of time as [since, until), in moments or minutes: joined, and held against each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

At = TypeVar("At", int, datetime)


def joined(spans: Iterable[tuple[At, At]]) -> list[tuple[At, At]]:
    """Join what overlaps or touches; oldest first."""
    found: list[tuple[At, At]] = []
    for since, until in sorted(spans):
        if found and since <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], until)
        else:
            found.append((since, until))
    return found


def both(some: Sequence[tuple[At, At]], others: Sequence[tuple[At, At]]) -> list[tuple[At, At]]:
    """Give when two lists of joined spans hold at once, oldest first.

    >>> both([(0, 10), (20, 30)], [(5, 25)])
    [(5, 10), (20, 25)]
    """
    found = []
    here = there = 0
    while here < len(some) and there < len(others):
        (since, until), (begin, end) = some[here], others[there]
        if max(since, begin) < min(until, end):
            found.append((max(since, begin), min(until, end)))
        if until <= end:
            here += 1
        else:
            there += 1
    return found
