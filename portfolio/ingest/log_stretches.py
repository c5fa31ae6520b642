"""Read a log stretch by stretch, from where it was read to before if it merely grew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol

from portfolio.ingest.log_files import VERSIONS, LogFile, path_text
from portfolio.store.turns import LogState

if TYPE_CHECKING:
    from io import FileIO

    from parsers.records import LogHarvest


class Reader(Protocol):
    """A parser of logs."""

    def __call__(self, stream: FileIO, /, *, carry: str, most_bytes: int | None) -> LogHarvest:
        """Read a stretch of a log from where it stands."""


# The function of each source, as MODULE.FUNCTION of parsers: imported when a log of it is read.
READERS: Final = {"claude": "transcripts.read_transcript", "codex": "rollouts.read_rollout"}
STRETCH_BYTES: Final = 64 << 20
SEAM_BYTES: Final = 1024


def stretches(
    stream: FileIO, log: LogFile, state: LogState | None
) -> Iterator[tuple[LogState, LogHarvest]]:
    """Give what each stretch says, and the place reached with it; to be stored together."""
    reader = _reader(log.source)
    at = LogState(
        path=path_text(log.path),
        folder=log.folder,
        source=log.source,
        reader=VERSIONS[log.source],
        size=log.size,
        modified_ns=log.modified_ns,
        end_offset=0,
        seam="",
        carry="",
        lines_read=0,
        lines_skipped=0,
    )
    if state is not None and _has_grown(stream, log, state):
        at = at._replace(
            end_offset=state.end_offset,
            carry=state.carry,
            lines_read=state.lines_read,
            lines_skipped=state.lines_skipped,
        )
    is_whole = False
    while not is_whole:
        stream.seek(at.end_offset)
        harvest = reader(stream, carry=at.carry, most_bytes=STRETCH_BYTES)
        end = at.end_offset + harvest.end
        is_whole = harvest.end == 0 or end >= log.size
        # Until it was read to its end, a log is one that has grown: the next sync reads on.
        size, modified_ns = (log.size, log.modified_ns) if is_whole else (end, 0)
        at = at._replace(
            size=size,
            modified_ns=modified_ns,
            end_offset=end,
            seam=_seam(stream, end),
            carry=harvest.carry,
            lines_read=at.lines_read + harvest.lines_read,
            lines_skipped=at.lines_skipped + harvest.lines_skipped,
        )
        yield at, harvest


def _has_grown(stream: FileIO, log: LogFile, state: LogState) -> bool:
    """Tell a log that was written on from one that was written anew."""
    return (
        state.reader == VERSIONS[log.source]
        and log.size > state.size
        and _seam(stream, state.end_offset) == state.seam
    )


def _seam(stream: FileIO, end: int) -> str:
    """Digest how a log begins, and what stands before a place in it."""
    digest = hashlib.blake2b(digest_size=8)
    for begin in (0, max(0, end - SEAM_BYTES)):
        stream.seek(begin)
        digest.update(stream.read(min(SEAM_BYTES, end)))
    return digest.hexdigest()


def _reader(source: str) -> Reader:
    module, _, name = READERS[source].partition(".")
    read: Reader = getattr(import_module(f"parsers.{module}"), name)
    return read
