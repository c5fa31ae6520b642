"""Captures handed over for a window: stored, dated by the window, moved when it is corrected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from parsers.records import Problem, Reading
from portfolio.errors import NothingReadError, problem
from portfolio.estimate.cycles import RESET_JITTER
from portfolio.ingest.captures import Taken, parse_capture, store_capture
from portfolio.model import AccountSpan, GivenReading, MeterPoint, Window, cycle_of
from portfolio.settings import Settings
from portfolio.store import read, write

if TYPE_CHECKING:
    from portfolio.commands.windows import HandedCapture
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database


def parse_handed(
    capture: HandedCapture,
    *,
    start: datetime,
    end: datetime,
    spans: Sequence[AccountSpan],
    settings: Settings,
    catalogue: Catalogue,
) -> Taken:
    """Parse a capture, dated by its side of the window unless it bears a time of its own.

    Raises:
        NothingReadError: It holds no meter; a cap alone is none.
        ProviderMismatchError: It is another provider's meter than the named account's.
        UnknownNameError: There is no such account.
    """
    taken = parse_capture(
        capture.text,
        origin=capture.origin,
        kind=None,
        account=capture.account,
        read_at=start if capture.side == "before" else end,
        zone=settings.zone,
        spans=spans,
        catalogue=catalogue,
    )
    if not taken.readings:
        raise NothingReadError(capture.origin, taken.problems)
    return taken


def hand_over(
    database: Database,
    window: Window,
    captures: Sequence[tuple[HandedCapture, Taken]],
    *,
    now: datetime,
) -> list[Problem]:
    """Store what was handed over for a window, and note what it was given for.

    What was handed over before for the same account and side is replaced by it; the rest moves to
    the window's present span.
    """
    corrected = _redate(database, window, captures, now=now)
    given: dict[tuple[str, str, str, str], GivenReading] = {}
    for capture, taken in captures:
        store_capture(database, taken, origin=capture.origin, now=now)
        write.restore_readings(database, taken.readings, now=now)
        for reading in taken.readings:
            given[capture.account, capture.side, reading.pool, reading.unit] = GivenReading(
                window=window.window,
                account=capture.account,
                pool=reading.pool,
                side=capture.side,
                reading=write.reading_id(reading),
                has_own_time=taken.has_own_time,
            )
    known = set(read.window_captures(database))
    fresh = [one for one in given.values() if one not in known]
    write.window_captures(database, window.window, fresh, now=now)
    accounts = {one.account for one in known if one.window == window.window}
    write.fold_runs(database, accounts | {capture.account for capture, _ in captures})
    return corrected


def _redate(
    database: Database,
    window: Window,
    captures: Sequence[tuple[HandedCapture, Taken]],
    *,
    now: datetime,
) -> list[Problem]:
    """Move captures handed over before to the window's present span; those replaced are taken back.

    They were dated by the window, so when the window is corrected their date was wrong too. The
    reading under the old date stays in the store, dropped with its reason, unless it stands for
    another window as well.
    """
    by_id = {point.id: point for point in read.readings(database)}
    replaced = {(capture.account, capture.side) for capture, _ in captures}
    again = {write.reading_id(reading) for _, taken in captures for reading in taken.readings}
    handed = read.window_captures(database)
    uses = Counter(one.reading for one in handed)
    reasons: dict[str, str] = {}
    moved: list[tuple[GivenReading, Reading]] = []
    for old in handed:
        point = by_id.get(old.reading)
        if old.window != window.window or old.has_own_time or point is None or point.id in again:
            continue
        right = window.start_at if old.side == "before" else window.end_at
        if (old.account, old.side) in replaced:
            reasons[point.id] = f"{window.window}: another capture was given"
        elif point.read_at != right:
            reasons[point.id] = f"{window.window}: the window was corrected"
            moved.append((old, _dated(point, database, read_at=right)))
    alone = {reading: reason for reading, reason in reasons.items() if uses[reading] == 1}
    write.drop_readings(database, alone, now=now)
    readings = [reading for _, reading in moved]
    write.readings(database, readings, origin=f"log-window {window.window}", now=now)
    write.restore_readings(database, readings, now=now)
    links = [replace(old, reading=write.reading_id(reading)) for old, reading in moved]
    write.window_captures(database, window.window, links, now=now)
    return [
        problem("window-corrected", f"{reason}; `portfolio readings` lists what was taken back")
        for reason in sorted(set(reasons.values()))
    ]


def _dated(point: MeterPoint, database: Database, *, read_at: datetime) -> Reading:
    """Give the same value at another moment."""
    spans = read.account_spans(database)
    return Reading(
        account=point.account,
        provider=next((span.provider for span in spans if span.account == point.account), None),
        pool=point.pool,
        unit=point.unit,
        used=point.used,
        cap=point.cap,
        read_at=read_at,
        # A reset told without its day belonged to the day that was wrong.
        resets_at=point.resets_at if _is_ahead(point, read_at) else None,
        source=point.source,
    )


def _is_ahead(point: MeterPoint, read_at: datetime) -> bool:
    """Tell whether a reading's reset can still be its own at another moment."""
    cycle = cycle_of(point.pool)
    if point.resets_at is None or cycle is None:
        return False
    return timedelta(0) <= point.resets_at - read_at + RESET_JITTER <= cycle * 1.1
