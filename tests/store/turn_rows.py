"""Turns as the store has them, one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from portfolio.store.read import moment_of
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from datetime import datetime

    from portfolio.store.opening import Database

QUERY: Final = """
SELECT
    epoch_us(turn_at), model, folder, session, placed.repository, placed.branch,
    input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
    input_cost_usd, output_cost_usd, cache_read_cost_usd, cache_write_cost_usd,
    placed.worktree
FROM turn_cost AS turn JOIN placed_turn AS placed USING (record_no)
WHERE turn_at >= make_timestamp($since_us)::TIMESTAMPTZ
    AND turn_at < make_timestamp($until_us)::TIMESTAMPTZ
ORDER BY turn_at, record_no
"""


class PlacedTurn(NamedTuple):
    """One turn: where it was worked, what it used, what that would have cost."""

    at: datetime  # UTC
    model: str
    folder: str  # the client's folder
    session: str
    repository: str | None  # None: not known
    branch: str | None  # None: not known, or on none
    tokens: tuple[int, int, int, int]  # input, output, cache read, cache written
    cost_usd: tuple[float, float, float, float] | None  # of each kind; None: no price is known
    worktree: str | None  # root of the checkout; None: not known


def turns(database: Database, *, since: datetime, until: datetime) -> list[PlacedTurn]:
    """Give every turn in a span, oldest first."""
    rows = database.execute(
        QUERY, {"since_us": microseconds(since), "until_us": microseconds(until)}
    ).fetchall()
    make = PlacedTurn._make
    return [
        make(
            (
                moment_of(row[0]),
                *row[1:6],
                row[6:10],
                None if None in row[10:14] else row[10:14],
                row[14],
            )
        )
        for row in rows
    ]
