"""Read Kimi's quotas: `coding/v1/usages`, and the subscription's statistics.

The first counts requests, written as texts: `usage` is the week's, `limits` name their length. The
second shows the ratio USED, 0 to 1. What is left of a balance is shared with Kimi's other products
and is no meter of coding. The key of the reset has three spellings.

Source: answers of January and July 2026; samples in tests/data/meters/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parsers.harvest import FULL, Harvest, child, json_object, moment_of, objects
from parsers.values import json_number, number, pool_of_minutes

if TYPE_CHECKING:
    from datetime import datetime

    from parsers.records import Occasion, Parsed
    from parsers.values import Json

MINUTES_BY_UNIT: Final = {
    "TIME_UNIT_MINUTE": 1,
    "TIME_UNIT_HOUR": 60,
    "TIME_UNIT_DAY": 1440,
    "TIME_UNIT_WEEK": 10_080,
}
POOL_OF_RATIO: Final = {"ratelimitCode5h": "5h", "ratelimitCode7d": "week"}
RESET_KEYS: Final = ("resetTime", "resetAt", "reset_at")
MOST_TIMES: Final = 100_000  # 43,200 minutes are a month: nothing we know needs more


def parse_usages(text: str, occasion: Occasion) -> Parsed:
    """Read every quota of either answer."""
    harvest = Harvest(provider="kimi", source="kimi-usages", occasion=occasion)
    answer = json_object(text, harvest)
    if error := answer.get("error"):
        harvest.fail("meter-error", None, error, "stands where the meter should be")
    if usage := child(answer, "usage"):
        _read_count(usage, "week", harvest)
    for limit in objects(answer.get("limits"), harvest, of="limit"):
        window = child(limit, "window")
        pool = _pool(window)
        if pool is None:
            length = f"{window.get('duration')} {window.get('timeUnit')}"
            harvest.fail("pool-unknown", None, length, "none of 5 hours, 1 week, 1 month")
        else:
            _read_count(child(limit, "detail"), pool, harvest)
    for key, pool in POOL_OF_RATIO.items():
        ratio = child(answer, key)
        if ratio and ratio.get("enabled") is not False:
            _read_ratio(ratio, pool, harvest)
    return harvest.finished()


def _read_count(detail: dict[str, Json], pool: str, harvest: Harvest) -> None:
    used, cap = _count(detail.get("used")), _count(detail.get("limit"))
    left = _count(detail.get("remaining"))
    if used is None and left is not None and cap is not None and left <= cap:
        used = cap - left
    if used is None or cap is None:
        harvest.fail("meter-unreadable", None, detail, f"{pool} has no used and limit")
    elif cap > 0:  # 0 of 0 says nothing
        resets_at = _reset(detail, harvest)
        harvest.take(pool, used, cap=cap, unit="prompts", resets_at=resets_at)


def _count(found: Json) -> float | None:
    return number(found) if isinstance(found, str) else json_number(found)


def _read_ratio(ratio: dict[str, Json], pool: str, harvest: Harvest) -> None:
    used = json_number(ratio.get("ratio"))
    if used is None:
        found = ratio.get("ratio")
        harvest.fail("meter-unreadable", None, found, f"the ratio of {pool} is no number")
    else:
        harvest.take(pool, FULL * used, resets_at=_reset(ratio, harvest))


def _pool(window: dict[str, Json]) -> str | None:
    unit, times = window.get("timeUnit"), _count(window.get("duration"))
    minutes = MINUTES_BY_UNIT.get(unit) if isinstance(unit, str) else None
    if minutes is None or times is None or times > MOST_TIMES:
        return None
    return pool_of_minutes(minutes * times)


def _reset(record: dict[str, Json], harvest: Harvest) -> datetime | None:
    key = next((one for one in RESET_KEYS if record.get(one) is not None), RESET_KEYS[0])
    return moment_of(record, key, harvest)
