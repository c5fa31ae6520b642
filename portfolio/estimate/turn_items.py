"""Which work item a turn was for.

In a twin's checkout, the twin. Else as it was started on its branch, unless the next mark says
otherwise; else as the branch is named, else as the marks on it say, else as it was merged, else,
while it is not, as its name would make it. What none of them tells is on no item. Nothing is
guessed: a branch that names two items names none.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from portfolio.estimate.branch_items import SHARED, item_of_branch
from portfolio.estimate.merged import Naming
from portfolio.estimate.ownership import NEVER
from portfolio.estimate.ruling import A_TICK
from portfolio.estimate.starts import StartsByPlace
from portfolio.model import WorkStart

COMMITTED_WITHIN: Final = timedelta(hours=12)  # of a turn on a shared branch, by the next commit
SEPARATORS: Final = "._-"


class BranchCommit(NamedTuple):
    """A commit that was made on a branch, and the items its tags name."""

    repository: str
    branch: str
    at: datetime  # UTC author time
    items: frozenset[str]


class MergedBranch(NamedTuple):
    """A branch that was merged as one item, which no mark named."""

    repository: str
    branch: str
    at: datetime  # UTC
    item: str


class _Branch(NamedTuple):
    """The commits of one branch, oldest first."""

    times: list[datetime]
    items: list[frozenset[str]]
    is_shared: bool

    @property
    def all_items(self) -> frozenset[str]:
        return frozenset().union(*self.items)


class TurnItems:
    """Tells the item of turns."""

    def __init__(
        self,
        items: Iterable[str],
        commits: Iterable[BranchCommit],
        *,
        shared: Collection[tuple[str, str]] = (),
        merged: Iterable[MergedBranch] = (),
        naming: Naming | None = None,
        starts: Iterable[WorkStart] = (),
        whole: Mapping[str, str] | None = None,
    ) -> None:
        """Take all that tells.

        Args:
            items: The ids of all work items.
            commits: Those whose branch is known.
            shared: (repository, branch) of default branches.
            merged: The branches that were merged.
            naming: Names what is on a branch that is not merged yet; None: that is no item.
            starts: Work that was started on a branch.
            whole: Repositories all of whose turns are one item's, on whatever branch.
        """
        self._shared = shared
        self._whole = whole or {}
        self._starts = StartsByPlace(
            [((one.repository, one.branch), one) for one in starts if one.branch]
        )
        self._naming = naming
        self._merged: dict[tuple[str, str], list[MergedBranch]] = defaultdict(list)
        for one in sorted(merged, key=lambda one: one.at):
            self._merged[one.repository, one.branch].append(one)
        self._by_name: dict[str, set[str]] = defaultdict(set)
        for item in items:
            self._by_name[item.casefold()].add(item)
        grouped: dict[tuple[str, str], list[BranchCommit]] = defaultdict(list)
        for commit in commits:
            grouped[commit.repository, commit.branch].append(commit)
        self._branches: dict[tuple[str, str], _Branch] = {}
        for place, found in grouped.items():
            found.sort(key=lambda commit: commit.at)
            is_shared = self._is_shared(*place)
            self._branches[place] = _Branch(
                [commit.at for commit in found], [commit.items for commit in found], is_shared
            )
        self._named: dict[str, str | None] = {}

    def item_of(self, repository: str | None, branch: str | None, at: datetime) -> str | None:
        """Give the item a turn was for; None where nothing tells."""
        whole = self._whole.get(repository or "")
        if whole is not None or branch is None:
            return whole
        if (started := self._started(repository, branch, at)) is not None:
            return started
        if (named := self.named_by(branch)) is not None:
            return named
        made = self._branches.get((repository or "", branch))
        if made is not None and made.is_shared:
            return _on_shared(made, at)
        marked = None if made is None else _on_own(made, at)
        if marked is not None or (made is not None and len(made.all_items) > 1):
            return marked
        return self._unmarked(repository, branch, at)

    def _is_shared(self, repository: str | None, branch: str) -> bool:
        return branch in SHARED or (repository, branch) in self._shared

    def _started(self, repository: str | None, branch: str, at: datetime) -> str | None:
        """Give the item that was started last on a branch, unless the next mark denies it.

        Of what was started on everybody's branch nothing is known after a while.
        """
        start, until = self._starts.at((repository, branch), at)
        if start is None:
            return None
        if self._is_shared(repository, branch):
            if at - start.at > COMMITTED_WITHIN:
                return None
            until = min(until, at + COMMITTED_WITHIN)
        made = self._branches.get((repository or "", branch))
        marks = _next_marks(made, at, until) if made is not None else frozenset()
        return self.became(start) if not marks or start.item in marks else None

    def became(self, start: WorkStart) -> str:
        """Give the item that one started is: merged without a mark, a branch is its request.

        Until then it is called as its words are.
        """
        if start.item in self._by_name.get(start.item.casefold(), ()) or start.branch is None:
            return start.item
        return self._merged_as(start.repository or "", start.branch, start.at) or start.item

    def _unmarked(self, repository: str | None, branch: str, at: datetime) -> str | None:
        """Give the item of a branch that no mark names: the next merge of it, else its name's."""
        if repository is None:
            return None
        if (merged := self._merged_as(repository, branch, at)) is not None:
            return merged
        if self._naming is None or self._naming.is_shared(repository, branch):
            return None
        found = item_of_branch(branch, self._naming.name(repository))
        return found.item if found else None

    def _merged_as(self, repository: str, branch: str, at: datetime) -> str | None:
        """Give the item of the next merge of a branch, else of the last."""
        merged = self._merged.get((repository, branch))
        if not merged:
            return None
        place = bisect_left(merged, at, key=lambda one: one.at)
        return merged[min(place, len(merged) - 1)].item

    def standing(
        self, repository: str | None, branch: str | None, at: datetime
    ) -> tuple[datetime, str | None]:
        """Give the item a turn was for, and the moment up to which it surely stays the same."""
        item = self.item_of(repository, branch, at)
        if repository in self._whole:
            return NEVER, item
        start, until = self._starts.at((repository, branch), at)
        if start is not None and branch is not None and self._is_shared(repository, branch):
            until = min(until, _after([start.at], COMMITTED_WITHIN + A_TICK, at))
        made = self._branches.get((repository or "", branch or ""))
        if made is not None:
            until = min(
                until, _after(made.times, A_TICK, at)
            )  # a commit tells of its own moment, too
            if made.is_shared:
                until = min(until, _after(made.times, -COMMITTED_WITHIN, at))
        if merged := self._merged.get((repository or "", branch or "")):
            until = min(until, _after([one.at for one in merged], A_TICK, at))
        return until, item

    def named_by(self, branch: str) -> str | None:
        """Give the one item that the name of a branch names; see `names_in`."""
        if branch not in self._named:
            self._named[branch] = self._find(branch)
        return self._named[branch]

    def _find(self, branch: str) -> str | None:
        found: list[tuple[int, int, str]] = []
        for begin, end, name in names_in(branch):
            if (known := self._by_name.get(name.casefold())) is not None:
                exact = known if len(known) == 1 else known & {name}
                found += [(begin, end, item) for item in exact]
        longest = [
            item
            for begin, end, item in found
            if not any(
                other[0] <= begin and end <= other[1] and other[:2] != (begin, end)
                for other in found
            )
        ]
        return longest[0] if len(set(longest)) == 1 else None


def names_in(branch: str) -> Iterator[tuple[int, int, str]]:
    """Give what of a branch's name may be the id of an item, with its place: whole words of it.

    A word without a digit could be any word, so it has to be all of the last part.

    >>> [name for _, _, name in names_in("feat/AUTH-01-login")]
    ['AUTH-01', 'AUTH-01-login', '01', '01-login', 'AUTH-01-login']
    """
    offset = 0
    for part in branch.split("/"):
        edges = [-1, *(at for at, char in enumerate(part) if char in SEPARATORS), len(part)]
        for first, begin in enumerate(edges[:-1]):
            for end in edges[first + 1 :]:
                name = part[begin + 1 : end]
                if any(char.isdigit() for char in name):
                    yield offset + begin + 1, offset + end, name
        offset += len(part) + 1
    last = branch.rpartition("/")[2]
    yield len(branch) - len(last), len(branch), last


def _next_marks(made: _Branch, at: datetime, until: datetime) -> frozenset[str]:
    """Give the marks of the next marked commit in a span; none where there is none."""
    begin, end = bisect_left(made.times, at), bisect_right(made.times, until)
    return next(filter(None, made.items[begin:end]), frozenset())


def _on_own(made: _Branch, at: datetime) -> str | None:
    """Tell the item on a branch of its own: its one item, else that of the next marked commit."""
    items = made.all_items
    if len(items) <= 1:
        return next(iter(items), None)
    following = made.items[bisect_left(made.times, at) :]
    return _only(next((marked for marked in following if marked), frozenset()))


def _on_shared(made: _Branch, at: datetime) -> str | None:
    """Tell the item on everybody's branch: that of the very next commit, if it came soon."""
    place = bisect_left(made.times, at)
    if place == len(made.times) or made.times[place] - at > COMMITTED_WITHIN:
        return None
    return _only(made.items[place])


def _after(times: Sequence[datetime], by: timedelta, at: datetime) -> datetime:
    """Move moments, and give the first that then lies after another."""
    place = bisect_right(times, at - by)
    return times[place] + by if place < len(times) else NEVER


def _only(items: frozenset[str]) -> str | None:
    return next(iter(items)) if len(items) == 1 else None
