"""`plans set`: what the user knows better than the catalogue, in a file of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, get_args

from parsers.records import Unit
from portfolio.commands.plans import show_plan
from portfolio.errors import PlanFactError
from portfolio.model import Billing, cycle_of
from portfolio.report.answers.setup import PlanAnswer
from portfolio.settings import Home
from portfolio.store.own_plans import Said, Value, write_own

if TYPE_CHECKING:
    from collections.abc import Callable

    from portfolio.store.catalogue import Catalogue

ID: Final = re.compile(r"[a-z][a-z0-9._-]{0,63}")
AMOUNT: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
POOL_KEY: Final = re.compile(r"pool\.([^.=]+(?::[^.=]+)?)\.(unit|cap|gone)")
WORDS: Final = {"provider", "name", "billing", "since", "price_usd"}


def set_plan(
    home: Home,
    plan: str,
    pairs: Sequence[str],
    *,
    catalogue_of: Callable[[], Catalogue],
    now: datetime,
) -> PlanAnswer:
    """Say facts of a plan, and give the plan as it stands then.

    Raises:
        PlanFactError: A pair is no fact, or a new plan lacks its provider.
        FileUnreadableError: The user's file of plans cannot be written.
    """
    given = dict(_pair(pair) for pair in pairs)
    if not given:
        raise PlanFactError(plan, "nothing is said of it")
    known = catalogue_of().get(plan)
    if known is None and not ID.fullmatch(plan):
        raise PlanFactError(plan, "an id is small letters, digits, dots and hyphens")
    if known is None and "provider" not in given:
        raise PlanFactError(plan, "a plan that the catalogue does not know needs provider=NAME")
    if known is not None and {"provider", "name"} & given.keys():
        raise PlanFactError(plan, "its provider and name stand in the catalogue")
    said = Said(
        plan=plan,
        provider=known.provider if known else given["provider"],
        name=known.name if known else given.get("name", plan),
        since=_day(given["since"]) if "since" in given else None,
        price=_price(given),
        pools=_pools(given, {fact.pool: fact.unit for fact in known.pools} if known else {}),
    )
    write_own(home.plans_path, said, today=now.date())
    return show_plan(catalogue_of(), plan, now=now)


def _pair(pair: str) -> tuple[str, str]:
    key, equals, value = pair.partition("=")
    if not equals or not value.strip():
        raise PlanFactError(pair, "no KEY=VALUE")
    if key not in WORDS and not POOL_KEY.fullmatch(key):
        raise PlanFactError(pair, "no key we know")
    return key, value.strip()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise PlanFactError(f"since={text}", "no day such as 2026-10-01") from error


def _amount(key: str, text: str) -> float:
    if not AMOUNT.fullmatch(text):
        raise PlanFactError(f"{key}={text}", "no amount from 0 on")
    return float(text)


def _price(given: dict[str, str]) -> dict[str, Value]:
    billing = given.get("billing", "monthly")
    if billing not in get_args(Billing):
        raise PlanFactError(f"billing={billing}", "one of monthly, quarterly, yearly")
    if "price_usd" not in given:
        return {}
    return {"usd_month": _amount("price_usd", given["price_usd"]), "billing": billing}


def _pools(given: dict[str, str], units: dict[str, Unit]) -> dict[str, dict[str, Value]]:
    """Give what is said of each pool; one that is known keeps its unit unless another is said."""
    pools: dict[str, dict[str, Value]] = {}
    for key, text in given.items():
        found = POOL_KEY.fullmatch(key)
        if found is None:
            continue
        pool, what = found.groups()
        if cycle_of(pool) is None:
            raise PlanFactError(f"{key}={text}", "a pool is 5h, week or month, or week:SCOPE")
        pools.setdefault(pool, {})[what] = _fact(key, what, text)
    for pool, facts in pools.items():
        if facts.get("gone") is True:
            continue
        facts.pop("gone", None)
        if "unit" not in facts and pool not in units:
            raise PlanFactError(f"pool.{pool}", f"say what it counts in: pool.{pool}.unit=pp")
        facts.setdefault("unit", units.get(pool, "pp"))
    return pools


def _fact(key: str, what: str, text: str) -> Value:
    if what == "gone":
        if text not in {"true", "false"}:
            raise PlanFactError(f"{key}={text}", "true or false")
        return text == "true"
    if what == "unit":
        if text not in get_args(Unit):
            raise PlanFactError(f"{key}={text}", f"one of {', '.join(get_args(Unit))}")
        return text
    cap = _amount(key, text)
    if cap == 0:
        raise PlanFactError(f"{key}={text}", "a cap is above 0")
    return cap
