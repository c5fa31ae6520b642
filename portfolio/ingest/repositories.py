"""Take in the commits of a repository: tags, reverts, and which commits reached the default branch.

One look asks git for every hash on any branch and for those on the default branch, compares them
with what is stored, and reads the messages of the new ones alone. What became of a commit (landed,
on a branch, gone) is recorded each time it changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from parsers.commits import parse_message
from parsers.records import Problem
from portfolio.errors import NotARepositoryError, problem
from portfolio.ingest.checkout import Checkout, Written
from portfolio.ingest.git_surface import surface
from portfolio.ingest.look import Look
from portfolio.store import read, turns, write
from portfolio.store.opening import transaction
from portfolio.store.turns import LogState

if TYPE_CHECKING:
    from portfolio.store.opening import Database


def find_repository(folder: Path) -> tuple[str, str | None]:
    """Give the resolved folder of a checkout and the branch it is on.

    Raises:
        NotARepositoryError: It is no git repository.
    """
    checkout = Checkout(folder.expanduser())
    return str(checkout.folder), checkout.branch()


def take_in_repositories(
    database: Database, folders: Iterable[str], look: Look, *, now: datetime
) -> None:
    """Take in all that is new in every repository; one that cannot be read is a Problem."""
    for folder in folders:
        place = Path(folder).expanduser()
        seen = surface(place)
        known = turns.log_state(database, str(place)) if seen is not None else None
        if known is not None and known.seam == seen:
            continue
        import git  # a tenth of a second that a repository without news does not take

        try:
            _take_in(database, place, look, now=now)
            _remember(database, place, seen)
        except NotARepositoryError:
            look.problems.append(
                problem("repository-missing", f"{folder}: gone, or no git repository")
            )
        except (git.GitError, OSError, ValueError) as error:
            look.problems.append(problem("git-unreadable", f"{folder}: {_reason(error)}"))


def _remember(database: Database, folder: Path, seen: str | None) -> None:
    """Note how a checkout looked before git was asked, to ask it only when that changes."""
    if seen is not None:
        with transaction(database):
            turns.set_log_states(database, [LogState.of_folder(str(folder), "git", seen)])


def _reason(error: Exception) -> str:
    """Give the first line git wrote, without GitPython's frame around it."""
    said = str(getattr(error, "stderr", "") or error).strip()
    first = said.removeprefix("stderr:").strip().partition("\n")[0]
    return first.strip(" '") or "git failed"


def _take_in(database: Database, folder: Path, look: Look, *, now: datetime) -> None:
    checkout = Checkout(folder)
    name = str(checkout.folder)
    _refuse_other(database, folder, checkout)
    registered, known_tips = read.repository_state(database, name)
    default = checkout.default_refs(registered or checkout.branch())
    tips = checkout.tips(default)
    if tips == known_tips:
        return
    known = read.commit_states(database, name)
    here = checkout.states(default)
    changed: dict[str, str] = {sha: state for sha, state in here.items() if known.get(sha) != state}
    changed |= {sha: "gone" for sha in known.keys() - here.keys() if known[sha] != "gone"}
    new = _read(checkout, checkout.written([sha for sha in here if sha not in known]))
    with transaction(database):
        write.repository(database, name, default_branch=checkout.branch(), now=now)
        look.commits_added += write.commits(database, name, new, states=changed, tips=tips, now=now)
    look.problems.extend(
        Problem(found.slug, found.line, f"{Path(name).name} {sha[:10]}: {found.text}")
        for sha, found in new.problems
    )


def _refuse_other(database: Database, folder: Path, checkout: Checkout) -> None:
    """Refuse a folder that was a repository itself and now merely lies in another one.

    Raises:
        NotARepositoryError: It was taken in as a repository of its own before.
    """
    before = folder.resolve()
    if before != checkout.folder and read.repository_state(database, str(before))[1] is not None:
        raise NotARepositoryError(folder)


def _read(checkout: Checkout, commits: Iterable[Written]) -> write.NewCommits:
    """Read what the messages of new commits say."""
    new = write.NewCommits()
    for commit in commits:
        new.shas.append(commit.sha)
        new.authors.append(commit.author)
        new.author_at.append(commit.author_at)
        parsed = parse_message(commit.message)
        new.tags += [(commit.sha, tag) for tag in parsed.tags]
        new.problems += [(commit.sha, found) for found in parsed.problems]
        for reverted in parsed.reverts:
            new.reverts += [(commit.sha, one) for one in checkout.brought_in(reverted)]
    return new
