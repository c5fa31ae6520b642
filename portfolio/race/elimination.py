"""Which arms are out of the race, why, and who has won: the weekly looks of the past, replayed.

All is computed from facts. A look sees what was finished before the week began that it stands at,
so looking twice in a week changes nothing. What a look found stays found until the arm begins anew
(`facts.Entry`). An arm that is merely not drawn (parked) stays in.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import permutations
from typing import Final, Literal

from portfolio.estimate.attempts import Attempt
from portfolio.estimate.comparison import Contrast, drawn_contrast
from portfolio.estimate.interval import FEWEST_SETTLED, Interval, success_rate
from portfolio.estimate.quality import is_below_floor
from portfolio.race.evidence import log_evidence
from portfolio.race.facts import DrawnItem, Entry, entries, pair_attempts
from portfolio.race.floor import log_below_floor

ERROR: Final = 0.05  # probability of eliminating any arm that takes no more than all others
FLOOR_ERROR: Final = 0.01  # probability of calling any arm below the floor that is not
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a look found of an arm that is out."""

    verdict: Literal["eliminated", "below-floor"]
    at: datetime  # UTC; of the look
    by: str | None  # the arm that takes less; None: the floor
    log_e: float  # of the evidence then


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What can be seen at one moment."""

    items: Sequence[DrawnItem]  # finished before it
    entries: Sequence[Entry]  # before it
    at: datetime  # UTC
    _contrasts: dict[tuple[str, str], Contrast | None] = field(default_factory=dict)

    @classmethod
    def of(cls, items: Iterable[DrawnItem], known: Iterable[Entry], at: datetime) -> Look:
        """Look at what was finished before a moment, in an order of its own."""
        return cls(
            items=sorted((one for one in items if one.is_finished(at)), key=lambda one: one.item),
            entries=[one for one in known if one.at < at],
            at=at,
        )

    @property
    def newest(self) -> Mapping[str, Entry]:
        """Give each arm's newest entry."""
        return {one.arm: one for one in self.entries}

    @property
    def log_threshold(self) -> float:
        """Give the log e-value that eliminates: every entry may be found to take more than each."""
        k = len(self.entries)
        return math.log(max(1, k * (k - 1)) / ERROR)

    @property
    def log_floor_threshold(self) -> float:
        """Give the log e-value that tells an arm below the floor."""
        return math.log(max(1, len(self.entries)) / FLOOR_ERROR)

    def counts(self, arm: str) -> tuple[int, int]:
        """Count what an arm shipped and lost of what was drawn for it since its newest entry."""
        since = self.newest[arm].at
        ends = [one.is_shipped for one in self.items if one.arm == arm and one.drawn_at >= since]
        return sum(ends), len(ends) - sum(ends)

    def success(self, arm: str) -> Interval:
        """Give the share that an arm shipped."""
        return success_rate(*self.counts(arm))

    def attempts(self, first: str, second: str) -> list[Attempt]:
        """Give what tells of a pair: drawn since the newer of both entries."""
        newest = self.newest
        since = max(newest[first].at, newest[second].at)
        return pair_attempts(self.items, (first, second), since=since)

    def contrast(self, first: str, second: str) -> Contrast | None:
        """Give how a pair stands to each other; None where nothing tells."""
        one, other = sorted((first, second))
        if (one, other) not in self._contrasts:
            told = self.attempts(one, other)
            firsts = sum(attempt.is_first for attempt in told)
            is_enough = min(firsts, len(told) - firsts) >= FEWEST_SETTLED
            self._contrasts[one, other] = drawn_contrast(told) if is_enough else None
        found = self._contrasts[one, other]
        return found if found is None or first == one else found.turned

    def log_dearer(self, first: str, second: str) -> float | None:
        """Give the log e-value for the first arm taking more; None before six attempts each."""
        found = self.contrast(first, second)
        return log_evidence(found) if found else None


def looks(
    items: Sequence[DrawnItem], anew: Iterable[Entry], *, week: datetime, now: datetime
) -> list[Look]:
    """Give every look there was, oldest first: one as each week begins, since the first entry.

    Args:
        items: All that was ever drawn.
        anew: When arms began anew.
        week: The beginning of any week.
        now: The present.
    """
    known = entries(items, anew)
    if not known:
        return []
    last = (now - week) // WEEK
    first = (known[0].at - week) // WEEK + 1
    return [Look.of(items, known, week + number * WEEK) for number in range(first, last + 1)]


def replayed(seen: Iterable[Look], *, floor: float) -> dict[str, Found]:
    """Give the arms that are out after some looks, and why.

    Args:
        seen: The looks, oldest first.
        floor: Least share of items that are to ship and stay, 0 to 1.
    """
    out: dict[str, Found] = {}
    for one in seen:
        newest = one.newest
        out = {arm: found for arm, found in out.items() if newest[arm].at < found.at}
        racing = sorted(set(newest) - set(out))
        out |= _below_floor(one, racing, floor)
        out |= _beaten(one, [arm for arm in racing if arm not in out], floor)
    return out


def _below_floor(one: Look, racing: Iterable[str], floor: float) -> dict[str, Found]:
    """Find the arms that ship too little."""
    logs = {arm: log_below_floor(*one.counts(arm), floor) for arm in racing}
    return {
        arm: Found(verdict="below-floor", at=one.at, by=None, log_e=log_e)
        for arm, log_e in logs.items()
        if log_e >= one.log_floor_threshold
    }


def _beaten(one: Look, racing: Iterable[str], floor: float) -> dict[str, Found]:
    """Find the arms that take more than one that is still in and has shown that it holds the floor.

    Else what is cheap because it is poor would have the others out before it is found out itself.
    They go one by one, the most certain first, so the last has nobody left to take less than it.
    """
    left = set(racing)
    evidence = {
        pair: log_e
        for pair in permutations(sorted(left), 2)
        if (log_e := one.log_dearer(*pair)) is not None and log_e >= one.log_threshold
    }
    out: dict[str, Found] = {}
    for (arm, by), log_e in sorted(evidence.items(), key=lambda told: (-told[1], told[0])):
        if {arm, by} <= left and is_below_floor(one.success(by), floor) is False:
            left.remove(arm)
            out[arm] = Found(verdict="eliminated", at=one.at, by=by, log_e=log_e)
    return out
