"""`sync`: take in all that is new on this machine, each fact once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.ingest.captures import settle_aside
from portfolio.ingest.repositories import take_in_repositories
from portfolio.report.answers.meters import SyncAnswer
from portfolio.settings import Settings
from portfolio.store import read
from portfolio.store.opening import transaction

if TYPE_CHECKING:
    from portfolio.store.opening import Database


def sync(database: Database, *, settings: Settings, now: datetime) -> SyncAnswer:
    """Take in new commits of the registered repositories, and settle readings kept aside."""
    with transaction(database):
        settle_aside(database, read.account_spans(database), now=now)
    look = take_in_repositories(database, list(settings.repos), now=now)
    return SyncAnswer(
        readings_added=0,
        turns_added=0,
        commits_added=look.commits_added,
        lines_skipped=0,
        problems=tuple(look.problems),
    )
