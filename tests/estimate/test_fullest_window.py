from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.fullest_window import fullest_window
from portfolio.model import MeterPoint

BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def points(rises: list[tuple[int, int]]) -> list[MeterPoint]:
    """Give readings so many minutes after each other, each so much higher."""
    at, used = BEGIN, 0.0
    found: list[MeterPoint] = []
    for minutes, rise in [(0, 0), *rises]:
        at, used = at + minutes * MINUTE, used + rise
        found.append(
            MeterPoint(
                str(len(found)),
                "a",
                "week",
                "pp",
                used,
                100.0,
                at,
                None,
                BEGIN + timedelta(days=7),
                "made-up",
            )
        )
    return found


def fullest(rises: list[tuple[int, int]]) -> float:
    return fullest_window(points(rises), "week", since=BEGIN, until=BEGIN + timedelta(days=7))


def test_rises_within_five_hours_add_up_and_later_ones_do_not() -> None:
    assert fullest([(60, 2), (200, 3), (160, 4), (400, 5)]) == 7.0  # 2 + 3, then 3 + 4


def test_a_rise_that_was_not_seen_for_longer_tells_of_no_window() -> None:
    assert (fullest([(301, 9), (300, 4)]), fullest([])) == (4.0, 0.0)


@given(st.lists(st.tuples(st.integers(1, 299), st.integers(1, 5)), max_size=12))
def test_it_is_the_most_of_all_spans_of_five_hours(rises: list[tuple[int, int]]) -> None:
    ends, at = [], 0
    for minutes, rise in rises:
        at += minutes
        ends.append((at, rise))
    sums = [sum(rise for end, rise in ends if last - 300 < end <= last) for last, _ in ends]

    assert fullest(rises) == max(sums, default=0)
