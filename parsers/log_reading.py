"""What every reader of a log shares: fields that check themselves, and problems told once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final, TypeAlias

import msgspec

from parsers.records import LogHarvest, Problem

UNKNOWN_MODEL: Final = "unknown"
UNREADABLE: Final = (ValueError, RecursionError)  # the latter: nested too deeply

MOST_SORTS: Final = 100  # of problems of one stretch that are told; hostile logs have more
YEARS: Final = range(2000, 2100)  # that a log could be of

Tokens: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=10**15)]
Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]


class UnreadableError(ValueError):
    """A line that ought to say something and lacks what it would need for that."""


@dataclass(slots=True)
class LogReader:
    """What a reader has found so far; of each sort of problem, the first is told."""

    harvest: LogHarvest = field(default_factory=LogHarvest)
    sorts: set[tuple[str, str]] = field(default_factory=set)

    def skip(self, what: str, *, line: int) -> None:
        """Count a line that could not be read; `line` counts on from those read before."""
        self.harvest.lines_skipped += 1
        self.tell("line-unreadable", what, line=line)

    def tell(self, slug: str, what: str, *, line: int) -> None:
        """Tell a problem, if none of its sort was told."""
        if (slug, what) not in self.sorts and len(self.sorts) < MOST_SORTS:
            self.sorts.add((slug, what))
            self.harvest.problems.append(Problem(slug, self.harvest.lines_read + line + 1, what))


def microseconds(at: datetime | None, *, of: str) -> int:
    """Give a moment in whole UTC microseconds.

    Raises:
        UnreadableError: There is none, or none that a log could be of.
    """
    if at is None or at.year not in YEARS:
        raise UnreadableError(f"{of} without its time")
    return round(at.timestamp() * 1_000_000)


def without_place(error: Exception) -> str:
    """Give what is wrong, without the byte it stands at: errors of one sort are told once."""
    return str(error).partition(" (byte")[0]
