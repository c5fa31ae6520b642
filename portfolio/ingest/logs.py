"""Take in the clients' logs: turns and readings, from where each log was read to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.ingest.look import Look
from portfolio.ingest.machine import Machine

if TYPE_CHECKING:
    from portfolio.store.opening import Database


def take_in_logs(database: Database, machine: Machine, look: Look, *, now: datetime) -> None:
    """Store all that is new in the logs on this machine."""
