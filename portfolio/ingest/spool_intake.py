"""Read captures of the spool, find whose they are, store them, and clear up behind."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from parsers.claude import parse_statusline
from parsers.records import Occasion, Problem, Reading
from parsers.values import Json, from_iso, load_json
from portfolio.errors import problem
from portfolio.estimate.logins import accounts_of
from portfolio.ingest.accounts import link_logins
from portfolio.ingest.captures import account_needed
from portfolio.ingest.log_files import path_text
from portfolio.ingest.look import Look
from portfolio.ingest.owners import ownership
from portfolio.ingest.statusline import LAST
from portfolio.model import LoginKind, LoginSighting
from portfolio.store import logins, read, write
from portfolio.store.opening import transaction

if TYPE_CHECKING:
    from portfolio.estimate.ownership import Ownership
    from portfolio.model import AccountLogin
    from portfolio.store.opening import Database

PROVIDER: Final = "claude"
UNREADABLE: Final = "unreadable"  # the folder of captures that could not be read, kept
AT_ONCE: Final = 2_000  # captures that are stored together
MOST_BYTES: Final = 100_000  # of one capture, far more than is ever written
MARKS_LAST: Final = timedelta(days=7)  # without its mark a session's next capture is written anew


@dataclass(frozen=True, slots=True)
class Capture:
    """What one file of the spool says."""

    name: str
    at: datetime
    folder: str
    session: str | None
    ids: tuple[tuple[LoginKind, str], ...]  # of the login Claude Code was on then
    readings: list[Reading]


@dataclass(slots=True)
class SpoolIntake:
    """One look at the spool."""

    database: Database
    spool: Path
    look: Look
    now: datetime = field(kw_only=True)
    told: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    """Of each sort of problem the first capture that has it, and how many have it."""
    touched: set[str] = field(default_factory=set)  # accounts whose meters were read
    aside: int = 0  # readings of nobody

    def take_in_all(self, names: Sequence[str]) -> None:
        """Store all captures in batches, each batch and its removal before the next."""
        for begin in range(0, len(names), AT_ONCE):
            captures = [*self._captures(names[begin : begin + AT_ONCE])]
            self._store(captures)
            for capture in captures:
                self._remove(capture.name)
        if self.touched:
            with transaction(self.database):
                write.fold_runs(self.database, self.touched)
        if self.aside:
            spans = read.account_spans(self.database)
            self.look.problems.append(account_needed(self.aside, PROVIDER, spans))
        for (slug, text), (name, count) in self.told.items():
            others = f" (and {count - 1} more)" if count > 1 else ""
            self.look.problems.append(Problem(slug, None, f"{name}: {text}{others}"))
        _forget_marks(self.spool / LAST, before=self.now - MARKS_LAST)

    def _remove(self, name: str) -> None:
        try:
            (self.spool / name).unlink(missing_ok=True)  # a repeat may be replaced meanwhile
        except OSError as error:
            stays = f"it is taken in and cannot be removed: {error.strerror or error}"
            self._tell(name, problem("capture-unreadable", stays))

    def _tell(self, name: str, one: Problem) -> None:
        first, count = self.told.get((one.slug, one.text), (name, 0))
        self.told[one.slug, one.text] = (first, count + 1)

    def _captures(self, names: Iterable[str]) -> Iterator[Capture]:
        """Read captures; those that say nothing we understand are put by."""
        for name in names:
            path = self.spool / name
            try:
                found, problems = read_capture(path)
            except FileNotFoundError:
                continue
            for one in problems:
                self._tell(name, one)
            if found is None:
                self._put_by(path)
            else:
                yield found

    def _put_by(self, path: Path) -> None:
        """Keep a file for people to look at, where no sync reads it again."""
        with suppress(OSError):
            (self.spool / UNREADABLE).mkdir(exist_ok=True)
            path.replace(self.spool / UNREADABLE / path.name.lstrip("."))

    def _store(self, captures: Sequence[Capture]) -> None:
        sightings = [*_sightings(captures)]
        with transaction(self.database):
            logins.add_login_sightings(self.database, sightings, now=self.now)
        self.look.logins_seen += len(sightings)
        if sightings:
            self.look.problems += link_logins(self.database, now=self.now)
        owner, links = ownership(self.database), logins.account_logins(self.database)
        located = [
            (owned(capture, reading, owner, links), capture.name)
            for capture in captures
            for reading in capture.readings
        ]
        with transaction(self.database):
            added = set(write.located_readings(self.database, located, now=self.now))
        self.look.readings_added += len(added)
        for reading, _ in located:
            if reading.account is not None:
                self.touched.add(reading.account)
            elif write.reading_id(reading) in added:
                self.aside += 1


def read_capture(path: Path) -> tuple[Capture | None, list[Problem]]:
    """Read one file of the spool; None where nothing in it is understood.

    Raises:
        FileNotFoundError: It is gone.
    """
    try:
        known = path.lstat()
        if not stat.S_ISREG(known.st_mode) or known.st_size > MOST_BYTES:
            return None, [_unreadable("is no capture")]
        text = path.read_text(encoding="utf-8")
        document = load_json(text)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        return None, [_unreadable(str(getattr(error, "strerror", None) or error))]
    at = from_iso(_text(document, "captured_at") or "")
    folder = _text(document, "folder")
    if at is None or folder is None:
        return None, [_unreadable("does not say when and where it was taken")]
    occasion = Occasion(account=None, read_at=at, zone=UTC)
    parsed = parse_statusline(text, occasion)
    if not parsed.readings and parsed.problems:
        return None, parsed.problems
    ids: tuple[tuple[LoginKind, str | None], ...] = (
        ("account", _text(document, "login")),
        ("org", _text(document, "org")),
    )
    named = tuple((kind, login) for kind, login in ids if login is not None)
    session = _text(document, "session_id")
    capture = Capture(path.name, at, _as_in_logs(folder), session, named, parsed.readings)
    return capture, parsed.problems


@lru_cache
def _as_in_logs(folder: str) -> str:
    return path_text(str(Path(folder)))


def _text(document: Json, name: str) -> str | None:
    value = document.get(name) if isinstance(document, dict) else None
    return path_text(value) if isinstance(value, str) and value else None


def _unreadable(why: str) -> Problem:
    return problem("capture-unreadable", f"{why}; it is kept in the spool's folder {UNREADABLE}")


def owned(
    capture: Capture, reading: Reading, owner: Ownership, links: Sequence[AccountLogin]
) -> Reading:
    """Give a reading its marks and its account."""
    account = _account(capture, owner, links)
    login = capture.ids[0][1] if capture.ids else None
    return replace(reading, account=account, login=login, folder=capture.folder)


def _account(capture: Capture, owner: Ownership, links: Sequence[AccountLogin]) -> str | None:
    """Find whose a capture is: both ids of a login tell more than the one its readings keep."""
    known = {(link.kind, link.login) for link in links if link.provider == PROVIDER}
    if len(capture.ids) > 1 and known.issuperset(capture.ids):
        named = accounts_of(capture.ids, PROVIDER, links)
        if len(named) == 1:
            return named.pop()
    return owner.owner_of(
        provider=PROVIDER,
        login=capture.ids[0][1] if capture.ids else None,
        folder=capture.folder,
        at=capture.at,
    )


def _sightings(captures: Iterable[Capture]) -> Iterator[LoginSighting]:
    """Give the first and last sighting of each run of the same login in a session."""
    seen = sorted(
        (one for one in captures if one.ids),
        key=lambda one: (one.folder, one.session or "", one.at),
    )
    for _, run in groupby(seen, key=lambda one: (one.folder, one.session, one.ids)):
        captured = [*run]
        for one in dict.fromkeys((captured[0].at, captured[-1].at)):
            first = captured[0]
            for kind, login in first.ids:
                yield LoginSighting(PROVIDER, first.folder, first.session, kind, login, one)


def _forget_marks(folder: Path, *, before: datetime) -> None:
    """Remove what is remembered of sessions that ended long ago."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                if entry.stat(follow_symlinks=False).st_mtime < before.timestamp():
                    Path(entry.path).unlink()
