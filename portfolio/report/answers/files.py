"""What was written into files that the user named."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.records import Problem
from portfolio.report.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """One file."""

    path: str
    what: str  # markdown, csv, parquet, xlsx
    rows: int | None  # of a table; None: of what is no table


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesAnswer(Answer):
    """The files that a command wrote."""

    schema = "portfolio.files/1"
    files: tuple[WrittenFile, ...]
    problems: tuple[Problem, ...] = ()
