"""Requests as a client's log would have told them, put into the store by its own door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING

from parsers.records import Turn
from portfolio.store import turns
from portfolio.store.opening import transaction
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from portfolio.store.opening import Database

NUMBERS = count()


def made_turn(at: datetime, model: str) -> Turn:
    """Make one request, unlike any other."""
    return Turn(
        source="codex" if model.startswith("gpt") else "claude",
        message=f"made-up-{next(NUMBERS)}",
        request="",
        session="s",
        turn_us=microseconds(at),
        model=model,
        cwd=None,
        branch=None,
        input_tokens=10,
        output_tokens=20,
        cache_read_tokens=0,
        cache_write_tokens=0,
        cache_write_1h_tokens=0,
        is_sidechain=False,
        has_speed=True,
    )


def add_turns(database: Database, times: Sequence[datetime], model: str) -> None:
    """Store requests at some moments."""
    made = [made_turn(at, model) for at in times]
    with transaction(database):
        turns.add(database, [turns.FoundTurns(made, "/made/up", "made-up.jsonl")], now=max(times))
