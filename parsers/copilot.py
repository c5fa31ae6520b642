"""Read GitHub Copilot's quotas, the answer of `copilot_internal/user`.

A quota has an `entitlement` (the cap) and what is `remaining` of it: below zero when overdrawn. An
entitlement of 0 says that there is no such quota, not that it is used up; `unlimited` neither. The
premium quota is the account's monthly pool, chat and completions are scoped. It counts AI credits
(`token_based_billing`) since June 2026, requests before.

Source: answers of 2025 to September 2026; samples in tests/data/meters/.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from parsers.harvest import Harvest, child, json_object, moment_of, words

if TYPE_CHECKING:
    from parsers.records import Occasion, Parsed, Unit
    from parsers.values import Json

POOL_OF_QUOTA: Final = {
    "premium_interactions": "month",
    "chat": "month:chat",
    "completions": "month:completions",
}
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_user(text: str, occasion: Occasion) -> Parsed:
    """Read every quota of one answer."""
    harvest = Harvest(provider="copilot", source="copilot-user", occasion=occasion)
    answer = json_object(text, harvest)
    if message := words(answer.get("message")):
        harvest.fail("meter-error", None, message, "stands where the meter should be")
    harvest.parsed.plan_hint = words(answer.get("copilot_plan"))
    resets_at = _reset(answer, harvest)
    for name, quota in child(answer, "quota_snapshots").items():
        if name not in POOL_OF_QUOTA:
            harvest.fail("pool-unknown", None, name, "a quota of a kind we do not know")
        elif not isinstance(quota, dict):
            harvest.fail("meter-unreadable", None, quota, f"{name} is no quota")
        elif quota.get("unlimited") is not True:
            _read_quota(POOL_OF_QUOTA[name], quota, resets_at=resets_at, harvest=harvest)
    return harvest.finished()


def _read_quota(
    pool: str, quota: dict[str, Json], *, resets_at: datetime | None, harvest: Harvest
) -> None:
    cap, left = _finite(quota.get("entitlement")), _finite(quota.get("remaining"))
    if cap is None or left is None or cap < 0:
        harvest.fail("meter-unreadable", None, quota, f"{pool} has no entitlement and remaining")
    elif cap > 0:
        unit: Unit = "credits" if quota.get("token_based_billing") is True else "prompts"
        if left > cap:
            said = f"{left:.12g} of {cap:.12g}"
            harvest.fail("value-out-of-range", None, said, f"{pool} has more left than its cap")
        else:
            harvest.take(pool, cap - left, cap=cap, unit=unit, resets_at=resets_at)


def _finite(found: Json) -> float | None:
    """Read a number that may be below zero."""
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return float(found) if abs(found) <= 1e15 else None  # also false for NaN


def _reset(answer: dict[str, Json], harvest: Harvest) -> datetime | None:
    """Give the moment of the reset; a bare day begins at midnight UTC."""
    day = answer.get("quota_reset_date")
    if answer.get("quota_reset_date_utc") is not None:
        return moment_of(answer, "quota_reset_date_utc", harvest)
    if isinstance(day, str) and _DAY.fullmatch(day):
        try:
            return datetime.fromisoformat(day).replace(tzinfo=UTC)
        except ValueError:
            pass
    return moment_of(answer, "quota_reset_date", harvest)
