"""What the report and the five lines answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parsers.records import Problem
from portfolio.estimate.interval import Interval
from portfolio.estimate.ledger import AccountPaid, OutsideBurn
from portfolio.estimate.pace import Pace
from portfolio.estimate.paid_parts import PaidPart, PaidWeek
from portfolio.estimate.rows import EfficiencyRow
from portfolio.estimate.shares import Exclusion
from portfolio.report.answers import Answer
from portfolio.report.answers.coupling import CouplingRow
from portfolio.report.answers.drift import DriftRow, EpochRow
from portfolio.report.answers.forecast import ForecastAnswer, UsualCosts
from portfolio.report.answers.quality import QualityRow


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalPaid:
    """All accounts together."""

    paid_usd: float | None
    features_shipped: int
    paid_per_feature_usd: float | None
    status: str
    paid_per_feature_range: Interval | None = None  # None: under four weeks, or price unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCount:
    """How many merged changes are of one kind; an unknown one is `change`."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What can no longer be verified in a repository."""

    repository: str
    is_shallow: bool  # its history is cut off
    rewritten: int  # commits that had landed and that no branch holds any more


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingShipped:
    """The logged windows that shipped nothing."""

    windows: int
    burn_usd: float | None  # dollars of capacity, of those whose burn is known; None: of none
    windows_unmeasured: int  # those of which some account's burn is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemUsd:
    """What one feature took in the span."""

    feature: str
    usd: float  # dollars of capacity


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAnswer(Answer):
    """What a feature costs on each account and methodology, and what could not be counted."""

    schema = "portfolio.report/1"
    since: datetime | None
    until: datetime
    by: str | None
    windows_logged: int
    windows_proposed: int  # of the past, that nobody has confirmed
    efficiency: tuple[EfficiencyRow, ...]
    accounts: tuple[AccountPaid, ...]
    total: TotalPaid
    excluded: tuple[Exclusion, ...]
    outside: tuple[OutsideBurn, ...]
    shipped_in_excluded: tuple[str, ...]
    shipped_unlogged: tuple[str, ...]
    straddled: tuple[str, ...]
    straddled_usd: tuple[ItemUsd, ...]  # of those for which it is known
    paid_split: tuple[PaidPart, ...]
    paid_weeks: tuple[PaidWeek, ...]  # by the user's weeks; parts that are zero are left out
    shared_by_window: int
    """Logged windows no turn tells of, whose burn was shared over the items worked on in them."""
    nothing_shipped: NothingShipped
    problems: tuple[Problem, ...]
    quality: tuple[QualityRow, ...] = ()
    quality_since: datetime | None = None  # of what was finished from here on; null: of all
    merged: tuple[KindCount, ...] = ()  # what was merged in the span, by kind
    unnamed: tuple[str, ...] = ()  # those of them whose kind nothing tells
    doubts: tuple[Doubt, ...] = ()
    drift: tuple[DriftRow, ...] = ()
    epochs: tuple[EpochRow, ...] = ()  # oldest first
    coupling: tuple[CouplingRow, ...] = ()
    forecast: ForecastAnswer | None = None  # None: there is no whole week with work yet
    usual: UsualCosts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesAnswer(Answer):
    """The five lines of `portfolio` without a command."""

    schema = "portfolio.lines/1"
    lines: tuple[str, ...]
    next_cap: Pace | None
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()  # what the sync before it told, once
