"""Where pools stand now: the newest reading, while its cycle lasts; and how they move together."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from portfolio.model import MeterPoint
from portfolio.route.guard import PoolNow
from portfolio.route.pools_now import pools_now

if TYPE_CHECKING:
    from parsers.records import Unit

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)
SINCE = NOW - timedelta(weeks=8)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def point(
    pool: str,
    used: float,
    at: datetime,
    resets_at: datetime | None,
    *,
    unit: Unit = "pp",
    cap: float | None = 100.0,
    source: str = "made",
) -> MeterPoint:
    return MeterPoint(f"{pool}{at}", "claude-a", pool, unit, used, cap, at, None, resets_at, source)


def standing(points: Iterable[MeterPoint], *pools: str) -> dict[str, PoolNow]:
    found = pools_now(sorted(points, key=lambda one: one.read_at), pools, since=SINCE, now=NOW)
    return {one.pool: one for one in found}


def test_the_newest_reading_tells_in_shares_of_its_cap() -> None:
    end = NOW + DAY
    read = [
        point("week", 20, NOW - 2 * HOUR, end),
        point("week", 30.5, NOW - HOUR, end),
        point("week", 90, NOW + HOUR, end),  # not known yet
        point("5h", 80, NOW - HOUR, NOW + HOUR, unit="prompts", cap=200),
        point("month", 7, NOW - HOUR, end, unit="credits", cap=None),  # of what, nobody knows
    ]

    told = standing(read)

    assert list(told) == ["week", "5h"]
    assert told["week"].used == pytest.approx(0.305)
    assert told["week"].rounding == 0  # it shows tenths
    assert (told["5h"].used, told["5h"].rounding) == (0.4, 0.5 / 200)
    assert (told["week"].is_short, told["5h"].is_short) == (False, True)


def test_after_its_reset_a_pool_is_taken_to_be_empty_and_says_so() -> None:
    reset = NOW - HOUR
    read = [point("5h", 80, NOW - 3 * HOUR, reset), point("week", 40, NOW - 9 * DAY, None)]

    told = standing(read)

    assert [(one.used, one.standing, one.resets_at) for one in told.values()] == [
        (0.0, "reset-passed", None)
    ] * 2
    assert told["5h"].told_at == reset
    assert told["week"].told_at == NOW - 2 * DAY  # seven days after it was read, at the latest


def test_a_pool_of_the_plan_that_nobody_read_is_told_as_such() -> None:
    told = standing([point("week", 40, NOW - HOUR, NOW + DAY)], "week", "5h")

    assert (told["5h"].used, told["5h"].standing, told["5h"].per_priced) == (None, "not-read", None)


def test_a_computed_meter_counts_only_where_no_real_one_tells_of_the_cycle() -> None:
    real = point("week", 40, NOW - 2 * HOUR, NOW + DAY)
    late = point("week", 10, NOW - HOUR, NOW + DAY, source="glm-computed")
    early = point("week", 70, NOW - 9 * DAY, NOW - 8 * DAY)

    assert standing([real, late])["week"].used == 0.4
    assert standing([early, late])["week"].used == 0.1


def worked(pool: str, daily: list[float], days: int = 7) -> list[MeterPoint]:
    """Read a pool every noon and two hours on, after so much was used; each day is a cycle."""
    found = []
    for number, used in enumerate(daily):
        at = NOW - (len(daily) - number) * DAY
        end = at + timedelta(hours=5) if pool == "5h" else NOW + DAY
        before = 0.0 if pool == "5h" else sum(daily[:number])
        found += [
            point(pool, before, at, end),
            point(pool, before + used, at + 2 * HOUR, end),
        ]
    return found


def test_what_pools_take_beside_the_week_is_the_upper_end_of_what_they_moved_together() -> None:
    five, week, opus = [40.0, 60.0] * 3, [4.0, 6.0] * 3, [2.0, 3.0] * 3

    told = standing([*worked("5h", five), *worked("week", week), *worked("week:opus", opus)])

    assert told["week"].per_priced == 1
    # All days are alike, so the meters' rounding is all that is not known; t(5) is 2.5706.
    sds = [math.sqrt(1 / total**2 + 1 / 30**2) for total in (300, 15)]
    assert told["5h"].per_priced == pytest.approx(10 * math.exp(2.5706 * sds[0]), rel=1e-4)
    assert told["week:opus"].per_priced == pytest.approx(0.5 * math.exp(2.5706 * sds[1]), rel=1e-4)


def test_a_scoped_pool_that_stood_still_is_not_drawn_on_and_few_days_tell_nothing() -> None:
    week = worked("week", [4.0] * 6)

    assert standing([*week, *worked("week:opus", [0.0] * 6)])["week:opus"].per_priced == 0
    few = [*worked("week", [4.0] * 3), *worked("5h", [40.0] * 3)]
    assert standing(few)["5h"].per_priced is None
