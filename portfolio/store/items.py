"""What was said of work items, in the store."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from portfolio.model import Word
from portfolio.store.opening import query
from portfolio.store.read import moment_of
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from portfolio.store.opening import Database


def words(database: Database) -> list[Word]:
    """Give what was said of items, oldest first."""
    return [
        Word(item, word, reason, moment_of(said_us))
        for item, word, reason, said_us in database.execute(query("item_words")).fetchall()
    ]


def add_words(database: Database, said: Sequence[Word], *, origin: str, now: datetime) -> int:
    """Add what was said of items; give how much of it was new."""
    if not said:
        return 0
    rows = database.execute(
        query("add_item_words"),
        {
            "id": [_id(one, origin) for one in said],
            "item": [one.item for one in said],
            "word": [one.word for one in said],
            "reason": [one.reason for one in said],
            "said_us": [microseconds(one.at) for one in said],
            "origin": [origin] * len(said),
            "recorded_us": microseconds(now),
        },
    ).fetchall()
    return len(rows)


def _id(said: Word, origin: str) -> str:
    parts = (said.item, said.word, said.reason, str(microseconds(said.at)), origin)
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
