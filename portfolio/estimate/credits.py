"""Which logged window a piece of work counts in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Final

from portfolio.estimate.work import WorkEvent
from portfolio.model import Window

CLASH_SLACK: Final = timedelta(minutes=30)  # a commit a little after the bell is no clash


class Credits:
    """Which logged window each event counts in, looked up once."""

    def __init__(self, windows: Sequence[Window]) -> None:
        self._by_name = {window.window: window for window in windows}
        self._ordered = sorted(windows, key=lambda window: window.start_at)
        # The latest end of a window and all before it: past it, none reaches to a moment any more.
        self._ends = list(accumulate((window.end_at for window in self._ordered), max))

    def window_of(self, event: WorkEvent) -> str | None:
        """Give the window an event counts in; None where none is logged.

        What was merged outside every window counts where the last of it was written.
        """
        if event.window in self._by_name:
            return event.window
        found = self._window_at(event.at)
        return self._window_at(event.done_at) if found is None and event.done_at else found

    def clashes(self, event: WorkEvent) -> bool:
        """Tell whether a tag names a logged window that its commit was not written in."""
        named = self._by_name.get(event.window or "")
        return named is not None and not (
            named.start_at - CLASH_SLACK <= event.at < named.end_at + CLASH_SLACK
        )

    def _window_at(self, at: datetime) -> str | None:
        # Windows of several accounts may overlap; the one that began last is meant.
        place = bisect_right(self._ordered, at, key=lambda window: window.start_at) - 1
        while place >= 0 and self._ends[place] > at:
            if self._ordered[place].holds(at):
                return self._ordered[place].window
            place -= 1
        return None
