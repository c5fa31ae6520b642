"""What a logged window answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parsers.records import Problem
from portfolio.estimate.burn import Burn
from portfolio.report.answers import Answer


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
