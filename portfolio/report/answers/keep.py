"""What `keep` answers: for each plan held, what it would be like without it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from parsers.records import Problem
from portfolio.report.answers import Answer

Change: TypeAlias = Literal["cancel", "downgrade"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRow:
    """What giving up one plan, or going to the next smaller one, would have meant."""

    plan: str  # held
    account: str
    change: Change
    to: str | None  # the smaller plan; null: none
    saving_usd_month: float | None  # null where a price is not known
    weeks: int  # complete ones that all meters needed tell of
    weeks_blocked: int  # of those: some work would have found no room on the other plans
    blocked_share_high: float | None  # 0 to 1: a week is blocked at most this likely (95 %)
    next_week_risk: float | None  # 0 to 1: that next week's load exceeds a cap
    fullest_share: float | None  # 0 to 1 and more: of the room left, in the heaviest week
    fullest_pool: str | None  # of which pools' room
    verdict: str
    reason: str | None  # slug: why it is no `cancel`
    competes_with: tuple[str, ...]  # accounts: only one of them can be given up
    blocked_from: tuple[datetime, ...]  # begin of each blocked week
    loses: tuple[str, ...]  # what it is used for besides
    renews_on: str | None  # ISO day; null where it is not known
    watch_until: str | None  # ISO day: four weeks will be there; null unless it is watched


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusedCycle:
    """One cycle of an account's priced pool that is over."""

    begin: datetime
    end: datetime  # not included
    last_read_at: datetime
    used_share: float | None  # of the cap; null where no reading tells how it ended
    unused_usd: float | None  # of the price: gone with the cycle
    full_hours: float  # any of its pools for all models stood at its cap


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusedRow:
    """What expired of one account, as its own meter showed it."""

    account: str
    plan: str
    pool: str  # its priced pool
    cycles: int  # whole ones whose end is told: they are counted
    cycles_untold: int  # whole ones that were read, but not how they ended
    used_share: float | None  # 0 to 1: the mean of the cycles counted, each 1 at most
    paid_usd_month: float | None  # its price over the cycles counted
    expired_usd_month: float | None  # of the price: paid for and not used
    full_hours_week: float | None  # hours a week that any of its pools stood at its cap
    is_computed: bool  # some of it was counted from requests, where nobody read the meter
    each: tuple[UnusedCycle, ...]  # oldest first


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedRow:
    """A plan that was given up, and whether it is missed since."""

    account: str
    plan: str
    cancelled_at: datetime
    weeks: int  # complete ones since, that the meters of all plans left tell of
    weeks_blocked: int  # since, the present one too: all plans left stood at a cap at once
    first_blocked_at: datetime | None
    last_blocked_at: datetime | None  # the end of the last such time
    verdict: str  # subscribe-again, cancelled, or not-measured: a plan left was never read


@dataclass(frozen=True, slots=True, kw_only=True)
class NotJudged:
    """A pool that could not be taken into account, and what would change that."""

    account: str
    pool: str
    reason: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of what an account's meter showed was worked on this machine."""

    account: str
    coverage: float | None  # 0 to 1 of its burn; null: its meter did not move, or nobody read it


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepAnswer(Answer):
    """For each plan held whether it is dead weight."""

    schema = "portfolio.keep/1"
    since: datetime
    until: datetime
    plans: tuple[KeepRow, ...]
    unused: tuple[UnusedRow, ...]  # of the accounts held
    watched: tuple[WatchedRow, ...]  # given up in the time looked at
    not_judged: tuple[NotJudged, ...]
    coverage: tuple[Coverage, ...]
    unowned_usd: float  # at API prices: of requests that could be several accounts', or nobody's
    problems: tuple[Problem, ...]
