from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.records import Unit
from portfolio.estimate.account_spend import KeyedTurns, Meter, Stay, meter_of, spend_of
from portfolio.estimate.column_sharing import microseconds
from portfolio.estimate.spend import LAG
from portfolio.estimate.turn_burn import told_in
from portfolio.model import MeterPoint, Plan
from tests.estimate import one_by_one
from tests.estimate.builders import at, plan, plans, point, pool_fact, price
from tests.estimate.one_by_one import WeighedTurn

UNITS: tuple[Unit, ...] = ("pp", "credits")  # whose cap tells what one is worth
STAY = Stay("a", None, at(-1000), at(1000))


def no_plan(plan: str | None) -> Plan | None:
    return None


def meter(*points: MeterPoint) -> Meter:
    found = meter_of(STAY, points, plan_of=no_plan)
    assert found is not None
    return found


def tells_of(seen: Meter, moment: datetime) -> bool:
    return bool(told_in(seen.uses, microseconds([moment]))[0])


def test_one_reading_tells_of_its_cycle_up_to_itself() -> None:
    seen = meter(point(10, 30, resets=100))

    assert [tells_of(seen, at(hours)) for hours in (-60, 9, 10)] == [True, True, True]
    assert [tells_of(seen, at(hours)) for hours in (-70, 11)] == [False, False]


def test_between_the_last_reading_and_the_reset_nothing_is_told() -> None:
    seen = meter(point(0, 30, resets=20), point(10, 40, resets=20), point(30, 5, resets=188))

    assert [tells_of(seen, at(hours)) for hours in (5, 15, 25, 31)] == [True, False, True, False]


def test_a_meter_that_stood_still_tells_that_nothing_was_used() -> None:
    seen = meter(point(0, 30, resets=100), point(10, 30, resets=100))

    assert tells_of(seen, at(5))
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
    assert tells_of(seen, at(20) - 3 * minute)
    assert not tells_of(seen, at(20) - LAG - minute)


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


def drawn(random: Random) -> tuple[Meter | None, list[WeighedTurn[str]]]:
    """Draw what was read of a meter while its plan's price or cap changed, and turns beside it."""
    series, unit = [], random.choice(UNITS)
    for _ in range(random.randint(1, 25)):
        hour = random.uniform(-20, 400)
        due = next(one for one in (30.0, 198.0, 366.0, 534.0) if one > hour)
        ends = random.choice([due, due, due, None])
        series.append(point(hour, random.randint(0, 100), ends, unit=unit))
    begins = random.choice([(None,), (None, 150.0), (150.0,)])
    known = plan(
        "pro",
        *(price(20.0 + 10 * n, since) for n, since in enumerate(begins)),
        pools=[pool_fact(unit=unit, cap=500.0, since=random.choice([None, 150.0]))],
    )
    stay = Stay("a", "pro", at(0), at(random.uniform(10, 400)))
    series.sort(key=lambda one: one.read_at)
    turns = [
        WeighedTurn(
            at(random.uniform(-20, 400)), random.choice("wxyz"), random.choice([0.0, 0.5, 2.0])
        )
        for _ in range(random.choice([0, 1, 40]))
    ]
    return meter_of(stay, series, plan_of=plans(known)), sorted(turns)


def in_columns(turns: list[WeighedTurn[str]]) -> KeyedTurns[str] | None:
    weights, keys = np.array([turn.weight for turn in turns]), "wxyz"
    key = np.array([keys.index(turn.key) for turn in turns])
    at_us = microseconds([turn.at for turn in turns])
    return KeyedTurns(at_us, weights, key, keys) if turns else None


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 1_000_000))
def test_all_turns_at_once_burn_what_each_does_by_itself_and_add_up_to_the_meter(seed: int) -> None:
    seen, turns = drawn(Random(seed))
    if seen is None:
        return

    found = spend_of(seen, in_columns(turns))

    wanted = one_by_one.spend_of(seen, turns)
    assert found.whole.burn == pytest.approx(seen.moved, abs=1e-9)
    assert found.parts.keys() == wanted.parts.keys()
    pairs = [(found.elsewhere, wanted.elsewhere)]
    for one, other in [*pairs, *((found.parts[key], wanted.parts[key]) for key in wanted.parts)]:
        assert one.burn == pytest.approx(other.burn, abs=1e-9)
        assert (one.usd is None) == (other.usd is None)
        assert one.usd is None or one.usd == pytest.approx(other.usd, abs=1e-9)


def test_the_drawn_meters_reach_known_and_unknown_dollars_on_turns_and_elsewhere() -> None:
    """Else equality would prove little."""
    seen: Counter[tuple[str, bool]] = Counter()
    for seed in range(300):
        meter, turns = drawn(Random(seed))
        if meter is None:
            continue
        found = one_by_one.spend_of(meter, turns)
        seen.update(("here", part.usd is None) for part in found.parts.values())
        seen["elsewhere", found.elsewhere.usd is None] += found.elsewhere.burn > 0

    assert len(seen) == 4
    assert min(seen.values()) > 20, seen
