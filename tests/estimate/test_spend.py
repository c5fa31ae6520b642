from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.records import Unit
from portfolio.estimate.movement import movement
from portfolio.model import MeterPoint
from tests.estimate.builders import at, point
from tests.estimate.one_by_one import WeighedTurn
from tests.estimate.shared import Shared, rises_in, share_out


def turn(hours: float, key: str = "a", weight: float = 1) -> WeighedTurn[str]:
    return WeighedTurn(at(hours), key, weight)


def shared(points: list[MeterPoint], *turns: WeighedTurn[str], pool: str = "week") -> Shared[str]:
    return share_out(points, turns, pool=pool)


def test_a_rise_is_shared_by_what_its_turns_weigh() -> None:
    readings = [point(0, 10, 150), point(4, 14, 150)]

    found = shared(readings, turn(1, "a", 3), turn(2, "b", 1), turn(5, "c", 9))

    assert found.parts == {"a": 3, "b": 1}
    assert (found.elsewhere, found.moved) == (0, 4)


def test_a_rise_without_a_turn_is_elsewhere() -> None:
    readings = [point(0, 10, 150), point(4, 14, 150), point(8, 15, 150)]

    found = shared(readings, turn(6))

    assert (dict(found.parts), found.elsewhere) == ({"a": 1}, 4)


def test_all_turns_since_the_last_rise_made_a_whole_percent_full() -> None:
    readings = [point(0, 10, 150), point(1, 11, 150), point(2, 11, 150), point(3, 12, 150)]

    found = shared(readings, turn(0.5, "a"), turn(1.5, "a"), turn(2.5, "b"))

    assert found.parts == {"a": 1.5, "b": 0.5}


def test_a_meter_that_stood_still_before_the_span_rises_by_all_turns_since() -> None:
    readings = [point(-0.2, 10, 150, held=-9), point(3, 11, 150)]

    assert shared(readings, turn(-5, "a"), turn(2, "b")).parts == {"a": 0.5, "b": 0.5}


def test_a_meter_that_counts_credits_moves_with_every_turn() -> None:
    shown = [(0, 10), (1, 11), (2, 11), (3, 12)]
    readings = [point(hour, used, 150, unit="credits") for hour, used in shown]

    found = shared(readings, turn(0.5, "a"), turn(1.5, "a"), turn(2.5, "b"))

    assert found.parts == {"a": 1, "b": 1}


def test_turns_before_a_reset_had_no_part_in_what_came_after_it() -> None:
    readings = [point(0, 10, 50), point(40, 12, 50), point(60, 3, 218)]

    found = shared(readings, turn(30, "a"), turn(45, "b"), turn(55, "c"))

    assert found.parts == {"a": 2, "c": 3}


def test_turns_before_a_reset_that_nobody_announced_had_no_part_in_what_came_after_it() -> None:
    readings = [point(0, 10, 150), point(40, 12, 150), point(50, 0, 150), point(60, 3, 150)]

    found = shared(readings, turn(30, "a"), turn(39, "a"), turn(55, "c"))

    assert found.parts == {"a": 2, "c": 3}


def test_what_was_used_before_the_first_reading_falls_on_the_turns_of_its_cycle() -> None:
    found = shared([point(60, 8, 168)], turn(-10, "a"), turn(20, "b"))

    assert found.parts == {"b": 8}


def test_a_meter_that_wavers_by_rounding_gives_each_percent_once() -> None:
    shown = [43, 42, 43, 44, 43, 44]
    readings = [point(hour, used, 150) for hour, used in enumerate(shown)]

    found = shared(readings, turn(0.5, "a"), turn(1.5, "a"), turn(4.5, "b"))

    assert found.moved == 1
    assert min(found.parts.values()) > 0


def test_a_meter_that_only_fell_by_rounding_leaves_that_elsewhere() -> None:
    found = shared([point(0, 43, 150), point(5, 42, 150)], turn(1))

    assert (dict(found.parts), found.elsewhere) == ({}, -1)


def test_turns_that_weigh_nothing_explain_nothing() -> None:
    found = shared([point(0, 10, 150), point(4, 14, 150)], turn(1, weight=0))

    assert (dict(found.parts), found.elsewhere) == ({}, 4)


def test_without_a_reading_nothing_was_burned() -> None:
    assert shared([], turn(1)) == Shared(parts={}, elsewhere=0)


def steady(*more: tuple[float, int]) -> list[MeterPoint]:
    """Give a meter that rose by one each hour of twenty, and what it showed after."""
    shown = [*((hour, hour) for hour in range(21)), *more]
    return [point(hour, used, 150) for hour, used in shown]


HOURLY = [turn(hour - 0.5, f"h{hour}") for hour in range(1, 21)]


def test_turns_get_what_they_can_have_caused_of_a_rise_that_is_far_greater() -> None:
    found = shared(steady((40, 30)), *HOURLY, turn(39, "late"))

    assert found.parts["late"] == pytest.approx(1)
    assert found.elsewhere == pytest.approx(9)
    assert found.moved == 30


def test_a_rise_that_may_yet_be_of_its_turns_is_theirs() -> None:
    found = shared(steady((40, 23)), *HOURLY, turn(39, "late"))

    assert (found.parts["late"], found.elsewhere) == (3, 0)


def test_a_model_that_weighs_more_on_the_meter_than_on_the_bill_is_not_taken_for_elsewhere() -> (
    None
):
    shown = [
        *((hour, hour) for hour in range(17)),
        *((hour, 4 * hour - 48) for hour in range(17, 21)),
    ]
    readings = [point(hour, used, 150) for hour, used in shown]

    found = shared(readings, *HOURLY)

    assert (found.moved, found.elsewhere) == (32, 0)


def test_few_rises_tell_no_rate() -> None:
    found = shared([point(0, 0, 150), point(1, 1, 150), point(40, 30, 150)], turn(0.5), turn(39))

    assert (found.moved, found.elsewhere) == (30, 0)


def test_turns_that_the_meter_stood_still_after_explain_one_step_of_it() -> None:
    readings = [point(0, 10, 150), point(1, 11, 150), point(3, 11, 150), point(9, 16, 150)]

    found = shared(readings, turn(0.5, "a"), turn(2, "b"))

    assert (dict(found.parts), found.elsewhere) == ({"a": 1, "b": 1}, 4)


READINGS = st.lists(
    st.tuples(
        st.floats(-20, 120),
        st.one_of(st.integers(0, 100), st.floats(0, 100)),
        st.one_of(st.none(), st.floats(-30, 300)),
        st.sampled_from(["a", "b", "c"]),
        st.one_of(st.none(), st.floats(0, 5)),
    ),
    max_size=30,
)
TURNS = st.lists(
    st.tuples(st.floats(-30, 130), st.sampled_from("xyz"), st.floats(0, 1e6)), max_size=40
)


@given(READINGS, TURNS, st.sampled_from(["week", "5h", "month"]), st.sampled_from(["pp", "usd"]))
def test_whatever_was_read_the_parts_add_up_to_what_the_meter_moved_and_none_is_negative(
    read: list[tuple[float, float, float | None, str, float | None]],
    worked: list[tuple[float, str, float]],
    pool: str,
    unit: Unit,
) -> None:
    points = [
        point(
            hour,
            used,
            ends,
            pool=pool,
            unit=unit,
            source=source,
            held=hour - held if held else None,
        )
        for hour, used, ends, source, held in read
    ]
    turns = [turn(*one) for one in worked]
    moved = movement(
        sorted(points, key=lambda point: point.read_at), pool, since=at(0), until=at(100)
    ).moved

    found = shared(points, *turns, pool=pool)

    assert found.moved == pytest.approx(moved, abs=1e-6, rel=1e-9)
    assert all(part >= 0 for part in found.parts.values())
    assert found.elsewhere >= min(0.0, moved) - 1e-6


@given(READINGS, st.sampled_from(["week", "5h", "month"]))
def test_no_moment_is_counted_for_two_rises(
    read: list[tuple[float, float, float | None, str, float | None]], pool: str
) -> None:
    points = [
        point(hour, used, ends, pool=pool, source=source) for hour, used, ends, source, _ in read
    ]
    ordered = sorted(points, key=lambda point: point.read_at)

    rises, _ = rises_in(ordered, pool, since=at(0), until=at(100))

    assert all(one.until <= then.since + timedelta(0) for one, then in pairwise(rises))
    assert all(rise.amount > 0 for rise in rises)
