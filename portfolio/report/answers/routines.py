"""What `weekly` and `monthly` answer: one summary, what changed, and what needs a human yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from parsers.records import Problem
from portfolio.report.answers import Answer
from portfolio.report.answers.forecast import ForecastAnswer
from portfolio.report.answers.keep import KeepRow

Figure: TypeAlias = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """A figure that is another than at the last run."""

    what: str
    before: Figure | None  # null: the last run did not know it
    after: Figure | None  # null: it is not known any more


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """An alert whose threshold is passed now."""

    kind: str  # cost, cap-pace, unused, drift, quality, renewal or price
    subject: str
    text: str
    command: str | None
    is_new: bool  # false: an earlier run told it


@dataclass(frozen=True, slots=True, kw_only=True)
class YesRow:
    """Something that waits for a person: nothing is bought, cancelled or confirmed by itself."""

    what: str
    command: str
    is_new: bool  # since the last run


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRow:
    """What became of sending alerts to one address."""

    address: str  # its scheme and its place among those, e.g. slack-1; never the address itself
    alerts: int
    is_taken: bool  # false: they are sent again with the next run


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutineAnswer(Answer):
    """What both summaries say."""

    at: datetime
    last_run_at: datetime | None
    lines: tuple[str, ...]  # the five
    forecast: ForecastAnswer | None  # with the last one, scored
    changes: tuple[ChangeRow, ...]  # since the last run; empty at the first
    alerts: tuple[AlertRow, ...]
    yes: tuple[YesRow, ...]
    sent: tuple[SentRow, ...]  # empty: no address is set, or nothing was to be sent
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]

    @property
    def has_news(self) -> bool:
        """Tell whether this run has something for a person that no earlier one told."""
        return any(one.is_new for one in self.alerts) or any(one.is_new for one in self.yes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmVerdict:
    """How one arm of the race stands."""

    arm: str
    verdict: str
    beaten_by: str | None
    is_parked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekRace:
    """How the race stands."""

    phase: Literal["baseline", "racing", "production"]
    winner: str | None
    arms: tuple[ArmVerdict, ...]
    next_thing: str  # the one thing to do next in it


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedItem:
    """One item of the week's route."""

    feature: str
    methodology: str | None
    account: str
    window: str | None
    start_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftItem:
    """An item that found no place in the week's route."""

    feature: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekRoute:
    """The route of this week, as it was decided."""

    made_at: datetime
    until: datetime | None
    is_kept: bool  # an earlier run, or `route`, made it
    assignments: tuple[PlacedItem, ...]
    unassigned: tuple[LeftItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyAnswer(RoutineAnswer):
    """How the week stands."""

    schema = "portfolio.weekly/1"
    week: str  # its first day
    race: WeekRace | None  # null: chance never gave anybody an item
    route: WeekRoute | None
    route_missing: str | None  # why there is none


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthAction:
    """One thing that `rebalance` would do."""

    action: str  # keep, add, cancel, upgrade or downgrade
    plan: str
    to_plan: str | None
    count: int
    saving_usd_month: float | None
    before: str | None  # ISO day of the earliest renewal
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPlan:
    """Which plans to hold next month, as `rebalance` says."""

    actions: tuple[MonthAction, ...]
    cost_usd: float
    features: float | None  # null: not measured


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyAnswer(RoutineAnswer):
    """How the month stands."""

    schema = "portfolio.monthly/1"
    month: str  # 2026-11
    keep: tuple[KeepRow, ...]
    is_judged: bool  # false: too few weeks were read to judge a plan
    plan: MonthPlan | None
    plan_missing: str | None  # why there is none
