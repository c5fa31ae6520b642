"""Read OpenUsage's limits document, `GET http://127.0.0.1:6736/v1/limits`.

A resource names its window's length and how much is used, as a share (`utilization`, 0 to 1) or a
count; a balance is no pool. Each provider's values are dated when they were fetched, however stale.

Source: the document `openusage.limits.v1` of July 2026; samples in tests/data/meters/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parsers.harvest import FULL, Harvest, child, counted, json_object, moment_of, objects, words
from parsers.peers import add, harvest_of
from parsers.values import from_iso, json_number, pool_of_minutes, scope_slug

if TYPE_CHECKING:
    from parsers.records import Occasion, Parsed, Unit
    from parsers.values import Json

SOURCE: Final = "openusage"
SCHEMA: Final = "openusage.limits.v1"
SECONDS: Final = 60
ALL_MODELS: Final = {"session", "five_hour", "week", "weekly", "seven_day", "month", "monthly"}
UNIT_OF_WORD: Final[dict[str, Unit]] = {"credits": "credits", "requests": "prompts", "usd": "usd"}


def parse_limits(text: str, occasion: Occasion) -> Parsed:
    """Read every provider of one document."""
    whole = Harvest(provider=None, source=SOURCE, occasion=occasion)
    document = json_object(text, whole)
    if document and document.get("schema") != SCHEMA:
        whole.fail("meter-unreadable", None, document.get("schema"), f"the schema is not {SCHEMA}")
        return whole.finished()
    for error in objects(document.get("errors"), whole, of="error"):
        told = error.get("message") or error.get("code")
        whole.fail("meter-error", None, told, f"of {words(error.get('provider')) or 'a provider'}")
    for word, provider in child(document, "providers").items():
        if isinstance(provider, dict):
            _read_provider(word, provider, whole, occasion)
        else:
            whole.fail("meter-unreadable", None, provider, f"{word} is no provider's limits")
    return whole.finished()


def _read_provider(
    word: str, provider: dict[str, Json], whole: Harvest, occasion: Occasion
) -> None:
    fetched = provider.get("fetchedAt")
    read_at = from_iso(fetched) if isinstance(fetched, str) else None
    harvest = harvest_of(word, source=SOURCE, occasion=occasion, read_at=read_at)
    if harvest is None:
        whole.fail("pool-unknown", None, word, "a provider we do not know")
        return
    for name, resource in child(provider, "resources").items():
        if not isinstance(resource, dict):
            harvest.fail("meter-unreadable", None, resource, f"{name} is no resource")
        elif resource.get("kind") == "consumption":
            _read_resource(name, resource, harvest)
    add(whole.parsed, harvest.parsed)


def _read_resource(name: str, resource: dict[str, Json], harvest: Harvest) -> None:
    seconds = json_number(resource.get("windowSeconds"))
    pool = None if seconds is None else pool_of_minutes(seconds / SECONDS)
    if pool is None:
        why = f"{name} is none of 5 hours, 7 days, 30 days"
        harvest.fail("pool-unknown", None, resource.get("windowSeconds"), why)
        return
    if name.lower() not in ALL_MODELS:
        pool = f"{pool}:{scope_slug(name) or 'other'}"
    word = resource.get("unit")
    unit = UNIT_OF_WORD.get(word) if isinstance(word, str) else None
    resets_at = moment_of(resource, "resetsAt", harvest)
    if unit is None:
        share = counted(resource, "utilization", harvest, of=name)
        if share is not None:
            harvest.take(pool, FULL * share, resets_at=resets_at)
        return
    used = counted(resource, "used", harvest, of=name)
    cap = counted(resource, "limit", harvest, of=name)
    if used is not None and cap is not None:
        harvest.take(pool, used, cap=cap, unit=unit, resets_at=resets_at)
