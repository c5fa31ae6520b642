"""Take in what `portfolio statusline` dropped in the spool: each capture once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.ingest.look import Look
from portfolio.settings import Home

if TYPE_CHECKING:
    from portfolio.store.opening import Database


def take_in_spool(database: Database, home: Home, look: Look, *, now: datetime) -> None:
    """Store every capture in the spool, then remove its file."""
