"""All that `doctor` looked at, and how one source is told from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TypeAlias

from portfolio.commands.stored import ClientTurns, Stored
from portfolio.ingest.client_settings import TranscriptsKept
from portfolio.ingest.live_questions import LiveSource
from portfolio.ingest.logs_here import LogsHere
from portfolio.ingest.machine import Machine
from portfolio.report.answers.doctor import SourceLine
from portfolio.store.sources import ReadingSource

TAKE_IN_FIRST: Final = "portfolio init && portfolio sync"
Given: TypeAlias = ClientTurns | ReadingSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All that was looked at."""

    machine: Machine
    is_set_up: bool
    prices_path: Path  # the user's own prices of models
    stored: Stored
    logs: Mapping[str, LogsHere]  # by client
    live: Sequence[LiveSource]
    repos: Sequence[str]  # that count
    captures_waiting: int  # in the spool
    statusline_places: Sequence[Path]  # settings of Claude Code in which our statusline stands
    kept: Sequence[TranscriptsKept]  # how long Claude Code keeps its transcripts

    @property
    def take_in(self) -> str:
        """Give the command that takes in what is here."""
        return "portfolio sync" if self.is_set_up else TAKE_IN_FIRST

    def shown(self, path: str | Path) -> str:
        """Write a place with ~ for the user's own folder."""
        return self.machine.shown(Path(path))

    def has_client(self, client: str) -> bool:
        """Tell whether there is any sign of a client here."""
        machine = self.machine
        folders = machine.claude_folders() if client == "claude" else machine.codex_folders()
        return (
            any(map(is_folder, folders))
            or machine.program(client) is not None
            or any(span.provider == client for span in self.stored.spans)
        )


def source_line(
    source: str,
    *,
    place: str | None,
    is_found: bool,
    given: Sequence[Given] = (),
    missing: str | None = None,
    command: str | None = None,
) -> SourceLine:
    """Put together what was given in several ways: requests, or readings with their span."""
    readings = turns = 0
    moments: list[datetime] = []
    accounts: set[str] = set()
    for one in given:
        if isinstance(one, ClientTurns):
            turns += one.turns
        else:
            readings += one.readings
        moments += [at for at in (one.oldest_at, one.newest_at) if at is not None]
        accounts |= set(one.accounts)
    return SourceLine(
        source=source,
        is_found=is_found or bool(readings or turns),
        place=place,
        newest_at=max(moments, default=None),
        oldest_at=min(moments, default=None),
        readings=readings,
        turns=turns,
        accounts=tuple(sorted(accounts)),
        missing=missing,
        command=command,
    )


def readings_of(seen: Seen, *sources: str) -> list[Given]:
    """Give what some sources of readings have given."""
    return [seen.stored.readings[one] for one in sources if one in seen.stored.readings]


def is_folder(path: Path) -> bool:
    """Tell whether a folder is there; one that is closed to us is none."""
    try:
        return path.is_dir()
    except OSError:
        return False
