"""What each command answers. The fields are the JSON keys, so they are a promise to programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from parsers.records import Problem
from portfolio.estimate.burn import Burn
from portfolio.estimate.ledger import AccountPaid, OutsideBurn
from portfolio.estimate.money import PaidPart
from portfolio.estimate.pace import Pace
from portfolio.estimate.rows import EfficiencyRow
from portfolio.estimate.shares import Exclusion
from portfolio.model import Methodology, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Something a command says; `schema` names its document."""

    schema: ClassVar[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class InitAnswer(Answer):
    """What `init` made and found."""

    schema = "portfolio.init/1"
    home: str
    is_new: bool
    repos: tuple[str, ...]
    next_steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """One account on one plan."""

    account: str
    plan: str | None
    provider: str
    since: datetime | None
    until: datetime | None
    folder: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsAnswer(Answer):
    """The accounts, each on each plan it was on."""

    schema = "portfolio.account/1"
    accounts: tuple[AccountLine, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodologiesAnswer(Answer):
    """The methodologies with their steps."""

    schema = "portfolio.methodology/1"
    methodologies: tuple[Methodology, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolLine:
    """One pool of a plan as it is now."""

    pool: str
    unit: str
    cap: float | None  # in `unit`; 100 for pp, whose cap in anything else is not published
    relative: str | None  # "5 × claude-pro" where that is what is known


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One plan as it is now."""

    plan: str
    provider: str
    name: str
    price_usd: float | None
    price_assumed: bool
    pools: tuple[PoolLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlansAnswer(Answer):
    """The catalogue as it is now."""

    schema = "portfolio.plans/1"
    plans: tuple[PlanLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAnswer(Answer):
    """One plan with every dated fact and its source."""

    schema = "portfolio.plans/1"
    now: PlanLine
    facts: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingLine:
    """One reading."""

    id: str
    account: str | None
    pool: str
    unit: str
    used: float
    cap: float | None
    read_at: datetime
    held_since: datetime | None
    resets_at: datetime | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CapLine:
    """One cap that a text stated."""

    account: str | None
    pool: str
    unit: str
    cap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAnswer(Answer):
    """What one capture gave."""

    schema = "portfolio.read/1"
    readings: tuple[ReadingLine, ...]
    caps: tuple[CapLine, ...]
    readings_added: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedLine:
    """One reading that was taken back; it is kept, and counts nowhere."""

    id: str
    account: str | None
    pool: str
    unit: str
    used: float
    read_at: datetime
    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingsAnswer(Answer):
    """The readings that are stored."""

    schema = "portfolio.readings/1"
    readings: tuple[ReadingLine, ...]
    dropped: tuple[DroppedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncAnswer(Answer):
    """What one `sync` took in."""

    schema = "portfolio.sync/1"
    readings_added: int
    turns_added: int
    commits_added: int
    lines_skipped: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturesOf:
    """The features of one window, by id."""

    shipped: tuple[str, ...]
    attempted: tuple[str, ...]
    reverted: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowAnswer(Answer):
    """One logged window as it was observed."""

    schema = "portfolio.log-window/1"
    window: str
    start_at: datetime
    end_at: datetime
    methodology: str | None
    is_dry_run: bool
    burn: tuple[Burn, ...]
    features: FeaturesOf
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureLine:
    """One work item."""

    feature: str
    kind: str
    outcome: str
    provisional: bool  # the outcome may still change without anybody doing anything
    evidence: str
    size: str | None
    window: str | None  # where it shipped, else where it was last worked on
    steps: tuple[str, ...]  # in order
    bugs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturesAnswer(Answer):
    """The work items."""

    schema = "portfolio.feature/1"
    features: tuple[FeatureLine, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """One step of a work item."""

    step: str
    window: str
    at: datetime
    commit: str
    repository: str
    message: str
    is_landed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureAnswer(Answer):
    """One work item with all that is known of it."""

    schema = "portfolio.feature/1"
    feature: FeatureLine
    events: tuple[EventLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalPaid:
    """All accounts together."""

    paid_usd: float | None
    features_shipped: int
    paid_per_feature_usd: float | None
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAnswer(Answer):
    """What a feature costs on each account and methodology, and what could not be counted."""

    schema = "portfolio.report/1"
    since: datetime | None
    until: datetime
    by: str | None
    windows_logged: int
    efficiency: tuple[EfficiencyRow, ...]
    accounts: tuple[AccountPaid, ...]
    total: TotalPaid
    excluded: tuple[Exclusion, ...]
    outside: tuple[OutsideBurn, ...]
    shipped_in_excluded: tuple[str, ...]
    shipped_unlogged: tuple[str, ...]
    straddled: tuple[str, ...]
    paid_split: tuple[PaidPart, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesAnswer(Answer):
    """The five lines of `portfolio` without a command."""

    schema = "portfolio.lines/1"
    lines: tuple[str, ...]
    next_cap: Pace | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoStep:
    """One command of the demo, what it printed, and what to read in it."""

    command: str
    output: str
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAnswer(Answer):
    """The whole way on made-up data."""

    schema = "portfolio.demo/1"
    steps: tuple[DemoStep, ...]
