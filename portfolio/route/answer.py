"""What a route says: which item goes where and when, what is left over, how good the plan is.

Moments are whole minutes since `Route.begin_at`; use is in the pool's own unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from parsers.records import Unit

Status: TypeAlias = Literal["proved", "not-proved"]  # within the gap that was asked for, or not
# cap: a pool or the windows' is full. method: none does this size at the quality floor. account:
# no account does it. due: no window before it is due. size: it is larger than a cap.
Reason: TypeAlias = Literal["cap", "method", "account", "due", "size"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowUse:
    """What a part of an item takes in one window."""

    start_min: int  # the window's
    burn: Mapping[str, float]  # by pool, all attempts


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One part of an item on its account."""

    account: str
    steps: tuple[str, ...]
    uses: tuple[WindowUse, ...]  # mostly one; more where it goes on in the next window

    @property
    def start_min(self) -> int:
        """Give when the window begins in which it is started."""
        return self.uses[0].start_min


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Where one item goes."""

    item: str
    method: str
    parts: tuple[Placed, ...]  # in the order of the work

    @property
    def start_min(self) -> int:
        """Give when its first window begins."""
        return min(part.start_min for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedWindow:
    """A 5-hour window that the plan works in."""

    account: str
    start_min: int
    end_min: int
    items: int  # parts of items in it
    planned: float | None  # of the 5-hour pool; None: the account has none
    cap: float | None  # what may be planned in it; None: no limit


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolPlan:
    """One cycle of a pool that is not 5-hourly, with what is planned of it."""

    account: str
    pool: str
    unit: Unit
    begins_min: int  # 0 for the cycle that runs now
    resets_min: int | None  # None: not within the span
    used: float  # before the plan begins
    planned: float  # at the upper end
    reserve: float
    cap: float | None  # None: no limit

    @property
    def expires(self) -> float | None:
        """Give what a reset within the span takes away unused; None: it does not, or no limit."""
        if self.cap is None or self.resets_min is None:
            return None
        return max(0.0, self.cap - self.used - self.planned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unassigned:
    """An item that found no place."""

    item: str
    reason: Reason
    binds: str | None  # the cap to blame, e.g. "week claude-a"; None: it is not a cap


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """What one more account of a kind would bring at most."""

    kind: str
    like: str  # the account it is a copy of, with nothing used
    items_most: int  # of those without a place, besides all that have one
    worth_most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The plan of a span."""

    begin_at: datetime  # aware: minute 0
    span_min: int
    assignments: tuple[Assignment, ...]  # by start, then account
    windows: tuple[OpenedWindow, ...]  # by start, then account
    pools: tuple[PoolPlan, ...]  # by account, pool, begin; every one, planned or not
    unassigned: tuple[Unassigned, ...]  # in the order of the items
    relief: tuple[Relief, ...]  # the best first; of kinds that could bring at least one item
    worth: float  # of the items that have a place
    bound: float  # no plan is worth more
    gap: float  # (bound - worth) / bound, 0 to 1
    status: Status
