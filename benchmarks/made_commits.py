"""Commits of made-up histories, ready to be stored."""

from __future__ import annotations

from datetime import datetime

from portfolio.store.commits import CommitState, NewCommit

LANDED = CommitState("landed", None)


def made_commit(sha: str, at: datetime) -> NewCommit:
    """Give a commit that says nothing but its title."""
    return NewCommit(
        sha=sha,
        author="Made Up <made@example.com>",
        author_at=at,
        title="made up",
        committed_at=at,
        is_merge=False,
        is_squash=False,
        request=None,
        merged_branch=None,
        change_type=None,
    )
