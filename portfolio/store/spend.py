"""Ask the store for what tells of branches: the commits on them, and which are the default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portfolio.store.opening import query
from portfolio.store.read import moment_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from portfolio.store.opening import Database


def branch_commits(
    database: Database,
) -> Iterator[tuple[str, str, datetime, frozenset[str]]]:
    """Give the commits whose branch is known, each with the items that its tags name."""
    for repository, branch, author_us, items in database.execute(
        query("branch_commits")
    ).fetchall():
        yield repository, branch, moment_of(author_us), frozenset(items)


def default_branches(database: Database) -> set[tuple[str, str]]:
    """Give the default branch of each repository."""
    return set(database.execute(query("default_branches")).fetchall())
