"""`init`: the home, the settings and the store; registers repositories. Doing it again is fine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from portfolio import settings as chosen
from portfolio.ingest.repositories import find_repository
from portfolio.report.answers.setup import InitAnswer
from portfolio.settings import Home
from portfolio.store import read, write
from portfolio.store.opening import opened


def init(home: Home, *, repos: Sequence[Path], epoch: str | None, now: datetime) -> InitAnswer:
    """Set up a home; what is there already stays as it is.

    Raises:
        NotARepositoryError: One of `repos` is no git repository; nothing is changed then.
        MomentError: The epoch is no time.
        SettingError: The settings that are there cannot be used.
    """
    found = [find_repository(folder) for folder in repos]
    is_new = chosen.write_once(home)
    settings = chosen.load(home)
    if epoch is not None:
        chosen.set_value(home, "epoch", chosen.moment(epoch, zone=settings.zone).isoformat())
    folders = tuple(dict.fromkeys([*settings.repos, *(folder for folder, _ in found)]))
    if folders != settings.repos:
        chosen.set_value(home, "repos", folders)
    with opened(home.store_path, wait_s=settings.lock_wait_s) as database:
        for folder, branch in found:
            write.repository(database, folder, default_branch=branch, now=now)
        has_account = bool(read.account_spans(database))
    return InitAnswer(
        home=str(home.folder),
        is_new=is_new,
        repos=folders,
        next_steps=_next_steps(has_account=has_account, has_repo=bool(folders)),
    )


def _next_steps(*, has_account: bool, has_repo: bool) -> tuple[str, ...]:
    steps = []
    if not has_repo:
        steps.append("portfolio init --repo DIR   (the repositories whose features count)")
    if not has_account:
        steps.append("portfolio account add claude-a --provider claude --plan claude-pro")
    return (*steps, "portfolio log-window --before claude-a=FILE --after claude-a=FILE")
