"""Read Cursor's usage summary, `cursor.com/api/usage-summary`.

The plan's included use is counted in cents of API prices and becomes dollars here. On-demand use is
paid by the token and is no pool of the plan; nor is a team's.

Source: an answer of 2025; samples in tests/data/meters/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parsers.harvest import Harvest, child, counted, json_object, moment_of, words
from parsers.values import json_number

if TYPE_CHECKING:
    from parsers.records import Occasion, Parsed
    from parsers.values import Json

CENTS: Final = 100


def parse_summary(text: str, occasion: Occasion) -> Parsed:
    """Read the included use of the billing cycle."""
    harvest = Harvest(provider="cursor", source="cursor-summary", occasion=occasion)
    summary = json_object(text, harvest)
    if error := summary.get("error"):
        harvest.fail("meter-error", None, error, "stands where the meter should be")
    harvest.parsed.plan_hint = words(summary.get("membershipType"))
    plan = child(child(summary, "individualUsage"), "plan")
    if plan and plan.get("enabled") is not False:
        _read_plan(plan, summary, harvest)
    return harvest.finished()


def _read_plan(plan: dict[str, Json], summary: dict[str, Json], harvest: Harvest) -> None:
    resets_at = moment_of(summary, "billingCycleEnd", harvest)
    if json_number(plan.get("limit")):
        used = counted(plan, "used", harvest, of="the plan")
        cap = counted(plan, "limit", harvest, of="the plan")
        if used is not None and cap is not None:
            harvest.take("month", used / CENTS, cap=cap / CENTS, unit="usd", resets_at=resets_at)
    else:  # a plan without a limit in dollars shows its share alone
        share = counted(plan, "totalPercentUsed", harvest, of="the plan")
        if share is not None:
            harvest.take("month", share, resets_at=resets_at)
