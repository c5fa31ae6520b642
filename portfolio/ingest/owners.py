"""Put together what the store knows of whose something is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portfolio.estimate.ownership import Ownership
from portfolio.store import read

if TYPE_CHECKING:
    from portfolio.store.opening import Database


def ownership(database: Database) -> Ownership:
    """Give all that tells whose a reading or a turn is."""
    return Ownership(read.account_spans(database))
