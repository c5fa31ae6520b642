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
    size_basis: str | None  # said, predicted, from-text or after-the-fact
    window: str | None  # where it shipped, else where it was last worked on
    steps: tuple[str, ...]  # in order
    bugs: int
    title: str  # of the request or branch; "": none is known
    shipped_at: datetime | None
    last_at: datetime  # when anything is known of it last


@dataclass(frozen=True, slots=True, kw_only=True)
class SizesLine:
    """What the classes of size weigh by own spend, and what was shipped in them; S is 1."""

    S: float
    M: float
    L: float
    items: int  # that it was learned from; 0: 1 : 3 : 9 is the usual
    is_fixed_before: bool  # their sizes were fixed before the work
    score_shipped: float | None  # of features; None: none that was shipped has a size
    shipped_without_size: int  # features


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturesAnswer(Answer):
    """The work items."""

    schema = "portfolio.feature/1"
    features: tuple[FeatureLine, ...]
    class_weights: SizesLine
    others: int  # items of other people, on which nothing was spent here
    shows_all: bool  # in a terminal, too
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """One step of a work item."""

    step: str | None
    window: str | None
    at: datetime
    commit: str
    repository: str
    message: str
    is_landed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeLine:
    """One merge of a work item."""

    at: datetime
    commit: str
    repository: str
    rung: str
    title: str
    branches: tuple[str, ...]
    is_reverted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WordLine:
    """One thing that was said of a work item."""

    word: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """A pull request that brought an item in; what `gh` was not asked for is None."""

    repository: str  # owner/name at its forge
    number: int
    title: str | None
    branch: str | None
    labels: tuple[str, ...] | None
    closes: tuple[int, ...] | None  # issues


@dataclass(frozen=True, slots=True, kw_only=True)
class StartLine:
    """One time that work on an item was started."""

    at: datetime
    step: str
    methodology: str | None
    branch: str | None
    worktree: str  # root of the checkout


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLine:
    """An item and the kind it was said to be of."""

    feature: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAnswer(Answer):
    """Items whose kind was said."""

    schema = "portfolio.feature/1"
    named: tuple[NamedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedAnswer(Answer):
    """What a pipeline said of items."""

    schema = "portfolio.feature/1"
    read: int
    added: int
    unknown: tuple[str, ...]  # items that nothing knows of yet
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureAnswer(Answer):
    """One work item with all that is known of it."""

    schema = "portfolio.feature/1"
    feature: FeatureLine
    title: str
    events: tuple[EventLine, ...]
    size_predicted_usd: float | None  # at API prices, before the work; None: nothing told it
    merges: tuple[MergeLine, ...]
    requests: tuple[RequestLine, ...]
    starts: tuple[StartLine, ...]  # oldest first
    words: tuple[WordLine, ...]
