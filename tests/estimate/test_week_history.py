"""Weeks cut from what shipped and what was burned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.week_history import BurnedWindow, History

MONDAY = datetime(2026, 9, 7, tzinfo=UTC)
HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)


def free(begins_at: datetime, ends_at: datetime) -> float | None:
    """Charge a dollar a day."""
    return (ends_at - begins_at) / timedelta(days=1)


def test_a_week_holds_its_first_moment_and_not_its_last() -> None:
    shipped = [MONDAY - HOUR, MONDAY, MONDAY + 30 * HOUR, MONDAY + WEEK]

    week = History(shipped, [], paid=free).week(MONDAY, MONDAY + WEEK)

    assert week.by_day == (1, 1, 0, 0, 0, 0, 0)
    assert (week.features, week.paid_usd) == (2, 7.0)
    assert week.counted.exposure == 1.0


def test_the_long_last_day_of_a_week_of_169_hours_is_one_day() -> None:
    ends_at = MONDAY + WEEK + HOUR

    week = History([ends_at - HOUR / 2], [], paid=free).week(MONDAY, ends_at)

    assert week.by_day == (0, 0, 0, 0, 0, 0, 1)


def test_windows_are_priced_at_now_for_a_forecast_and_at_then_for_its_score() -> None:
    windows = [
        BurnedWindow(MONDAY + HOUR, 2, 4.0, 3.0),
        BurnedWindow(MONDAY + 9 * HOUR, 1, 2.0, 1.5),
        BurnedWindow(MONDAY + WEEK, 7, 9.0, 9.0),
    ]

    week = History([], windows, paid=free).week(MONDAY, MONDAY + WEEK)

    assert (week.burned.features, week.burned.exposure) == (3, 6.0)
    assert list(week.burned.parts) == [(2, 4.0), (1, 2.0)]
    assert (week.burned_then.features, week.burned_then.exposure) == (3, 4.5)


def test_a_history_begins_with_its_oldest_feature_or_window() -> None:
    window = BurnedWindow(MONDAY, 0, 1.0, 1.0)

    assert History([], [], paid=free).begins_at is None
    assert History([MONDAY + HOUR], [window], paid=free).begins_at == MONDAY
    assert History([MONDAY - HOUR], [window], paid=free).begins_at == MONDAY - HOUR


@given(st.lists(st.integers(-400, 400), max_size=40))
def test_every_feature_is_in_one_week_in_whatever_order_they_are_told(
    hours: list[int],
) -> None:
    shipped = [MONDAY + hour * HOUR for hour in hours]
    begins = [MONDAY + place * WEEK for place in range(-3, 3)]

    told = History(reversed(shipped), [], paid=free)
    own = History(shipped, [], paid=free)

    weeks = [own.week(begin, begin + WEEK) for begin in begins]
    assert sum(week.features for week in weeks) == len(shipped)
    assert weeks == [told.week(begin, begin + WEEK) for begin in begins]
