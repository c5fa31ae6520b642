"""What `replay` answers: the work of the past under other plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parsers.records import Problem
from portfolio.report.answers import Answer
from portfolio.report.answers.keep import NotJudged


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A number as far as caps and conversions are known: at best, in the middle, at worst."""

    low: float
    point: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedPlace:
    """Work that would have found no room, at worst."""

    repository: str | None
    branch: str | None
    item: str | None
    usd: float  # at API prices


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRow:
    """One plan of the portfolio."""

    name: str
    plan: str
    price_usd_month: float | None
    pool: str  # its priced pool
    cycles: int  # whole ones
    used_share: Range | None  # 0 to 1 of the caps; null: no cycle lies wholly in the time
    expired_usd_month: Range | None  # of the price
    full_hours: Range  # in which any of its pools stood at its cap, in all


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedSpan:
    """A time in which every plan stood at a cap, at worst."""

    since: datetime
    until: datetime
    pools: tuple[str, ...]  # that stood at their cap when it began, as "PLAN POOL"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedScope:
    """Models with pools of their own, for which every plan stood at a cap for longer."""

    scope: str  # e.g. "opus"
    hours: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayAnswer(Answer):
    """The past weeks under a portfolio of plans."""

    schema = "portfolio.replay/1"
    since: datetime
    until: datetime
    plans: tuple[SeatRow, ...]
    work_usd: float  # all that was worked, at API prices
    blocked_hours: Range
    overflow_usd: Range  # work without room, at API prices: what paying by token would have cost
    blocked_spans: tuple[BlockedSpan, ...]
    blocked_scopes: tuple[BlockedScope, ...]
    blocked_work: tuple[BlockedPlace, ...]
    elsewhere_usd: float  # of the work: worked elsewhere than on this machine, by its meters
    not_judged: tuple[NotJudged, ...]
    problems: tuple[Problem, ...]
