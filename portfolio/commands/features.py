"""`feature list` and `feature show`: the work items with their outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from portfolio.commands import sizing
from portfolio.commands.item_requests import requests_of_item
from portfolio.commands.open_branches import open_branches
from portfolio.commands.turn_items import turn_items
from portfolio.commands.work import load_work
from portfolio.errors import UnknownNameError
from portfolio.estimate.credits import Credits
from portfolio.estimate.size_ruling import RulingSize
from portfolio.estimate.work import WorkEvent, WorkItem
from portfolio.report.answers.work import (
    EventLine,
    FeatureAnswer,
    FeatureLine,
    FeaturesAnswer,
    MergeLine,
    StartLine,
    WordLine,
)
from portfolio.settings import Settings
from portfolio.store import commits, items

if TYPE_CHECKING:
    from portfolio.store.opening import Database


def list_features(
    database: Database, *, settings: Settings, now: datetime, shows_all: bool = False
) -> FeaturesAnswer:
    """Give every work item, and the marks that could not be read."""
    work = load_work(database, settings)
    found = sorted(
        [*work.items, *open_branches(database, work, settings)], key=lambda item: item.item
    )
    past = sizing.past_of(database, work, until=now)
    sizes = sizing.sizes_of(past, sizing.records_of(database))
    return FeaturesAnswer(
        features=tuple(_line(item, work.credits, sizes, settings, now=now) for item in found),
        class_weights=sizing.sizes_line(past, sizes),
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
        begun = open_branches(database, work, settings)
        item = next((one for one in begun if one.item == name), None)
    if item is None:
        raise UnknownNameError("feature", name, known=[one.item for one in (*work.items, *begun)])
    past = sizing.past_of(database, work, until=now)
    sizes = sizing.sizes_of(past, sizing.records_of(database))
    size = sizes.get(item.item)
    known = turn_items(database, work)
    return FeatureAnswer(
        feature=_line(item, work.credits, sizes, settings, now=now),
        title=item.title,
        size_predicted_usd=size.predicted_usd if size else None,
        requests=requests_of_item(database, item),
        starts=tuple(
            StartLine(
                at=one.at,
                step=one.step,
                methodology=one.methodology,
                branch=one.branch,
                worktree=one.worktree,
            )
            for one in items.starts(database)
            if item.item in (one.item, known.became(one))
        ),
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


def _line(
    item: WorkItem,
    credited: Credits,
    sizes: Mapping[str, RulingSize],
    settings: Settings,
    *,
    now: datetime,
) -> FeatureLine:
    size = sizes.get(item.item)
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
        size=size.size if size else None,
        size_basis=size.basis if size else None,
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
