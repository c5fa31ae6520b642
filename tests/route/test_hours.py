from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.route.hours import WorkingHours

VIENNA = ZoneInfo("Europe/Vienna")
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
WEEK = timedelta(days=7)
OFFICE = WorkingHours(zone=VIENNA, begin=9 * 60, end=17 * 60 + 30, weekdays=range(5))


@pytest.mark.parametrize(
    ("first", "offsets"),
    [
        (datetime(2026, 10, 21, tzinfo=VIENNA), (2, 2, 2, 1, 1)),  # back on Sunday 25 October
        (datetime(2027, 3, 24, tzinfo=VIENNA), (1, 1, 1, 2, 2)),  # on, on Sunday 28 March
    ],
)
def test_the_wall_clock_rules_in_a_week_in_which_it_is_changed(
    first: datetime, offsets: tuple[int, ...]
) -> None:
    found = OFFICE.spans(first, first + WEEK)

    assert [9 - one.start_at.hour for one in found] == list(offsets)
    assert {one.end_at - one.start_at for one in found} == {timedelta(hours=8.5)}
    assert [one.start_at.astimezone(VIENNA).weekday() for one in found] == [2, 3, 4, 0, 1]


def test_a_day_of_24_hours_is_an_hour_shorter_or_longer_when_the_clock_is_changed() -> None:
    always = WorkingHours(zone=VIENNA, begin=0, end=1440, weekdays=range(7))

    for since, hours in (
        (datetime(2027, 3, 28, tzinfo=VIENNA), 23),
        (datetime(2026, 10, 25, tzinfo=VIENNA), 25),
    ):
        until = since + timedelta(days=1)  # on the wall
        (one,) = always.spans(since.astimezone(UTC), until.astimezone(UTC))
        assert (one.end_at - one.start_at) / timedelta(hours=1) == hours


def test_an_hour_that_the_clock_leaves_out_is_not_worked() -> None:
    nightly = WorkingHours(zone=VIENNA, begin=2 * 60 + 30, end=3 * 60, weekdays={6})
    sunday = datetime(2027, 3, 28, tzinfo=VIENNA)

    assert nightly.spans(sunday, sunday + timedelta(days=1)) == []


@given(
    since=st.integers(0, 730 * 86_400).map(lambda second: BEGIN + timedelta(seconds=second)),
    days=st.floats(0, 15),
    begin=st.integers(0, 1438),
    length=st.integers(1, 1440),
    weekdays=st.sets(st.integers(0, 6)),
    zone=st.sampled_from([UTC, VIENNA, ZoneInfo("Asia/Kolkata"), ZoneInfo("Australia/Lord_Howe")]),
)
def test_spans_are_in_order_inside_what_was_asked_and_on_working_days(
    since: datetime, days: float, begin: int, length: int, weekdays: set[int], zone: ZoneInfo
) -> None:
    until = since + timedelta(days=days)
    hours = WorkingHours(zone=zone, begin=begin, end=min(1440, begin + length), weekdays=weekdays)

    found = hours.spans(since, until)

    edges = [edge for one in found for edge in one]
    assert edges == sorted(edges)
    assert all(since <= one.start_at < one.end_at <= until for one in found)
    assert all(one.start_at.astimezone(zone).weekday() in weekdays for one in found)
