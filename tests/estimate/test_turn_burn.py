"""How far each turn moved a meter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.column_sharing import microseconds
from portfolio.estimate.conversion import Burned, usd_per_unit
from portfolio.estimate.movement import Used, movement, uses_of
from portfolio.estimate.turn_burn import TurnBurn, turn_burn
from portfolio.model import MeterPoint

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
END = MONDAY + timedelta(days=7)
HOUR = timedelta(hours=1)


def point(hours: float, used: float) -> MeterPoint:
    return MeterPoint(
        id=f"{hours}",
        account="a",
        pool="week",
        unit="pp",
        used=used,
        cap=100.0,
        read_at=MONDAY + hours * HOUR,
        held_since=None,
        resets_at=END,
        source="made-up",
    )


def burned(points: list[MeterPoint], turns: dict[float, float]) -> TurnBurn:
    """Share readings over turns, given by the hour and their dollars."""
    usd = np.array(list(turns.values()), dtype=np.float64)
    return turn_burn(
        uses_of(points, "week", since=MONDAY, until=END),
        unit="pp",
        at_us=microseconds([MONDAY + hour * HOUR for hour in turns]),
        usd=usd,
        weights=usd,
        until=END,
    )


@given(
    rises=st.lists(st.integers(0, 9), min_size=1, max_size=10),
    hours=st.lists(st.integers(1, 100), unique=True, max_size=20),
)
def test_turns_and_elsewhere_add_up_to_what_the_meter_moved(
    rises: list[int], hours: list[int]
) -> None:
    points = [point(10 * n + 5.0, float(sum(rises[: n + 1]))) for n in range(len(rises))]
    found = burned(points, {float(hour): 1.0 for hour in sorted(hours)})

    told = sum(one for one, is_told in zip(found.burn, found.is_told, strict=True) if is_told)
    moved = movement(points, "week", since=MONDAY, until=END).moved
    assert told + sum(amount for _, amount in found.elsewhere) == pytest.approx(moved)


def test_a_rise_is_put_on_its_turns_by_their_dollars_at_their_own_time() -> None:
    found = burned([point(0, 0), point(3, 9)], {1.0: 2.0, 2.0: 1.0})

    assert found.burn.tolist() == pytest.approx([6.0, 3.0])
    assert found.elsewhere == ()


def test_a_rise_without_turns_was_elsewhere() -> None:
    found = burned([point(0, 0), point(3, 9)], {})

    assert found.elsewhere == ((MONDAY + 3 * HOUR, 9.0),)


def test_where_no_reading_tells_a_turn_takes_what_its_dollars_do_elsewhere_in_time() -> None:
    points = [
        point(24 * day + hour, 10.0 * day + 10 * hour / 3) for day in range(3) for hour in (0, 3)
    ]
    turns = {24.0 * day + 1: 5.0 for day in range(3)} | {140.0: 10.0}

    found = burned(points, turns)

    assert found.is_told.tolist() == [True, True, True, False]
    assert found.usd_per_unit is not None
    assert found.burn[-1] == pytest.approx(20.0)


def test_the_request_that_begins_a_cycle_is_in_it() -> None:
    """A cycle's begin is told to the minute, and the request may be dated before it."""
    found = burned([point(1, 4)], {-0.1: 1.0})

    assert found.burn.tolist() == pytest.approx([4.0])


def test_where_the_meter_fell_in_all_the_parts_add_up_to_that_too() -> None:
    """Rounding lets a meter fall by one; `tokens` puts that on what was elsewhere, too."""
    uses = [Used(MONDAY, MONDAY, MONDAY + 3 * HOUR, -1.0, is_anew=False)]
    usd = np.array([2.0])

    found = turn_burn(
        uses, unit="pp", at_us=microseconds([MONDAY + HOUR]), usd=usd, weights=usd, until=END
    )

    assert found.burn.tolist() == [0.0]
    assert found.elsewhere == ((END, -1.0),)


def test_dollars_of_a_unit_need_three_groups_and_lie_in_their_interval() -> None:
    assert usd_per_unit([Burned(2.0, 1.0), Burned(2.0, 1.0)]) is None
    assert usd_per_unit([Burned(0.0, 1.0)] * 5) is None

    found = usd_per_unit([Burned(2.0, 1.0), Burned(5.0, 2.0), Burned(6.0, 3.0)])

    assert found is not None
    assert found.point == pytest.approx(13 / 6)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 13 / 6 < found.high


@pytest.mark.parametrize(("later", "burn"), [([1.0], [0.0, 4.0]), ([], [4.0])])
def test_what_a_new_cycle_used_is_of_no_turn_before_it_unless_none_is_in_it(
    later: list[float], burn: list[float]
) -> None:
    """The turn five minutes before the reset is of the old cycle, which may be full by it."""
    before = point(-1, 50)._replace(resets_at=MONDAY)
    usd = np.ones(1 + len(later))

    found = turn_burn(
        uses_of([before, point(2, 4)], "week", since=MONDAY - 2 * HOUR, until=END),
        unit="pp",
        at_us=microseconds([MONDAY - HOUR / 12, *(MONDAY + hour * HOUR for hour in later)]),
        usd=usd,
        weights=usd,
        until=END,
    )

    assert found.burn.tolist() == burn


def test_a_rise_over_many_days_was_measured_once() -> None:
    """One reading of a week tells nothing of how far days differ, and earlier work stays untold."""
    days = {24.0 * day + 9: 1.0 for day in range(5)}

    found = burned([point(24 * 5, 40)], days)
    read_daily = burned([point(24 * day, 8.0 * day) for day in range(6)], days)

    assert found.usd_per_unit is None
    assert found.burn.sum() == pytest.approx(40)
    assert read_daily.usd_per_unit is not None


def test_the_last_turn_of_which_nothing_is_known_is_named() -> None:
    found = turn_burn(
        uses_of([point(24, 40)], "week", since=MONDAY, until=END),
        unit="pp",
        at_us=microseconds([MONDAY - 30 * HOUR, MONDAY - 2 * HOUR, MONDAY + HOUR]),
        usd=np.array([1.0, 1.0, 1.0]),
        weights=np.array([1.0, 1.0, 1.0]),
        until=END,
    )

    assert found.untold_until == MONDAY - 2 * HOUR
    assert burned([point(24, 40)], {1.0: 1.0}).untold_until is None
