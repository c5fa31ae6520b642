"""Take in the commits of a repository: what they say, and which reached the default branch how.

One look asks git for every commit on any branch, with what it stands on and what it holds, compares
them with what is stored, and reads the messages of the new ones alone. What became of a commit
(landed, on a branch, gone; and what brought it in) is recorded each time it changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from parsers.records import Problem
from portfolio.errors import NotARepositoryError, problem
from portfolio.ingest.checkout import Checkout, Graph, Written
from portfolio.ingest.commit_fates import fates
from portfolio.ingest.commit_messages import read_commits
from portfolio.ingest.git_places import place_of
from portfolio.ingest.git_surface import surface
from portfolio.ingest.look import Look
from portfolio.ingest.repository_names import take_in_name
from portfolio.store import commits, places, turns
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
    registered, known_tips = commits.repository_state(database, name)
    default = checkout.default_refs(registered or checkout.branch())
    tips = checkout.tips(default)
    if tips == known_tips:
        return
    known, unread = commits.commit_states(database, name)
    graph, written = _new_commits(checkout, known, unread)
    new, squashes = read_commits(checkout, written, graph)
    merges = commits.merge_commits(database, name) | new.merges
    found = fates(checkout, graph, default, known=known, merges=merges, squashes=squashes)
    changed = {sha: state for sha, state in found.states.items() if known.get(sha) != state}
    with transaction(database):
        commits.add_repository(database, name, default_branch=checkout.branch(), now=now)
        take_in_name(database, checkout, graph, found, now=now)
        commits.add_commits(database, name, new, states=changed, tips=tips, now=now)
        main = place_of(checkout.folder)
        shared = name if main is None else main.repository
        places.add_seen_branches(database, shared, found.branches, now=now)
    look.commits_added += sum(one.sha not in known for one in written)
    look.problems.extend(
        Problem(one.slug, one.line, f"{Path(name).name} {sha[:10]}: {one.text}")
        for sha, one in new.problems
    )


def _new_commits(
    checkout: Checkout, known: Collection[str], unread: Collection[str]
) -> tuple[Graph, list[Written]]:
    """Ask git for all commits, and for what the new ones say."""
    if not known:  # at once, the first time
        written = checkout.every()
        return Graph(
            {one.sha: one.parents for one in written}, {one.sha: one.tree for one in written}
        ), written
    graph = checkout.graph()
    wanted = [sha for sha in graph.parents if sha not in known or sha in unread]
    return graph, checkout.written(wanted)


def _refuse_other(database: Database, folder: Path, checkout: Checkout) -> None:
    """Refuse a folder that was a repository itself and now merely lies in another one.

    Raises:
        NotARepositoryError: It was taken in as a repository of its own before.
    """
    before = folder.resolve()
    is_known = commits.repository_state(database, str(before))[1] is not None
    if before != checkout.folder and is_known:
        raise NotARepositoryError(folder)
