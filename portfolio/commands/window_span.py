"""When a window was and what it is called: as said, as logged before, or as its commits tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from parsers.records import Problem
from portfolio import settings as chosen
from portfolio.errors import WindowSpanError, problem
from portfolio.estimate.opened import name_of_span
from portfolio.estimate.weeks import next_name
from portfolio.model import WINDOW_LASTS, WINDOW_NAME, Window
from portfolio.report.text import plural
from portfolio.settings import Settings

if TYPE_CHECKING:
    from portfolio.commands.windows import Asked
    from portfolio.commands.work import Work
    from portfolio.estimate.proposals import Proposal

LONGEST: Final = timedelta(hours=24)
LONGEST_NAME: Final = 64  # characters
NAME_RULE: Final = "W0-003, or W-P1 for a prototype"


def is_name(name: str) -> bool:
    """Tell whether a window can be called so."""
    return len(name) <= LONGEST_NAME and WINDOW_NAME.fullmatch(name) is not None


def meant_window(asked: Asked, work: Work, *, settings: Settings, now: datetime) -> Window | None:
    """Give the logged window that is asked for: by name, by its span, or as the one just logged.

    A window logged again without a word on when it was is the one that ended a moment ago: in so
    short a time there was no other.
    """
    if asked.window is not None:
        return next((one for one in work.windows if one.window == asked.window), None)
    if asked.start is None and asked.end is None:
        a_moment = timedelta(minutes=settings.readings__after_late_min)
        just = [one for one in work.windows if one.end_at <= now <= one.end_at + a_moment]
        return max(just, key=lambda one: one.end_at, default=None)
    start, end = _said_span(asked, None, now)
    return next((one for one in work.windows if (one.start_at, one.end_at) == (start, end)), None)


def span_of(
    asked: Asked, logged: Window | None, proposal: Proposal | None, work: Work, now: datetime
) -> tuple[datetime, datetime, list[Problem]]:
    """Give start and end: as said, logged before or proposed, else from commits, else up to now.

    Raises:
        WindowSpanError: It would end before it starts, or last over a day.
    """
    problems: list[Problem] = []
    if asked.start is not None or asked.end is not None:
        start, end = _said_span(asked, logged, now)
    elif logged is not None:
        start, end = logged.start_at, logged.end_at
    elif proposal is not None:
        start, end = proposal.start_at, min(now, proposal.end_at)
        problems.append(_assumed(proposal.window, start, end, evidence_of(proposal)))
    elif tagged := _tagged_span(asked.window, work, now):
        start, end = tagged
        problems.append(_assumed(asked.window or "", start, end, "its commits"))
    else:
        start, end = now - WINDOW_LASTS, now
    check_span(start, end)
    return start, end, problems


def check_span(start: datetime, end: datetime) -> None:
    """See that a window can have been so.

    Raises:
        WindowSpanError: It would end before it starts, or last over a day.
    """
    if end <= start:
        raise WindowSpanError("the window would end before it starts")
    if end - start > LONGEST:
        raise WindowSpanError(
            f"the window would last {(end - start) / timedelta(hours=1):.0f} hours"
        )


def _assumed(name: str, start: datetime, end: datetime, told_by: str) -> Problem:
    return problem(
        "window-span-assumed",
        f"{name} is taken to be {start:%Y-%m-%d %H:%M} to {end:%H:%M} UTC, from {told_by}; correct"
        " it with --start and --end",
    )


def evidence_of(proposal: Proposal) -> str:
    """Say in a few words what shows that a proposed window was worked."""
    counts = (
        (proposal.turns, "turn"),
        (proposal.commits, "tagged commit"),
        (proposal.moves, "rise of a meter", "rises of meters"),
        (proposal.starts, "start"),
    )
    told = [plural(*count) for count in counts if count[0]]
    return ", ".join(told) or "its time"


def _said_span(asked: Asked, logged: Window | None, now: datetime) -> tuple[datetime, datetime]:
    """Complete a span of which one end may be left out: as logged, else by five hours."""
    start, end = asked.start, asked.end
    try:
        if start is None and end is not None:
            known = logged.start_at if logged is not None and logged.start_at < end else None
            return known or end - WINDOW_LASTS, end
        if end is None and start is not None:
            if logged is not None and _has_own_end(logged) and start < logged.end_at:
                return start, logged.end_at
            end = start + WINDOW_LASTS
            # Logged before the five hours were over, it ends here.
            return start, now if start < now < end else end
    except OverflowError as error:
        raise WindowSpanError("the window would lie outside the calendar") from error
    if start is None or end is None:
        raise ValueError("neither start nor end was said")
    return start, end


def _has_own_end(logged: Window) -> bool:
    """Tell whether a window's end was said; one of five hours may have been assumed."""
    return logged.end_at - logged.start_at != WINDOW_LASTS


def _tagged_span(name: str | None, work: Work, now: datetime) -> tuple[datetime, datetime] | None:
    """Give five hours that end with the last commit tagged with the window, unless that is now."""
    times = [event.at for event in work.events if event.window == name]
    if not times or any(now - WINDOW_LASTS <= at <= now for at in times):
        return None
    end = max(times) + timedelta(seconds=1)
    return end - WINDOW_LASTS, end


def name_of(
    start: datetime, end: datetime, work: Work, opened: Sequence[Window], *, epoch: datetime
) -> str:
    """Name a window the user did not: as its commits do, if they agree, else as it was opened.

    Else the next free name. One that other commits bear, or another opened window, is not free:
    they would count in this window.
    """
    logged = {window.window for window in work.windows}
    events = list(work.events)
    within = {one.window for one in events if one.window and start <= one.at < end} - logged
    if len(within) == 1:
        return within.pop()
    waiting = [one for one in opened if one.window not in logged]
    if (name := name_of_span(start, end, waiting)) is not None:
        return name
    borne = [
        Window(window=name, start_at=start, end_at=end, methodology=None)
        for name in {event.window for event in events if event.window} - logged
    ]
    return next_name(start, epoch=epoch, windows=[*work.windows, *borne, *waiting])


def epoch_of(settings: Settings, *, oldest: Sequence[datetime]) -> datetime:
    """Give the start of week 0: as set, else Monday of the week with the oldest evidence."""
    if settings.epoch:
        return chosen.moment(settings.epoch, zone=settings.zone)
    return chosen.monday_before(min(oldest), settings.zone)
