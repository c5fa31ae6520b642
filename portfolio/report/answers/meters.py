"""What meters answer: readings and caps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parsers.records import Problem
from portfolio.report.answers import Answer


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
class TokenLine:
    """Tokens of a span of time as another tool counted them."""

    source: str
    start_at: datetime
    end_at: datetime
    model: str
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    cost_usd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAnswer(Answer):
    """What one capture gave."""

    schema = "portfolio.read/1"
    readings: tuple[ReadingLine, ...]
    caps: tuple[CapLine, ...]
    token_totals: tuple[TokenLine, ...]
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
class ComputedLine:
    """Where a meter stands as this machine's logs count it; no reading, and stored nowhere."""

    account: str
    pool: str
    unit: str
    used: float
    cap: float | None
    at: datetime
    resets_at: datetime | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingsAnswer(Answer):
    """The readings that are stored, and beside them what is computed."""

    schema = "portfolio.readings/1"
    readings: tuple[ReadingLine, ...]
    dropped: tuple[DroppedLine, ...]
    computed: tuple[ComputedLine, ...] = ()
