"""Ask the store for what spend is shared by: turns with their place and cost, commits by branch."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from portfolio.store.opening import query
from portfolio.store.read import moment_of
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from portfolio.store.opening import Database


class PlacedTurn(NamedTuple):
    """One turn: where it was worked, what it used, what that would have cost."""

    at: datetime  # UTC
    model: str
    folder: str  # the client's folder
    session: str
    repository: str | None  # None: not known
    branch: str | None  # None: not known, or on none
    tokens: tuple[int, int, int, int]  # input, output, cache read, cache written
    cost_usd: tuple[float, float, float, float] | None  # of each kind; None: no price is known
    worktree: str | None  # root of the checkout; None: not known


def turns(database: Database, *, since: datetime, until: datetime) -> list[PlacedTurn]:
    """Give every turn in a span, oldest first."""
    rows = database.execute(
        query("spend_turns"), {"since_us": microseconds(since), "until_us": microseconds(until)}
    ).fetchall()
    make = PlacedTurn._make
    return [
        make(
            (
                moment_of(row[0]),
                *row[1:6],
                row[6:10],
                None if None in row[10:14] else row[10:14],
                row[14],
            )
        )
        for row in rows
    ]


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
