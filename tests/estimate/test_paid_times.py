"""The time of a stay, cut: all of it once, each piece in one week, one cycle, and of one rest."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.estimate.account_spend import Stay, meter_of
from portfolio.estimate.paid_times import HasWork, StayTime, times_of
from portfolio.model import MeterPoint
from tests.estimate.builders import at, plan, plans, point

WEEK = 168.0  # hours


def times(
    *points: MeterPoint,
    begin: float = 0,
    end: float = WEEK,
    until: float | None = None,
    weeks: tuple[float, ...] = (-500,),
    has_work: HasWork | None = None,
) -> list[StayTime]:
    stay = Stay("a", "pro", at(begin), at(end))
    ordered = sorted(points, key=lambda one: one.read_at)
    return times_of(
        stay,
        meter_of(stay, ordered, plan_of=plans(plan())),
        weeks=[at(week) for week in weeks],
        until=at(end if until is None else until),
        has_work=has_work,
    )


def told(found: list[StayTime]) -> list[tuple[float, float, int, int, str]]:
    hours = [(one.begin - at(0)) / (at(1) - at(0)) for one in found]
    ends = [(one.end - at(0)) / (at(1) - at(0)) for one in found]
    return [
        (*span, one.cycle, one.week, one.rest)
        for span, one in zip(zip(hours, ends, strict=True), found, strict=True)
    ]


def test_what_was_never_read_is_unmeasured_week_by_week() -> None:
    assert told(times(weeks=(-30, 100))) == [
        (0, 100, 0, 0, "unmeasured"),
        (100, WEEK, 0, 1, "unmeasured"),
    ]


def test_a_cycle_that_ended_expired_and_the_one_that_has_not_is_open() -> None:
    found = times(point(10, 20, 60), point(90, 5, 60 + WEEK), weeks=(-108, 100))

    assert told(found) == [
        (0, 60, 0, 0, "expired"),
        (60, 100, 1, 0, "still-open"),
        (100, WEEK, 1, 1, "still-open"),
    ]


def test_nothing_of_a_stay_that_is_over_is_open() -> None:
    found = times(point(10, 20, 60 + WEEK), until=2 * WEEK)

    assert told(found) == [(0, 60, 0, 0, "unmeasured"), (60, WEEK, 1, 0, "expired")]


def test_between_two_cycles_none_is_paid_ahead_by_the_other() -> None:
    """The second begins when it is first used, a day after the first has ended."""
    found = times(point(10, 20, 60), point(90, 5, 84 + WEEK))

    assert [one[:3] for one in told(found)] == [(0, 60, 0), (60, 84, 1), (84, WEEK, 2)]


def worked(*hours: float) -> HasWork:
    """Tell of work at some hours."""

    def has_work(since: datetime, until: datetime) -> bool:
        return any(since <= at(hour) < until for hour in hours)

    return has_work


@pytest.mark.parametrize(("hour", "rest"), [(40, "unmeasured"), (20.2, "expired"), (65, "expired")])
def test_a_cycle_worked_in_after_its_last_reading_ended_nobody_knows_how(
    hour: float, rest: str
) -> None:
    read = point(20, 20, 60), point(62, 0, 60 + WEEK), point(90, 5, 60 + WEEK)

    found = times(*read, has_work=worked(10, hour))

    assert {one.rest for one in found if at(20) <= one.begin < at(60)} | {
        one.rest for one in found if one.begin <= at(30) < one.end
    } == {rest}


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 1_000_000))
def test_pieces_are_all_of_a_stay_and_lie_in_one_week_each(seed: int) -> None:
    random = Random(seed)
    points = [
        point(
            random.uniform(-200, 4 * WEEK),
            random.randint(0, 100),
            random.choice([None, 90, 90 + WEEK, 95 + 2 * WEEK, 500, 90 + 4 * WEEK]),
        )
        for _ in range(random.randint(0, 20))
    ]
    weeks = tuple(number * WEEK - 36 for number in range(5))

    found = times(
        *points,
        end=3.5 * WEEK,
        weeks=weeks,
        has_work=worked(*(random.uniform(0, 4 * WEEK) for _ in range(5))),
    )

    assert (found[0].begin, found[-1].end) == (at(0), at(3.5 * WEEK))
    assert all(one.end == then.begin and one.cycle <= then.cycle for one, then in pairwise(found))
    for one in found:
        ends = [at(week) for week in weeks[one.week + 1 :]] or [at(5 * WEEK)]
        assert at(weeks[one.week]) <= one.begin < one.end <= ends[0]
