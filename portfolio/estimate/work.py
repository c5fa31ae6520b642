"""Work items: what marks in commits, merges and words say of each; outcome by what landed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from portfolio.estimate.branch_items import KINDS, ItemKind
from portfolio.estimate.merged import Merged
from portfolio.model import Mark, Word

Outcome: TypeAlias = Literal["open", "shipped", "failed", "reverted"]
Evidence: TypeAlias = Literal["tag", "trailer", "pull-request", "branch", "word", "turns", "start"]

OUTCOMES: Final = frozenset({"shipped", "failed", "open"})  # that a word can say
BUG: Final = "bug"
TWIN: Final = "twin"
NAMED: Final[dict[str, ItemKind]] = {kind: kind for kind in get_args(ItemKind)}


class WorkEvent(NamedTuple):
    """One step of one item in one window; amend, rebase and cherry-pick count once.

    A tuple, as it is made 20,000 at a time.
    """

    kind: Literal["feature", "prototype"] | None  # as a tag says
    item: str
    window: str | None  # as the tag names it
    step: str | None
    at: datetime  # UTC, the earliest author time; of a merge, when it was merged
    message: str
    repository: str
    commit: str
    is_landed: bool  # on the default branch, and not taken back since
    is_reverted: bool  # was on the default branch, and every sighting there was taken back
    author: str = ""
    done_at: datetime | None = None  # UTC; when the newest commit of a merge was written
    change_type: str | None = None  # of the commit's title


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """A unit of work, with what is known of it."""

    item: str
    kind: ItemKind
    outcome: Outcome
    evidence: Evidence  # the best there is
    events: tuple[WorkEvent, ...]  # oldest first
    shipped: WorkEvent | None  # the event that shipped it, or that did before it was reverted
    merges: tuple[Merged, ...] = ()  # oldest first
    bugs: int = 0
    title: str = ""

    @property
    def is_feature(self) -> bool:
        """Tell whether it counts: only features do."""
        return self.kind == "feature"

    @property
    def is_reworked(self) -> bool:
        """Tell whether it was worked on, or merged once more, after it had shipped."""
        if self.shipped is None:
            return False
        at = self.shipped.at
        is_again = any(one.at > at and not one.is_reverted for one in self.merges)
        return is_again or any(event.at > at for event in self.events)

    @property
    def authors(self) -> list[tuple[str, str]]:
        """Give who wrote it where: repository and author."""
        found = [(event.repository, event.author) for event in self.events if event.author]
        found += [(one.repository, author) for one in self.merges for author in one.authors]
        return list(dict.fromkeys(found))


def events_of(marks: Sequence[Mark], *, reverted: set[tuple[str, str]]) -> list[WorkEvent]:
    """Join the marks of each (kind, item, window, step) into one event, oldest first.

    Trailers name no step: each commit that has one is an event, and its rebased twin the same.
    """
    groups: dict[tuple[object, ...], list[Mark]] = defaultdict(list)
    for mark in marks:
        # kind, item, window, step
        groups[mark[:4] if mark.kind else (*mark[:4], mark.author, mark.written_at)].append(mark)
    events = [
        _event(group, reverted) if len(group) > 1 else _event_of_one(group[0], reverted)
        for group in groups.values()
    ]
    return sorted(events, key=attrgetter("at", "item", "commit"))


def _is_back(one: Mark, reverted: set[tuple[str, str]]) -> bool:
    return bool(reverted) and (
        (one.repository, one.commit) in reverted or (one.repository, one.via) in reverted
    )


def _event_of_one(one: Mark, reverted: set[tuple[str, str]]) -> WorkEvent:
    is_back = _is_back(one, reverted)
    return _event_at(
        one, is_landed=one.is_landed and not is_back, is_reverted=one.is_landed and is_back
    )


def _event(group: Sequence[Mark], reverted: set[tuple[str, str]]) -> WorkEvent:
    first = min(group, key=attrgetter("written_at", "repository", "commit"))
    landed = [mark for mark in group if mark.is_landed]
    standing = [one for one in landed if not _is_back(one, reverted)]
    return _event_at(first, is_landed=bool(standing), is_reverted=bool(landed) and not standing)


def _event_at(one: Mark, *, is_landed: bool, is_reverted: bool) -> WorkEvent:
    kind, item, window, step, message, folder, commit, at, author, _, _, change_type = one
    return WorkEvent(
        kind,
        item,
        window,
        step,
        at,
        message,
        folder,
        commit,
        is_landed,
        is_reverted,
        author,
        None,
        change_type,
    )


def items_of(
    events: Iterable[WorkEvent],
    *,
    terminal_steps: Sequence[str],
    merged: Iterable[Merged] = (),
    words: Iterable[Word] = (),
) -> list[WorkItem]:
    """Give the items with their outcome, by id.

    A word about an item that nothing else knows makes none, but for one that names its kind.

    Args:
        events: The marks in commits, oldest first.
        terminal_steps: The steps that ship what bears them.
        merged: The merges of items, oldest first.
        words: What was said of items, oldest first.
    """
    found: dict[tuple[str, bool], _Told] = defaultdict(_new_told)
    for event in events:
        found[event.item, event.kind == "prototype"].events.append(event)
    for key in [key for key in found if not key[1] and not found[key].has_tag]:
        if (key[0], True) in found:  # a trailer that names a prototype
            told = found[key[0], True].events
            told += found.pop(key).events
            told.sort(key=attrgetter("at", "item", "commit"))
    for one in merged:
        found[_key(one.item, found)].merges.append(one)
    said = list(words)
    named = {word.item for word in said if word.word in NAMED}
    for word in said:
        key = _key(word.item, found)
        if key in found or word.item in named:
            found[key].words.append(word)
    return [_item(name, told, terminal_steps) for (name, _), told in sorted(found.items())]


@dataclass(slots=True)
class _Told:
    """All that is told of one item."""

    events: list[WorkEvent]
    merges: list[Merged]
    words: list[Word]

    @property
    def has_tag(self) -> bool:
        return any(event.kind for event in self.events)


def _new_told() -> _Told:
    return _Told([], [], [])


def _key(item: str, found: dict[tuple[str, bool], _Told]) -> tuple[str, bool]:
    """Give where an item is kept: one that is known as a prototype alone stays one."""
    return item, (item, True) in found and (item, False) not in found


def _item(name: str, told: _Told, terminal_steps: Sequence[str]) -> WorkItem:
    outcome, shipped = _outcome(name, told, terminal_steps)
    return WorkItem(
        item=name,
        kind=_kind(told),
        outcome=outcome,
        evidence=_evidence(told),
        events=tuple(told.events),
        shipped=shipped,
        merges=tuple(told.merges),
        bugs=sum(word.word == BUG for word in told.words),
        title=told.merges[0].title if told.merges else "",
    )


def _outcome(
    name: str, told: _Told, terminal_steps: Sequence[str]
) -> tuple[Outcome, WorkEvent | None]:
    """Tell what became of an item, and the event that shipped it."""
    ships = [event for event in told.events if event.step in terminal_steps]
    if told.merges:
        ships += map(_ship, told.merges)
        ships.sort(key=attrgetter("at"))
    standing = next((event for event in ships if event.is_landed), None)
    undone = next((event for event in ships if event.is_reverted), None)
    said = None
    if told.words:  # of few items anything is said
        said = next((word for word in reversed(told.words) if word.word in OUTCOMES), None)
    if said is not None and said.word == "shipped":
        return "shipped", standing or _said(name, said)
    if said is not None:  # failed, or open again: until it ships once more
        standing = next((one for one in ships if one.is_landed and one.at > said.at), None)
        if standing is None:
            return ("failed" if said.word == "failed" else "open"), None
    if standing is not None:
        return "shipped", standing
    return ("reverted" if undone else "open"), undone


def _kind(told: _Told) -> ItemKind:
    """Tell the kind by the newest word, else a tag, a merge, what commits all say; else change.

    A twin is one for good: it ships nothing.
    """
    if any(word.word == TWIN for word in told.words):
        return TWIN
    for word in reversed(told.words):
        if (named := NAMED.get(word.word)) is not None:
            return named
    tagged = next((event.kind for event in told.events if event.kind), None)
    if tagged is not None:
        return tagged
    merged = next((one.kind for one in told.merges if one.kind), None)
    said = {KINDS.get(event.change_type or "") for event in told.events}
    return merged or (said.pop() if len(said) == 1 else None) or "change"


def _evidence(told: _Told) -> Evidence:
    if told.events:
        return "tag" if told.has_tag else "trailer"
    if told.merges:
        return (
            "pull-request" if any(one.rung == "pull-request" for one in told.merges) else "branch"
        )
    return "word"


def _ship(one: Merged) -> WorkEvent:
    """Give a merge as the event that shipped an item."""
    return WorkEvent(
        None,
        one.item,
        one.window,
        None,
        one.at,
        one.title,
        one.repository,
        one.commit,
        is_landed=not one.is_reverted,
        is_reverted=one.is_reverted,
        done_at=one.worked_at,
    )


def _said(name: str, word: Word) -> WorkEvent:
    return WorkEvent(
        None, name, None, None, word.at, word.reason, "", "", is_landed=True, is_reverted=False
    )
