"""`doctor`: what was found, what is missing, and what to do about it; before `init` too.

Nothing is changed by it, and nothing that is out of order stops it: what can be told is told.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from portfolio.commands.bug_reports import git_version, log_report, samples, versions
from portfolio.commands.doctor_checks import checks_of, fine, wrong
from portfolio.commands.doctor_home import OpenedHome, opened_home, settings_of
from portfolio.commands.doctor_seen import Seen
from portfolio.commands.doctor_sources import sources_of
from portfolio.commands.stored import Stored
from portfolio.errors import PortfolioError
from portfolio.ingest import client_settings
from portfolio.ingest.client_settings import TranscriptsKept
from portfolio.ingest.counted import is_ignored
from portfolio.ingest.live_questions import live_sources
from portfolio.ingest.logs_here import logs_here
from portfolio.ingest.machine import Machine
from portfolio.ingest.statusline import SPOOL
from portfolio.report.answers.doctor import BugReportAnswer, CheckLine, DoctorAnswer
from portfolio.settings import Home
from portfolio.store import turns
from portfolio.store.opening import opened


def doctor(home: Home, machine: Machine) -> DoctorAnswer:
    """Look at every source and at all that could be out of order."""
    own = opened_home(home, machine)
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


def _repositories(own: OpenedHome) -> list[str]:
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
    with opened(home.store_path, wait_s=settings_of(home).lock_wait_s) as database:
        states = turns.log_states(database)
    return log_report([*states.values()])


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
