"""What taking care of the store answers: exports, imports."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.records import Problem
from portfolio.report.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """One file of an export."""

    table: str
    path: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAnswer(Answer):
    """What an export wrote."""

    schema = "portfolio.export/1"
    folder: str
    files: tuple[ExportedFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedTable:
    """One table of an import."""

    table: str
    rows: int  # in its file
    added: int  # that were not here


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportAnswer(Answer):
    """What an import took in."""

    schema = "portfolio.import/1"
    folder: str
    tables: tuple[ImportedTable, ...]
    rows_added: int
    problems: tuple[Problem, ...]
