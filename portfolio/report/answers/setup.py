"""What setting up answers: the home, accounts, methodologies, the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parsers.records import Problem
from portfolio.model import Methodology, Plan
from portfolio.report.answers import Answer
from portfolio.report.answers.clients import ClientChange
from portfolio.report.answers.hook import HookLine


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAccount:
    """An account that stands when `init` is done."""

    account: str
    provider: str
    plan: str | None  # None: not known; its burn is kept, dollars wait
    price_usd: float | None  # a month, now
    renewal_day: int | None  # of the month; None: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class InitAnswer(Answer):
    """What `init` made and found."""

    schema = "portfolio.init/1"
    home: str
    is_new: bool
    repos: tuple[str, ...]
    next_steps: tuple[str, ...]
    accounts: tuple[FoundAccount, ...] = ()
    repos_found: tuple[str, ...] = ()  # where the clients' logs say that was worked
    repos_ignored: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    client_changes: tuple[ClientChange, ...] = ()  # of other programs' settings, if asked for
    hooks: tuple[HookLine, ...] = ()  # of git, in each repository, if asked for
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """One account on one plan."""

    account: str
    plan: str | None
    provider: str
    since: datetime | None
    until: datetime | None
    folder: str | None
    renewal_day: int | None = None  # of the month; None: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class AsideLine:
    """What is kept aside, as nothing says which account's it is."""

    provider: str | None  # None: the capture does not tell
    readings: int
    turns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsAnswer(Answer):
    """The accounts, each on each plan it was on."""

    schema = "portfolio.account/1"
    accounts: tuple[AccountLine, ...]
    aside: tuple[AsideLine, ...] = ()
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
