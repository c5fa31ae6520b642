"""An account's time cut at its resets, with what may be planned of each pool in each stretch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from portfolio.route.problem import WINDOW_POOL, Account, Pool, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """A pool from one reset to the next."""

    pool: Pool
    number: int  # 0 runs now
    begins_min: int
    resets_min: int | None  # None: not within the span
    room: float  # what may be planned of it; infinite: no limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The time of an account in which none of its pools is reset, but the 5-hour one."""

    start_min: int
    end_min: int
    cycles: Mapping[str, Cycle]  # by pool
    windows: tuple[Window, ...]  # those that begin in it, cut at its end
    rooms: tuple[float, ...]  # of each window; infinite: no limit

    def room_by(self, due_min: int) -> float:
        """Give what its windows hold for work that is due at a moment."""
        return math.fsum(
            room
            for window, room in zip(self.windows, self.rooms, strict=True)
            if window.is_usable_by(due_min)
        )

    def is_usable_by(self, due_min: int) -> bool:
        """Tell whether any of its windows is of use for what is due at a moment."""
        return any(window.is_usable_by(due_min) for window in self.windows)


def cycles_of(pool: Pool, span_min: int) -> tuple[Cycle, ...]:
    """Give a pool's cycles within a span.

    >>> week = Pool(pool="week", unit="pp", cap=100, used=40, resets_min=100)
    >>> [(one.begins_min, one.room) for one in cycles_of(week, 7 * 24 * 60)]
    [(0, 60.0), (100, 100.0)]
    """
    ends = []
    at = span_min if pool.resets_min is None else pool.resets_min
    while at < span_min:
        ends.append(at)
        at += pool.cycle_min
    begins = [0, *ends]
    return tuple(
        Cycle(
            pool=pool,
            number=number,
            begins_min=begin,
            resets_min=end,
            room=pool.fresh if number else pool.left,
        )
        for number, (begin, end) in enumerate(zip(begins, [*ends, None], strict=True))
    )


def stretches_of(account: Account, span_min: int) -> tuple[Stretch, ...]:
    """Cut an account's time at the resets of its pools; what has no window is left out."""
    pools = [one for one in account.pools if one.pool != WINDOW_POOL]
    cycles = {one.pool: cycles_of(one, span_min) for one in pools}
    edges = sorted({0, span_min, *(one.begins_min for some in cycles.values() for one in some)})
    found = []
    for start, end in pairwise(edges):
        windows = tuple(
            Window(start_min=one.start_min, end_min=min(one.end_min, end), is_open=one.is_open)
            for one in account.windows
            if start <= one.start_min < end
        )
        if not windows:
            continue
        found.append(
            Stretch(
                start_min=start,
                end_min=end,
                cycles={
                    pool: next(one for one in reversed(some) if one.begins_min <= start)
                    for pool, some in cycles.items()
                },
                windows=windows,
                rooms=tuple(room_of(account, one) for one in windows),
            )
        )
    return tuple(found)


def room_of(account: Account, window: Window) -> float:
    """Give what may be planned of the 5-hour pool in a window."""
    pool = account.pool(WINDOW_POOL)
    if pool is None:
        return math.inf
    return pool.left if window.is_open else pool.fresh
