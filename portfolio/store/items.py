"""What was said of work items, in the store."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from portfolio.model import Word, WorkStart
from portfolio.store.opening import query
from portfolio.store.read import moment_of
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portfolio.store.opening import Database


class SizeSaid(NamedTuple):
    """How large an item was thought to be."""

    item: str
    size: str  # S, M or L
    basis: str  # said, predicted or after-the-fact
    predicted_usd: float | None
    at: datetime  # UTC


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


def starts(database: Database) -> list[WorkStart]:
    """Give where and when work was started, oldest first."""
    return [
        WorkStart._make((*row[:5], moment_of(row[5]), row[6]))
        for row in database.execute(query("work_starts")).fetchall()
    ]


def add_start(database: Database, started: WorkStart, *, now: datetime) -> None:
    """Note that work on an item was started in a checkout."""
    parts = (*map(str, started[:5]), str(microseconds(started.at)))
    database.execute(
        query("add_work_start"),
        {
            "id": hashlib.blake2b(
                "\0".join(parts).encode("utf-8", "surrogateescape"), digest_size=16
            ).hexdigest(),
            "worktree": started.worktree,
            "branch": started.branch,
            "item": started.item,
            "step": started.step,
            "methodology": started.methodology,
            "started_us": microseconds(started.at),
            "recorded_us": microseconds(now),
        },
    )


def sizes(database: Database) -> list[SizeSaid]:
    """Give how large items were thought to be, in the order it was said."""
    return [
        SizeSaid._make((*row, moment_of(sized_us)))
        for *row, sized_us in database.execute(query("item_sizes")).fetchall()
    ]


def add_size(database: Database, said: SizeSaid, *, now: datetime) -> None:
    """Say how large an item is thought to be."""
    database.execute(
        query("add_item_size"),
        {
            "item": said.item,
            "size": said.size,
            "basis": said.basis,
            "predicted_usd": said.predicted_usd,
            "sized_us": microseconds(said.at),
            "recorded_us": microseconds(now),
        },
    )
