"""Every source of `doctor`: is it here, what has it given, and what would add it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TypeAlias

from portfolio.commands.stored import ClientTurns, Stored
from portfolio.ingest.client_settings import TranscriptsKept
from portfolio.ingest.live_glm import VARIABLE
from portfolio.ingest.live_questions import ASK, LiveSource
from portfolio.ingest.logs_here import LogsHere
from portfolio.ingest.machine import Machine
from portfolio.ingest.snapshots import HISTORY
from portfolio.report.answers.doctor import SourceLine
from portfolio.report.text import plural
from portfolio.store.sources import ReadingSource

FROM_LOGS: Final = {"claude": ("claude-limit", "claude-stream"), "codex": ("codex-rollout",)}
TAKE_IN_FIRST: Final = "portfolio init && portfolio sync"
COMPUTED: Final = "glm-computed"
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
            any(map(_is_folder, folders))
            or machine.program(client) is not None
            or any(span.provider == client for span in self.stored.spans)
        )


def sources_of(seen: Seen) -> list[SourceLine]:
    """Give every source in the order it is told."""
    lines = [
        _logs(seen, "claude-transcripts", client="claude"),
        _snapshot(seen, "claude-cache", _caches(seen.machine)),
        _snapshot(seen, "claude-desktop", _histories(seen.machine)),
        _statusline(seen),
        _logs(seen, "codex-rollouts", client="codex"),
        *(_live(seen, source) for source in seen.live),
        _glm_turns(seen),
        _glm_computed(seen),
        _repositories(seen),
        _totals(seen),
    ]
    return [*lines, *_others(seen, {line.source for line in lines})]


def _line(
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


def _readings(seen: Seen, *sources: str) -> list[Given]:
    return [seen.stored.readings[one] for one in sources if one in seen.stored.readings]


def _logs(seen: Seen, source: str, *, client: str) -> SourceLine:
    here = seen.logs[client]
    own = [
        turns
        for (log, provider), turns in seen.stored.clients.items()
        if log == client and not (client == "claude" and provider == "glm")
    ]
    missing, command = None, None
    if here.new:
        missing = f"{here.new:,} of {here.logs:,} logs are new or have grown"
        command = seen.take_in
    elif not here.logs and seen.has_client(client):
        missing = f"{client} has written no logs where they usually lie"
        command = f"portfolio account add {client}-a --provider {client} --folder DIR"
    elif not here.logs:
        missing = f"{client} is not on this machine"
    return _line(
        source,
        place=", ".join(map(seen.shown, here.places)) or None,
        is_found=here.logs > 0,
        given=[*own, *_readings(seen, *FROM_LOGS[client])],
        missing=missing,
        command=command,
    )


def _caches(machine: Machine) -> list[Path]:
    return list(dict.fromkeys(map(machine.claude_config, machine.claude_folders())))


def _histories(machine: Machine) -> list[Path]:
    return [folder / HISTORY for folder in machine.claude_desktop_folders()]


def _snapshot(seen: Seen, source: str, places: Sequence[Path]) -> SourceLine:
    there = [path for path in places if _is_file(path)]
    given = _readings(seen, source)
    missing, command = None, None
    if not there:
        missing = f"there is no {places[0].name}" if places else "it has no place here"
    elif not given:
        missing, command = "no meter of it was taken in", seen.take_in
    return _line(
        source,
        place=", ".join(map(seen.shown, there)) or None,
        is_found=bool(there),
        given=given,
        missing=missing,
        command=command,
    )


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # in a folder that is closed to us
        return False


def _statusline(seen: Seen) -> SourceLine:
    missing, command = None, None
    if not seen.statusline_places and seen.has_client("claude"):
        missing = "Claude Code does not tell portfolio its meter after each answer"
        command = "portfolio init --statusline"
    elif seen.captures_waiting:
        waits = "captures wait" if seen.captures_waiting > 1 else "capture waits"
        missing = f"{seen.captures_waiting:,} {waits}"
        command = seen.take_in
    return _line(
        "claude-statusline",
        place=", ".join(map(seen.shown, seen.statusline_places)) or None,
        is_found=bool(seen.statusline_places) or seen.captures_waiting > 0,
        given=_readings(seen, "claude-statusline"),
        missing=missing,
        command=command,
    )


def _live(seen: Seen, live: LiveSource) -> SourceLine:
    given = _readings(seen, live.source)
    missing, command = None, None
    if not live.is_ready:
        missing = live.found
        if live.provider == "glm" and any(span.provider == "glm" for span in seen.stored.spans):
            command = f"{VARIABLE}=KEY {ASK}"
    elif not given:
        missing, command = "it is asked only when you say so", ASK
    return _line(
        live.source,
        place=live.found if live.is_ready else None,
        is_found=live.is_ready,
        given=given,
        missing=missing,
        command=command,
    )


def _glm_turns(seen: Seen) -> SourceLine:
    own = seen.stored.clients.get(("claude", "glm"))
    return _line(
        "glm-transcripts",
        place=", ".join(map(seen.shown, seen.logs["claude"].places)) if own else None,
        is_found=own is not None,
        given=[own] if own else [],
        missing=None if own else "no request to a GLM model is in Claude's transcripts",
    )


def _glm_computed(seen: Seen) -> SourceLine:
    """Tell of the meter that is counted from requests; it is a view, no reading is stored."""
    own = seen.stored.clients.get(("claude", "glm"))
    glm = [span for span in seen.stored.spans if span.provider == "glm"]
    is_found = own is not None and bool(own.accounts)
    missing, command = None, None
    if not is_found:
        missing = "requests to GLM by a known account are needed for it"
    elif not any(span.plan for span in glm):
        missing = "its cap is not known, as the plan is not"
        command = f"portfolio account add {glm[0].account} --provider glm --plan ID"
    return _line(
        COMPUTED,
        place="from Claude's transcripts" if is_found else None,
        is_found=is_found,
        given=[own] if own is not None and is_found else [],
        missing=missing,
        command=command,
    )


def _repositories(seen: Seen) -> SourceLine:
    known = [seen.stored.repositories.get(folder) for folder in seen.repos]
    found = [one for one in known if one is not None]
    missing, command = None, None
    if not seen.repos:
        missing = "no repository is named whose features count, and none was found"
        command = "portfolio init --repo DIR"
    elif not any(one.taken_at for one in found):
        missing, command = "no repository was taken in yet", seen.take_in
    elif not any(one.tags for one in found):
        missing = "no commit bears a work tag (xfeat::ID::WINDOW::STEP); merges count without"
    moments = [at for one in found for at in (one.oldest_at, one.newest_at) if at is not None]
    return SourceLine(
        source="git",
        is_found=bool(seen.repos),
        place=", ".join(_repository(seen, folder) for folder in seen.repos) or None,
        newest_at=max(moments, default=None),
        oldest_at=min(moments, default=None),
        readings=0,
        turns=0,
        accounts=(),
        missing=missing,
        command=command,
    )


def _repository(seen: Seen, folder: str) -> str:
    """Tell of one repository where it is, and what it gave."""
    known = seen.stored.repositories.get(folder)
    if known is None or known.taken_at is None:
        return seen.shown(folder)
    given = f"{plural(known.commits, 'commit')}, {plural(known.tags, 'tag')}"
    return f"{seen.shown(folder)} ({given}, taken in {known.taken_at:%Y-%m-%d})"


def _totals(seen: Seen) -> SourceLine:
    totals = seen.stored.totals
    missing = None if totals else "days before your logs begin can be taken from it"
    return SourceLine(
        source="ccusage",
        is_found=bool(totals),
        place=None,
        newest_at=max((one.newest_at for one in totals), default=None),
        oldest_at=min((one.oldest_at for one in totals), default=None),
        readings=0,
        turns=0,
        accounts=(),
        missing=missing,
        command=None,
    )


def _others(seen: Seen, told: set[str]) -> Iterator[SourceLine]:
    """Give what was read from files of other providers and tools, or was typed in."""
    from_logs = {source for sources in FROM_LOGS.values() for source in sources}
    for source in sorted(set(seen.stored.readings) - told - from_logs):
        yield _line(source, place="files", is_found=True, given=_readings(seen, source))
