"""`sync`: take in all that is new on this machine, each fact once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.ingest import window_file
from portfolio.ingest.counted import counted_repositories
from portfolio.ingest.logs import take_in_logs
from portfolio.ingest.look import Look
from portfolio.ingest.machine import Machine
from portfolio.ingest.prices import take_in_prices
from portfolio.ingest.settling import settle
from portfolio.ingest.snapshots import take_in_snapshots
from portfolio.ingest.spool import take_in_spool
from portfolio.ingest.transcripts_note import notes
from portfolio.ingest.worktrees import take_in_worktrees
from portfolio.report.answers.syncing import SyncAnswer
from portfolio.settings import Home, Settings, moment, week_begins
from portfolio.store import decisions, read
from portfolio.store.decisions import ALL_ACCOUNTS

if TYPE_CHECKING:
    from portfolio.ingest.live import Answer
    from portfolio.store.opening import Database


def sync(
    database: Database,
    *,
    home: Home,
    machine: Machine,
    settings: Settings,
    now: datetime,
    live: Sequence[Answer] = (),
) -> SyncAnswer:
    """Take in captures, snapshots, logs and commits, and settle readings kept aside.

    Args:
        live: What live meters answered, where the user had them asked; see commands/live.py.
    """
    look = Look()
    named: list[str] = []
    known = {span.account for span in read.account_spans(database)}
    # Most syncs bring nothing new; what is not needed for that is not imported.
    take_in_spool(database, home, look, now=now)
    take_in_snapshots(database, machine, look, now=now)
    take_in_logs(database, machine, look, now=now)
    take_in_worktrees(database, machine, look, now=now, registered=settings.repos)
    if live:
        from portfolio.ingest.live import take_in_answers

        take_in_answers(database, live, look, zone=settings.zone, now=now)
    settle(database, home, look, known=known, now=now)
    take_in_prices(database, home, look, now=now)
    if repositories := counted_repositories(database, settings):
        from portfolio.ingest.repositories import take_in_repositories

        take_in_repositories(database, repositories, look, now=now)
        from portfolio.commands.hook_names import keep_names

        named, unnamed = keep_names(database, home)
        look.problems.extend(unnamed)
    if look.turns_added:
        from portfolio.commands.size_fixing import fix_begun

        fix_begun(database, settings, now=now)
    if look.turns_added or look.commits_added or _is_out_of_step(home, settings):
        from portfolio.commands.opened_windows import keep_in_step

        keep_in_step(database, home, settings, now=now)
    if (repositories or decisions.has_work(database)) and not _is_forecast(database, settings, now):
        from portfolio.commands.forecasting import keep_forecast

        keep_forecast(database, home, settings, now=now)
    return SyncAnswer(
        readings_added=look.readings_added,
        turns_added=look.turns_added,
        commits_added=look.commits_added,
        lines_skipped=look.lines_skipped,
        problems=tuple(dict.fromkeys(look.problems)),  # several sources may tell the same
        notes=(*notes(home, machine), *named),
    )


def _is_forecast(database: Database, settings: Settings, now: datetime) -> bool:
    begins_at = week_begins(now, settings.zone, first_day=settings.week_start)
    return decisions.is_decided(database, "forecast", ALL_ACCOUNTS, begins_at=begins_at)


def _is_out_of_step(home: Home, settings: Settings) -> bool:
    """Tell whether the file of opened windows is missing, too long, or counts from elsewhere."""
    epoch, known = window_file.read(str(home.folder))
    if epoch is None or len(known) > window_file.MOST:
        return True
    if not settings.epoch:
        return False
    return epoch != int(moment(settings.epoch, zone=settings.zone).timestamp())
