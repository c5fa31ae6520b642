"""`windows`: those that wait to be confirmed; `windows confirm`: log them, one or in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from parsers.records import Problem
from portfolio import settings as chosen
from portfolio.commands.metering import meter_points, meters
from portfolio.commands.methodologies import unregistered
from portfolio.commands.opened_windows import keep_in_step
from portfolio.commands.proposing import propose
from portfolio.commands.window_doubts import doubts, overlaps
from portfolio.commands.window_parts import check_parts, said_methodology
from portfolio.commands.window_span import epoch_of
from portfolio.commands.window_table import Row, rows_in, table_of
from portfolio.commands.work import load_work
from portfolio.errors import (
    FileUnreadableError,
    PortfolioError,
    UnknownNameError,
    WindowPartsError,
    problem,
)
from portfolio.estimate.proposals import Proposal
from portfolio.ingest.files import read_text
from portfolio.model import Methodology, Window
from portfolio.report.answers.windows import ConfirmAnswer, WindowsAnswer
from portfolio.settings import Home, Settings
from portfolio.store import read, write
from portfolio.store.opening import transaction

if TYPE_CHECKING:
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

MOST_NAMED = 8  # windows in one sentence


def list_windows(
    database: Database,
    *,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    write_to: Path | None,
    now: datetime,
) -> WindowsAnswer:
    """Give the windows that are proposed and those that are logged; write a table if wanted.

    Raises:
        FileUnreadableError: The table cannot be written there.
    """
    work = load_work(database, settings)
    metered = meters(database, catalogue, now=now)
    proposed = propose(database, work, metered.points, home=home, settings=settings, now=now)
    if write_to is not None:
        text = table_of(proposed, work.windows, zone=settings.zone)
        try:
            write_to.write_text(
                text, encoding="utf-8-sig", newline=""
            )  # so Excel knows its letters
        except OSError as error:
            raise FileUnreadableError(write_to, error.strerror or str(error)) from error
    return WindowsAnswer(
        proposed=tuple(proposed),
        logged=tuple(work.windows),
        written=None if write_to is None else str(write_to),
        problems=tuple(metered.problems()),
    )


def confirm(
    database: Database,
    names: Sequence[str],
    *,
    methodology: str | None,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    now: datetime,
) -> ConfirmAnswer:
    """Log proposed windows by their names; a logged one gets the methodology that is said of it.

    Raises:
        UnknownNameError: Nothing is proposed or logged under one of the names; none was logged.
        WindowPartsError: Several methodologies were said; that takes a window of its own.
    """
    proposed = _proposed(database, home=home, settings=settings, catalogue=catalogue, now=now)
    logged = {one.window: one for one in read.windows(database)}
    for name in names:
        if name not in proposed and name not in logged:
            known = [*proposed, *logged]
            raise UnknownNameError("proposed or logged window", name, known=known)
    return _log(
        database,
        [
            _said(_window(proposed[name], now) if name in proposed else logged[name], methodology)
            for name in dict.fromkeys(names)
        ],
        home=home,
        settings=settings,
        catalogue=catalogue,
        now=now,
    )


def confirm_all(
    database: Database,
    *,
    methodology: str | None,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    now: datetime,
) -> ConfirmAnswer:
    """Log every proposed window that has ended.

    Raises:
        WindowPartsError: Several methodologies were said; that takes a window of its own.
    """
    proposed = _proposed(database, home=home, settings=settings, catalogue=catalogue, now=now)
    ended = [_window(one, now) for one in proposed.values() if not one.is_running]
    windows = [_said(one, methodology) for one in ended]
    return _log(database, windows, home=home, settings=settings, catalogue=catalogue, now=now)


def confirm_table(
    database: Database,
    file: Path,
    *,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    now: datetime,
) -> ConfirmAnswer:
    """Log the windows of a table as they stand there; rows that cannot be read are told.

    A methodology stays a guess only where the table says so and it is the one that was guessed.

    Raises:
        FileUnreadableError: There is no such file.
        WindowTableError: It lacks a column.
    """
    rows, problems = rows_in(read_text(file), where=str(file), zone=settings.zone)
    methodologies = read.methodologies(database)
    proposed = _proposed(database, home=home, settings=settings, catalogue=catalogue, now=now)
    logged = {one.window: one for one in read.windows(database)}
    windows = []
    for row in rows:
        try:
            check_parts(row.parts, methodologies)
        except PortfolioError as error:
            problems.append(Problem("row-unreadable", row.line, str(error)))
            continue
        known = logged.get(row.window) or proposed.get(row.window)
        window = _as_left(row, known)
        if row.window in logged and not _share_time(window, logged[row.window]):
            told = f"{row.window} is logged already, at another time; give this one a free name"
            problems.append(Problem("row-unreadable", row.line, told))
            continue
        windows.append(window)
    return _log(
        database,
        windows,
        home=home,
        settings=settings,
        catalogue=catalogue,
        now=now,
        problems=problems,
    )


def _proposed(
    database: Database, *, home: Home, settings: Settings, catalogue: Catalogue, now: datetime
) -> dict[str, Proposal]:
    work = load_work(database, settings)
    points = meter_points(database, catalogue, now=now)
    found = propose(database, work, points, home=home, settings=settings, now=now)
    return {one.window: one for one in found}


def _window(one: Proposal, now: datetime) -> Window:
    """Make a fact of a proposal; confirmed before it is over, it ends here."""
    return Window(
        window=one.window,
        start_at=one.start_at,
        end_at=min(one.end_at, now) if one.start_at < now else one.end_at,
        methodology=one.methodology,
        is_guess=one.is_guess,
    )


def _said(window: Window, methodology: str | None) -> Window:
    """Put in place what the user said of the methodology, if anything."""
    if methodology is None:
        return window
    named, parts = said_methodology([methodology])
    if parts:
        raise WindowPartsError(
            "several methodologies are said of one window at a time, with log-window"
        )
    return replace(window, methodology=named, is_guess=False, parts=())


def _as_left(row: Row, known: Window | Proposal | None) -> Window:
    is_same = known is not None and known.methodology == row.methodology is not None
    parts = known.parts if is_same and isinstance(known, Window) and not row.parts else row.parts
    return Window(
        window=row.window,
        start_at=row.start_at,
        end_at=row.end_at,
        methodology=row.methodology,
        is_guess=bool(row.says_guess and is_same and known is not None and known.is_guess),
        parts=parts,
    )


def _share_time(one: Window, other: Window) -> bool:
    return one.start_at < other.end_at and other.start_at < one.end_at


def _log(
    database: Database,
    windows: Sequence[Window],
    *,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    now: datetime,
    problems: Sequence[Problem] = (),
) -> ConfirmAnswer:
    """Log all of some windows or none; those that are logged so already stay as they are."""
    before = {one.window: one for one in read.windows(database)}
    fresh = [one for one in windows if before.get(one.window) != one]
    oldest = [one.start_at for one in fresh]
    if (evidence := read.oldest_evidence(database)) is not None:
        oldest.append(evidence)
    with transaction(database):
        write.windows(database, fresh, now=now)
    told = list(problems)
    if fresh:
        epoch = epoch_of(settings, oldest=oldest)
        if not settings.epoch:
            chosen.set_value(home, "epoch", epoch.isoformat())
        keep_in_step(database, home, chosen.load(home), now=now)
        told += _doubts(fresh, read.methodologies(database), epoch=epoch, now=now)
        work, points = load_work(database, settings), meter_points(database, catalogue, now=now)
        told += overlaps(database, fresh, work, points, settings=settings)
    names = {one.window for one in fresh}
    return ConfirmAnswer(
        confirmed=tuple(fresh),
        unchanged=tuple(one.window for one in windows if one.window not in names),
        problems=tuple(told),
    )


def _doubts(
    windows: Sequence[Window], known: Sequence[Methodology], *, epoch: datetime, now: datetime
) -> list[Problem]:
    """Say what does not fit; what is so of many windows alike, once."""
    unnamed = [one.window for one in windows if one.methodology is None]
    told = []
    if unnamed:
        names = ", ".join(unnamed[:MOST_NAMED]) + (", …" if len(unnamed) > MOST_NAMED else "")
        told.append(
            problem(
                "methodology-unnamed",
                f"logged without a methodology: {names} (portfolio windows confirm NAME..."
                " --methodology M)",
            )
        )
    named = sorted({one.methodology for one in windows if one.methodology and not one.parts})
    told += [found for name in named if (found := unregistered(name, known))]
    by_itself = {"methodology-unnamed", "methodology-unregistered"}
    return told + [
        one
        for window in windows
        for one in doubts(window, known, epoch=epoch, now=now)
        if one.slug not in by_itself
    ]
