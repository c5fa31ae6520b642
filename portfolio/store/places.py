"""Store where clients worked: folders, checkouts, and the branch each of them was on when."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from portfolio.store.opening import query
from portfolio.store.read import moment_of
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from portfolio.store.opening import Database


class WorkPlace(NamedTuple):
    """Where a folder that turns name lies."""

    cwd: str
    worktree: str | None  # root of the checkout; None: which of them is not known
    repository: str
    is_seen: bool  # False: the folder was gone; told by what lies above it


class WorktreeState(NamedTuple):
    """A checkout, and how far the log of its HEAD was read."""

    worktree: str
    repository: str
    git_folder: str
    head: str  # what HEAD said
    log_size: int  # -1: there is none
    log_modified_ns: int


def unplaced(database: Database) -> list[str]:
    """Give the folders of turns whose checkout is not known."""
    return [row[0] for row in database.execute(query("unplaced_folders")).fetchall()]


def repositories(database: Database) -> list[str]:
    """Give the repositories that turns were worked in."""
    return [row[0] for row in database.execute(query("worked_repositories")).fetchall()]


def worktree_states(database: Database) -> list[WorktreeState]:
    """Give every checkout that turns were worked in."""
    return [
        WorktreeState._make(row) for row in database.execute(query("worktree_states")).fetchall()
    ]


def add_places(database: Database, found: Sequence[WorkPlace], *, now: datetime) -> None:
    """Say where folders lie."""
    if found:
        columns = zip(*found, strict=True)
        named = dict(zip(WorkPlace._fields, map(list, columns), strict=True))
        database.execute(query("add_work_places"), {**named, "recorded_us": microseconds(now)})


def set_worktrees(database: Database, states: Sequence[WorktreeState], *, now: datetime) -> None:
    """Say how some checkouts look now."""
    if states:
        database.execute(
            query("forget_worktrees"), {"worktree": [state.worktree for state in states]}
        )
        columns = zip(*states, strict=True)
        named = dict(zip(WorktreeState._fields, map(list, columns), strict=True))
        database.execute(query("add_worktrees"), {**named, "seen_us": microseconds(now)})


def add_head_spans(
    database: Database,
    worktree: str,
    spans: Sequence[tuple[datetime, datetime | None, str | None]],
    *,
    now: datetime,
) -> None:
    """Say when a checkout was on which branch; what is said already is left alone.

    A span that was open and that the log does not know any more ends where it was seen last.
    """
    same = {"worktree": worktree, "recorded_us": microseconds(now)}
    since = [microseconds(span[0]) for span in spans]
    database.execute(query("end_head_spans"), {**same, "since_us": since})
    if spans:
        database.execute(
            query("add_head_spans"),
            {
                **same,
                "since_us": since,
                "until_us": [None if span[1] is None else microseconds(span[1]) for span in spans],
                "branch": [span[2] for span in spans],
            },
        )


def add_commit_branches(
    database: Database, repository: str, made: Mapping[str, str], *, now: datetime
) -> None:
    """Say which branch commits were made on; what is said already is left alone."""
    if made:
        database.execute(
            query("add_commit_branches"),
            {
                "repository": repository,
                "sha": list(made),
                "branch": list(made.values()),
                "recorded_us": microseconds(now),
            },
        )


def add_seen_branches(
    database: Database, repository: str, seen: Mapping[str, str], *, now: datetime
) -> None:
    """Say which branch commits were seen on; of those whose branch is known, nothing."""
    if seen:
        database.execute(
            query("add_seen_branches"),
            {
                "repository": repository,
                "sha": list(seen),
                "branch": list(seen.values()),
                "recorded_us": microseconds(now),
            },
        )


def main_checkouts(database: Database) -> dict[str, str]:
    """Give the main checkout of every repository that was taken in."""
    return dict(database.execute(query("main_checkouts")).fetchall())


def worked_branches(database: Database) -> set[tuple[str, str]]:
    """Give the repository and name of every branch that turns were worked on."""
    return set(database.execute(query("worked_branches")).fetchall())


def branches_worked(database: Database) -> list[tuple[str, str, datetime]]:
    """Give the repository and name of every branch that turns were worked on, and when last."""
    return [
        (repository, branch, moment_of(last_us))
        for repository, branch, last_us in database.execute(query("branches_worked")).fetchall()
    ]


def head_spans(database: Database) -> list[tuple[str, datetime, datetime, str | None]]:
    """Give when each checkout was on which branch, oldest first."""
    return [
        (worktree, moment_of(since_us), moment_of(until_us), branch)
        for worktree, since_us, until_us, branch in database.execute(query("head_spans")).fetchall()
    ]
