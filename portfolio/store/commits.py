"""Commits in the store: what they say, what became of them, what they brought in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from parsers.records import Problem
from portfolio.model import Landing, Mark, NamedRepository, RequestRevert, Revert, StraightCommit
from portfolio.store.opening import query
from portfolio.store.read import moment_of
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from parsers.records import CommitTag
    from portfolio.store.opening import Database


class CommitState(NamedTuple):
    """What became of a commit."""

    state: str  # landed, branch or gone
    via: str | None  # the commit of the default branch that brought it in, unless itself did


class Merge(NamedTuple):
    """What a merge commit says it merges."""

    branch: str | None
    request: str | None


def packed(
    sha: str,
    author: str,
    author_us: int,
    title: str,
    committed_us: int,
    *,
    is_merge: bool = False,
    is_squash: bool = False,
    request: str | None = None,
    merged_branch: str | None = None,
    change_type: str | None = None,
) -> str:
    """Write a commit as one text: the database splits 100,000 of them faster than it takes lists.

    No field holds a NUL, as git lets none into a commit.

    Args:
        sha: Its hash.
        author: Name and address.
        author_us: When it was written, in UTC microseconds since 1970.
        title: Its first line; of a merge that of its request.
        committed_us: When it was committed.
        is_merge: It has several parents.
        is_squash: It lists the commits that it was made of.
        request: The number of the request that it says it merges, e.g. "412" or "mr12".
        merged_branch: The branch that it says it merges.
        change_type: Of its title, e.g. "feat".
    """
    return (
        f"{sha}\0{author}\0{author_us}\0{title}\0{committed_us}\0{is_merge:d}\0{is_squash:d}\0"
        f"{request or ''}\0{merged_branch or ''}\0{change_type or ''}"
    )


@dataclass(slots=True)
class NewCommits:
    """What one look at a repository found, ready to be written."""

    rows: list[str] = field(default_factory=list)  # as `packed` writes them
    merges: dict[str, Merge] = field(default_factory=dict)  # those among them, by hash
    tags: list[tuple[str, CommitTag]] = field(default_factory=list)
    trailers: list[tuple[str, int, str]] = field(default_factory=list)  # hash, line, item
    reverts: list[tuple[str, str]] = field(default_factory=list)  # hashes; #412 and such
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
    if new.rows:
        database.execute(query("add_commits"), {**same, "rows": new.rows})
        _add_marks(database, new, same)
    if states:
        rows = [f"{sha}\0{one.state}\0{one.via or ''}" for sha, one in states.items()]
        database.execute(query("add_commit_states"), {**same, "rows": rows})
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
    rows = database.execute(query("marks")).fetchall()
    return [
        Mark(kind, item, window, step, said, folder, sha, moment_of(at), author, landed, via, typed)
        for kind, item, window, step, said, folder, sha, at, author, landed, via, typed in rows
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


def landed_commits(
    database: Database, shas: Sequence[str]
) -> list[tuple[str, str, str, datetime, datetime]]:
    """Give repository, hash, author, and when committed and written, of some that have landed."""
    if not shas:
        return []
    rows = database.execute(query("landed_commits"), {"sha": list(shas)}).fetchall()
    return [(*row[:3], moment_of(row[3]), moment_of(row[4])) for row in rows]


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


def request_reverts(database: Database) -> list[RequestRevert]:
    """Give the reverts that name a request by number or title alone, oldest first."""
    return [
        RequestRevert(repository, sha, reverted, moment_of(committed_us))
        for repository, sha, reverted, committed_us in database.execute(
            query("request_reverts")
        ).fetchall()
    ]


def repository_names(database: Database) -> list[NamedRepository]:
    """Give how each repository is called, the first that was seen first."""
    return list(map(NamedRepository._make, database.execute(query("repository_names")).fetchall()))


def repository_doubts(database: Database) -> list[tuple[str, bool, int]]:
    """Give where history is cut off or rewritten: repository, is it cut off, commits lost."""
    return database.execute(query("repository_doubts")).fetchall()


def name_repository(database: Database, named: NamedRepository, *, now: datetime) -> None:
    """Say how a repository is called and where it comes from."""
    database.execute(
        query("add_repository_name"), {**named._asdict(), "recorded_us": microseconds(now)}
    )


def repository_authors(database: Database) -> list[tuple[str, str, str]]:
    """Give as whom one commits on this machine: repository, name, address."""
    return database.execute(query("repository_authors")).fetchall()


def repository_people(database: Database) -> dict[str, list[str]]:
    """Give everybody who wrote commits of each repository."""
    return dict(database.execute(query("repository_people")).fetchall())


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
