"""What the page is made of: the answers of other commands, and how full the pools were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parsers.records import Problem
from portfolio.estimate.pool_burn import PoolBurn
from portfolio.report.answers import Answer
from portfolio.report.answers.keep import KeepAnswer
from portfolio.report.answers.racing import RaceAnswer
from portfolio.report.answers.reporting import LinesAnswer, ReportAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAnswer(Answer):
    """All that stands on the page; each part is what its own command answers."""

    schema = "portfolio.page/1"
    made_at: datetime
    lines: LinesAnswer
    report: ReportAnswer
    keep: KeepAnswer
    race: RaceAnswer
    burns: tuple[PoolBurn, ...]  # the one that hits its cap first is first


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenAnswer(Answer):
    """A page that was written."""

    schema = "portfolio.report-page/1"
    file: str
    bytes: int
    charts: int
    problems: tuple[Problem, ...]
