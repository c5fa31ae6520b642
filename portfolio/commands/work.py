"""All work items, from what is stored of commits and requests, and from what was said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from portfolio.estimate.authors import Own, own_alone
from portfolio.estimate.credits import Credits
from portfolio.estimate.merged import Naming, merged_of
from portfolio.estimate.requests import landings_told, requests_of
from portfolio.estimate.reverts import by_hash, taken_back
from portfolio.estimate.work import WorkEvent, WorkItem, events_of, items_of
from portfolio.ingest.counted import is_ignored
from portfolio.model import NamedRepository, Window
from portfolio.settings import Settings
from portfolio.store import commits, items, places, read, requests, spend

if TYPE_CHECKING:
    from portfolio.store.opening import Database


@dataclass(frozen=True, slots=True)
class Work:
    """All work items that count, and the logged windows they count in."""

    items: Sequence[WorkItem]
    windows: Sequence[Window]
    credits: Credits
    others: int  # items of other people, on which nothing was spent here

    @property
    def events(self) -> Iterator[WorkEvent]:
        """Give every step of every item."""
        return (event for item in self.items for event in item.events)


def load_work(database: Database, settings: Settings) -> Work:
    """Build the work items from what is stored of commits, and from what was said."""
    marks = _counted(commits.marks(database), settings)
    repositories = commits.repository_names(database)
    told = requests.pull_requests(database)
    landings = list(commits.landings(database))
    shas = sorted({one.merge_sha for one in told if one.merge_sha})
    landed = commits.landed_commits(database, shas)
    landings += landings_told(told, landed, landings, repositories)
    landings = list(_counted(landings, settings))
    reverts = commits.reverts(database)
    reverts += by_hash(commits.request_reverts(database), landings)
    reverted = taken_back(reverts)
    naming = Naming(
        names=_names(repositories),
        defaults=spend.default_branches(database),
        reverted=reverted,
        requests=requests_of(told, repositories),
    )
    straight = _counted(commits.straight_commits(database), settings)
    found = items_of(
        events_of(marks, reverted=reverted),
        terminal_steps=settings.terminal_steps,
        merged=merged_of(landings, straight, marks, naming=naming),
        words=items.words(database),
    )
    own = _own(database, found)
    windows = read.windows(database)
    return Work(own, windows, Credits(windows), len(found) - len(own))


def naming_of(database: Database) -> Naming:
    """Give what the names of items are made of."""
    names = _names(commits.repository_names(database))
    return Naming(names=names, defaults=spend.default_branches(database))


def _names(repositories: Sequence[NamedRepository]) -> dict[str, str]:
    return {one.repository: one.name for one in repositories}


def _own(database: Database, found: Sequence[WorkItem]) -> list[WorkItem]:
    """Leave out what other people did, but for what this machine has spend for."""
    authors = commits.repository_authors(database)
    if not authors:  # then anyone may be oneself
        return list(found)
    own = Own(authors)
    is_own = {id(item): _is_own(item, own) for item in found}
    if all(is_own.values()):
        return list(found)
    alone = own_alone(commits.repository_people(database))
    is_own = {
        id(item): is_own[id(item)] or all(place in alone for place, _ in item.authors)
        for item in found
    }
    worked, mains = places.worked_branches(database), places.main_checkouts(database)
    return [
        item
        for item in found
        if is_own[id(item)]
        or any(
            (mains.get(one.repository, one.repository), branch) in worked
            for one in item.merges
            for branch in one.branches
        )
    ]


def _is_own(item: WorkItem, own: Own) -> bool:
    authors = item.authors
    return not authors or any(own.has_part(place, [author]) for place, author in authors)


class _InRepository(Protocol):
    @property
    def repository(self) -> str: ...


Found = TypeVar("Found", bound=_InRepository)


def _counted(seen: Sequence[Found], settings: Settings) -> Sequence[Found]:
    """Leave out what lies in repositories that do not count (any more)."""
    if not settings.repos_ignored:
        return seen
    left_out = {
        folder
        for folder in {one.repository for one in seen}
        if is_ignored(folder, settings.repos_ignored)
    }
    return [one for one in seen if one.repository not in left_out]
