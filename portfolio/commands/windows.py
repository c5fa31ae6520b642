"""`log-window`: close a working window, with its burn on every account and its features."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from parsers.records import Problem
from portfolio import settings as chosen
from portfolio.commands.drawn_ways import drawn_ways
from portfolio.commands.metering import meter_points, meters
from portfolio.commands.observing import observations, tolerances
from portfolio.commands.opened_windows import keep_in_step, opened_windows
from portfolio.commands.proposing import propose
from portfolio.commands.syncing import sync
from portfolio.commands.window_captures import hand_over, parse_handed
from portfolio.commands.window_doubts import doubts, overlaps
from portfolio.commands.window_parts import check_parts, joined_name, part_doubts
from portfolio.commands.window_span import (
    NAME_RULE,
    epoch_of,
    is_name,
    meant_window,
    name_of,
    span_of,
)
from portfolio.commands.work import Work, load_work
from portfolio.errors import InvalidNameError, problem
from portfolio.estimate.burn import Tolerances
from portfolio.estimate.observations import WindowWork, clashes, work_by_window
from portfolio.estimate.opened import methodologies_of
from portfolio.estimate.proposals import Proposal
from portfolio.ingest import window_file
from portfolio.ingest.machine import Machine
from portfolio.model import MeterPoint, Methodology, Window, WindowPart
from portfolio.report.answers.windows import FeaturesOf, PartAnswer, WindowAnswer
from portfolio.settings import Home, Settings
from portfolio.store import items, read, write
from portfolio.store.opening import held, transaction
from portfolio.store.proposals import newest_logged

if TYPE_CHECKING:
    from portfolio.ingest.captures import Taken
    from portfolio.ingest.live import Answer
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database


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
    parts: Sequence[WindowPart] = ()  # where there are several methodologies; then they are joined


@contextmanager
def rehearsal(home: Home, *, wait_s: float) -> Iterator[Home]:
    """Give a copy of a home that is thrown away: what is done there changes nothing."""
    store = home.store_path
    with tempfile.TemporaryDirectory(prefix="portfolio-") as folder:
        with held(store, wait_s=wait_s):
            # Beside the store lies what a command that was cut short had written already.
            for path in (
                home.settings_path,
                home.folder / window_file.NAME,
                store,
                store.with_name(f"{store.name}.wal"),
            ):
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
    live: Sequence[Answer] = (),
) -> WindowAnswer:
    """Log a window, or correct one; saying the same again changes nothing.

    Raises:
        InvalidNameError: The window's name breaks the rule.
        WindowPartsError: Its methodologies share an account, or one was never added.
        WindowSpanError: It would end before it starts, or last over a day.
        NothingReadError: A capture holds no meter; nothing of the window is stored.
    """
    if asked.window is not None and not is_name(asked.window):
        raise InvalidNameError("a window", asked.window, rule=NAME_RULE)
    synced = sync(database, home=home, machine=machine, settings=settings, now=now, live=live)
    problems = list(synced.problems)
    known = read.methodologies(database)
    check_parts(asked.parts, known)
    work = load_work(database, settings)
    logged = meant_window(asked, work, settings=settings, now=now)
    proposal = None
    if logged is None and asked.start is None and asked.end is None:
        points = meter_points(database, catalogue, now=now)
        proposal = _proposal(database, asked, work, points, home=home, settings=settings, now=now)
        if proposal is None:
            logged = _logged_just_now(database, asked, work, settings=settings, now=now)
    start, end, said = span_of(asked, logged, proposal, work, now)
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
    name = asked.window or _own_name(logged, proposal)
    starts = items.starts(database)
    started = methodologies_of(one for one in starts if start <= one.at < end)
    started = started or drawn_ways(database, work, start=start, end=end, now=now)
    window = _with_methodology(
        Window(
            window=name or name_of(start, end, work, opened_windows(home), epoch=epoch),
            start_at=start,
            end_at=end,
            methodology=None,
        ),
        asked,
        logged,
        proposal,
        known,
        started,
    )
    problems += doubts(window, known, epoch=epoch, now=now, started=started)
    problems += [found for _, taken in captures for found in taken.problems]
    problems += _outside(window, captures, tolerances(settings))
    with transaction(database):
        if window not in work.windows:
            write.window(database, window, now=now)
        problems += hand_over(database, window, captures, now=now)
    if not settings.epoch:
        chosen.set_value(home, "epoch", epoch.isoformat())
    keep_in_step(database, home, chosen.load(home), now=now)
    metered = meters(database, catalogue, now=now)
    problems += metered.problems(since=start, until=end)
    answer = _answer(
        database, window, metered.points, problems, settings=settings, is_dry_run=is_dry_run
    )
    return replace(answer, notes=synced.notes)


def _evidence(
    database: Database, captures: Sequence[tuple[HandedCapture, Taken]]
) -> list[datetime]:
    """Give moments at which something is known to have been, the oldest among them."""
    oldest = read.oldest_evidence(database)
    taken = [reading.read_at for _, one in captures for reading in one.readings]
    return taken if oldest is None else [*taken, oldest]


def _proposal(
    database: Database,
    asked: Asked,
    work: Work,
    points: Sequence[MeterPoint],
    *,
    home: Home,
    settings: Settings,
    now: datetime,
) -> Proposal | None:
    """Give the proposed window that is meant: by name, else the newest, if more than git shows it.

    Without a name it begins after every logged window, as one that was forgotten long ago is hardly
    meant. A capture handed over was most likely taken now: then the window has just ended too.
    """
    a_moment = timedelta(minutes=settings.readings__after_late_min)
    ended = max((one.end_at for one in work.windows), default=None)
    fitting = [
        one
        for one in propose(database, work, points, home=home, settings=settings, now=now)
        if one.is_more_than_commits
        and (one.window == asked.window if asked.window else not ended or one.start_at >= ended)
        and (not asked.captures or now <= one.end_at + a_moment)
    ]
    return fitting[-1] if fitting else None


def _logged_just_now(
    database: Database, asked: Asked, work: Work, *, settings: Settings, now: datetime
) -> Window | None:
    """Give the window that was logged a moment ago, where nothing shows that another was worked.

    So a proposed window that was taken without its name is meant again when the same is said again.
    """
    newest = newest_logged(database)
    if newest is None or asked.window is not None or asked.captures:
        return None
    name, recorded_at = newest
    if not recorded_at <= now <= recorded_at + timedelta(minutes=settings.readings__after_late_min):
        return None
    return next((one for one in work.windows if one.window == name), None)


def _own_name(logged: Window | None, proposal: Proposal | None) -> str | None:
    named = logged or proposal
    return None if named is None else named.window


def _with_methodology(
    window: Window,
    asked: Asked,
    logged: Window | None,
    proposal: Proposal | None,
    known: Sequence[Methodology],
    started: Sequence[str],
) -> Window:
    """Say how it was worked: as said, else as logged before, else as it was started.

    Else the only way there is; where there are several, the one that fits what was done, marked as
    a guess. Starts that name several leave it open.
    """
    if asked.methodology is not None or asked.parts:
        named = joined_name(asked.parts) or asked.methodology
        return replace(window, methodology=named, parts=tuple(asked.parts))
    if logged is not None and logged.methodology is not None:
        return replace(
            window, methodology=logged.methodology, is_guess=logged.is_guess, parts=logged.parts
        )
    if started:
        return replace(window, methodology=started[0] if len(started) == 1 else None)
    if len(known) == 1:
        return replace(window, methodology=known[0].methodology)
    if proposal is not None:
        return replace(window, methodology=proposal.methodology, is_guess=proposal.is_guess)
    return window


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


def _answer(
    database: Database,
    window: Window,
    readings: Sequence[MeterPoint],
    problems: Sequence[Problem],
    *,
    settings: Settings,
    is_dry_run: bool,
) -> WindowAnswer:
    work = load_work(database, settings)
    seen = observations(database, work, readings, windows=[window], settings=settings)
    done = work_by_window(work.items, work.credits).get(window.window, WindowWork())
    own = clashes((one for one in work.events if one.window == window.window), work.credits)
    named = {part.methodology: part for part in window.parts}
    beside = [one for one in seen if one.window.methodology not in named]
    return WindowAnswer(
        window=window.window,
        start_at=window.start_at,
        end_at=window.end_at,
        methodology=window.methodology,
        is_guess=window.is_guess,
        is_dry_run=is_dry_run,
        burn=tuple(
            burn
            for burn in sorted(
                (burn for one in seen for burn in one.burns),
                key=lambda burn: (burn.account, burn.pool),
            )
            if burn.is_measured or burn.before is not None or burn.after is not None
        ),
        features=FeaturesOf(shipped=done.shipped, attempted=done.attempted, reverted=done.reverted),
        parts=tuple(
            PartAnswer(
                methodology=part.methodology,
                accounts=one.accounts,
                features=part.features,
                shipped=one.work.shipped,
            )
            for one in seen
            if (part := named.get(one.window.methodology or ""))
        ),
        problems=(
            *problems,
            *own,
            *part_doubts(
                window,
                items=done.items,
                beside=[account for one in beside for account in one.accounts],
            ),
            *overlaps(database, [window], work, readings, settings=settings),
        ),
    )
