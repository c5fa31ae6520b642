"""Ask the store for the requests that a GLM plan's credits are counted from."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from portfolio.store.opening import query
from portfolio.store.read import moment_of
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from portfolio.store.opening import Database


class GlmTurn(NamedTuple):
    """One request of a GLM model."""

    at: datetime  # UTC
    model: str
    folder: str  # the client's folder
    session: str
    input_tokens: int  # not read from a cache
    cache_read_tokens: int
    cache_write_tokens: int
    output_tokens: int


def glm_turns(database: Database, *, since: datetime) -> list[GlmTurn]:
    """Give every request from a moment on of a model with GLM in its name, oldest first."""
    rows = database.execute(query("glm_turns"), {"since_us": microseconds(since)}).fetchall()
    return [GlmTurn(moment_of(row[0]), *row[1:]) for row in rows]
