"""What is true of marked items, kept beside the operations of git that make it true.

An item has landed by one thing on main: a merge, a squash, commits that were fast-forwarded or
rebased, or a terminal step. It stands unless something that stands took it back, and so on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal


@dataclass(eq=False, slots=True)
class Landing:
    """What came onto main at once, or took back what had come."""

    commits: list[str]  # on main, oldest first
    is_merge: bool = False
    undone_by: list[Landing] = field(default_factory=list)
    is_waiting: bool = False  # a branch that is not merged yet takes it back

    @property
    def stands(self) -> bool:
        """Tell whether nothing that stands takes it back."""
        return not any(one.stands for one in self.undone_by)

    def undoable(self) -> Iterator[Landing]:
        """Give what can be taken back so that it is as if this had not come, or had come again."""
        for is_undo, one in self.chain():
            if one.stands and is_undo != self.stands:
                yield one

    def chain(self, *, is_undo: bool = False) -> Iterator[tuple[bool, Landing]]:
        """Give it and all that took it back or brought it back, and which of the two they do."""
        yield is_undo, self
        for one in self.undone_by:
            yield from one.chain(is_undo=not is_undo)


@dataclass(eq=False, slots=True)
class Item:
    """One marked item."""

    name: str
    is_tagged: bool  # else its mark is a trailer
    branch: str  # "": it is worked on straight on main
    landing: Landing | None = None
    carried_by: Item | None = None  # its branch was merged into that of another
    is_straight: bool = True  # its branch holds no merge
    is_seen: bool = False  # a look found a commit of it
    is_free: bool = True  # its branch may be worked on; not between a landing and the next look
    is_done: bool = False  # its branch is gone, or nothing more is done with it
    is_reworked: bool = False  # more than one thing brought it in, so nothing takes it back
    ship_commit: str = ""  # the last commit of its branch, if it bears a terminal step

    @property
    def outcome(self) -> Literal["open", "shipped", "reverted"]:
        """Give what became of it."""
        landing = self.landing or (self.carried_by.landing if self.carried_by else None)
        if landing is None:
            return "open"
        return "shipped" if landing.stands else "reverted"
