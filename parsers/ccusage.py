"""Read ccusage's `daily --json` and `blocks --json`: tokens and cost, no meter.

Its percentages are projections over a guessed limit and are never taken. A day is local to the
machine that counted it; a block begins at a full hour; gaps between blocks count nothing. Daily
rows have three forms: of Claude (`date`), of Codex (`models`, with reasoning beside output), of
all agents (`period`).

Source: output of 18.0.11 and 20.0.24; samples in tests/data/meters/.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from parsers.harvest import Harvest, child, json_object, moment_of, objects, words
from parsers.records import TokenTotal
from parsers.values import json_number, local

if TYPE_CHECKING:
    from parsers.records import Occasion, Parsed
    from parsers.values import Json

DAILY: Final = "ccusage-daily"
BLOCKS: Final = "ccusage-blocks"
MOST_TOKENS: Final = 10**15


def parse_ccusage(text: str, occasion: Occasion) -> Parsed:
    """Read every day and block of one document."""
    harvest = Harvest(provider=None, source="ccusage", occasion=occasion)
    document = json_object(text, harvest)
    for day in objects(document.get("daily"), harvest, of="day"):
        _read_day(day, harvest)
    for block in objects(document.get("blocks"), harvest, of="block"):
        if block.get("isGap") is not True:
            _read_block(block, harvest)
    harvest.parsed.has_own_time = bool(harvest.parsed.token_totals)
    return harvest.finished()


def _read_day(day: dict[str, Json], harvest: Harvest) -> None:
    named = words(day.get("date")) or words(day.get("period"))
    span = _day(named or "", harvest)
    if span is None:
        harvest.fail("date-unreadable", None, named, "no day we know")
        return
    models = [
        (words(one.get("modelName")) or "", one)
        for one in objects(day.get("modelBreakdowns"), harvest, of="model")
    ]
    models += [(name, one) for name, one in child(day, "models").items() if isinstance(one, dict)]
    for model, counts in models or [("", day)]:
        _keep(DAILY, span, model, counts, cost=_cost(counts, day, models), harvest=harvest)


def _cost(counts: dict[str, Json], day: dict[str, Json], models: Sequence[object]) -> float | None:
    """Give the cost of a model's row; a day of one model may state it for the day alone."""
    own = json_number(counts.get("cost"))
    if own is not None or len(models) > 1:
        return own
    return json_number(day.get("totalCost", day.get("costUSD")))


def _day(named: str, harvest: Harvest) -> tuple[datetime, datetime] | None:
    zone = harvest.occasion.zone
    try:
        first = datetime.strptime(named, "%Y-%m-%d").replace(tzinfo=zone)
    except ValueError:
        return None
    start = local(first, hour=0, minute=0, zone=zone)
    end = local(first + timedelta(days=1), hour=0, minute=0, zone=zone)
    return (start, end) if start and end else None


def _read_block(block: dict[str, Json], harvest: Harvest) -> None:
    start, end = moment_of(block, "startTime", harvest), moment_of(block, "endTime", harvest)
    if start is None or end is None:
        harvest.fail("date-unreadable", None, block.get("id"), "a block without its times")
        return
    found = block.get("models")
    names = [name for name in found if isinstance(name, str)] if isinstance(found, list) else []
    model = names[0] if len(names) == 1 else ""
    cost = json_number(block.get("costUSD"))
    _keep(BLOCKS, (start, end), model, child(block, "tokenCounts"), cost=cost, harvest=harvest)


def _keep(
    source: str,
    span: tuple[datetime, datetime],
    model: str,
    counts: dict[str, Json],
    *,
    cost: float | None,
    harvest: Harvest,
) -> None:
    tokens = {
        name: _tokens(counts, *keys)
        for name, keys in (
            ("input", ("inputTokens",)),
            ("output", ("outputTokens",)),
            ("cache_read", ("cacheReadTokens", "cacheReadInputTokens")),
            ("cache_write", ("cacheCreationTokens", "cacheCreationInputTokens")),
        )
    }
    known = {name: count for name, count in tokens.items() if count is not None}
    if len(known) < len(tokens):
        missing = ", ".join(name for name in tokens if name not in known)
        harvest.fail("meter-unreadable", None, model or source, f"no count of {missing} tokens")
        return
    reasoning = _tokens(counts, "reasoningOutputTokens") or 0
    if _tokens(counts, "totalTokens") == sum(known.values()) + reasoning:
        known["output"] += reasoning  # stands beside the output, not in it
    harvest.parsed.token_totals.append(
        TokenTotal(
            source=source,
            start_at=span[0],
            end_at=span[1],
            model=model,
            input_tokens=known["input"],
            output_tokens=known["output"],
            cache_read_tokens=known["cache_read"],
            cache_write_tokens=known["cache_write"],
            cost_usd=cost,
        )
    )


def _tokens(counts: dict[str, Json], *keys: str) -> int | None:
    """Give a whole count under the first of some keys that is there."""
    found = next((counts[key] for key in keys if key in counts), None)
    value = json_number(found)
    return int(value) if value is not None and value == int(value) <= MOST_TOKENS else None
