"""`sync --github`: what the user's own gh tells of merged pull requests and of issues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from portfolio.ingest.counted import counted_repositories
from portfolio.ingest.github import Ask, Told, ask_gh, asks
from portfolio.report.answers.syncing import SyncAnswer
from portfolio.store import cues, requests
from portfolio.store.opening import transaction

if TYPE_CHECKING:
    from portfolio.ingest.machine import Machine
    from portfolio.settings import Home, Settings
    from portfolio.store.opening import Database


def whom_to_ask(database: Database, *, settings: Settings) -> list[Ask]:
    """Give what is to be asked, of every repository that counts and has a forge."""
    counted = counted_repositories(database, settings)
    return asks(database, {str(Path(folder).expanduser().resolve()) for folder in counted})


def ask(wanted: Sequence[Ask], *, home: Home, machine: Machine, now: datetime) -> Told:
    """Ask; nothing of ours is open meanwhile."""
    return ask_gh(wanted, environment=machine.environment, folder=home.folder, now=now)


def keep(database: Database, synced: SyncAnswer, told: Told, *, now: datetime) -> SyncAnswer:
    """Store what was told, and say so beside what was taken in."""
    with transaction(database):
        added = requests.add(database, told.requests, now=now)
        issues = cues.add_issues(database, told.issues, now=now)
    problems = (*synced.problems, *told.problems)
    return replace(synced, requests_added=added, issues_added=issues, problems=problems)
