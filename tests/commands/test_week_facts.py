"""Weeks as the user counts them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.commands.week_facts import Calendar

BERLIN = Calendar(ZoneInfo("Europe/Berlin"), "monday")
HOUR = timedelta(hours=1)
moments = st.integers(0, 2 * 365 * 24 * 4).map(
    lambda quarters: datetime(2025, 1, 1, tzinfo=UTC) + quarters * HOUR / 4
)
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"])
days = st.sampled_from(["monday", "saturday", "sunday"])


@given(moments, zones, days)
def test_a_moment_lies_in_its_week_and_weeks_leave_no_gap(
    at: datetime, zone: str, first_day: str
) -> None:
    calendar = Calendar(ZoneInfo(zone), first_day)

    begins, ends = calendar.week(at)

    assert begins <= at < ends
    assert calendar.week(begins) == (begins, ends)
    assert calendar.week(ends)[0] == ends
    assert abs((ends - begins) - timedelta(days=7)) <= HOUR


def test_a_week_in_which_clocks_change_is_an_hour_longer() -> None:
    begins, ends = BERLIN.week(datetime(2026, 10, 25, 12, tzinfo=UTC))

    assert ends - begins == timedelta(hours=169)
    assert BERLIN.name(begins) == "2026-10-19"


@pytest.mark.parametrize(("until_day", "count"), [(8, 0), (9, 1), (15, 1), (16, 2)])
def test_only_weeks_that_are_over_are_whole(until_day: int, count: int) -> None:
    since = datetime(2026, 11, 4, 15, tzinfo=UTC)  # a Wednesday
    until = datetime(2026, 11, until_day, tzinfo=BERLIN.zone)

    found = BERLIN.whole_weeks(since, until.astimezone(UTC))

    assert len(found) == count
    assert all(one[1] == other[0] for one, other in pairwise(found))
    assert [BERLIN.name(begins) for begins, _ in found[:1]] == ["2026-11-02"][:count]
