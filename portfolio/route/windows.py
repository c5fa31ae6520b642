"""The 5-hour windows that can be opened in working hours: each at the first work after the last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from portfolio.model import WINDOW_LASTS
from portfolio.route.problem import LEAST_MIN, Window

WINDOW_MIN: Final = int(WINDOW_LASTS.total_seconds()) // 60


def openable(
    working: Sequence[tuple[int, int]],
    *,
    open_until: int | None = None,
    resets: Sequence[int] = (),
) -> tuple[Window, ...]:
    """Choose when an account's windows start: with the working hours, then one after another.

    A window runs five hours from its first use, over a break and the end of a day too. Work in it
    keeps to one side of a reset of a longer pool, the longer one.

    Args:
        working: Begin and end of each stretch of working hours, in order, none before minute 0.
        open_until: When the window ends that runs now; None: none does.
        resets: Of the account's longer pools, in order.

    Example:
        Nine hours of work touch two windows.

        >>> [(one.start_min, one.end_min) for one in openable([(540, 1080)])]
        [(540, 840), (840, 1080)]
    """
    found: list[Window] = []
    runs_until = 0
    if open_until is not None:
        runs_until = open_until
        found += _running(working, open_until, resets)
    for begin, end in working:
        new = list(_in_stretch(max(begin, runs_until), end, resets))
        runs_until = max(runs_until, *(one.start_min + WINDOW_MIN for one in new), 0)
        found += new
    return tuple(found)


def _running(
    working: Sequence[tuple[int, int]], open_until: int, resets: Sequence[int]
) -> list[Window]:
    begin, end = next(iter(working), (open_until, open_until))
    stop = min(end, open_until, *(reset for reset in resets if reset > begin))
    return [Window(start_min=begin, end_min=stop, is_open=True)] if stop > begin else []


def _in_stretch(at: int, end: int, resets: Sequence[int]) -> Iterator[Window]:
    while at < end:
        stop = min(at + WINDOW_MIN, end)
        reset = next((one for one in resets if at < one < stop), stop)
        if reset - at < stop - reset:
            at = reset
            continue
        if reset - at >= LEAST_MIN:
            yield Window(start_min=at, end_min=reset)
        at += WINDOW_MIN
