"""`feature`: the work items that git knows of, with their outcome."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

from portfolio.errors import UnknownNameError
from portfolio.estimate.authors import Own, own_alone
from portfolio.estimate.credits import Credits
from portfolio.estimate.merged import Naming, merged_of
from portfolio.estimate.requests import landings_told, requests_of
from portfolio.estimate.reverts import by_hash, taken_back
from portfolio.estimate.work import WorkEvent, WorkItem, events_of, items_of
from portfolio.ingest.counted import is_ignored
from portfolio.model import Window
from portfolio.report.answers.work import (
    EventLine,
    FeatureAnswer,
    FeatureLine,
    FeaturesAnswer,
    MergeLine,
    WordLine,
)
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
    naming = replace(
        naming_of(database), reverted=reverted, requests=requests_of(told, repositories)
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
    return Naming(
        names={one.repository: one.name for one in commits.repository_names(database)},
        defaults=spend.default_branches(database),
    )


def _own(database: Database, found: Sequence[WorkItem]) -> list[WorkItem]:
    """Leave out what other people did, but for what this machine has spend for."""
    own = Own(commits.repository_authors(database))
    is_own = {id(item): _is_own(item, own) for item in found}
    if all(is_own.values()):
        return list(found)
    alone = own_alone(commits.repository_people(database))
    is_own = {
        id(item): is_own[id(item)] or all(place in alone for place, _ in item.authors)
        for item in found
    }
    worked = places.worked_branches(database)
    return [
        item
        for item in found
        if is_own[id(item)]
        or any((one.repository, branch) in worked for one in item.merges for branch in one.branches)
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


def list_features(
    database: Database, *, settings: Settings, now: datetime, shows_all: bool = False
) -> FeaturesAnswer:
    """Give every work item, and the marks that could not be read."""
    work = load_work(database, settings)
    return FeaturesAnswer(
        features=tuple(_line(item, work.credits, settings, now=now) for item in work.items),
        others=work.others,
        shows_all=shows_all,
        problems=tuple(commits.commit_problems(database)),
    )


def show_feature(
    database: Database, name: str, *, settings: Settings, now: datetime
) -> FeatureAnswer:
    """Give one work item with its steps.

    Raises:
        UnknownNameError: There is no such item.
    """
    work = load_work(database, settings)
    item = next((one for one in work.items if one.item == name), None)
    if item is None:
        raise UnknownNameError("feature", name, known=[one.item for one in work.items])
    return FeatureAnswer(
        feature=_line(item, work.credits, settings, now=now),
        title=item.title,
        events=tuple(_event_line(event) for event in item.events),
        merges=tuple(
            MergeLine(
                at=one.at,
                commit=one.commit,
                repository=one.repository,
                rung=one.rung,
                title=one.title,
                branches=one.branches,
                is_reverted=one.is_reverted,
            )
            for one in item.merges
        ),
        words=tuple(
            WordLine(word=word.word, at=word.at, reason=word.reason)
            for word in items.words(database)
            if word.item == item.item
        ),
    )


def _event_line(event: WorkEvent) -> EventLine:
    return EventLine(
        step=event.step,
        window=event.window,
        at=event.at,
        commit=event.commit,
        repository=event.repository,
        message=event.message,
        is_landed=event.is_landed,
    )


def _line(item: WorkItem, credited: Credits, settings: Settings, *, now: datetime) -> FeatureLine:
    told = item.shipped or (item.events[-1] if item.events else None)
    window = credited.window_of(told) or told.window if told else None
    settled = timedelta(days=settings.settled_days)
    return FeatureLine(
        feature=item.item,
        kind=item.kind,
        outcome=item.outcome,
        provisional=item.outcome == "shipped"
        and item.shipped is not None
        and now < item.shipped.at + settled,
        evidence=item.evidence,
        size=None,
        window=window,
        steps=tuple(dict.fromkeys(event.step for event in item.events if event.step)),
        bugs=item.bugs,
        title=item.title,
        last_at=max(
            [event.at for event in item.events] + [one.at for one in item.merges],
            default=item.shipped.at if item.shipped else now,
        ),
        shipped_at=item.shipped.at if item.shipped and item.outcome == "shipped" else None,
    )
