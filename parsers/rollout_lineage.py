"""Tell what of a rollout is its own, and what it copied from the session it goes on from.

A fork, or a helper that was spawned with its session's history, begins with all that went before:
the metas, turns and counts of its ancestors, mostly with the time of the copying. Its first meta
names it; what follows is a copy
- below the ordinal that the meta gives, where lines bear ordinals;
- before the moment it was made;
- while the turn's id, which begins with a time, is older than the log itself (clients of 2026);
- else while lines follow each other within a moment, as no answer ever does.

What remains in doubt is counted under the name of the oldest ancestor, as it would be there: should
it be a copy after all, it counts once.
"""

from __future__ import annotations

from typing import Final

import msgspec

from parsers.rollout_lines import Descent

BURST_US: Final = 1_000_000
CLOCKS_DIFFER_US: Final = 60_000_000  # between an id's time and the meta's; else it is no time


class Lineage(msgspec.Struct):
    """Where in a rollout we are: in a copy, in its own part, or in doubt."""

    session: str = ""
    root: str = ""  # names what is counted while in doubt
    is_helper: bool = False
    has_parent: bool = False
    in_doubt: bool = False
    is_marked: bool = False  # it says that history was copied, or shows it
    has_copied: bool = False
    is_broken: bool = False  # the burst of copied lines is over
    trusts_ids: bool = False  # ids that begin with a time are to be believed
    begun_us: int = 0
    first_ordinal: int | None = None  # of its own lines
    turn: str = ""  # the last that was named
    seen_us: int = 0  # the last line

    @property
    def name(self) -> str:
        """Name the session that a turn is counted under."""
        return self.root if self.in_doubt else self.session or self.root

    def begin(self, session: str, descent: Descent, *, at_us: int, begun_us: int) -> None:
        """Take in the meta that a log begins with."""
        self.session = self.root = session
        self.seen_us = at_us
        minted_us = time_of_id(session)
        self.trusts_ids = minted_us is not None and abs(minted_us - begun_us) <= CLOCKS_DIFFER_US
        trusted_us = minted_us if minted_us is not None and self.trusts_ids else begun_us
        self.begun_us = min(begun_us, trusted_us)
        self.is_helper, self.first_ordinal = descent.is_helper, descent.first_ordinal
        has_parent = descent.parent is not None
        self.has_parent = self.in_doubt = has_parent or self.first_ordinal is not None
        if descent.is_fork and descent.parent is not None:
            self.root, self.is_marked = descent.parent, True

    def meet_ancestor(self, session: str, *, at_us: int) -> None:
        """Take in the meta of another session, which stands before what was copied from it."""
        self.seen_us = max(self.seen_us, at_us)
        self.root = session
        self.has_parent = self.in_doubt = self.is_marked = True

    def enter_turn(self, turn: str | None, *, at_us: int) -> None:
        """Take in that a turn begins."""
        self.turn = turn or self.turn
        if self.in_doubt and not self._is_in_burst(at_us):
            self.is_broken = True
        self.seen_us = max(self.seen_us, at_us)

    def is_copied(self, *, at_us: int, ordinal: int | None) -> bool:
        """Tell whether a line with counts is a copy; once one is not, mostly none after it is."""
        if not self.in_doubt:
            return False
        is_copied = self._tell(at_us, ordinal)
        self.seen_us = max(self.seen_us, at_us)
        if is_copied is None:
            self.is_broken = True
            # A log that shows where its copy ends, or never said it has one, is its own from here.
            self.in_doubt = self.is_marked and not self.has_copied
            return False
        self.in_doubt = is_copied
        self.has_copied = True
        return is_copied

    def _tell(self, at_us: int, ordinal: int | None) -> bool | None:
        if self.first_ordinal is not None and ordinal is not None:
            return ordinal < self.first_ordinal
        if at_us < self.begun_us:
            return True
        minted_us = time_of_id(self.turn) if self.trusts_ids else None
        if minted_us is not None:
            return minted_us < self.begun_us
        return True if self._is_in_burst(at_us) else None

    def _is_in_burst(self, at_us: int) -> bool:
        return not self.is_broken and at_us - self.seen_us < BURST_US


def time_of_id(name: str) -> int | None:
    """Give the time that an id of version 7 begins with, in microseconds.

    >>> time_of_id("019a0000-0000-7000-8000-000000000000")
    1760936591360000
    """
    if len(name) != 36 or name[14] != "7":
        return None
    try:
        return int(name[:8] + name[9:13], 16) * 1000
    except ValueError:
        return None
