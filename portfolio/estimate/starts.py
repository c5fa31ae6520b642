"""What the starts of work tell of the turns after them: their item and step."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from portfolio.estimate.ownership import NEVER
from portfolio.model import WorkStart


class Standing(NamedTuple):
    """The start that holds at a moment, and until when no other does."""

    start: WorkStart | None
    until: datetime


NOTHING: Final = Standing(None, NEVER)


class StartsByPlace:
    """Tells which start holds where: the last one there."""

    def __init__(self, starts: Iterable[tuple[Hashable, WorkStart]]) -> None:
        """Take starts, each with the place that it is of."""
        found: dict[Hashable, list[WorkStart]] = defaultdict(list)
        for place, start in starts:
            found[place].append(start)
        self._starts: Mapping[Hashable, Sequence[WorkStart]] = {
            place: sorted(own, key=_begin) for place, own in found.items()
        }

    def at(self, place: Hashable, at: datetime) -> Standing:
        """Give the last start at a place up to a moment, and when the next one there follows."""
        own = self._starts.get(place)
        if own is None:
            return NOTHING
        after = bisect_right(own, at, key=_begin)
        return Standing(
            own[after - 1] if after else None, own[after].at if after < len(own) else NEVER
        )


class StartedSteps:
    """Tells what work was started for turns, in their checkout."""

    def __init__(self, starts: Sequence[WorkStart]) -> None:
        """Take all starts."""
        by_worktree = [(one.worktree, one) for one in starts]
        by_branch = [((one.repository, one.branch), one) for one in starts if one.branch]
        self._starts = StartsByPlace([*by_worktree, *by_branch])

    def standing(
        self, *, worktree: str | None, repository: str | None, branch: str | None, at: datetime
    ) -> Standing:
        """Give the last start in a checkout; where that is gone, so not known, on its branch."""
        place = (repository, branch) if worktree is None else worktree
        return self._starts.at(place, at)


def step_started(start: WorkStart | None, item: str) -> str | None:
    """Give the step of a start; None where there is none, or it was of another item."""
    return start.step if start is not None and start.item == item else None


def _begin(start: WorkStart) -> datetime:
    return start.at
