"""`log-window`: close a working window, with its burn on every account and its features."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from parsers.records import Problem
from portfolio import settings as chosen
from portfolio.commands.methodologies import unregistered
from portfolio.commands.observing import observations, tolerances
from portfolio.commands.syncing import sync
from portfolio.commands.window_captures import hand_over, parse_handed
from portfolio.commands.window_span import epoch_of, meant_window, name_of, span_of
from portfolio.commands.work import Work, load_work
from portfolio.errors import InvalidNameError, problem
from portfolio.estimate.burn import Tolerances
from portfolio.estimate.observations import Observation, clashes
from portfolio.estimate.weeks import named_week, week_of
from portfolio.ingest.machine import Machine
from portfolio.model import WINDOW_NAME, MeterPoint, Window
from portfolio.report.answers.windows import FeaturesOf, WindowAnswer
from portfolio.settings import Home, Settings
from portfolio.store import read, write
from portfolio.store.opening import held, transaction

if TYPE_CHECKING:
    from portfolio.ingest.captures import Taken
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

LONGEST_NAME: Final = 64  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedCapture:
    """A capture the user handed over for one side of a window."""

    side: Literal["before", "after"]
    account: str
    origin: str  # the file's name, or "-"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the user said of a window; what was left out is None."""

    window: str | None
    start: datetime | None
    end: datetime | None
    methodology: str | None
    captures: Sequence[HandedCapture]


@contextmanager
def rehearsal(home: Home, *, wait_s: float) -> Iterator[Home]:
    """Give a copy of a home that is thrown away: what is done there changes nothing."""
    store = home.store_path
    with tempfile.TemporaryDirectory(prefix="portfolio-") as folder:
        with held(store, wait_s=wait_s):
            # Beside the store lies what a command that was cut short had written already.
            for path in (home.settings_path, store, store.with_name(f"{store.name}.wal")):
                if path.exists():
                    shutil.copy2(path, folder)
        yield Home(Path(folder))


def log_window(
    database: Database,
    asked: Asked,
    *,
    home: Home,
    machine: Machine,
    settings: Settings,
    catalogue: Catalogue,
    now: datetime,
    is_dry_run: bool,
) -> WindowAnswer:
    """Log a window, or correct one; saying the same again changes nothing.

    Raises:
        InvalidNameError: The window's name breaks the rule.
        WindowSpanError: It would end before it starts, or last over a day.
        NothingReadError: A capture holds no meter; nothing of the window is stored.
    """
    if asked.window is not None and not _is_name(asked.window):
        raise InvalidNameError("a window", asked.window, rule="W0-003, or W-P1 for a prototype")
    problems = list(sync(database, home=home, machine=machine, settings=settings, now=now).problems)
    work = load_work(database, settings)
    logged = meant_window(asked, work, settings=settings, now=now)
    start, end, said = span_of(asked, logged, work, now)
    problems += said
    spans = read.account_spans(database)
    captures = [
        (
            capture,
            parse_handed(
                capture, start=start, end=end, spans=spans, settings=settings, catalogue=catalogue
            ),
        )
        for capture in asked.captures
    ]
    epoch = epoch_of(settings, oldest=[start, *_evidence(database, captures)])
    name = asked.window or (logged.window if logged else name_of(start, end, work, epoch=epoch))
    window = Window(
        window=name,
        start_at=start,
        end_at=end,
        methodology=_methodology(database, asked, logged),
    )
    problems += _doubts(database, window, epoch=epoch, now=now)
    problems += [found for _, taken in captures for found in taken.problems]
    problems += _outside(window, captures, tolerances(settings))
    with transaction(database):
        if window not in work.windows:
            write.window(database, window, now=now)
        problems += hand_over(database, window, captures, now=now)
    if not settings.epoch:
        chosen.set_value(home, "epoch", epoch.isoformat())
    return _answer(database, window, problems, settings=settings, is_dry_run=is_dry_run)


def _is_name(name: str) -> bool:
    return len(name) <= LONGEST_NAME and WINDOW_NAME.fullmatch(name) is not None


def _evidence(
    database: Database, captures: Sequence[tuple[HandedCapture, Taken]]
) -> list[datetime]:
    """Give moments at which something is known to have been, the oldest among them."""
    oldest = read.oldest_evidence(database)
    taken = [reading.read_at for _, one in captures for reading in one.readings]
    return taken if oldest is None else [*taken, oldest]


def _methodology(database: Database, asked: Asked, logged: Window | None) -> str | None:
    """Give the way of working: as said, else as logged before, else the only one there is."""
    if asked.methodology is not None:
        return asked.methodology
    if logged is not None and logged.methodology is not None:
        return logged.methodology
    known = read.methodologies(database)
    return known[0].methodology if len(known) == 1 else None


def _outside(
    window: Window, captures: Sequence[tuple[HandedCapture, Taken]], near: Tolerances
) -> list[Problem]:
    """Name captures that say themselves that they were not taken at the window's edge."""
    edges = {
        "before": (window.start_at - near.before_early, window.start_at + near.before_late),
        "after": (window.end_at - near.after_early, window.end_at + near.after_late),
    }
    return [
        problem(
            "capture-outside",
            f"{capture.origin} was taken at {taken.readings[0].read_at:%Y-%m-%d %H:%M} UTC, too far"
            f" from the window's edge to be its --{capture.side}; it is stored as a reading",
        )
        for capture, taken in captures
        if taken.has_own_time
        and not edges[capture.side][0] <= taken.readings[0].read_at <= edges[capture.side][1]
    ]


def _doubts(database: Database, window: Window, *, epoch: datetime, now: datetime) -> list[Problem]:
    """Say what of the window does not fit what is known; it counts all the same."""
    problems: list[Problem] = []
    name = window.window
    if window.methodology is None:
        problems.append(
            problem(
                "methodology-unnamed", f"{name} is logged without a methodology (--methodology M)"
            )
        )
    elif found := unregistered(window.methodology, read.methodologies(database)):
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


def _answer(
    database: Database,
    window: Window,
    problems: Sequence[Problem],
    *,
    settings: Settings,
    is_dry_run: bool,
) -> WindowAnswer:
    work = load_work(database, settings)
    readings = read.readings(database)
    seen = observations(database, work, readings, windows=[window], settings=settings)[0]
    own = clashes((one for one in work.events if one.window == window.window), work.credits)
    return WindowAnswer(
        window=window.window,
        start_at=window.start_at,
        end_at=window.end_at,
        methodology=window.methodology,
        is_dry_run=is_dry_run,
        burn=tuple(
            burn
            for burn in seen.burns
            if burn.is_measured or burn.before is not None or burn.after is not None
        ),
        features=FeaturesOf(
            shipped=seen.work.shipped,
            attempted=seen.work.attempted,
            reverted=seen.work.reverted,
        ),
        problems=(
            *problems,
            *own,
            *_overlaps(database, window, seen, work, readings, settings=settings),
        ),
    )


def _overlaps(
    database: Database,
    window: Window,
    seen: Observation,
    work: Work,
    readings: Sequence[MeterPoint],
    *,
    settings: Settings,
) -> list[Problem]:
    """Name logged windows that share time and an account with this one."""
    others = [
        other
        for other in work.windows
        if other.window != window.window
        and other.start_at < window.end_at
        and window.start_at < other.end_at
    ]
    return [
        problem(
            "window-overlap",
            f"{window.window} shares time with {other.window.window} on"
            f" {', '.join(sorted(shared))}: that burn counts twice; correct one of them with"
            " --start and --end",
        )
        for other in observations(database, work, readings, windows=others, settings=settings)
        if (shared := set(other.accounts) & set(seen.accounts))
    ]
