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

from parsers.records import Problem, Reading
from portfolio import settings as chosen
from portfolio.commands.methodologies import unregistered
from portfolio.commands.syncing import sync
from portfolio.commands.work import Work, load_work
from portfolio.errors import InvalidNameError, WindowSpanError, problem
from portfolio.estimate.burn import Tolerances
from portfolio.estimate.observations import Observation, clashes, observe, work_by_window
from portfolio.estimate.weeks import named_week, next_name, week_of
from portfolio.ingest.captures import Taken, parse_capture, store_capture
from portfolio.model import WINDOW_LASTS, WINDOW_NAME, GivenReading, MeterPoint, Window
from portfolio.report.answers import FeaturesOf, WindowAnswer
from portfolio.settings import Home, Settings
from portfolio.store import read, write
from portfolio.store.opening import opened, transaction

if TYPE_CHECKING:
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

LONGEST = timedelta(hours=24)


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
    with tempfile.TemporaryDirectory(prefix="portfolio-") as folder:
        with opened(home.store_path, wait_s=wait_s) as database:
            database.checkpoint()  # all that was committed is in the one file then
            for path in (home.settings_path, home.store_path):
                shutil.copy2(path, folder)
        yield Home(Path(folder))


def log_window(
    database: Database,
    asked: Asked,
    *,
    home: Home,
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
    if asked.window is not None and not WINDOW_NAME.fullmatch(asked.window):
        raise InvalidNameError("a window", asked.window, rule="W0-003, or W-P1 for a prototype")
    synced = sync(database, settings=settings, now=now)
    problems = list(synced.problems)
    work = load_work(database, settings)
    window, said = _window(database, asked, work, settings=settings, now=now)
    problems += said
    taken = [
        (capture, _parse(database, capture, window, settings=settings, catalogue=catalogue))
        for capture in asked.captures
    ]
    problems += [found for _, one in taken for found in one.problems]
    with transaction(database):
        if window not in work.windows:
            write.window(database, window, now=now)
        _redate(database, window, taken, now=now)
        for capture, one in taken:
            _hand_over(database, window, capture, one, now=now)
        write.fold_runs(database)
    if not settings.epoch:
        chosen.set_value(home, "epoch", _epoch(database, settings, window).isoformat())
    return _answer(database, window, problems, settings=settings, is_dry_run=is_dry_run)


def _window(
    database: Database, asked: Asked, work: Work, *, settings: Settings, now: datetime
) -> tuple[Window, list[Problem]]:
    """Settle the window's name, span and methodology from what was said and what is known."""
    known = {window.window: window for window in work.windows}
    logged = known.get(asked.window or "")
    start, end, problems = _span(asked, logged, work, now)
    epoch = _epoch(
        database, settings, Window(window="", start_at=start, end_at=end, methodology=None)
    )
    name = asked.window or _name(start, end, work, epoch)
    logged = logged or known.get(name)
    methodologies = read.methodologies(database)
    methodology = asked.methodology or (logged.methodology if logged else None)
    if methodology is None and len(methodologies) == 1:
        methodology = methodologies[0].methodology
    if methodology is None:
        problems.append(
            problem(
                "methodology-unnamed", f"{name} is logged without a methodology (--methodology M)"
            )
        )
    elif found := unregistered(methodology, methodologies):
        problems.append(found)
    week = named_week(name)
    if week is not None and settings.epoch and week != week_of(start, epoch=epoch):
        problems.append(
            problem(
                "window-week",
                f"{name} starts in week {week_of(start, epoch=epoch)}, counted from"
                f" {epoch:%Y-%m-%d}; its name stays as you gave it",
            )
        )
    return Window(window=name, start_at=start, end_at=end, methodology=methodology), problems


def _span(
    asked: Asked, logged: Window | None, work: Work, now: datetime
) -> tuple[datetime, datetime, list[Problem]]:
    """Give start and end: as said, else as logged before, else from its commits, else up to now."""
    problems: list[Problem] = []
    start, end = asked.start, asked.end
    if start is None and end is None:
        if logged is not None:
            start, end = logged.start_at, logged.end_at
        elif tagged := _tagged_span(asked.window, work, now):
            start, end = tagged
            problems.append(
                problem(
                    "window-span-assumed",
                    f"{asked.window} is taken to be {start:%Y-%m-%d %H:%M} to {end:%H:%M} UTC, from"
                    " its commits; correct it with --start and --end",
                )
            )
        else:
            start, end = now - WINDOW_LASTS, now
    elif start is None and end is not None:
        start = end - WINDOW_LASTS
    elif end is None and start is not None:
        end = start + WINDOW_LASTS
        if start < now < end:
            end = now  # logged before the five hours were over: it ends here
    if start is None or end is None or end <= start:
        raise WindowSpanError("the window would end before it starts")
    if end - start > LONGEST:
        raise WindowSpanError(
            f"the window would last {(end - start) / timedelta(hours=1):.0f} hours"
        )
    return start, end, problems


def _tagged_span(name: str | None, work: Work, now: datetime) -> tuple[datetime, datetime] | None:
    """Give five hours that end with the last commit tagged with the window, unless that is now."""
    times = [event.at for item in work.items for event in item.events if event.window == name]
    if not times or any(now - WINDOW_LASTS <= at <= now for at in times):
        return None
    last = max(times)
    within = [at for at in times if last - at <= WINDOW_LASTS]
    return min(*within, last - WINDOW_LASTS), last + timedelta(seconds=1)


def _name(start: datetime, end: datetime, work: Work, epoch: datetime) -> str:
    """Name a window the user did not: as its commits do, if they agree, else the next free name."""
    taken = {window.window for window in work.windows}
    tagged = {
        event.window
        for item in work.items
        for event in item.events
        if start <= event.at < end and event.window not in taken
    }
    return tagged.pop() if len(tagged) == 1 else next_name(start, epoch=epoch, windows=work.windows)


def _epoch(database: Database, settings: Settings, window: Window) -> datetime:
    """Give the start of week 0: as set, else Monday of the week with the oldest evidence."""
    if settings.epoch:
        return chosen.moment(settings.epoch, zone=settings.zone)
    oldest = read.oldest_evidence(database) or window.start_at
    return chosen.monday_before(min(oldest, window.start_at), settings.zone)


def _parse(
    database: Database,
    capture: HandedCapture,
    window: Window,
    *,
    settings: Settings,
    catalogue: Catalogue,
) -> Taken:
    return parse_capture(
        capture.text,
        origin=capture.origin,
        kind=None,
        account=capture.account,
        read_at=window.start_at if capture.side == "before" else window.end_at,
        zone=settings.zone,
        spans=read.account_spans(database),
        catalogue=catalogue,
    )


def _hand_over(
    database: Database,
    window: Window,
    capture: HandedCapture,
    taken: Taken,
    *,
    now: datetime,
) -> None:
    """Store a capture handed over, and note what it was given for."""
    store_capture(database, taken, origin=capture.origin, now=now)
    write.restore_readings(database, taken.readings, now=now)
    given = [
        GivenReading(
            window=window.window,
            account=capture.account,
            pool=reading.pool,
            side=capture.side,
            reading=write.reading_id(reading),
            has_own_time=taken.has_own_time,
        )
        for reading in taken.readings
    ]
    known = set(read.window_captures(database))
    write.window_captures(
        database, window.window, [one for one in given if one not in known], now=now
    )


def _redate(
    database: Database,
    window: Window,
    taken: Sequence[tuple[HandedCapture, Taken]],
    *,
    now: datetime,
) -> None:
    """Move captures handed over before to the window's present span; those replaced are taken back.

    They were dated by the window, so when the window is corrected their date was wrong too. The
    reading under the old date stays in the store, dropped with its reason.
    """
    by_id = {point.id: point for point in read.readings(database)}
    replaced = {(capture.account, capture.side) for capture, _ in taken}
    again = {write.reading_id(reading) for _, one in taken for reading in one.readings}
    for old in read.window_captures(database):
        point = by_id.get(old.reading)
        if old.window != window.window or old.has_own_time or point is None or point.id in again:
            continue
        right = window.start_at if old.side == "before" else window.end_at
        is_replaced = (old.account, old.side) in replaced
        if is_replaced or point.read_at != right:
            reason = (
                f"{window.window}: another capture was given"
                if is_replaced
                else (f"{window.window}: the window was corrected")
            )
            write.drop_reading(database, point.id, reason=reason, now=now)
        if not is_replaced and point.read_at != right:
            moved = _reading(point, database, read_at=right)
            write.readings(database, [moved], origin=f"log-window {window.window}", now=now)
            link = replace(old, reading=write.reading_id(moved))
            write.window_captures(database, window.window, [link], now=now)


def _reading(point: MeterPoint, database: Database, *, read_at: datetime) -> Reading:
    provider = next(
        (span.provider for span in read.account_spans(database) if span.account == point.account),
        None,
    )
    return Reading(
        account=point.account,
        provider=provider,
        pool=point.pool,
        unit=point.unit,
        used=point.used,
        cap=point.cap,
        read_at=read_at,
        resets_at=point.resets_at,
        source=point.source,
    )


def tolerances(settings: Settings) -> Tolerances:
    """Give how far from a window's edge a reading may lie, as set."""
    return Tolerances(
        before_early=timedelta(minutes=settings.readings__before_early_min),
        before_late=timedelta(minutes=settings.readings__before_late_min),
        after_early=timedelta(minutes=settings.readings__after_early_min),
        after_late=timedelta(minutes=settings.readings__after_late_min),
    )


def observations(
    database: Database,
    work: Work,
    readings: Sequence[MeterPoint],
    *,
    windows: Sequence[Window],
    settings: Settings,
) -> list[Observation]:
    """Observe some of the logged windows."""
    return observe(
        windows,
        readings,
        given=read.window_captures(database),
        methodologies=read.methodologies(database),
        work=work_by_window(work.items, work.credits),
        tolerances=tolerances(settings),
    )


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
    own = [
        found
        for found in clashes(work.items, work.credits)
        if f"tagged {window.window}," in found.text
    ]
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
            f" {', '.join(sorted(shared))}: that burn counts twice; correct one of them with --start"
            " and --end",
        )
        for other in observations(database, work, readings, windows=others, settings=settings)
        if (shared := set(other.accounts) & set(seen.accounts))
    ]
