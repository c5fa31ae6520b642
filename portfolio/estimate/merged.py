"""What was merged: the requests and branches that reached default branches, as work items.

A merge whose commits bear marks is the items that they name. Else a request is an item by its
number, a branch by its name. A revert is none, nor is what a bot merged, nor the merge of a branch
that only passes on what was merged into it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Final, Literal, NamedTuple, TypeAlias

from portfolio.estimate.authors import is_bot, is_bot_branch
from portfolio.estimate.branch_items import (
    KINDS,
    ItemKind,
    item_of_branch,
    kind_of_branch,
    passes_on,
    short_name,
)
from portfolio.model import Landing, Mark, StraightCommit

Rung: TypeAlias = Literal["pull-request", "branch"]

REVERT: Final = "revert"
SHORT_HASH: Final = 8

Place: TypeAlias = tuple[str, str]  # repository and commit


class Merged(NamedTuple):
    """One merge of one item."""

    item: str
    kind: ItemKind | None  # None: nothing tells
    rung: Rung
    title: str
    repository: str
    commit: str  # that brought it in
    at: datetime  # UTC
    worked_at: datetime  # UTC; when the newest commit in it was written
    window: str | None  # as its last tag names it
    is_reverted: bool  # it was taken back, and not given again
    is_marked: bool  # a mark names the item
    branches: tuple[str, ...]
    authors: tuple[str, ...]
    request: str | None = None  # its number, e.g. "412", or "mr12"; None: it was none


class RequestTold(NamedTuple):
    """What logs and the forge tell of one request; empty where they tell nothing."""

    branches: tuple[str, ...] = ()
    title: str | None = None
    kind: ItemKind | None = None  # by its labels
    is_bot: bool = False
    closes: tuple[int, ...] = ()  # issues


NOTHING_TOLD: Final = RequestTold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What names of items are made of."""

    names: Mapping[str, str]  # repository → its short name
    defaults: Collection[tuple[str, str]] = ()  # (repository, branch) of default branches
    reverted: Collection[Place] = ()  # what stands reverted
    requests: Mapping[tuple[str, str], RequestTold] = field(default_factory=dict)
    """What is told of requests beside git, by repository and number."""

    def name(self, repository: str) -> str:
        """Give a repository's short name."""
        return self.names.get(repository) or short_name(PurePath(repository).name)

    def is_shared(self, repository: str, branch: str) -> bool:
        """Tell whether a branch is everybody's."""
        return passes_on(branch) or (repository, branch) in self.defaults


def merged_of(
    landings: Iterable[Landing],
    commits: Iterable[StraightCommit],
    marks: Iterable[Mark],
    *,
    naming: Naming,
) -> list[Merged]:
    """Give every merge of every item, oldest first, each merge of two clones once."""
    landings, commits, marked = list(landings), list(commits), _Marked()
    for mark in marks if landings or commits else ():
        marked.by_via[mark.repository, mark.via].append(mark)
        marked.by_commit[mark.repository, mark.commit].append(mark)
        marked.items.add(mark.item)
    found: dict[tuple[str, str], Merged] = {}
    for landing in landings:
        for one in _of_landing(landing, marked, naming):
            found.setdefault((one.item, one.commit), one)
    # The branch of a request that was merged without a merge commit is no item beside it.
    merged = {(one.repository, branch) for one in found.values() for branch in one.branches}
    beside = [one for one in commits if (one.repository, one.branch) not in merged]
    for one in _of_branches(beside, marked.by_commit, naming):
        found.setdefault((one.item, one.commit), one)
    return sorted(found.values(), key=lambda one: (one.at, one.item, one.commit))


@dataclass(slots=True)
class _Marked:
    by_via: dict[Place, list[Mark]] = field(default_factory=lambda: defaultdict(list))
    by_commit: dict[Place, list[Mark]] = field(default_factory=lambda: defaultdict(list))
    items: set[str] = field(default_factory=set)


def _of_landing(landing: Landing, marked: _Marked, naming: Naming) -> Iterator[Merged]:
    authors = landing.authors or (landing.author,)
    told = naming.requests.get((landing.repository, landing.request or ""), NOTHING_TOLD)
    own = [
        branch
        for branch in dict.fromkeys([landing.branch, *landing.branches, *told.branches])
        if branch and not naming.is_shared(landing.repository, branch)
    ]
    is_by_bot = all(map(is_bot, authors)) or is_bot_branch(landing.branch) or told.is_bot
    is_revert = landing.change_type == REVERT or set(landing.change_types) == {REVERT}
    if is_revert or is_by_bot:
        return
    place = landing.repository, landing.commit
    whole = Merged(
        item="",
        kind=_kind(landing.change_type, own) or told.kind,
        rung="pull-request" if landing.request else "branch",
        title=told.title or landing.title,
        repository=landing.repository,
        commit=landing.commit,
        at=landing.at,
        worked_at=landing.worked_at,
        window=None,
        is_reverted=place in naming.reverted,
        is_marked=False,
        branches=tuple(own),
        authors=authors,
        request=landing.request,
    )
    named = naming.name(landing.repository)
    issues = {f"{named}.{issue}" for issue in told.closes} & marked.items
    if marks := marked.by_via.get(place):
        yield from _of_marks(whole, marks)
    elif issues:  # the issue that it closes is what its commits are marked with elsewhere
        for item in sorted(issues):
            yield whole._replace(item=item, is_marked=True)
    elif landing.is_merge and not landing.authors:
        return  # it brought in nothing, or what it did lies behind the cut of a shallow clone
    elif (alone := _named(landing, own, naming)) is not None:
        yield whole._replace(item=alone)


def _of_marks(whole: Merged, marks: Sequence[Mark]) -> Iterator[Merged]:
    """Give a merge as the items that its marks name, each in the window of its last tag."""
    by_item: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        by_item[mark.item].append(mark)
    for item, own in sorted(by_item.items()):
        windows = [mark.window for mark in sorted(own, key=lambda mark: mark.written_at)]
        yield whole._replace(
            item=item,
            # What several items were merged by says nothing of the kind of one of them.
            kind=whole.kind if len(by_item) == 1 else None,
            window=next((window for window in reversed(windows) if window), None),
            is_marked=True,
        )


def _named(landing: Landing, own: Sequence[str], naming: Naming) -> str | None:
    """Name what was merged without a mark; None for what is no change of its own."""
    name = naming.name(landing.repository)
    if landing.branch and naming.is_shared(landing.repository, landing.branch):
        return None
    if landing.request:
        return f"{name}.{landing.request}"
    for branch in own:
        if found := item_of_branch(branch, name):
            return found.item
    if landing.is_merge and landing.title.startswith("Merge tag "):
        return None
    return f"{name}.{landing.commit[:SHORT_HASH]}"


def _kind(change_type: str | None, branches: Sequence[str]) -> ItemKind | None:
    """Tell a kind by the title, else by the branch's prefix; an unknown one stays unknown."""
    if change_type in KINDS:
        return KINDS[change_type]
    return next((kind for branch in branches if (kind := kind_of_branch(branch))), None)


def _of_branches(
    commits: Iterable[StraightCommit], marked: Mapping[Place, list[Mark]], naming: Naming
) -> Iterator[Merged]:
    """Give the branches that were merged without a merge commit: their newest commit landed."""
    by_branch: dict[tuple[str, str], list[StraightCommit]] = defaultdict(list)
    for commit in commits:
        if not naming.is_shared(commit.repository, commit.branch):
            by_branch[commit.repository, commit.branch].append(commit)
    for (repository, branch), own in sorted(by_branch.items()):
        living = [commit for commit in own if not commit.is_gone] or own
        newest = max(living, key=lambda commit: commit.worked_at)
        landed = [commit for commit in own if commit.landed is not None]
        if newest.landed is None or all(is_bot(commit.author) for commit in own):
            continue
        last = max(landed, key=lambda commit: (commit.at or commit.worked_at, commit.worked_at))
        item = item_of_branch(branch, naming.name(repository))
        whole = Merged(
            item=item.item if item else "",
            kind=_kind(None, [branch]),
            rung="branch",
            title=landed[0].title,
            repository=repository,
            commit=last.landed or last.commit,
            at=last.at or last.worked_at,
            worked_at=last.worked_at,
            window=None,
            is_reverted=all((repository, commit.landed) in naming.reverted for commit in landed),
            is_marked=False,
            branches=(branch,),
            authors=tuple(sorted({commit.author for commit in landed})),
        )
        places = {(repository, sha) for one in landed for sha in (one.commit, one.landed or "")}
        if marks := [mark for place in sorted(places) for mark in marked.get(place, ())]:
            yield from _of_marks(whole, marks)
        elif item:
            yield whole
