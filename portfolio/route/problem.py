"""What a route is planned from: items, methods with what they burn, accounts with what is left.

Moments are whole minutes since `Problem.begin_at`, so that nothing here knows zones or clocks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from parsers.records import Unit

WINDOW_POOL: Final = "5h"
LEAST_MIN: Final = 60  # a window with less time for work in it is not opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A work item that is still to be done."""

    item: str
    size: str  # S, M or L, or a finer class of the caller's
    worth: float = 1.0  # above 0: what is worth twice as much is given up only for two others
    due_min: int | None = None  # its work is to be over by then; None: by the end of the span
    methods: frozenset[str] | None = None  # only by these; None: by any


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Those steps of a method that one account does, whichever of some it is."""

    steps: tuple[str, ...]  # their names, in order
    accounts: frozenset[str]  # any one of these, the same for all steps of the part
    # What one attempt takes, at the upper end: by (size, kind of account), by pool, in its unit.
    # A size and kind that is not there cannot be done; a pool that is not there is not drawn on.
    burn: Mapping[tuple[str, str], Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A way to do an item: a methodology, or an account alone (then it has one part)."""

    method: str
    parts: tuple[Part, ...]  # in the order of the work
    success_low: Mapping[str, float]  # by size, lower bound of the share that ships, 0 to 1

    def attempts(self, size: str) -> float:
        """Give how many attempts an item is planned with: 1 / p of those that it takes to ship.

        >>> Method(method="a", parts=(), success_low={"S": 0.8}).attempts("S")
        1.25
        """
        share = self.success_low.get(size, 0.0)
        return 1 / share if share > 0 else math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """One pool of one account, as it stands."""

    pool: str  # "week", "week:opus", "month"; "5h" is filled in windows
    unit: Unit
    cap: float | None  # of a whole cycle, in `unit`; None: it has no limit
    used: float = 0.0  # of the cycle that runs now, in `unit`
    rounding: float = 0.0  # what the meter may hide of that, in `unit`, as the guard counts it
    reserve: float = 0.0  # kept back in every cycle, in `unit`
    resets_min: int | None = None  # end of the cycle that runs now; None: not within the span
    cycle_min: int = 7 * 24 * 60  # how long each cycle after it lasts

    @property
    def left(self) -> float:
        """Give what may be planned of the cycle that runs now."""
        if self.cap is None:
            return math.inf
        return max(0.0, self.cap - self.reserve - self.used - self.rounding)

    @property
    def fresh(self) -> float:
        """Give what may be planned of any later cycle."""
        return math.inf if self.cap is None else max(0.0, self.cap - self.reserve)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of working time on an account in which its 5-hour pool is filled once."""

    start_min: int  # it is opened by the first work then, or runs already
    end_min: int  # no work in it after this: it ends, the working hours do, or a cycle does
    is_open: bool = False  # it runs already: what is left of the pool is what `used` leaves

    @property
    def least_min(self) -> int:
        """Give how much of it there is to be for work, for it to be of use."""
        return min(LEAST_MIN, self.end_min - self.start_min)

    def is_usable_by(self, due_min: int) -> bool:
        """Tell whether there is time for work in it before a moment."""
        return min(self.end_min, due_min) - self.start_min >= self.least_min


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account, with what it may still do."""

    account: str
    kind: str  # accounts of a kind have the same pools and burn alike, e.g. the plan
    pools: tuple[Pool, ...]
    windows: tuple[Window, ...]  # by start, none overlaps another; work is done only in these
    # Dollars a unit, by pool: of two plans that are worth the same, the cheaper is taken.
    dollars: Mapping[str, float] = field(default_factory=dict)

    def pool(self, name: str) -> Pool | None:
        """Give one of its pools."""
        return next((one for one in self.pools if one.pool == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """All that a route is planned from."""

    begin_at: datetime  # aware: minute 0
    span_min: int  # the plan ends so many minutes later
    items: tuple[Item, ...]
    methods: tuple[Method, ...]
    accounts: tuple[Account, ...]
    floor: float = 0.0  # a method does a size only where its `success_low` is this at least

    def __post_init__(self) -> None:
        """Refuse what no plan could be made of.

        Raises:
            ValueError: Two items, methods or accounts have the same name, an item is worth
                nothing, a moment has no zone, a cycle is over already.
        """
        if self.begin_at.tzinfo is None:
            raise ValueError("the begin has no zone")
        for names in (
            [one.item for one in self.items],
            [one.method for one in self.methods],
            [one.account for one in self.accounts],
        ):
            if len(set(names)) < len(names):
                raise ValueError("two have the same name")
        if any(not (one.worth > 0 and math.isfinite(one.worth)) for one in self.items):
            raise ValueError("an item is worth nothing")
        pools = [pool for account in self.accounts for pool in account.pools]
        ends = [one.cycle_min if one.resets_min is None else one.resets_min for one in pools]
        if min([*ends, *(one.cycle_min for one in pools)], default=1) <= 0:
            raise ValueError("a cycle is over already")
