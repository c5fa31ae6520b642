"""What a sync answers."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.records import Problem
from portfolio.report.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncAnswer(Answer):
    """What one `sync` took in."""

    schema = "portfolio.sync/1"
    readings_added: int
    turns_added: int
    commits_added: int
    requests_added: int = 0  # pull requests that gh told something new of
    issues_added: int = 0  # of those, too
    lines_skipped: int
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()  # told once, e.g. that a client will delete its logs
