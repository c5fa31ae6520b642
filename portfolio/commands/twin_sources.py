"""What the store knows of how a shipped item came to be: its commits, and its issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portfolio.errors import TwinChangeError
from portfolio.estimate.requests import FORGE
from portfolio.ingest.twin_task import Issue, Source
from portfolio.store import commits, requests

if TYPE_CHECKING:
    from portfolio.commands.work import Work
    from portfolio.estimate.work import WorkItem
    from portfolio.store.opening import Database


def source_of(database: Database, item: WorkItem, work: Work) -> Source:
    """Give what brought an item in: its first merge that stands, else its marked commits.

    Raises:
        TwinChangeError: There is none, or it brought other items in, too.
    """
    standing = [one for one in item.merges if not one.is_reverted]
    if standing:
        merge = standing[0]
        place = merge.repository, merge.commit
        beside = {
            other.item
            for other in work.items
            for one in other.merges
            if (one.repository, one.commit) == place and other.item != item.item
        }
        if beside:
            named = ", ".join(sorted(beside))
            raise TwinChangeError(merge.repository, f"its merge brought in {named}, too")
        landed = [
            one.landed
            for one in commits.straight_commits(database)
            if one.repository == merge.repository and one.branch in merge.branches and one.landed
        ]
        return Source(
            repository=merge.repository,
            merge=merge.commit,
            commits=tuple(landed),
            issue=_issue(database, item, merge.repository),
        )
    marked = [one for one in commits.marks(database) if one.item == item.item and one.is_landed]
    if not marked:
        raise TwinChangeError(item.item, "no commit of it is known")
    repository = marked[0].repository
    return Source(
        repository=repository,
        merge=None,
        commits=tuple(one.commit for one in marked if one.repository == repository),
        issue=_issue(database, item, repository),
    )


def _issue(database: Database, item: WorkItem, repository: str) -> Issue | None:
    """Give the issue that an item's requests close, else the one that its number may be."""
    own = next(
        (one for one in commits.repository_names(database) if one.repository == repository), None
    )
    if own is None or own.forge_path is None or not own.is_github:
        return None
    numbers = {one.request for one in item.merges if one.request}
    closed = [
        issue
        for one in requests.pull_requests(database)
        if one.source == FORGE and one.forge_path == own.forge_path and str(one.number) in numbers
        for issue in one.closes
    ]
    named = item.item.removeprefix(f"{own.name}.")
    if closed:
        return Issue(own.forge_path, closed[0])
    is_number = named != item.item and named.isdecimal() and named not in numbers
    return Issue(own.forge_path, int(named)) if is_number else None
