"""Say once, when Claude's transcripts are found, that Claude Code will delete them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from portfolio.ingest.machine import Machine
from portfolio.settings import Home

SHORT_DAYS: Final = 90  # kept longer than this, nothing is deleted that was not taken in long ago
TOLD: Final = "transcripts-told"  # a file in the home: the note was given


def has_transcripts(folder: Path) -> bool:
    """Tell whether a folder of Claude Code has a place for transcripts."""
    return (folder / "projects").is_dir()


def notes(home: Home, machine: Machine) -> tuple[str, ...]:
    """Give the note, the first time that there are transcripts; later `doctor` tells of it."""
    told = home.folder / TOLD
    if told.exists() or not any(has_transcripts(one) for one in machine.claude_folders()):
        return ()  # most syncs end here, and nothing is imported for it
    from portfolio.ingest.client_settings import transcripts_kept

    with suppress(OSError):  # then it is given again
        told.touch()
    return tuple(
        f"Claude Code deletes transcripts in {machine.shown(one.folder)} after {one.days} days"
        f" ({'as its settings say' if one.said_in else 'its default'}); what was taken in stays."
        " To let it keep them: portfolio init --keep-transcripts"
        for one in transcripts_kept(machine)
        if one.days < SHORT_DAYS
    )
