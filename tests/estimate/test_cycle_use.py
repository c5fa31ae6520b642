"""What meters show of whole cycles, and when they were full."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.cycle_use import (
    CycleUsed,
    Spans,
    cycles_used,
    full_spans,
    hours_in,
    tells_end,
)
from portfolio.estimate.movement import uses_of
from portfolio.estimate.spans import both, joined
from portfolio.model import MeterPoint
from tests.estimate.builders import at, point

WEEK = 168.0


def cycles(*points: MeterPoint, until: float = 10 * WEEK) -> list[CycleUsed]:
    uses = uses_of(points, "week", since=at(0), until=at(until))
    return cycles_used(points, uses, since=at(0), until=at(until))


def full(points: Sequence[MeterPoint], until: float = 100) -> list[tuple[float, float]]:
    found = full_spans(points, cap=None, until=at(until))
    return [
        ((one - at(0)).total_seconds() / 3600, (end - at(0)).total_seconds() / 3600)
        for one, end in found
    ]


def test_a_cycle_used_what_its_last_reading_shows_and_the_next_one_starts_anew() -> None:
    found = cycles(point(10, 20, WEEK), point(150, 60, WEEK), point(200, 30, 2 * WEEK))

    assert found == [
        CycleUsed(at(0), at(WEEK), 60, at(150)),
        CycleUsed(at(WEEK), at(2 * WEEK), 30, at(200)),
    ]


def test_the_cycle_that_is_not_over_and_one_that_nobody_read_are_none() -> None:
    found = cycles(point(10, 20, WEEK), point(400, 30, 3 * WEEK), until=450)

    assert [one.begin for one in found] == [at(0)]


def test_a_cycle_that_began_before_the_plan_is_none() -> None:
    assert cycles(point(10, 20, 100), until=450) == []


def test_a_reset_by_the_provider_ends_a_cycle_early() -> None:
    found = cycles(point(10, 20, WEEK), point(80, 70, WEEK), point(110, 5, 268))

    assert [(one.end, one.used) for one in found] == [(at(100), 70), (at(268), 5)]


def test_what_a_stale_source_shows_of_an_older_cycle_is_no_cycle() -> None:
    found = cycles(
        point(150, 60, WEEK),
        point(200, 30, 2 * WEEK),
        point(201, 60, WEEK, source="stale"),
        point(300, 40, 2 * WEEK),
    )

    assert [(one.used, one.last_read_at) for one in found] == [(60, at(150)), (40, at(300))]


def test_the_end_is_told_by_a_late_reading_or_by_no_work_after_it() -> None:
    late = CycleUsed(at(0), at(WEEK), 60, at(160))
    early = CycleUsed(at(0), at(WEEK), 60, at(90))

    assert tells_end(late, [at(165)])
    assert tells_end(early, [at(80), at(90.2), at(170)])
    assert tells_end(early, [])
    assert not tells_end(early, [at(80), at(100), at(170)])


def test_a_meter_at_its_cap_is_full_until_its_reset() -> None:
    assert full([point(1, 99, 5), point(2, 100, 5), point(3, 101, 5), point(6, 10, 11)]) == [(2, 5)]


def test_a_meter_that_shows_less_is_full_no_more() -> None:
    assert full([point(2, 100, 50), point(30, 4, 198)]) == [(2, 30)]


def test_without_a_reset_a_meter_is_full_as_long_as_it_was_shown() -> None:
    assert full([point(2, 100), point(4, 100), point(9, 3)]) == [(2, 4)]
    assert full([point(2, 100)]) == []


def test_two_cycles_at_the_cap_are_two_times() -> None:
    assert full([point(2, 100, 5), point(9, 100, 12)]) == [(2, 5), (9, 12)]


def test_a_meter_is_full_up_to_now_at_most() -> None:
    assert full([point(2, 100, 500)], until=40) == [(2, 40)]


def test_a_meter_in_another_unit_without_a_cap_is_never_known_to_be_full() -> None:
    reading = point(2, 100, 50)._replace(unit="credits")

    assert full([reading]) == []
    assert full_spans([reading], cap=80.0, until=at(40)) == [(at(2), at(40))]


SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda one: (one[0], sum(one)))
)


@given(SPANS, SPANS)
def test_spans_hold_hour_by_hour_what_their_parts_do(
    some: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    def spans(own: list[tuple[int, int]]) -> Spans:
        return joined((at(one), at(end)) for one, end in own)

    def covers(own: list[tuple[int, int]], hour: int) -> bool:
        return any(one <= hour < end for one, end in own)

    hours = range(90)
    together = both(spans(some), spans(others))

    assert hours_in(spans(some), at(0), at(90)) == sum(covers(some, hour) for hour in hours)
    assert hours_in(together, at(0), at(90)) == sum(
        covers(some, hour) and covers(others, hour) for hour in hours
    )
