"""What a request costs by a list of prices, told again in plain Python: an oracle for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from parsers.records import Turn
from portfolio.store.prices import ModelPrice


def cost_of(turn: Turn, listed: Sequence[ModelPrice]) -> tuple[float, ...] | None:
    """Give the dollars for input, output, cache reads and cache writes; None: no price holds."""
    at = datetime.fromtimestamp(turn.turn_us / 1_000_000, UTC)
    begun = [
        one
        for one in listed
        if one.model == turn.model and one.is_priced and (one.since is None or one.since <= at)
    ]
    newest = max((one.since for one in begun if one.since is not None), default=None)
    size = turn.input_tokens + turn.cache_read_tokens + turn.cache_write_tokens
    holding = [
        one
        for one in begun
        if one.since == newest and (one.from_tokens == 0 or size > one.from_tokens)
    ]
    if not holding:
        return None
    one = max(holding, key=lambda price: price.from_tokens)
    short = turn.cache_write_tokens - turn.cache_write_1h_tokens
    write = _first(one.cache_write_usd, one.input_usd)
    hour = _first(one.cache_write_1h_usd, one.cache_write_usd, one.input_usd)
    return (
        turn.input_tokens * _first(one.input_usd) / 1e6,
        turn.output_tokens * _first(one.output_usd) / 1e6,
        turn.cache_read_tokens * _first(one.cache_read_usd, one.input_usd) / 1e6,
        (short * write + turn.cache_write_1h_tokens * hour) / 1e6,
    )


def _first(*usd: float | None) -> float:
    return next(value for value in usd if value is not None)
