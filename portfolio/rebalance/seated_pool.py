"""One pool of one plan of a portfolio, and the meter that tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from portfolio.model import Plan, PoolFact
    from portfolio.rebalance.history import Held, Metered

# How what is not known for sure is taken: caps at their lower end and work at its dearest; both in
# the middle; caps at their upper end and work at its cheapest.
Reckoning: TypeAlias = Literal["tight", "middle", "roomy"]
Lack: TypeAlias = Literal["cap-unknown", "never-read", "no-rate", "partly-read"]


class NotKnownError(Exception):
    """Something is missing to replay a pool."""

    def __init__(self, reason: Lack, hint: str) -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One plan of a portfolio, and the account it stands for."""

    name: str  # shown: the account's name, or the plan's id (with a number, where there are two)
    plan: str
    account: str | None  # the held account whose work, resets and phase it has; None: a new one


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatedPool:
    """A pool of a seat. It is counted in the unit of the meter that tells of it."""

    place: int  # of the seat
    seat: Seat
    plan: Plan
    fact: PoolFact
    owner: Held | None  # the account whose meter it is; None: nobody read one of this provider

    @property
    def meter(self) -> Metered | None:
        """Give the meter that was read; None where none was."""
        found = self.owner.meters.get(self.fact.pool) if self.owner is not None else None
        return None if found is None or found.is_unread else found

    @property
    def own_meter(self) -> Metered | None:
        """Give the meter if it is the seat's own account's."""
        is_own = self.owner is not None and self.owner.account == self.seat.account
        return self.meter if is_own else None

    @property
    def unit(self) -> str:
        """Give the unit it is counted in."""
        return self.fact.unit if self.meter is None else self.meter.unit

    @property
    def is_of_meters_plan(self) -> bool:
        """Tell whether the meter is of the very plan."""
        return self.owner is not None and self.owner.plan == self.plan.plan
