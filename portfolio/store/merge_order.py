"""Put two logs of the same kind of fact in one order, which is the same whichever comes first.

Later versions of a fact rule over earlier ones, so their order is a fact too. In the joined order
everything stands as it stood in either log; what one log has between two facts of the other is
placed by when it was recorded. A moment is taken as no earlier than those before it in its log:
`--at` may date a command back, but it was given later all the same.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias


class Record(NamedTuple):
    """One fact of a log."""

    number: int  # its place in its own log
    recorded_us: int
    identity: str  # the same in both logs where it is the same fact


Key: TypeAlias = tuple[str, int]  # identity, and the how-manieth of those that look alike


def keys_of(log: Sequence[Record]) -> list[Key]:
    """Name each fact of a log; of facts that look alike, the first of one log is that of another.

    >>> keys_of([Record(1, 0, "a"), Record(2, 0, "b"), Record(3, 0, "a")])
    [('a', 0), ('b', 0), ('a', 1)]
    """
    seen: Counter[str] = Counter()
    keys = []
    for record in log:
        keys.append((record.identity, seen[record.identity]))
        seen[record.identity] += 1
    return keys


def merged(here: Sequence[Record], there: Sequence[Record]) -> list[Key]:
    """Give the facts of both logs in one order, each once.

    Where the logs contradict each other (each has a fact before one that the other has behind it),
    the one that was recorded first goes first.
    """
    moments: dict[Key, int] = {}
    after: dict[Key, list[Key]] = {}
    waits: Counter[Key] = Counter()  # for how many facts that must stand before it
    for log in (here, there):
        keys = keys_of(log)
        latest = None
        for key, record in zip(keys, log, strict=True):
            latest = record.recorded_us if latest is None else max(latest, record.recorded_us)
            moments[key] = max(latest, moments.get(key, latest))
        for first, second in pairwise(keys):
            after.setdefault(first, []).append(second)
            waits[second] += 1
    return _in_order(moments, after, waits)


def _in_order(
    moments: dict[Key, int], after: dict[Key, list[Key]], waits: Counter[Key]
) -> list[Key]:
    by_moment = sorted((at, key) for key, at in moments.items())
    ready = [entry for entry in by_moment if not waits[entry[1]]]
    order: list[Key] = []
    placed: set[Key] = set()
    for next_one in by_moment:
        # Mostly this loop turns once: it begins again only where the logs contradict each other.
        if not ready and next_one[1] not in placed:
            ready = [next_one]
        while ready:
            _, key = heapq.heappop(ready)
            if key in placed:
                continue
            placed.add(key)
            order.append(key)
            for following in after.get(key, ()):
                waits[following] -= 1
                if not waits[following] and following not in placed:
                    heapq.heappush(ready, (moments[following], following))
    return order
