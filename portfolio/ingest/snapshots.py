"""Take in what the clients keep of their meters: one file each, overwritten by them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.ingest.look import Look
from portfolio.ingest.machine import Machine

if TYPE_CHECKING:
    from portfolio.store.opening import Database


def take_in_snapshots(database: Database, machine: Machine, look: Look, *, now: datetime) -> None:
    """Store what the snapshots on this machine show now."""
