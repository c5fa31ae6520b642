"""What `compare` answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from portfolio.estimate.class_costs import ClassCost, Interaction
from portfolio.estimate.comparison import Label, TippingPoint
from portfolio.estimate.interval import Interval
from portfolio.report.answers import Answer

ArmKind: TypeAlias = Literal["account", "methodology", "arm", "model"]
Reason: TypeAlias = Literal["both-arms", "not-metered", "no-size"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The cost ratio of two arms under one label."""

    label: Label
    basis: Literal["windows", "items", "pairs"]  # what it was counted over
    ratio: Interval  # dollars of capacity a shipped feature, the first arm's over the second's
    spend_ratio: Interval | None  # an attempt; null where it is not looked at apart
    shipped: tuple[Interval, Interval] | None  # the share of each arm's attempts that shipped
    counts: tuple[int, int]  # of each arm, of the basis
    features_shipped: tuple[int, int]
    is_told_apart: bool  # the interval excludes 1
    tipping_point: TippingPoint | None  # null for what chance assigned
    adherence: float | None = None  # of what was drawn, the share that was done where it said
    not_known: tuple[int, int] = (0, 0)  # of drawn or twinned runs, those whose spend is not known
    attended: int = 0  # twins of items that were done in talk with the user: no fair pairs
    only_one_shipped: tuple[int, int] | None = None  # pairs of twins that shipped on that arm alone
    p_shipped: float | None = None  # that arms which ship alike differ so; null: no pair of twins


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Items that were not compared, and why."""

    reason: Reason
    counts: tuple[int, int]  # by arm; those on both are counted in each


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What it still takes to tell the arms apart, where they differ by a factor."""

    times: float
    label: Label
    missing: int | None  # items; pairs for twins; null: no number of them would
    weeks: float | None  # at the pace of the last eight weeks; null: there is none, or not by pace


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareAnswer(Answer):
    """Two arms beside each other."""

    schema = "portfolio.compare/1"
    a: str
    b: str
    by: ArmKind
    since: datetime | None  # null: since anything began
    until: datetime
    epoch_since: datetime | None  # what was worked before is of another epoch, and left out
    estimates: tuple[Estimate, ...]
    cheaper: str | None  # null: nothing that was drawn or twinned says so
    classes: tuple[ClassCost, ...]
    at_mix: tuple[Interval, Interval] | None  # dollars a feature at one's own mix of classes
    interaction: Interaction | None
    left_out: tuple[LeftOut, ...]
    features_per_week: float | None
    telling: tuple[Telling, ...]
