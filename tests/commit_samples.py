"""Commits ready to be stored, for tests that have no repository."""

from __future__ import annotations

from datetime import datetime

from portfolio.store.commits import CommitState, packed
from portfolio.store.write import microseconds

LANDED = CommitState("landed", None)


def new_commit(sha: str, *, at: datetime, author: str = "Test <test@example.com>") -> str:
    """Give a commit that says nothing but its title."""
    return packed(sha, author, microseconds(at), "Made up", microseconds(at))
