"""Read z.ai's quota answer, `/api/monitor/usage/quota/limit`.

Its words mislead: `usage` is the cap, `currentValue` the use, and `percentage` is floored, so
credits are read from the counts and never from the percentage. Until August 2026 the rows were
`TOKENS_LIMIT`, with a percentage alone; `TIME_LIMIT` counts web searches and is no quota of ours.

Source: answers of June to October 2026; samples in tests/data/meters/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parsers.harvest import Harvest, counted, json_object, words
from parsers.values import from_epoch_s, json_number, pool_of_minutes

if TYPE_CHECKING:
    from datetime import datetime

    from parsers.records import Occasion, Parsed
    from parsers.values import Json

SUCCESS: Final = 200
MINUTES_BY_UNIT: Final = {3.0: 60, 5.0: 43_200, 6.0: 10_080}  # hour, month, week
MOST_TIMES: Final = 1000  # 720 hours are a month: nothing we know needs more
MS_PER_S: Final = 1000


def parse_quota(text: str, occasion: Occasion) -> Parsed:
    """Read every credit or token limit of one answer; a window not begun has no reset."""
    harvest = Harvest(provider="glm", source="glm-quota", occasion=occasion)
    answer = json_object(text, harvest)
    data = answer.get("data")
    if _is_error(answer):
        told = answer.get("msg", "an error without a message")
        harvest.fail("meter-error", None, told, "stands where the meter should be")
    elif isinstance(data, dict):
        harvest.parsed.plan_hint = _plan(data)
        limits = data.get("limits")
        for limit in limits if isinstance(limits, list) else []:
            _read_limit(limit, harvest)
    return harvest.finished()


def _is_error(answer: dict[str, Json]) -> bool:
    code = answer.get("code", SUCCESS)
    return code not in (SUCCESS, str(SUCCESS)) or answer.get("success") is False


def _plan(data: dict[str, Json]) -> str | None:
    """Give the level, else the last word of the plan's name: "GLM Coding Pro" → pro."""
    name = words(data.get("planName"))
    return words(data.get("level")) or (name.split()[-1].lower() if name else None)


def _read_limit(limit: Json, harvest: Harvest) -> None:
    kind = limit.get("type") if isinstance(limit, dict) else None
    if not isinstance(limit, dict) or not isinstance(kind, str):
        harvest.fail("meter-unreadable", None, limit, "not a limit")
    elif kind not in {"CREDIT_LIMIT", "TOKENS_LIMIT", "TIME_LIMIT"}:
        harvest.fail("pool-unknown", None, kind, "a limit of a kind we do not know")
    elif kind != "TIME_LIMIT":
        _read_quota(limit, harvest, is_counted=kind == "CREDIT_LIMIT")


def _read_quota(limit: dict[str, Json], harvest: Harvest, *, is_counted: bool) -> None:
    pool = _pool(limit)
    if pool is None:
        length = f"{limit.get('number')} × unit {limit.get('unit')}"
        harvest.fail("pool-unknown", None, length, "none of 5 hours, 1 week, 1 month")
    elif is_counted:
        used = counted(limit, "currentValue", harvest, of=pool)
        cap = counted(limit, "usage", harvest, of=pool)
        if used is not None and cap is not None:
            resets_at = _reset(limit, harvest)
            harvest.take(pool, used, cap=cap, unit="credits", resets_at=resets_at)
    else:
        share = counted(limit, "percentage", harvest, of=pool)
        if share is not None:
            harvest.take(pool, share, resets_at=_reset(limit, harvest))


def _pool(limit: dict[str, Json]) -> str | None:
    unit, times = json_number(limit.get("unit")), json_number(limit.get("number"))
    minutes = None if unit is None else MINUTES_BY_UNIT.get(unit)
    if minutes is None or times is None or times > MOST_TIMES:
        return None
    return pool_of_minutes(minutes * times)


def _reset(limit: dict[str, Json], harvest: Harvest) -> datetime | None:
    found = limit.get("nextResetTime")
    ms = json_number(found)
    moment = None if ms is None else from_epoch_s(ms / MS_PER_S)
    if found is not None and moment is None:
        harvest.fail("date-unreadable", None, found, "nextResetTime is no Unix time in ms")
    return moment
