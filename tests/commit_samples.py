"""Commits ready to be stored, for tests that have no repository."""

from __future__ import annotations

from datetime import datetime

from portfolio.store.commits import CommitState, NewCommit

LANDED = CommitState("landed", None)


def new_commit(sha: str, *, at: datetime, author: str = "Test <test@example.com>") -> NewCommit:
    """Give a commit that says nothing but its title."""
    return NewCommit(
        sha=sha,
        author=author,
        author_at=at,
        title="Made up",
        committed_at=at,
        is_merge=False,
        is_squash=False,
        request=None,
        merged_branch=None,
        change_type=None,
    )
