"""Work items from the tags in git: one event an item, window and step; outcome by what landed."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from operator import attrgetter
from typing import Final, Literal, NamedTuple, TypeAlias

from portfolio.model import Revert, TagSighting, Window

Outcome: TypeAlias = Literal["open", "shipped", "failed", "reverted"]

CLASH_SLACK: Final = timedelta(minutes=30)  # a commit a little after the bell is no clash


class WorkEvent(NamedTuple):
    """One step of one item in one window; amend, rebase and cherry-pick count once.

    A tuple, as it is made 20,000 at a time.
    """

    kind: Literal["feature", "prototype"]
    item: str
    window: str  # as the tag names it
    step: str
    at: datetime  # UTC, the earliest author time
    message: str
    repository: str
    commit: str
    is_landed: bool  # on the default branch, and not taken back since
    is_reverted: bool  # was on the default branch, and every sighting there was taken back


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """A unit of work, with what is known of it."""

    item: str
    kind: Literal["feature", "prototype"]
    outcome: Outcome
    events: tuple[WorkEvent, ...]  # oldest first
    shipped: WorkEvent | None  # the event that shipped it, or that did before it was reverted

    @property
    def is_feature(self) -> bool:
        """Tell whether it counts: only features do."""
        return self.kind == "feature"


def taken_back(reverts: Iterable[Revert]) -> set[tuple[str, str]]:
    """Resolve chains of reverts: give the (repository, commit) that stand reverted now.

    A commit is taken back while some revert of it stands; a revert that was itself taken back
    does not.
    """
    by_target: dict[tuple[str, str], set[str]] = defaultdict(set)
    for revert in reverts:
        by_target[revert.repository, revert.reverted].add(revert.commit)
    state: dict[tuple[str, str], bool] = {}
    for target in by_target:
        _resolve(target, by_target, state)
    return {target for target in by_target if state[target]}


def _resolve(
    target: tuple[str, str],
    by_target: dict[tuple[str, str], set[str]],
    state: dict[tuple[str, str], bool],
) -> None:
    """Settle one commit after the reverts of it, without recursion: a chain may be long."""
    waiting = [target]
    opened: set[tuple[str, str]] = set()
    while waiting:
        here = waiting[-1]
        reverting = [(here[0], commit) for commit in by_target.get(here, ())]
        open_ones = [one for one in reverting if one not in state and one not in opened]
        if open_ones and here not in opened:
            opened.add(here)
            waiting.extend(open_ones)
            continue
        state[here] = any(not state.get(one, False) for one in reverting)
        waiting.pop()


def events_of(
    sightings: Sequence[TagSighting], *, reverted: set[tuple[str, str]]
) -> list[WorkEvent]:
    """Join the sightings of each (kind, item, window, step) into one event, oldest first."""
    groups: dict[tuple[str, ...], list[TagSighting]] = defaultdict(list)
    for sighting in sightings:
        groups[sighting[:4]].append(sighting)  # kind, item, window, step
    events = [
        _event(group, reverted) if len(group) > 1 else _event_of_one(group[0], reverted)
        for group in groups.values()
    ]
    return sorted(events, key=attrgetter("at", "item", "step"))


def _event_of_one(one: TagSighting, reverted: set[tuple[str, str]]) -> WorkEvent:
    is_back = (one.repository, one.commit) in reverted
    return WorkEvent(
        *one[:4],
        one.written_at,
        one.message,
        one.repository,
        one.commit,
        one.is_landed and not is_back,
        one.is_landed and is_back,
    )


def _event(group: Sequence[TagSighting], reverted: set[tuple[str, str]]) -> WorkEvent:
    first = min(group, key=attrgetter("written_at", "repository", "commit"))
    landed = [sighting for sighting in group if sighting.is_landed]
    standing = [one for one in landed if (one.repository, one.commit) not in reverted]
    return WorkEvent(
        *first[:4],
        first.written_at,
        first.message,
        first.repository,
        first.commit,
        bool(standing),
        bool(landed) and not standing,
    )


def items_of(events: Iterable[WorkEvent], *, terminal_steps: Sequence[str]) -> list[WorkItem]:
    """Give the items with their outcome, by id."""
    groups: dict[tuple[str, str], list[WorkEvent]] = defaultdict(list)
    for event in events:
        groups[event.item, event.kind].append(event)
    return [_item(group, terminal_steps) for _, group in sorted(groups.items())]


def _item(events: list[WorkEvent], terminal_steps: Sequence[str]) -> WorkItem:
    terminal = [event for event in events if event.step in terminal_steps]
    standing = next((event for event in terminal if event.is_landed), None)
    undone = next((event for event in terminal if event.is_reverted), None)
    outcome: Outcome = "shipped" if standing else "reverted" if undone else "open"
    return WorkItem(
        item=events[0].item,
        kind=events[0].kind,
        outcome=outcome,
        events=tuple(events),
        shipped=standing or undone,
    )


class Credits:
    """Which logged window each event counts in, looked up once."""

    def __init__(self, windows: Sequence[Window]) -> None:
        self._by_name = {window.window: window for window in windows}
        self._ordered = sorted(windows, key=lambda window: window.start_at)
        # The latest end of a window and all before it: past it, none reaches to a moment any more.
        self._ends = list(accumulate((window.end_at for window in self._ordered), max))

    def window_of(self, event: WorkEvent) -> str | None:
        """Give the window an event counts in; None where none is logged."""
        if event.window in self._by_name:
            return event.window
        return self._window_at(event.at)

    def clashes(self, event: WorkEvent) -> bool:
        """Tell whether a tag names a logged window that its commit was not written in."""
        named = self._by_name.get(event.window)
        return named is not None and not (
            named.start_at - CLASH_SLACK <= event.at < named.end_at + CLASH_SLACK
        )

    def _window_at(self, at: datetime) -> str | None:
        # Windows of several accounts may overlap; the one that began last is meant.
        place = bisect_right(self._ordered, at, key=lambda window: window.start_at) - 1
        while place >= 0 and self._ends[place] > at:
            if self._ordered[place].holds(at):
                return self._ordered[place].window
            place -= 1
        return None
