"""What models cost by the price list of the package `genai-prices`: no network, only its data.

Importing this module costs a third of a second; it is imported when a price is looked up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from genai_prices import __version__ as version
from genai_prices.data import providers
from genai_prices.types import (
    ModelInfo,
    StartDateConstraint,
    TieredPrices,
)
from genai_prices.types import ModelPrice as ListedPrice

from portfolio.ingest.model_names import names_of
from portfolio.store.prices import ModelPrice

LIST: Final = f"genai-prices {version}"
SELLERS: Final = {provider.id: provider for provider in providers}


def prices_of(model: str) -> list[ModelPrice]:
    """Give all that the list says of a model, by date and size; of an unknown one, that it is."""
    for seller, name in names_of(model):
        provider = SELLERS.get(seller)
        found = provider.find_model(name) if provider is not None else None
        if found is not None and (prices := list(_prices(model, found, seller))):
            return prices
    return [ModelPrice(model, LIST)]


def _prices(model: str, info: ModelInfo, seller: str) -> Iterator[ModelPrice]:
    for since, listed in _by_date(info):
        for start in _sizes(listed):
            prices = [
                _at_size(price, start)
                for price in (
                    listed.input_mtok,
                    listed.output_mtok,
                    listed.cache_read_mtok,
                    listed.cache_write_mtok,
                    listed.cache_write_1h_mtok,
                )
            ]
            # Where it names neither, it is given away or sold by something else than tokens.
            is_priced = prices[0] is not None and prices[1] is not None
            yield ModelPrice(
                model,
                f"{LIST}: {seller}",
                is_priced,
                since,
                start,
                *(prices if is_priced else ()),
            )


def _by_date(info: ModelInfo) -> list[tuple[datetime | None, ListedPrice]]:
    """Give the prices by the day they hold from; of those that hold, the list's last one rules.

    A price for some hours of the day is left out: the one for all the day stands for it.
    """
    if isinstance(info.prices, ListedPrice):
        return [(None, info.prices)]
    dated = [
        (one.constraint.start_date if one.constraint is not None else None, one.prices)
        for one in info.prices
        if one.constraint is None or isinstance(one.constraint, StartDateConstraint)
    ]
    edges = sorted({since for since, _ in dated}, key=lambda since: since or date.min)
    return [(_midnight(edge), _ruling(dated, edge)) for edge in edges]


def _ruling(dated: list[tuple[date | None, ListedPrice]], at: date | None) -> ListedPrice:
    """Give the last price of the list that holds on a day."""
    return next(
        price
        for since, price in reversed(dated)
        if since is None or (at is not None and since <= at)
    )


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)


def _sizes(listed: ListedPrice) -> list[int]:
    """Give the sizes of request, in input tokens, above which another price holds."""
    tiered = (price for price in vars(listed).values() if isinstance(price, TieredPrices))
    return sorted({0, *(tier.start for price in tiered for tier in price.tiers)})


def _at_size(price: Decimal | TieredPrices | None, start: int) -> float | None:
    """Give a price for requests just above a size."""
    if isinstance(price, TieredPrices):
        holding = [tier.price for tier in price.tiers if tier.start <= start and start > 0]
        return float(holding[-1] if holding else price.base)
    return None if price is None else float(price)
