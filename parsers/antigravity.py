"""Read Antigravity's quotas (once the Gemini CLI's), `agy -p /usage --output-format json`.

Each group of models has buckets that show the fraction REMAINING, 0 to 1. Gemini's own group is
the account's pools; another group (Claude and GPT) is scoped by the first word of its name. The old
`retrieveUserQuota` answer has a bucket a model that names no length, so it gives no reading.

Source: answers of 2025 to October 2026; samples in tests/data/meters/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parsers.harvest import FULL, Harvest, child, json_object, moment_of, objects, words
from parsers.values import json_number, scope_slug

if TYPE_CHECKING:
    from parsers.records import Occasion, Parsed
    from parsers.values import Json

POOL_OF_WINDOW: Final = {"5h": "5h", "weekly": "week", "monthly": "month"}
OWN_GROUP: Final = "gemini"
REFUSED: Final = "UNSUPPORTED_CLIENT"


def parse_usage(text: str, occasion: Occasion) -> Parsed:
    """Read every bucket of one answer."""
    harvest = Harvest(provider="antigravity", source="antigravity-usage", occasion=occasion)
    if REFUSED in text:
        why = "this client is no longer served; ask Antigravity's own: agy -p /usage"
        harvest.fail("meter-error", None, REFUSED, why)
        return harvest.finished()
    answer = json_object(text, harvest)
    if (status := answer.get("status")) not in (None, "SUCCESS"):
        harvest.fail("meter-error", None, status, "stands where the meter should be")
    data = child(child(answer, "command"), "data")
    for group in objects(data.get("groups"), harvest, of="group"):
        scope = _scope(group.get("name"))
        for bucket in objects(group.get("buckets"), harvest, of="bucket"):
            _read_bucket(bucket, scope=scope, harvest=harvest)
    for bucket in objects(answer.get("buckets"), harvest, of="bucket"):
        why = "a quota of one model whose length is not told is none of our pools"
        harvest.fail("pool-unknown", None, bucket.get("modelId"), why)
    return harvest.finished()


def _scope(name: Json) -> str | None:
    slug = scope_slug(name) if isinstance(name, str) else None
    return "other" if slug is None else None if slug == OWN_GROUP else slug


def _read_bucket(bucket: dict[str, Json], *, scope: str | None, harvest: Harvest) -> None:
    window = words(bucket.get("window"))
    pool = POOL_OF_WINDOW.get(window or "")
    if pool is None:
        harvest.fail("pool-unknown", None, window, "none of 5h, weekly, monthly")
        return
    left = json_number(bucket.get("remaining_fraction"))
    if left is None or left > 1:
        found = bucket.get("remaining_fraction")
        harvest.fail("value-out-of-range", None, found, "remaining_fraction is not from 0 to 1")
        return
    resets_at = moment_of(bucket, "reset_time", harvest)
    named = f"{pool}:{scope}" if scope else pool
    harvest.take(named, FULL * (1 - left), resets_at=resets_at)
