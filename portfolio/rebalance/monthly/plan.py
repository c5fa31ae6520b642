"""The monthly answer: how many of each plan in each month, and what is to be done for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from portfolio.route.solving import Status

Verb: TypeAlias = Literal["keep", "add", "cancel", "upgrade", "downgrade"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """How many of a plan are held in a month."""

    month: int  # from 1
    plan: str
    count: int
    usd: float  # for all of them in this month; without what was paid for before


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing to be done, as a month begins."""

    month: int  # from 1; 1 is now
    action: Verb
    plan: str  # what is held until then; of `add`, what is bought
    to_plan: str | None  # of `upgrade` and `downgrade`
    count: int
    accounts: tuple[str, ...]  # which of those held now; () of one that is bought later


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthExpected:
    """What a month brings, in the mean of the scenarios."""

    month: int
    subscription_usd: float
    api_usd: float
    features: float
    short: float  # features of the demand that are not shipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What all months together bring, in the mean of the scenarios."""

    cost_usd: float  # subscriptions and API: what is paid
    features: float
    cost_per_feature_usd: float | None  # None: no feature
    short: tuple[float, ...]  # features that are not shipped, by size
    total_usd: float  # cost and what the missing features are held to cost: what is minimised
    months: tuple[MonthExpected, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CeilingKept:
    """Whether the ceiling on what is paid per feature is kept, and what is missing if not."""

    usd_per_feature: float
    share: float  # of scenarios in which it holds
    is_kept: bool  # in as many scenarios as was asked, with no feature of them missing
    smallest_usd: float | None  # the lowest ceiling that can be kept so; None: none can, or kept


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A method that is below the quality floor for a size."""

    method: str
    size: str
    success_low: float | None  # None: not known
    floor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Which plans to hold in each month, what it costs and how sure the answer is."""

    status: Status  # optimal: within the gap that was asked for
    gap: float | None  # reached; None: not known
    hold: tuple[Hold, ...]  # by month, then plan; only of plans that are held
    actions: tuple[Action, ...]  # by month; `keep` only in month 1
    expected: Expected
    ceiling: CeilingKept | None  # None: none was asked for
    left_out: tuple[LeftOut, ...]

    def counts(self, month: int) -> dict[str, int]:
        """Give how many of each plan are held in a month."""
        return {one.plan: one.count for one in self.hold if one.month == month}
