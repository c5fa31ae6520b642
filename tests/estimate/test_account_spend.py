from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from portfolio.estimate.account_spend import KeyedTurns, Meter, Stay, meter_of, spend_of
from portfolio.estimate.column_sharing import microseconds
from portfolio.estimate.spend import LAG
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


def burned(seen: Meter, *turns: timedelta) -> list[float]:
    """Give what turns burned that were so long after hour 20, and then what was elsewhere."""
    at_us, keys = microseconds([at(20) + after for after in turns]), range(len(turns))
    own = KeyedTurns(at_us, np.ones(len(turns)), np.arange(len(turns)), keys)
    found = spend_of(seen, own)
    return [found.parts[n].burn if n in found.parts else 0.0 for n in range(len(turns))] + [
        found.elsewhere.burn
    ]


def test_the_request_that_begins_a_cycle_is_in_it_though_dated_a_little_before() -> None:
    """A cycle's begin is told to the minute; a second week begins at hour 20 here."""
    seen = meter(point(0, 30, resets=20), point(24, 4, resets=188))
    minute = timedelta(minutes=1)

    assert burned(seen, -3 * minute) == pytest.approx([4, 30])
    assert burned(seen, -LAG) == pytest.approx([0, 34])
    assert seen.tells_of(at(20) - 3 * minute)
    assert not seen.tells_of(at(20) - LAG - minute)


def test_a_cycles_first_request_is_never_what_made_the_meter_rise_before() -> None:
    minute = timedelta(minutes=1)
    shown_at = 20 - 5 / 60  # five minutes before the reset the meter shows all of the first cycle
    seen = meter(point(shown_at, 30, resets=20), point(24, 4, resets=188))

    assert burned(seen, -6 * minute, -4 * minute) == pytest.approx([30, 4, 0])


def test_a_rise_that_no_reset_begins_takes_no_turn_from_before_it() -> None:
    """A meter of credits stood still at hour 19: a turn just before is on it already."""
    shown = [(0, 10.0), (19, 10.0), (24, 14.0)]
    seen = meter(*(point(hour, used, 150, unit="credits") for hour, used in shown))

    before = timedelta(hours=-1, minutes=-3)
    assert burned(seen, before, timedelta(hours=1))[0] == 0
