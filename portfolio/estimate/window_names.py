"""What proposed windows are called: as they were opened, as their commits say, else a free name."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import count

from portfolio.estimate.proposals import Span
from portfolio.estimate.weeks import week_of
from portfolio.estimate.work import WorkEvent
from portfolio.model import WINDOW_NAME, Window


def names_of(
    spans: Sequence[Span],
    events: Sequence[WorkEvent],
    windows: Sequence[Window],
    *,
    epoch: datetime,
    opened: Mapping[Span, str],
    given: Collection[str],
) -> list[str]:
    """Name proposed windows: as opened, else as the commits of their time do, else the first free.

    A name that other commits bear is not free: they would count in that window. The first free one
    is taken, not the next after the last, so that confirming one leaves the others their names.

    Args:
        spans: When they were, oldest first.
        events: Tags in commits, oldest first.
        windows: The logged ones.
        epoch: When week 0 began.
        opened: The names of those that were opened.
        given: All names that opened windows got, those in which nothing was done too.
    """
    logged = {window.window for window in windows}
    taken = logged | set(given)
    borne = {event.window for event in events if event.window}
    numbered = filter(None, map(WINDOW_NAME.fullmatch, taken | borne))
    used = {(int(one.group(1)), int(one.group(2))) for one in numbered if one.group(1)}
    last: dict[int, int] = defaultdict(int)
    times = [event.at for event in events]
    names = []
    for span in spans:
        first, behind = bisect_left(times, span.start_at), bisect_left(times, span.end_at)
        within = {event.window for event in events[first:behind] if event.window} - logged
        own = opened.get(span)
        if own is not None and own in within:
            name = own
        elif len(within - taken) == 1 and (own is None or len(within) == 1):
            name = (within - taken).pop()
        elif own is not None:
            name = own
        else:
            week = max(0, week_of(span.start_at, epoch=epoch))
            last[week] = next(free for free in count(last[week] + 1) if (week, free) not in used)
            name = f"W{week}-{last[week]:03d}"
        taken.add(name)
        names.append(name)
    return names
