"""Take in what `portfolio statusline` dropped in the spool: each capture once.

A capture is removed when what it says is stored; when a sync dies between the two, the next one
reads it again, which changes nothing. Statuslines drop and replace captures meanwhile.
"""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING, Final

from portfolio.errors import problem
from portfolio.ingest.look import Look
from portfolio.ingest.statusline import SPOOL
from portfolio.settings import Home

if TYPE_CHECKING:
    from portfolio.store.opening import Database

ABANDONED_S: Final = 3600  # a capture still aside after so long was never renamed: its writer died


def take_in_spool(database: Database, home: Home, look: Look, *, now: datetime) -> None:
    """Store every capture in the spool, then remove its file."""
    spool = home.folder / SPOOL
    try:
        names = waiting(str(spool), now)
    except OSError as error:
        why = f"the spool {spool} cannot be looked into: {error.strerror or error}"
        look.problems.append(problem("capture-unreadable", why))
        return
    if names:  # mostly there is nothing, and nothing is imported for it
        from portfolio.ingest.spool_intake import SpoolIntake

        SpoolIntake(database, spool, look, now=now).take_in_all(names)


def waiting(spool: str, now: datetime) -> list[str]:
    """Give the names of the captures in a spool, oldest first.

    Raises:
        OSError: It cannot be looked into.
    """
    try:
        with os.scandir(spool) as entries:
            return sorted(
                entry.name
                for entry in entries
                if entry.name.endswith(".json")
                and (not entry.name.startswith(".") or _is_abandoned(entry, now))
            )
    except FileNotFoundError:
        return []


def _is_abandoned(entry: os.DirEntry[str], now: datetime) -> bool:
    try:
        return now.timestamp() - entry.stat(follow_symlinks=False).st_mtime > ABANDONED_S
    except OSError:
        return False
