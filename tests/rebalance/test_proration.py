"""What is paid on the day of a change, by hand and against a calendar counted day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.renewal import next_renewal
from portfolio.rebalance.proration import added, cancelled, downgraded, rest_of_month, upgraded

TODAY = date(2026, 12, 14)
DAYS = st.integers(1, 31)
DATES = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def test_an_upgrade_six_days_before_the_renewal_costs_a_fifth_of_the_difference() -> None:
    """20 Nov to 20 Dec are 30 days, 6 are left: 0.2 × (100 - 20) = 16."""
    bill = upgraded(20, TODAY, usd=20.0, to_usd=100.0, is_credited=True)
    assert bill.on == TODAY
    assert bill.usd == pytest.approx(16.0)

    lost = upgraded(20, TODAY, usd=20.0, to_usd=100.0, is_credited=False)
    assert lost.usd == pytest.approx(20.0)


def test_on_the_day_of_the_renewal_the_dearer_plan_costs_its_month() -> None:
    bill = upgraded(14, TODAY, usd=20.0, to_usd=100.0, is_credited=True)
    assert (bill.on, bill.usd) == (TODAY, 100.0)


def test_a_smaller_plan_and_none_begin_as_the_paid_month_ends() -> None:
    assert downgraded(20, TODAY, to_usd=20.0).on == date(2026, 12, 20)
    assert downgraded(20, TODAY, to_usd=20.0).usd == 20.0
    assert (cancelled(20, TODAY).on, cancelled(20, TODAY).usd) == (date(2026, 12, 20), 0.0)


def test_a_new_plan_waits_for_the_first_that_ends() -> None:
    ends = [date(2027, 1, 3), date(2026, 12, 20)]
    assert added(ends, TODAY, usd=18.0).on == date(2026, 12, 20)
    assert added([], TODAY, usd=18.0).on == TODAY


def test_without_a_renewal_day_nothing_is_guessed() -> None:
    assert upgraded(None, TODAY, usd=20.0, to_usd=100.0, is_credited=True).usd is None
    assert downgraded(None, TODAY, to_usd=20.0).usd is None
    assert cancelled(None, TODAY).on == TODAY


@given(DAYS, DATES)
def test_the_rest_of_a_month_is_that_of_a_calendar_counted_day_by_day(
    day: int, today: date
) -> None:
    renews = next_renewal(day, today)
    last = renews - timedelta(days=1)
    while next_renewal(day, last) != last:
        last -= timedelta(days=1)

    assert rest_of_month(day, today) == pytest.approx((renews - today) / (renews - last))
    assert 0 <= rest_of_month(day, today) < 1
