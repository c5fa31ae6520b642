"""Windows that `start`, the git hook or the statusline opened: which hold, and how one worked."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime

from portfolio.estimate.proposals import SLIVER, Span, joined
from portfolio.model import Window, WorkStart


def holding(
    opened: Sequence[Window],
    logged: Sequence[Window],
    worked: Sequence[datetime],
    *,
    since: datetime,
    until: datetime,
) -> list[Window]:
    """Give the opened windows that stand beside the logged ones, oldest first.

    What is logged rules: of a window that shares time with a logged one, or with one that was
    opened before it, the rest counts. One in which nothing was done is none.

    Args:
        opened: As the small file in the home tells.
        logged: All logged windows.
        worked: When something was done, oldest first.
        since: When week 0 began.
        until: This moment.
    """
    said = {window.window for window in logged}
    before = list(logged)
    found = []
    for one in sorted(opened, key=lambda one: (one.start_at, one.window)):
        if one.window in said or not since <= one.start_at <= until:
            continue
        rest = _rest(one, before)
        place = bisect_left(worked, rest.start_at)
        is_worked = place < len(worked) and worked[place] < rest.end_at
        if is_worked and rest.end_at - rest.start_at >= SLIVER:
            kept = Window(
                window=one.window, start_at=rest.start_at, end_at=rest.end_at, methodology=None
            )
            found.append(kept)
            before.append(kept)
    return found


def methodologies_of(starts: Iterable[WorkStart]) -> tuple[str, ...]:
    """Give the methodologies that starts name, sorted; one without says nothing against others."""
    return tuple(sorted({one.methodology for one in starts if one.methodology is not None}))


def _rest(one: Window, others: Sequence[Window]) -> Span:
    """Give what of a window comes first and lies in no other."""
    start = one.start_at
    for span in joined(others):
        if start < span.start_at:
            return Span(start, min(one.end_at, span.start_at))
        start = max(start, span.end_at)
    return Span(start, one.end_at)


def name_of_span(start: datetime, end: datetime, opened: Sequence[Window]) -> str | None:
    """Give the opened window that a span is: they share more than half of the shorter of both.

    None where that is so of none, or of several.
    """
    shared = [
        one.window
        for one in opened
        if 2 * (min(end, one.end_at) - max(start, one.start_at))
        > min(end - start, one.end_at - one.start_at)
    ]
    return shared[0] if len(shared) == 1 else None
