"""What every reader of a log shares: fields that check themselves, and problems told once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final, TypeAlias, TypeVar

import msgspec

from parsers.records import LogHarvest, Problem

UNKNOWN_MODEL: Final = "unknown"
UNREADABLE: Final = (ValueError, RecursionError)  # the latter: nested too deeply

# Half of a character that takes two escapes, without its other half; what is whole is matched
# first, so that it is passed over, as a backslash that is meant itself is.
_HALF: Final = re.compile(
    rb"(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
_AROUND: Final = b"\xef\xbb\xbf\0"  # a byte order mark; what a crash leaves where it wrote nothing

MOST_SORTS: Final = 100  # of problems of one stretch that are told; hostile logs have more
YEARS: Final = range(2000, 2100)  # that a log could be of

Tokens: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=10**15)]
Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
_T = TypeVar("_T")


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


def decoded(decoder: msgspec.json.Decoder[_T], raw: memoryview) -> _T:
    """Decode a line; where its text is damaged, which says nothing of its numbers, mended.

    Raises:
        ValueError: It is no JSON all the same, or not of the shape that is looked for.
        RecursionError: It is nested too deeply.
    """
    try:
        return decoder.decode(raw)
    except ValueError:
        mended = _mended(bytes(raw))
        if mended == raw:
            raise
    return decoder.decode(mended)


def _mended(raw: bytes) -> bytes:
    """Put whole characters for those that are halved or cut, as a text cut anywhere leaves them."""
    text = raw.strip(_AROUND).decode("utf-8", "replace").encode()
    return _HALF.sub(lambda found: found[1] or b"\\ufffd", text)


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
