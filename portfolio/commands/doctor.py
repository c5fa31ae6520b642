"""`doctor`: what was found, what is missing, and what to do about it; before `init` too.

Nothing is changed by it, and nothing that is out of order stops it: what can be told is told.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from portfolio import settings as chosen
from portfolio.commands.bug_reports import git_version, log_report, samples, versions
from portfolio.commands.doctor_checks import checks_of, fine, wrong
from portfolio.commands.doctor_sources import TAKE_IN_FIRST, Seen, sources_of
from portfolio.commands.stored import Stored, stored
from portfolio.errors import NotSetUpError, PortfolioError, StoreBusyError
from portfolio.ingest import client_settings
from portfolio.ingest.client_settings import TranscriptsKept
from portfolio.ingest.counted import is_ignored
from portfolio.ingest.live_questions import live_sources
from portfolio.ingest.logs_here import logs_here
from portfolio.ingest.machine import Machine
from portfolio.ingest.statusline import SPOOL
from portfolio.report.answers.doctor import BugReportAnswer, CheckLine, DoctorAnswer
from portfolio.settings import Home, Settings
from portfolio.store import turns
from portfolio.store.opening import opened

LONGEST_WAIT_S = 2.0  # for another command; then it is told without what is stored


@dataclass(slots=True)
class _Home:
    """What of the home could be opened."""

    settings: Settings = field(default_factory=Settings)
    stored: Stored = field(default_factory=Stored)
    is_set_up: bool = False
    checks: list[CheckLine] = field(default_factory=list)


def doctor(home: Home, machine: Machine) -> DoctorAnswer:
    """Look at every source and at all that could be out of order."""
    own = _opened(home, machine)
    folders = _folders(machine, own.stored)
    logs, unreachable = logs_here(folders, own.stored.log_states)
    glm = [span.account for span in own.stored.spans if span.provider == "glm"]
    seen = Seen(
        machine=machine,
        is_set_up=own.is_set_up,
        prices_path=home.prices_path,
        stored=own.stored,
        logs=logs,
        live=live_sources(machine, glm),
        repos=_repositories(own),
        captures_waiting=_captures_waiting(home),
        statusline_places=_statuslines(machine),
        kept=_kept(machine),
    )
    offending = samples(own.stored.log_states.values())
    checks = [*own.checks, *_programs()]
    checks += checks_of(seen, own.settings, unreachable=unreachable, samples=offending)
    return DoctorAnswer(
        sources=tuple(sources_of(seen)),
        checks=tuple(checks),
        versions=versions(),
        samples=offending,
    )


def _repositories(own: _Home) -> list[str]:
    """Give the repositories that count: named by the user, or found where was worked."""
    ignored = own.settings.repos_ignored
    found = [one for one in own.stored.repositories if not is_ignored(one, ignored)]
    return list(dict.fromkeys([*own.settings.repos, *found]))


def log_bug_report(home: Home) -> BugReportAnswer:
    """Give the lines of logs that are not understood, as strangers may see them.

    Raises:
        NotSetUpError: Nothing was taken in yet.
        StoreBusyError: Another process holds the store.
    """
    settings = chosen.load(home)
    with opened(home.store_path, wait_s=settings.lock_wait_s) as database:
        states = turns.log_states(database)
    return log_report([*states.values()])


def _opened(home: Home, machine: Machine) -> _Home:
    """Open what can be opened of the home, and tell what cannot."""
    own = _Home()
    place = machine.shown(home.folder)
    try:
        own.settings = chosen.load(home)
        own.is_set_up = True
        own.checks.append(fine("settings", f"{place}/{home.settings_path.name}"))
    except NotSetUpError:
        own.checks.append(wrong("home", f"nothing is set up in {place}", TAKE_IN_FIRST))
        return own
    except PortfolioError as error:
        own.is_set_up = True
        own.checks.append(wrong("settings", error.what, f"edit {home.settings_path}"))
    wait_s = min(own.settings.lock_wait_s, LONGEST_WAIT_S)
    try:
        with opened(home.store_path, wait_s=wait_s) as database:
            own.stored = stored(database)
        size = home.store_path.stat().st_size / 1e6
        told = f"{size:,.1f} MB, tables of version {own.stored.version}"
        own.checks.append(fine("store", told))
    except StoreBusyError as error:
        own.checks.append(wrong("store", error.what, "portfolio doctor"))
    except PortfolioError as error:
        own.checks.append(wrong("store", error.what, f"ls -l {home.store_path}"))
    return own


def _folders(machine: Machine, held: Stored) -> list[str]:
    """Give every folder of a client: those of accounts first, each once."""
    named = [machine.place(span.folder) for span in held.spans if span.folder]
    usual = [*machine.claude_folders(), *machine.codex_folders()]
    return list(dict.fromkeys(map(str, [*named, *usual])))


def _captures_waiting(home: Home) -> int:
    try:
        return sum(1 for path in (home.folder / SPOOL).iterdir() if path.suffix == ".json")
    except OSError:
        return 0


def _statuslines(machine: Machine) -> list[Path]:
    """Give the settings of Claude Code in which our statusline stands."""
    found = []
    for folder in machine.claude_folders():
        path = folder / "settings.json"
        with suppress(PortfolioError, OSError):
            command = client_settings.command_of(client_settings.read_settings(path), path)
            if command is not None and client_settings.is_ours(command):
                found.append(path)
    return found


def _kept(machine: Machine) -> list[TranscriptsKept]:
    try:
        return client_settings.transcripts_kept(machine)
    except OSError:  # a folder that is closed to us: it is told by itself
        return []


def _programs() -> list[CheckLine]:
    git = git_version()
    if git is None:
        return [wrong("git", "git is not here: commits cannot be taken in", None)]
    return [fine("git", git)]
