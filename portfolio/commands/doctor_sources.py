"""Every source of `doctor`: is it here, what has it given, and what would add it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from portfolio.commands.doctor_elsewhere import (
    by_hand_lines,
    other_lines,
    repositories_line,
    totals_line,
)
from portfolio.commands.doctor_seen import Seen, readings_of, source_line
from portfolio.ingest.live_glm import VARIABLE
from portfolio.ingest.live_questions import ASK, LiveSource
from portfolio.ingest.machine import Machine
from portfolio.ingest.snapshots import HISTORY
from portfolio.report.answers.doctor import SourceLine

FROM_LOGS: Final = {"claude": ("claude-limit", "claude-stream"), "codex": ("codex-rollout",)}
COMPUTED: Final = "glm-computed"


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
        repositories_line(seen),
        *by_hand_lines(seen),
        totals_line(seen),
    ]
    told = {line.source for line in lines}
    told |= {source for sources in FROM_LOGS.values() for source in sources}
    return [*lines, *other_lines(seen, told)]


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
    return source_line(
        source,
        place=", ".join(map(seen.shown, here.places)) or None,
        is_found=here.logs > 0,
        given=[*own, *readings_of(seen, *FROM_LOGS[client])],
        missing=missing,
        command=command,
    )


def _caches(machine: Machine) -> list[Path]:
    return list(dict.fromkeys(map(machine.claude_config, machine.claude_folders())))


def _histories(machine: Machine) -> list[Path]:
    return [folder / HISTORY for folder in machine.claude_desktop_folders()]


def _snapshot(seen: Seen, source: str, places: Sequence[Path]) -> SourceLine:
    there = [path for path in places if _is_file(path)]
    given = readings_of(seen, source)
    missing, command = None, None
    if not there:
        missing = f"there is no {places[0].name}" if places else "it has no place here"
    elif not given:
        missing, command = "no meter of it was taken in", seen.take_in
    return source_line(
        source,
        place=", ".join(map(seen.shown, there)) or None,
        is_found=bool(there),
        given=given,
        missing=missing,
        command=command,
    )


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
    return source_line(
        "claude-statusline",
        place=", ".join(map(seen.shown, seen.statusline_places)) or None,
        is_found=bool(seen.statusline_places) or seen.captures_waiting > 0,
        given=readings_of(seen, "claude-statusline"),
        missing=missing,
        command=command,
    )


def _live(seen: Seen, live: LiveSource) -> SourceLine:
    given = readings_of(seen, live.source)
    missing, command = None, None
    if not live.is_ready:
        missing = live.found
        if live.provider == "glm" and any(span.provider == "glm" for span in seen.stored.spans):
            command = f"{VARIABLE}=KEY {ASK}"
    elif not given:
        missing, command = "it is asked only when you say so", ASK
    return source_line(
        live.source,
        place=live.found if live.is_ready else None,
        is_found=live.is_ready,
        given=given,
        missing=missing,
        command=command,
    )


def _glm_turns(seen: Seen) -> SourceLine:
    own = seen.stored.clients.get(("claude", "glm"))
    return source_line(
        "glm-transcripts",
        place=", ".join(map(seen.shown, seen.logs["claude"].places)) if own else None,
        is_found=own is not None,
        given=[own] if own else [],
        missing=None if own else _no_glm(seen),
    )


def _no_glm(seen: Seen) -> str:
    if not seen.is_set_up:
        return "nobody has looked into Claude's transcripts yet"
    return "no request to a GLM model is in Claude's transcripts"


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
    return source_line(
        COMPUTED,
        place="from Claude's transcripts" if is_found else None,
        is_found=is_found,
        given=[own] if own is not None and is_found else [],
        missing=missing,
        command=command,
    )
