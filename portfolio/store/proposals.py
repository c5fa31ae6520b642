"""Ask the store for what windows are proposed from: when work was done, with what and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from portfolio.store.opening import query
from portfolio.store.read import moment_of
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from portfolio.store.opening import Database


class TurnsOf(NamedTuple):
    """Requests in one span of time that bear the same marks."""

    place: int  # of the span, among those asked for
    source: str  # the client: claude or codex
    model: str
    folder: str  # the client's folder
    session: str
    first_at: datetime  # UTC
    turns: int


def work_moments(database: Database, *, since: datetime, until: datetime) -> list[datetime]:
    """Give the seconds in which a client was at work, oldest first."""
    rows = database.execute(
        query("work_moments"), {"since_us": microseconds(since), "until_us": microseconds(until)}
    ).fetchall()
    return [moment_of(second_us) for (second_us,) in rows]


def turns_in(database: Database, spans: Sequence[tuple[datetime, datetime]]) -> list[TurnsOf]:
    """Give the requests in some disjoint spans, joined by what they have alike."""
    if not spans:
        return []
    rows = database.execute(
        query("work_in_spans"),
        {
            "start_us": [microseconds(start) for start, _ in spans],
            "end_us": [microseconds(end) for _, end in spans],
        },
    ).fetchall()
    return [TurnsOf._make((*row[:5], moment_of(row[5]), row[6])) for row in rows]


def newest_logged(database: Database) -> tuple[str, datetime] | None:
    """Give the window that was logged or corrected last, and when that was."""
    row = database.execute(query("newest_logged")).fetchone()
    return None if row is None else (row[0], moment_of(row[1]))
