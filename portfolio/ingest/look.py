"""What one look at a source gave: every collector adds to one of these."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.records import Problem
from portfolio.model import PlanSighting


@dataclass(slots=True)
class Look:
    """What was taken in, and what could not be."""

    readings_added: int = 0
    turns_added: int = 0
    commits_added: int = 0
    lines_skipped: int = 0
    problems: list[Problem] = field(default_factory=list)
    plans_named: list[PlanSighting] = field(default_factory=list)  # each change once
    logins_seen: int = 0
