"""Record what the models that were used cost: by the user's own word, else by the price list.

The list is imported only where there is something to look up: a model it was never asked for, or
another version of it. A model of which it knows nothing is recorded as one without a price.
"""

from __future__ import annotations

from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from portfolio.ingest.look import Look
from portfolio.ingest.own_prices import read_own_prices
from portfolio.settings import Home
from portfolio.store import prices, turns
from portfolio.store.opening import transaction
from portfolio.store.prices import ModelPrice
from portfolio.store.turns import LogState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portfolio.store.opening import Database

PLACE: Final = "genai-prices"  # the name under which the state of the prices is kept


def take_in_prices(database: Database, home: Home, look: Look, *, now: datetime) -> None:
    """Record prices of the models that have none yet; of all, where the prices have changed."""
    own = read_own_prices(home.prices_path)
    look.problems += own.problems
    state = _state(own.prices)
    if turns.log_state(database, PLACE) == state:
        models = prices.models_unrecorded(database)
    else:
        models = prices.models_seen(database)
    if not models:
        return
    from portfolio.ingest.price_list import prices_of  # takes a third of a second

    found = [
        price for model in models for price in _before(prices_of(model), own.prices.get(model))
    ]
    with transaction(database):
        prices.add(database, found, now=now)
        turns.set_log_states(database, [state])


def _before(listed: list[ModelPrice], own: ModelPrice | None) -> list[ModelPrice]:
    """Put the user's word before the list, from the day on that the user says."""
    if own is None:
        return listed
    earlier = [
        one
        for one in listed
        if own.since is not None and (one.since is None or one.since < own.since)
    ]
    return [*earlier, own]


def _state(own: Mapping[str, ModelPrice]) -> LogState:
    """Say which prices these are, without importing the list: by its file, and the user's words."""
    spec = find_spec("genai_prices")
    data = Path(spec.origin).with_name("data.py") if spec and spec.origin else None
    place = data.stat() if data is not None and data.is_file() else None
    state = LogState.of_folder(PLACE, "prices", repr(sorted(own.values())) if own else "")
    return state._replace(
        size=place.st_size if place else 0, modified_ns=place.st_mtime_ns if place else 0
    )
