"""Commits of made-up histories, ready to be stored."""

from __future__ import annotations

from datetime import datetime

from portfolio.store.commits import CommitState, packed
from portfolio.store.write import microseconds

LANDED = CommitState("landed", None)


def made_commit(sha: str, at: datetime) -> str:
    """Give a commit that says nothing but its title."""
    return packed(sha, "Made Up <made@example.com>", microseconds(at), "made up", microseconds(at))
