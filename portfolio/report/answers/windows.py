"""What windows answer: one that was logged, those that wait, those that were confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parsers.records import Problem
from portfolio.estimate.burn import Burn
from portfolio.estimate.proposals import Proposal
from portfolio.model import Window
from portfolio.report.answers import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturesOf:
    """The features of one window, by id."""

    shipped: tuple[str, ...]
    attempted: tuple[str, ...]
    reverted: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartAnswer:
    """One of several methodologies of a window."""

    methodology: str
    accounts: tuple[str, ...]  # those that worked by it
    features: tuple[str, ...]  # as named
    shipped: tuple[str, ...]  # those among them that shipped here


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowAnswer(Answer):
    """One logged window as it was observed."""

    schema = "portfolio.log-window/1"
    window: str
    start_at: datetime
    end_at: datetime
    methodology: str | None  # of several: their names, joined by +
    is_guess: bool  # the methodology was guessed, and nobody said it
    is_dry_run: bool
    burn: tuple[Burn, ...]
    features: FeaturesOf
    parts: tuple[PartAnswer, ...]  # empty where there is one methodology for all
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()  # what the sync before it told, once


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowsAnswer(Answer):
    """The windows that are proposed from what was done, and those that are logged."""

    schema = "portfolio.windows/1"
    proposed: tuple[Proposal, ...]  # oldest first
    logged: tuple[Window, ...]  # oldest first
    written: str | None  # the file the table was written to
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmAnswer(Answer):
    """The windows that were logged from proposals or from a table."""

    schema = "portfolio.windows-confirm/1"
    confirmed: tuple[Window, ...]  # new, or corrected
    unchanged: tuple[str, ...]  # names of those that were logged so already
    problems: tuple[Problem, ...]
