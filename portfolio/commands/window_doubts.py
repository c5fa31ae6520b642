"""What of a window does not fit what is known; it is told, and the window counts all the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from parsers.records import Problem
from portfolio.commands.methodologies import unregistered
from portfolio.commands.observing import observations
from portfolio.commands.work import Work
from portfolio.errors import problem
from portfolio.estimate.weeks import named_week, week_of
from portfolio.model import MeterPoint, Methodology, Window
from portfolio.settings import Settings

if TYPE_CHECKING:
    from portfolio.store.opening import Database


def doubts(
    window: Window,
    known: Sequence[Methodology],
    *,
    epoch: datetime,
    now: datetime,
    started: Sequence[str] = (),
) -> list[Problem]:
    """Say what of a window's name, time and methodology does not fit.

    Args:
        window: The one that is logged.
        known: The methodologies that were added.
        epoch: When week 0 began.
        now: This moment.
        started: The methodologies that its starts name.
    """
    problems: list[Problem] = []
    name = window.window
    if window.methodology is None:
        why = f": its starts name {' and '.join(started)}" if len(started) > 1 else ""
        problems.append(
            problem(
                "methodology-unnamed",
                f"{name} is logged without a methodology{why} (--methodology M)",
            )
        )
    elif not window.parts and (found := unregistered(window.methodology, known)):
        problems.append(found)
    if window.start_at > now:
        problems.append(
            problem(
                "window-future", f"{name} begins at {window.start_at:%Y-%m-%d %H:%M} UTC, after now"
            )
        )
    week = named_week(name)
    if week is not None and week != week_of(window.start_at, epoch=epoch):
        problems.append(
            problem(
                "window-week",
                f"{name} starts in week {week_of(window.start_at, epoch=epoch)}, counted from"
                f" {epoch:%Y-%m-%d}; its name stays as you gave it (portfolio init --epoch T sets"
                " when week 0 begins)",
            )
        )
    return problems


def overlaps(
    database: Database,
    windows: Sequence[Window],
    work: Work,
    readings: Sequence[MeterPoint],
    *,
    settings: Settings,
) -> list[Problem]:
    """Name the logged windows that share time and an account with one of these, once a pair."""
    fresh = {window.window for window in windows}
    pairs = [
        (one, other) if one.window in fresh else (other, one)
        for one, other in _sharing_time(work.windows)
        if fresh & {one.window, other.window}
    ]
    if not pairs:
        return []
    meant = {window.window: window for pair in pairs for window in pair}
    accounts: dict[str, set[str]] = {name: set() for name in meant}
    for seen in observations(
        database, work, readings, windows=list(meant.values()), settings=settings
    ):
        accounts[seen.window.window] |= set(seen.accounts)
    return [
        problem(
            "window-overlap",
            f"{one.window} shares time with {other.window} on"
            f" {', '.join(sorted(shared))}: that burn counts twice; correct one of them with"
            " --start and --end",
        )
        for one, other in pairs
        if (shared := accounts[one.window] & accounts[other.window])
    ]


def _sharing_time(windows: Sequence[Window]) -> list[tuple[Window, Window]]:
    """Give every two windows that share time; hardly any do."""
    found: list[tuple[Window, Window]] = []
    open_ones: list[Window] = []
    for window in sorted(windows, key=lambda one: (one.start_at, one.window)):
        open_ones = [one for one in open_ones if one.end_at > window.start_at]
        found += [(one, window) for one in open_ones]
        open_ones.append(window)
    return found
