"""Read again what a session was asked: the store only counts it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from portfolio.ingest.log_files import LogWalk

if TYPE_CHECKING:
    from portfolio.ingest.log_files import LogFile

COMPRESSED = ".zst"


class Prompts(NamedTuple):
    """What a person said in one session."""

    first: str
    said: int  # of all that was said, the first included
    path: str  # of the log it stands in


def prompts_of_session(folders: Iterable[str], session: str) -> Prompts | None:
    """Give what was said in a session; None where its log is gone, or says nothing."""
    walk = LogWalk()
    for folder in folders:
        for log in walk.logs_of(folder):
            said = _texts(log) if session in Path(log.path).name else []
            if said:
                return Prompts(said[0], len(said), log.path)
    return None


def _texts(log: LogFile) -> Sequence[str]:
    from parsers.prompts import texts_of_rollout, texts_of_transcript

    try:
        if log.path.endswith(COMPRESSED):
            return texts_of_rollout(_unpacked(log.path))
        with Path(log.path).open("rb") as lines:
            return texts_of_transcript(lines) if log.source == "claude" else texts_of_rollout(lines)
    except OSError:
        return ()


def _unpacked(path: str) -> Iterator[bytes]:
    from portfolio.store.compressed import compressed_lines

    for _, line in compressed_lines(path, needles=['"user_message"']):
        yield (line or "").encode()
