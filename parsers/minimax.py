"""Read MiniMax's token plan, `/v1/api/openplatform/coding_plan/remains`.

The percentages are what REMAINS; the counts may be 0 of 0 and say nothing. An interval is cut at
midnight, so that one of four hours is the five-hour pool all the same. `general` is the account's
quota; a row whose status is 3 is not in the plan.

Source: an answer of June 2026; samples in tests/data/meters/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parsers.harvest import FULL, Harvest, child, json_object, objects, words
from parsers.values import from_epoch_s, json_number, scope_slug

if TYPE_CHECKING:
    from datetime import datetime

    from parsers.records import Occasion, Parsed
    from parsers.values import Json

OWN_NAME: Final = "general"
NOT_IN_PLAN: Final = 3.0
LONGEST_INTERVAL_MS: Final = 5 * 3_600_000
MS_PER_S: Final = 1000


def parse_remains(text: str, occasion: Occasion) -> Parsed:
    """Read the interval and the week of every model's row."""
    harvest = Harvest(provider="minimax", source="minimax-remains", occasion=occasion)
    answer = json_object(text, harvest)
    said = child(answer, "base_resp")
    if said.get("status_code") not in (None, 0):
        harvest.fail("meter-error", None, said.get("status_msg"), "stands in place of the meter")
    for row in objects(answer.get("model_remains"), harvest, of="row"):
        name = words(row.get("model_name"))
        slug = scope_slug(name) if name else None
        if slug is None:
            harvest.fail("pool-unknown", None, name, "a row without a model's name")
            continue
        scope = "" if slug == OWN_NAME else f":{slug}"
        _read_interval(row, scope, harvest)
        _read(row, f"week{scope}", "current_weekly", "weekly_end_time", harvest)
    return harvest.finished()


def _read_interval(row: dict[str, Json], scope: str, harvest: Harvest) -> None:
    start, end = json_number(row.get("start_time")), json_number(row.get("end_time"))
    if row.get("current_interval_status") == NOT_IN_PLAN:
        return
    if start is None or end is None or not 0 < end - start <= LONGEST_INTERVAL_MS:
        length = f"{row.get('start_time')} to {row.get('end_time')}"
        harvest.fail("pool-unknown", None, length, "no interval of up to five hours")
    else:
        _read(row, f"5h{scope}", "current_interval", "end_time", harvest)


def _read(row: dict[str, Json], pool: str, prefix: str, reset: str, harvest: Harvest) -> None:
    key = f"{prefix}_remaining_percent"
    if row.get(f"{prefix}_status") == NOT_IN_PLAN or row.get(key) is None:
        return
    left = json_number(row[key])
    if left is None or left > FULL:
        harvest.fail("value-out-of-range", None, row[key], f"{key} is not from 0 to 100")
    else:
        harvest.take(pool, FULL - left, resets_at=_moment(row, reset, harvest))


def _moment(row: dict[str, Json], key: str, harvest: Harvest) -> datetime | None:
    ms = json_number(row.get(key))
    moment = None if ms is None else from_epoch_s(ms / MS_PER_S)
    if row.get(key) is not None and moment is None:
        harvest.fail("date-unreadable", None, row[key], f"{key} is no Unix time in ms")
    return moment
