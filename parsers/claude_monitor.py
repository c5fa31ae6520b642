"""Read claude-monitor's `claude-monitor --once --output json`.

Only a value whose confidence is `official` comes from Anthropic's meter. Everything else is tokens
of this machine over a guessed limit: it is told, and never taken.

Source: output of 4.0.0; samples in tests/data/meters/.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from parsers.harvest import Harvest, child, counted, json_object
from parsers.values import from_epoch_s, from_iso, json_number

if TYPE_CHECKING:
    from parsers.records import Occasion, Parsed
    from parsers.values import Json

OFFICIAL: Final = "official"
POOL_OF_LIMIT: Final = {"five_hour": "5h", "seven_day": "week"}


def parse_monitor(text: str, occasion: Occasion) -> Parsed:
    """Read the official values of one document, dated when it was generated."""
    harvest = Harvest(provider="claude", source="claude-monitor", occasion=occasion)
    document = json_object(text, harvest)
    generated = document.get("generated_at")
    read_at = from_iso(generated) if isinstance(generated, str) else None
    if read_at is not None:
        harvest.occasion = replace(occasion, read_at=read_at)
        harvest.parsed.has_own_time = True
    limits = child(document, "limits")
    for name, pool in POOL_OF_LIMIT.items():
        limit = child(limits, name)
        if limit.get("used_percentage") is None:
            continue
        if limit.get("confidence") == OFFICIAL:
            _read_limit(limit, pool, harvest)
        else:
            said = f"{name} at {limit['used_percentage']}"
            why = f"{limit.get('confidence')}, this tool's own guess and not Claude's meter"
            harvest.fail("meter-estimated", None, said, why)
    return harvest.finished()


def _read_limit(limit: dict[str, Json], pool: str, harvest: Harvest) -> None:
    used = counted(limit, "used_percentage", harvest, of=pool)
    if used is None:
        return
    found = limit.get("resets_at_epoch")
    seconds = json_number(found)
    resets_at = None if seconds is None else from_epoch_s(seconds)
    if found is not None and resets_at is None:
        harvest.fail("date-unreadable", None, found, "resets_at_epoch is no Unix time in seconds")
    harvest.take(pool, used, resets_at=resets_at)
