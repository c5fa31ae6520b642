"""What work items answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parsers.records import Problem
from portfolio.report.answers import Answer


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
