"""Commits in the store: what they say, what became of them, what they brought in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from parsers.records import Problem
from portfolio.model import Landing, Mark, NamedRepository, Revert, StraightCommit
from portfolio.store.opening import query
from portfolio.store.read import moment_of
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from parsers.records import CommitTag
    from portfolio.store.opening import Database


class CommitState(NamedTuple):
    """What became of a commit."""

    state: str  # landed, branch or gone
    via: str | None  # the commit of the default branch that brought it in


class Merge(NamedTuple):
    """What a merge commit says it merges."""

    branch: str | None
    request: str | None


class NewCommit(NamedTuple):
    """One commit, ready to be written."""

    sha: str
    author: str  # name and address
    author_at: datetime  # UTC
    title: str
    committed_at: datetime  # UTC
    is_merge: bool
    is_squash: bool
    request: str | None
    merged_branch: str | None
    change_type: str | None


@dataclass(slots=True)
class NewCommits:
    """What one look at a repository found, ready to be written."""

    commits: list[NewCommit] = field(default_factory=list)
    tags: list[tuple[str, CommitTag]] = field(default_factory=list)
    trailers: list[tuple[str, int, str]] = field(default_factory=list)  # hash, line, item
    reverts: list[tuple[str, str]] = field(default_factory=list)  # or #412, !#412 for a hash
    problems: list[tuple[str, Problem]] = field(default_factory=list)


def add_repository(
    database: Database, folder: str, *, default_branch: str | None, now: datetime
) -> None:
    """Note a repository the first time it is seen."""
    database.execute(
        query("add_repository"),
        {
            "repository": folder,
            "default_branch": default_branch,
            "recorded_us": microseconds(now),
        },
    )


def repository_state(database: Database, repository: str) -> tuple[str | None, str | None]:
    """Give a repository's default branch at registration, and its tips when last taken in."""
    asked = {"repository": repository}
    branch, tips = database.execute(query("repository_state"), asked).fetchall()[0]
    return branch, tips


def commit_states(database: Database, repository: str) -> tuple[dict[str, CommitState], set[str]]:
    """Give what became of every known commit, by hash; and those that are to be read again."""
    asked = {"repository": repository}
    rows = database.execute(query("commit_states"), asked).fetchall()
    states = {sha: CommitState(state, via) for sha, state, via, _ in rows}
    return states, {sha for sha, _, _, is_read in rows if not is_read}


def add_commits(
    database: Database,
    repository: str,
    new: NewCommits,
    *,
    states: Mapping[str, CommitState],
    tips: str,
    now: datetime,
) -> None:
    """Add commits and what became of them."""
    same = {"repository": repository, "recorded_us": microseconds(now)}
    if new.commits:
        columns = dict(
            zip(NewCommit._fields, map(list, zip(*new.commits, strict=True)), strict=True)
        )
        columns["author_us"] = [microseconds(at) for at in columns.pop("author_at")]
        columns["committed_us"] = [microseconds(at) for at in columns.pop("committed_at")]
        database.execute(query("add_commits"), {**same, **columns})
        _add_marks(database, new, same)
    if states:
        database.execute(
            query("add_commit_states"),
            {
                **same,
                "sha": list(states),
                "state": [one.state for one in states.values()],
                "via": [one.via for one in states.values()],
            },
        )
    database.execute(query("add_tips"), {**same, "tips": tips})


def _add_marks(database: Database, new: NewCommits, same: dict[str, object]) -> None:
    database.execute(
        query("add_commit_tags"),
        {
            **same,
            "sha": [sha for sha, _ in new.tags],
            "line": [tag.line for _, tag in new.tags],
            "kind": [tag.kind for _, tag in new.tags],
            "item": [tag.item for _, tag in new.tags],
            "named_window": [tag.window for _, tag in new.tags],
            "step": [tag.step for _, tag in new.tags],
            "message": [tag.message for _, tag in new.tags],
        },
    )
    database.execute(
        query("add_commit_trailers"),
        {
            **same,
            "sha": [sha for sha, _, _ in new.trailers],
            "line": [line for _, line, _ in new.trailers],
            "item": [item for _, _, item in new.trailers],
        },
    )
    database.execute(
        query("add_commit_reverts"),
        {
            **same,
            "sha": [sha for sha, _ in new.reverts],
            "reverted": [reverted for _, reverted in new.reverts],
        },
    )
    database.execute(
        query("add_commit_problems"),
        {
            **same,
            "sha": [sha for sha, _ in new.problems],
            "line": [problem.line for _, problem in new.problems],
            "slug": [problem.slug for _, problem in new.problems],
            "what": [problem.text for _, problem in new.problems],
        },
    )


def commit_problems(database: Database) -> list[Problem]:
    """Give what could not be read in commits that still stand."""
    return [
        Problem(slug, line, f"{PurePath(repository).name} {sha[:10]}: {what}")
        for repository, sha, line, slug, what in database.execute(
            query("commit_problems")
        ).fetchall()
    ]


def marks(database: Database) -> list[Mark]:
    """Give every tag and trailer in every commit that stands, oldest first."""
    return [
        Mark._make((*row[:7], moment_of(row[7]), *row[8:]))
        for row in database.execute(query("marks")).fetchall()
    ]


def landings(database: Database) -> list[Landing]:
    """Give the commits that brought requests and branches onto default branches, oldest first."""
    return [
        Landing._make(
            (
                *row[:8],
                moment_of(row[8]),
                *(tuple(sorted(found)) for found in row[9:12]),
                moment_of(row[12]),
            )
        )
        for row in database.execute(query("landings")).fetchall()
    ]


def straight_commits(database: Database) -> list[StraightCommit]:
    """Give the commits made on branches that no merge brought in, oldest first."""
    return [
        StraightCommit._make(
            (*row[:7], moment_of(row[7]), row[8], None if row[9] is None else moment_of(row[9]))
        )
        for row in database.execute(query("straight_commits")).fetchall()
    ]


def merge_commits(database: Database, repository: str) -> dict[str, Merge]:
    """Give what the merge commits of a repository say they merge, by hash."""
    asked = {"repository": repository}
    rows = database.execute(query("merge_commits"), asked).fetchall()
    return {sha: Merge(branch, request) for sha, branch, request in rows}


def reverts(database: Database) -> list[Revert]:
    """Give the reverts that are on a default branch, by the hash of what they take back."""
    return [
        Revert(repository=repository, commit=sha, reverted=reverted)
        for repository, sha, reverted in database.execute(query("reverts")).fetchall()
    ]


def request_reverts(database: Database) -> list[Revert]:
    """Give the reverts that name a request by its number alone, as #412 or !#412."""
    return [
        Revert(repository=repository, commit=sha, reverted=reverted)
        for repository, sha, reverted in database.execute(query("request_reverts")).fetchall()
    ]


def repository_names(database: Database) -> list[NamedRepository]:
    """Give how each repository is called, the first that was seen first."""
    return list(map(NamedRepository._make, database.execute(query("repository_names")).fetchall()))


def name_repository(database: Database, named: NamedRepository, *, now: datetime) -> None:
    """Say how a repository is called and where it comes from."""
    database.execute(
        query("add_repository_name"), {**named._asdict(), "recorded_us": microseconds(now)}
    )


def repository_authors(database: Database) -> list[tuple[str, str, str]]:
    """Give as whom one commits on this machine: repository, name, address."""
    return database.execute(query("repository_authors")).fetchall()


def add_repository_author(
    database: Database, repository: str, name: str, email: str, *, now: datetime
) -> None:
    """Say as whom one commits in a repository."""
    database.execute(
        query("add_repository_author"),
        {
            "repository": repository,
            "name": name,
            "email": email,
            "recorded_us": microseconds(now),
        },
    )
