from __future__ import annotations

from portfolio.estimate.account_spend import Meter, Stay, meter_of
from portfolio.model import MeterPoint, Plan
from tests.estimate.builders import at, point

STAY = Stay("a", None, at(-1000), at(1000))


def no_plan(plan: str | None) -> Plan | None:
    return None


def meter(*points: MeterPoint) -> Meter:
    found = meter_of(STAY, points, plan_of=no_plan)
    assert found is not None
    return found


def test_one_reading_tells_of_its_cycle_up_to_itself() -> None:
    seen = meter(point(10, 30, resets=100))

    assert [seen.tells_of(at(hours)) for hours in (-60, 9, 10)] == [True, True, True]
    assert [seen.tells_of(at(hours)) for hours in (-70, 11)] == [False, False]


def test_between_the_last_reading_and_the_reset_nothing_is_told() -> None:
    seen = meter(point(0, 30, resets=20), point(10, 40, resets=20), point(30, 5, resets=188))

    assert [seen.tells_of(at(hours)) for hours in (5, 15, 25, 31)] == [True, False, True, False]


def test_a_meter_that_stood_still_tells_that_nothing_was_used() -> None:
    seen = meter(point(0, 30, resets=100), point(10, 30, resets=100))

    assert seen.tells_of(at(5))
    assert sum(rise.amount for rise in seen.rises) == 30  # all of it before


def test_an_account_without_a_reading_has_no_meter() -> None:
    assert meter_of(STAY, [], plan_of=no_plan) is None
