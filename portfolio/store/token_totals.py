"""Keep what other tools counted: tokens of a day or a block, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portfolio.store.opening import query
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from parsers.records import TokenTotal
    from portfolio.store.opening import Database


def add(database: Database, found: Sequence[TokenTotal], *, origin: str, now: datetime) -> int:
    """Add totals, and tell how many were new; a later count of the same span rules."""
    if not found:
        return 0
    added = database.execute(
        query("add_token_totals"),
        {
            "source": [one.source for one in found],
            "start_us": [microseconds(one.start_at) for one in found],
            "end_us": [microseconds(one.end_at) for one in found],
            "model": [one.model for one in found],
            "input_tokens": [one.input_tokens for one in found],
            "output_tokens": [one.output_tokens for one in found],
            "cache_read_tokens": [one.cache_read_tokens for one in found],
            "cache_write_tokens": [one.cache_write_tokens for one in found],
            "cost_usd": [one.cost_usd for one in found],
            "origin": origin,
            "recorded_us": microseconds(now),
        },
    ).fetchall()
    return len(added)
