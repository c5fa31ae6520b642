"""Take in what the clients keep of their meters: one file each, overwritten by them.

`.claude.json` says who is logged in to Claude Code, on which plan, and holds the last answer of its
meter; the desktop program's history holds thirty days of its meter. A file that has not changed is
not opened.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from portfolio.ingest.log_files import path_text
from portfolio.ingest.look import Look
from portfolio.ingest.machine import Machine
from portfolio.store import read, turns
from portfolio.store.turns import LogState

if TYPE_CHECKING:
    from portfolio.store.opening import Database

SnapshotKind: TypeAlias = Literal["claude-cache", "claude-desktop"]

HISTORY = "plan-usage-history.json"


class Snapshot(NamedTuple):
    """One file as it is on the disk now."""

    path: Path
    kind: SnapshotKind
    folders: tuple[str, ...]  # of the client that it speaks of
    size: int
    modified_ns: int
    known: LogState | None  # as it was when it was taken in last


def take_in_snapshots(database: Database, machine: Machine, look: Look, *, now: datetime) -> None:
    """Store what the snapshots on this machine show now."""
    named = [span.folder for span in read.account_spans(database) if span.folder]
    changed = [*changed_snapshots(database, machine, named)]
    if changed:  # mostly there is none, and nothing is imported for it
        from portfolio.ingest.snapshot_intake import SnapshotIntake

        SnapshotIntake(database, machine, look, now=now).take_in_all(changed)


def changed_snapshots(database: Database, machine: Machine, named: list[str]) -> Iterator[Snapshot]:
    """Give the files that are not as they were when they were taken in.

    Args:
        named: The folders that the user tied to accounts.
    """
    for path, kind, folders in _places(machine, named):
        try:
            found = path.stat()
        except (OSError, ValueError):  # not there; what cannot be read is told when it is opened
            continue
        if not stat.S_ISREG(found.st_mode):
            continue
        known = turns.log_state(database, path_text(str(path)))
        if known is None or (known.size, known.modified_ns) != (found.st_size, found.st_mtime_ns):
            yield Snapshot(path, kind, folders, found.st_size, found.st_mtime_ns, known)


def _places(
    machine: Machine, named: list[str]
) -> Iterator[tuple[Path, SnapshotKind, tuple[str, ...]]]:
    for path, own in claude_configs(machine, named).items():
        yield path, "claude-cache", tuple(own)
    for folder in machine.claude_desktop_folders():
        yield folder / HISTORY, "claude-desktop", ("",)


def claude_configs(machine: Machine, named: Sequence[str]) -> dict[Path, list[str]]:
    """Give the files in which Claude Code keeps who is logged in, each with its client's folders.

    Args:
        named: The folders that the user tied to accounts.
    """
    folders = [*machine.claude_folders(), *(machine.place(one) for one in named)]
    configs: dict[Path, list[str]] = {}
    for folder in dict.fromkeys(folders):
        configs.setdefault(machine.claude_config(folder), []).append(path_text(str(folder)))
    return configs
