"""Read the logs that Codex compressed: since June 2026 it does so with those a week old.

Such a log never grows (it is unpacked again before anything is written on), so it is read as a
whole, once. Only lines with a needle are unpacked; empty ones stand for those between.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from portfolio.ingest.log_files import VERSIONS, LogFile, path_text
from portfolio.store.compressed import compressed_lines
from portfolio.store.turns import LogState

if TYPE_CHECKING:
    from parsers.records import LogHarvest

COMPRESSED: Final = ".zst"
BROKEN: Final = b'{"token_count"'  # stands for a line that is no JSON, and is counted as one


class _Lines:
    """Lines of a log as the file they stand in."""

    def __init__(self, numbered: Iterator[tuple[int, str | None]]) -> None:
        self._numbered = numbered
        self._waiting = memoryview(b"")
        self._reached = 0

    def readinto(self, buffer: memoryview, /) -> int:
        """Read what fits."""
        if not self._waiting:
            number, line = next(self._numbered, (0, ""))
            if not number:
                return 0
            between = number - self._reached - 1
            self._reached = number
            text = BROKEN if line is None else line.encode()
            self._waiting = memoryview(b"\n" * between + text + b"\n")
        count = min(len(buffer), len(self._waiting))
        buffer[:count] = self._waiting[:count]
        self._waiting = self._waiting[count:]
        return count


def unpacked(log: LogFile) -> tuple[LogState, LogHarvest]:
    """Give what a compressed log says, and the state of it.

    Raises:
        OSError: It is gone, or cannot be unpacked.
    """
    from parsers.rollout_lines import NEEDLES, PROMPT
    from parsers.rollouts import read_rollout

    needles = [needle.decode() for needle in (*NEEDLES, PROMPT)]
    harvest = read_rollout(_Lines(compressed_lines(log.path, needles=needles)))
    state = LogState(
        path=path_text(log.path),
        folder=log.folder,
        source=log.source,
        reader=VERSIONS[log.source],
        size=log.size,
        modified_ns=log.modified_ns,
        end_offset=log.size,
        seam="",
        carry="",
        lines_read=harvest.lines_read,
        lines_skipped=harvest.lines_skipped,
    )
    return state, harvest
