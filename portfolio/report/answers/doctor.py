"""What looking after everything answers: the sources, the checks, and lines for a bug report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portfolio.report.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """One thing that readings or turns come from."""

    source: str
    is_found: bool  # it is on this machine, or has given something
    place: str | None  # where it is; ~ is the user's own folder
    newest_at: datetime | None  # of what was taken in
    oldest_at: datetime | None
    readings: int
    turns: int
    accounts: tuple[str, ...]
    missing: str | None  # what is missing; None: nothing
    command: str | None  # what adds it
    is_by_hand: bool = False  # nobody finds it here: the user gives its answer, or a file


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One thing that was looked at."""

    name: str
    is_ok: bool
    what: str
    command: str | None  # what puts it right


@dataclass(frozen=True, slots=True, kw_only=True)
class OffendingSample:
    """A line that is not understood, without what is its user's own."""

    source: str
    problem: str
    line: int | None
    sample: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorAnswer(Answer):
    """What is there, what is missing, and what to do about it."""

    schema = "portfolio.doctor/1"
    sources: tuple[SourceLine, ...]
    checks: tuple[CheckLine, ...]
    versions: str
    samples: tuple[OffendingSample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BugReportAnswer(Answer):
    """What is not understood, to be given to strangers."""

    schema = "portfolio.bug-report/1"
    versions: str
    lines_skipped: int  # of all logs that were taken in
    samples: tuple[OffendingSample, ...]
