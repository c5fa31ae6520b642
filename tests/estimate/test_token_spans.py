from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.token_spans import local_days, midnight, pieces, window_at
from portfolio.model import Window

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def window(name: str, begins: float, hours: float = 5) -> Window:
    start = NOON + timedelta(hours=begins)
    return Window(
        window=name, start_at=start, end_at=start + timedelta(hours=hours), methodology=None
    )


def test_a_day_is_of_the_users_zone_and_may_have_25_hours() -> None:
    vienna = ZoneInfo("Europe/Vienna")

    (piece,) = pieces([date(2026, 10, 25)], [], zone=vienna)

    assert piece.end_at - piece.start_at == timedelta(hours=25)
    assert midnight(date(2026, 11, 3), vienna) == datetime(2026, 11, 2, 23, tzinfo=UTC)


def test_a_day_of_utc_touches_two_days_elsewhere() -> None:
    india = timezone(timedelta(hours=5, minutes=30))

    assert local_days([date(2026, 11, 3)], india) == [date(2026, 11, 3), date(2026, 11, 4)]
    assert local_days([date(2026, 11, 3)], UTC) == [date(2026, 11, 3)]


def test_a_day_that_a_zone_left_out_is_no_piece_and_takes_nothing_from_its_neighbours() -> None:
    days = [date(2011, 12, 29), date(2011, 12, 30), date(2011, 12, 31)]

    found = pieces(days, [], zone=ZoneInfo("Pacific/Apia"))

    assert all(one.start_at < one.end_at for one in found)
    assert all(before.end_at == after.start_at for before, after in pairwise(found))


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_clock_gone_wrong_is_of_no_day(day: date) -> None:
    assert local_days([day], timezone(timedelta(hours=14))) == []


@given(
    st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 30)), max_size=5),
    st.lists(
        st.integers(0, 364 * 24 * 60).map(lambda minutes: YEAR + timedelta(minutes=minutes)),
        max_size=8,
    ),
    st.sampled_from(("UTC", "Europe/Vienna", "America/New_York", "Asia/Kolkata")),
)
def test_pieces_cover_their_days_once_and_no_edge_lies_inside_one(
    days: set[date], edges: list[datetime], zone: str
) -> None:
    where = ZoneInfo(zone)
    found = pieces(sorted(days), edges, zone=where)

    lasted = sum(((one.end_at - one.start_at) for one in found), timedelta())
    wanted = (midnight(day + timedelta(days=1), where) - midnight(day, where) for day in days)
    assert lasted == sum(wanted, timedelta())
    assert all(before.end_at <= after.start_at for before, after in pairwise(found))
    assert all(not one.start_at < edge < one.end_at for one in found for edge in edges)
    assert all(one.start_at.astimezone(where).date() == one.day for one in found)


def test_a_moment_lies_in_the_window_that_began_last() -> None:
    windows = [window("long", 0, 10), window("short", 2, 1), window("later", 20)]

    named = [window_at(windows, NOON + timedelta(hours=hours)) for hours in (-1, 1, 2, 4, 12, 21)]

    assert named == [None, "long", "short", "long", None, "later"]
