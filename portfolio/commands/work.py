"""`feature`: the work items that git knows of, with their outcome."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portfolio.errors import UnknownNameError
from portfolio.estimate.work import Credits, WorkEvent, WorkItem, events_of, items_of, taken_back
from portfolio.ingest.counted import is_ignored
from portfolio.model import TagSighting, Window
from portfolio.report.answers.work import EventLine, FeatureAnswer, FeatureLine, FeaturesAnswer
from portfolio.settings import Settings
from portfolio.store import read

if TYPE_CHECKING:
    from portfolio.store.opening import Database


@dataclass(frozen=True, slots=True)
class Work:
    """All work items, and the logged windows they count in."""

    items: Sequence[WorkItem]
    windows: Sequence[Window]
    credits: Credits

    @property
    def events(self) -> Iterator[WorkEvent]:
        """Give every step of every item."""
        return (event for item in self.items for event in item.events)


def load_work(database: Database, settings: Settings) -> Work:
    """Build the work items from the stored tags and reverts."""
    seen = _counted(read.tag_sightings(database), settings)
    events = events_of(seen, reverted=taken_back(read.reverts(database)))
    windows = read.windows(database)
    return Work(items_of(events, terminal_steps=settings.terminal_steps), windows, Credits(windows))


def _counted(seen: Sequence[TagSighting], settings: Settings) -> Sequence[TagSighting]:
    """Give the tags but for those in repositories that do not count (any more)."""
    if not settings.repos_ignored:
        return seen
    left_out = {
        folder
        for folder in {one.repository for one in seen}
        if is_ignored(folder, settings.repos_ignored)
    }
    return [one for one in seen if one.repository not in left_out]


def list_features(database: Database, *, settings: Settings) -> FeaturesAnswer:
    """Give every work item, and the tags that could not be read."""
    work = load_work(database, settings)
    return FeaturesAnswer(
        features=tuple(_line(item, work.credits) for item in work.items),
        problems=tuple(read.commit_problems(database)),
    )


def show_feature(database: Database, name: str, *, settings: Settings) -> FeatureAnswer:
    """Give one work item with its steps.

    Raises:
        UnknownNameError: No tag names it.
    """
    work = load_work(database, settings)
    item = next((one for one in work.items if one.item == name), None)
    if item is None:
        raise UnknownNameError("feature", name, known=[one.item for one in work.items])
    return FeatureAnswer(
        feature=_line(item, work.credits),
        events=tuple(
            EventLine(
                step=event.step,
                window=event.window,
                at=event.at,
                commit=event.commit,
                repository=event.repository,
                message=event.message,
                is_landed=event.is_landed,
            )
            for event in item.events
        ),
    )


def _line(item: WorkItem, credited: Credits) -> FeatureLine:
    told = item.shipped or item.events[-1]
    return FeatureLine(
        feature=item.item,
        kind=item.kind,
        outcome=item.outcome,
        provisional=False,
        evidence="tag",
        size=None,
        window=credited.window_of(told) or told.window,
        steps=tuple(dict.fromkeys(event.step for event in item.events)),
        bugs=0,
    )
