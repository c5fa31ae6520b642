"""What `rebalance` answers: which plans to hold next month, what it saves, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from parsers.records import Problem
from portfolio.report.answers import Answer

Stage: TypeAlias = Literal["features", "keep"]  # keep: no feature is measured, its stage alone
Verb: TypeAlias = Literal["keep", "add", "cancel", "upgrade", "downgrade"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """One thing to be done."""

    action: Verb
    plan: str  # held until then; of `add`, what is bought
    to_plan: str | None  # of an upgrade or a downgrade
    count: int
    accounts: tuple[str, ...]  # which of those held
    month: int  # from 1, which begins now
    saving_usd_month: float | None  # paid less, on average; below 0: more; null: of `keep`
    more_features_month: float | None  # shipped, on average; below 0: fewer; null: not measured
    probability: float | None  # 0 to 1: that it is better than without it
    before: str | None  # ISO day: the earliest renewal of those accounts
    on: str | None = None  # ISO day from which it holds; null: of `keep`, and of a later month
    first_usd: float | None = None  # paid on that day for all of them; null: renewal not known
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """How many of a plan are to be held next month."""

    plan: str
    count: int
    price_usd: float  # of one, a month
    accounts: tuple[str, ...]  # held now that stay, or are switched to it


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFigures:
    """What an average month brings, in the mean of the scenarios."""

    cost_usd: float  # plans and pay-per-token
    features: float | None  # shipped; null: not measured
    cost_per_feature_usd: float | None
    plans_usd: float
    api_usd: float | None  # pay-per-token
    short: float | None  # features of the demand that are not shipped


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRow:
    """The features that are planned for."""

    features_month: float | None  # mean; null: not measured
    low: float | None  # four months of five lie in here
    high: float | None
    source: str  # measured, said or supposed
    weeks: int  # whole ones that were measured
    by_size: tuple[SizeShare, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeShare:
    """A size and how many of the features are of it."""

    size: str  # S, M, L, or any: nobody fixed it before the work
    share: float  # 0 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingRow:
    """What keeps the answer from being better, and what more of it would bring."""

    constraint: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeRow:
    """Another set of plans, and what it would cost."""

    hold: tuple[HoldRow, ...]
    cost_usd: float  # a month, plans and pay-per-token
    more_usd: float  # than what is proposed, missing features counted
    best_share: float | None  # of scenarios in which it is the better one


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityRow:
    """What the answer would be if something were otherwise."""

    what: str
    is_same: bool  # the same plans
    hold: tuple[HoldRow, ...]
    cost_usd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRow:
    """What knowing more would be worth."""

    what: str
    usd_month: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SureRow:
    """In how many of the cases next to no feature is missing."""

    share: float
    wanted_share: float
    is_kept: bool
    short_share: float  # of a month's features, which may be missing all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class CeilingRow:
    """Whether the ceiling on what is paid per feature holds."""

    usd_per_feature: float
    share: float  # of scenarios in which it holds
    wanted_share: float
    is_kept: bool
    missing: str | None  # what is missing, in words; null where it is kept
    smallest_usd: float | None  # the lowest that can be kept


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepSays:
    """What `keep` says of giving one account up, which asks no feature."""

    account: str
    plan: str
    verdict: str
    reason: str | None
    weeks: int
    weeks_blocked: int
    saving_usd_month: float | None
    next_week_risk: float | None
    is_held: bool  # by this answer
    is_refused: bool  # features alone would give it up, and this stage does not
    competes_with: tuple[str, ...]
    renews_on: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNotJudged:
    """A plan that could not be weighed, and what would change that."""

    plan: str
    provider: str
    reason: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastMonth:
    """An allocation that was kept, beside what came."""

    made_at: datetime
    since: datetime
    until: datetime
    is_over: bool
    plans_usd: float  # expected, for the span so far
    api_usd: float | None  # pay-per-token, likewise
    features: float | None
    cost_per_feature_usd: float | None
    paid_usd: float | None  # for plans: what came; null: a price is not known
    shipped: int  # features
    paid_per_feature_usd: float | None
    is_followed: bool  # the plans held since are those that were proposed


@dataclass(frozen=True, slots=True, kw_only=True)
class RebalanceAnswer(Answer):
    """Which plans to hold next month."""

    schema = "portfolio.rebalance/1"
    at: datetime
    months: int
    scenarios: int
    stage: Stage
    stage_reason: str | None  # why features have no say
    is_what_if: bool
    actions: tuple[ActionRow, ...]  # the first is the one to do first
    hold: tuple[HoldRow, ...]
    expected: MonthFigures
    now: MonthFigures | None  # the same if nothing is changed
    is_proved: bool  # within the gap
    gap: float | None
    demand: DemandRow
    ceiling: CeilingRow | None
    sure: SureRow | None
    worst_weight: float  # of the worst tenth of the cases beside the mean; 0: the mean alone
    budget_usd: float | None
    hysteresis: str | None  # why a cheaper set of plans is not proposed
    binding: tuple[BindingRow, ...]
    alternatives: tuple[AlternativeRow, ...]
    sensitivity: tuple[SensitivityRow, ...]
    value_of_information: tuple[ValueRow, ...]
    keep: tuple[KeepSays, ...]
    not_judged: tuple[PlanNotJudged, ...]
    straddled: int  # finished features done on several providers: they tell of none
    unpriced: int  # finished features of which it is not known what they took
    last: LastMonth | None
    problems: tuple[Problem, ...]
