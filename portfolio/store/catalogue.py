"""Read the catalogue of plans: dated, sourced facts from data/plans.toml, and the user's own.

What the user says of a plan goes before what is shipped: with a day from that day on, without one
always.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast, get_args

from parsers.records import Unit
from portfolio.errors import CatalogueError, UnknownNameError
from portfolio.model import Billing, Plan, PoolFact, PriceFact, cycle_of

PRICE_KEYS: Final = {"usd_month", "billing", "since", "as_of", "source"}
POOL_KEYS: Final = {"pool", "gone", "unit", "cap", "times", "of", "since", "as_of", "source"}


class Catalogue:
    """The plans by id."""

    def __init__(self, plans: Iterable[Plan]) -> None:
        self._plans = {plan.plan: plan for plan in plans}

    def __iter__(self) -> Iterator[Plan]:
        return iter(self._plans.values())

    def get(self, plan: str | None) -> Plan | None:
        """Give a plan by id; None for an unknown one."""
        return self._plans.get(plan or "")

    def named(self, provider: str, word: str) -> Plan | None:
        """Give the plan that a provider calls by a word; None for a word we do not know."""
        meant = word.strip().lower()
        own = (plan for plan in self if plan.provider == provider)
        return next((plan for plan in own if meant in plan.words), None)

    def plan(self, plan: str) -> Plan:
        """Give a plan by id.

        Raises:
            UnknownNameError: The catalogue does not hold it.
        """
        if plan not in self._plans:
            raise UnknownNameError("plan", plan, known=sorted(self._plans))
        return self._plans[plan]


def read_catalogue(path: Path, *, own: Path | None = None) -> Catalogue:
    """Read and check the catalogue, with the user's own file of plans if there is one.

    Raises:
        CatalogueError: A file cannot be read, or a fact lacks its date or source.
    """
    shipped = _read(path)
    if own is None or not own.is_file():
        return Catalogue(shipped)
    plans = {plan.plan: plan for plan in shipped}
    for said in _read(own):
        plans[said.plan] = _corrected(plans.get(said.plan), said)
    return Catalogue(plans.values())


def _corrected(shipped: Plan | None, said: Plan) -> Plan:
    """Give a plan as shipped but for what the user says of it."""
    prices = tuple(replace(fact, is_own=True) for fact in said.prices)
    pools = tuple(replace(fact, is_own=True) for fact in said.pools)
    if shipped is None:
        return replace(said, prices=prices, pools=pools)
    always_priced = {fact.billing for fact in prices if fact.since is None}
    always_there = {fact.pool for fact in pools if fact.since is None}
    return replace(
        shipped,
        prices=(*(f for f in shipped.prices if f.billing not in always_priced), *prices),
        pools=(*(f for f in shipped.pools if f.pool not in always_there), *pools),
    )


def _read(path: Path) -> Sequence[Plan]:
    try:
        return _plans(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise CatalogueError(path, f"the catalogue cannot be used: {error!r}") from error


@lru_cache(maxsize=4)  # some commands ask for the catalogue three times, at 10 ms each
def _plans(text: str) -> tuple[Plan, ...]:
    return tuple(_plan(row) for row in tomllib.loads(text)["plan"])


def _plan(row: Mapping[str, Any]) -> Plan:
    return Plan(
        plan=row["id"],
        provider=row["provider"],
        name=row["name"],
        prices=tuple(_price(price) for price in row.get("price", [])),
        pools=tuple(_pool(pool) for pool in row.get("pool", [])),
        words=tuple(_text(word) for word in row.get("words", [])),
    )


def _price(row: Mapping[str, Any]) -> PriceFact:
    _check_keys(row, PRICE_KEYS)
    if row["billing"] not in get_args(Billing) or row["usd_month"] < 0:
        raise ValueError(f"no price: {row}")
    return PriceFact(
        usd_month=float(row["usd_month"]),
        billing=cast("Billing", row["billing"]),
        since=_midnight(row.get("since")),
        as_of=_day(row["as_of"]),
        source=_text(row["source"]),
    )


def _pool(row: Mapping[str, Any]) -> PoolFact:
    _check_keys(row, POOL_KEYS)
    is_there = not row.get("gone", False)
    unit = row["unit"] if is_there else "pp"
    if unit not in get_args(Unit) or cycle_of(row["pool"]) is None or row.get("cap", 1) <= 0:
        raise ValueError(f"no pool: {row}")
    if ("times" in row) != ("of" in row):
        raise ValueError(f"a relative capacity needs both times and of: {row}")
    return PoolFact(
        pool=row["pool"],
        is_there=is_there,
        unit=cast("Unit", unit),
        cap=float(row["cap"]) if "cap" in row else None,
        times=float(row["times"]) if "times" in row else None,
        of=row.get("of"),
        since=_midnight(row.get("since")),
        as_of=_day(row["as_of"]),
        source=_text(row["source"]),
    )


def _check_keys(row: Mapping[str, Any], known: set[str]) -> None:
    if unknown := set(row) - known:
        raise ValueError(f"unknown keys {sorted(unknown)} in {row}")


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)


def _day(value: date) -> str:
    return value.isoformat()


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("a fact without its source")
    return value
