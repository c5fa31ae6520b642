"""When a plan is paid again."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.renewal import next_renewal

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@given(day=st.integers(1, 31), today=DAYS)
def test_it_is_the_first_day_from_today_on_with_that_number_or_the_last_of_a_short_month(
    day: int, today: date
) -> None:
    found = next_renewal(day, today)

    candidates = (today + timedelta(days=ahead) for ahead in range(62))
    assert found == next(
        one
        for one in candidates
        if one.day == day or (one.day < day and (one + timedelta(days=1)).day == 1)
    )


def test_a_year_ends_in_between() -> None:
    assert next_renewal(3, date(2026, 12, 20)) == date(2027, 1, 3)
