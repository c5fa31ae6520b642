"""What is changed in the settings of other programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from parsers.records import Problem
from portfolio.report.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientChange:
    """One change of another program's settings."""

    file: str
    setting: str  # the key in it, e.g. "statusLine"
    status: Literal["applied", "shown", "declined", "not-needed"]
    diff: tuple[str, ...]  # the lines that change, as `diff` writes them
    backup: str | None  # the settings as they were before, once changed
    hint: str | None  # what to know or do about it


@dataclass(frozen=True, slots=True, kw_only=True)
class UninstallAnswer(Answer):
    """What was taken out of other programs' settings."""

    schema = "portfolio.uninstall/1"
    changes: tuple[ClientChange, ...]
    home: str  # stays as it is
    problems: tuple[Problem, ...] = ()
