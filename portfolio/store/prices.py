"""Store what models cost: per million tokens, by date and by size of request."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from portfolio.store.opening import query
from portfolio.store.write import microseconds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from portfolio.store.opening import Database


class ModelPrice(NamedTuple):
    """What one model costs from a moment and a size of request on; dollars per million tokens."""

    model: str  # as the logs name it
    price_list: str  # where it comes from, with its version
    is_priced: bool = False  # False: no price is known; the numbers are None then
    since: datetime | None = None  # UTC; None: always
    from_tokens: int = 0  # requests with more input tokens than this, cached or not; 0: all
    input_usd: float | None = None
    output_usd: float | None = None
    cache_read_usd: float | None = None  # None, here and below: as the list has it for input
    cache_write_usd: float | None = None
    cache_write_1h_usd: float | None = None


def models_seen(database: Database) -> list[str]:
    """Give every model that a request names."""
    return [model for (model,) in database.execute(query("models_seen")).fetchall()]


def models_unrecorded(database: Database) -> list[str]:
    """Give the models that requests name and of which no price, nor its lack, is recorded."""
    return [model for (model,) in database.execute(query("models_unrecorded")).fetchall()]


def add(database: Database, prices: Sequence[ModelPrice], *, now: datetime) -> None:
    """Record all that is known of some models; it takes the place of what was said of them."""
    if not prices:
        return
    database.execute(
        query("add_model_prices"),
        {
            "model": [one.model for one in prices],
            "price_list": [one.price_list for one in prices],
            "is_priced": [one.is_priced for one in prices],
            "since_us": [None if one.since is None else microseconds(one.since) for one in prices],
            "from_tokens": [one.from_tokens for one in prices],
            "input_usd": [one.input_usd for one in prices],
            "output_usd": [one.output_usd for one in prices],
            "cache_read_usd": [one.cache_read_usd for one in prices],
            "cache_write_usd": [one.cache_write_usd for one in prices],
            "cache_write_1h_usd": [one.cache_write_1h_usd for one in prices],
            "recorded_us": microseconds(now),
        },
    )
