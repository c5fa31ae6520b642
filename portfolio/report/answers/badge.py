"""What a badge says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parsers.records import Problem
from portfolio.report.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeAnswer(Answer):
    """What the subscriptions saved and cost, as a badge says it, and where it stands."""

    schema = "portfolio.badge/1"
    readme: str
    svg: str | None  # the picture, where one was asked for
    is_changed: bool  # whether any of these files is another one now
    date: str  # ISO, in the user's zone
    since: datetime | None  # None: there is no day to tell of
    saved_usd: float | None  # the same tokens at API prices; here and below None: not known
    is_at_least: bool  # some tokens have no price
    spent_usd: float | None  # what the plans cost
    net_usd: float | None  # saved − spent
    days: int
    days_known: int  # those of which both are known, and that are added up
    paid_per_feature_usd: float | None  # as the report says it, all accounts together
    features_shipped: int
    problems: tuple[Problem, ...]
