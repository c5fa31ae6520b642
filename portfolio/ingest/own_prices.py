"""Read prices.toml in the home: what the user says a model costs, before any list.

[models."glm-5.3"]      # as `portfolio tokens` names it
input_usd = 1.40        # dollars per million tokens, as the others
output_usd = 4.40
cache_read_usd = 0.26   # this and the next two may be left out: as input
cache_write_usd = 1.40
cache_write_1h_usd = 1.40
since = 2026-10-01      # may be left out: always
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from portfolio.errors import problem
from portfolio.store.prices import ModelPrice

if TYPE_CHECKING:
    from pathlib import Path

    from parsers.records import Problem

NEEDED: Final = ("input_usd", "output_usd")
OPTIONAL: Final = ("cache_read_usd", "cache_write_usd", "cache_write_1h_usd")
DEAREST: Final = 1e6  # dollars per million tokens; beyond it, it is a mistake


@dataclass(slots=True)
class OwnPrices:
    """What the file says, by model."""

    prices: dict[str, ModelPrice] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_own_prices(path: Path) -> OwnPrices:
    """Read the user's prices; what cannot be read is a Problem, and the rest holds."""
    found = OwnPrices()
    try:
        models = tomllib.loads(path.read_text(encoding="utf-8")).get("models", {})
    except FileNotFoundError:
        return found
    except (OSError, ValueError, RecursionError) as error:  # ValueError: no TOML, or no UTF-8
        why = getattr(error, "strerror", None) or error
        found.problems.append(problem("price-unreadable", f"{path.name}: {why}"))
        return found
    for model, said in models.items() if isinstance(models, dict) else ():
        try:
            found.prices[model] = _price(model, said, path.name)
        except (TypeError, ValueError) as error:
            found.problems.append(problem("price-unreadable", f"{path.name}: {model}: {error}"))
    if not isinstance(models, dict):
        found.problems.append(problem("price-unreadable", f"{path.name}: models is no table"))
    return found


def _price(model: str, said: Any, price_list: str) -> ModelPrice:
    if not isinstance(said, dict):
        raise TypeError("no table of prices")
    if unknown := sorted(said.keys() - {*NEEDED, *OPTIONAL, "since"}):
        raise ValueError(f"{', '.join(unknown)} is no key we know")
    if missing := [key for key in NEEDED if key not in said]:
        raise ValueError(f"{', '.join(missing)} is not said")
    usd = {key: _usd(key, said[key]) for key in (*NEEDED, *OPTIONAL) if key in said}
    return ModelPrice(
        model,
        price_list,
        is_priced=True,
        since=_midnight(said.get("since")),
        input_usd=usd["input_usd"],
        output_usd=usd["output_usd"],
        cache_read_usd=usd.get("cache_read_usd"),
        cache_write_usd=usd.get("cache_write_usd"),
        cache_write_1h_usd=usd.get("cache_write_1h_usd"),
    )


def _usd(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{key} is no number")
    if not math.isfinite(value) or not 0 <= value <= DEAREST:
        raise ValueError(f"{key} is not between 0 and {DEAREST:g}")
    return float(value)


def _midnight(day: object) -> datetime | None:
    if day is None:
        return None
    if not isinstance(day, date) or isinstance(day, datetime):
        raise TypeError("since is no day such as 2026-10-01")
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
