from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.pace import Pace, accounts_at_a_cap, paces
from portfolio.model import MeterPoint
from tests.estimate.builders import at, point


def first(*readings: MeterPoint, now: float = 84) -> Pace:
    return paces(readings, now=at(now))[0]


def test_half_the_cap_after_a_quarter_of_the_cycle_hits_at_half_of_it() -> None:
    pace = first(point(42, 50, 168), now=42)

    assert (pace.share_used, pace.hits_at) == (0.5, at(84))


def test_a_cap_that_is_not_reached_before_the_reset_does_not_bite() -> None:
    assert first(point(84, 49, 168), now=84).hits_at is None
    assert first(point(84, 50, 168), now=84).hits_at is None


def test_a_cap_that_is_reached_has_bitten_when_it_was_read() -> None:
    assert first(point(42, 104, 168)).hits_at == at(42)


def test_idle_time_since_the_reading_slows_the_pace() -> None:
    assert first(point(42, 50, 168), now=60).hits_at == at(120)
    assert first(point(42, 50, 168), now=84).hits_at is None


def test_a_pace_is_taken_over_a_day_of_a_week_and_an_hour_of_five() -> None:
    assert first(point(5, 20, 168), now=5).hits_at == at(5 + 4 * 24)
    assert first(point(0.5, 50, 5, pool="5h"), now=0.5).hits_at == at(1.5)


def test_an_unused_pool_does_not_bite() -> None:
    assert first(point(42, 0, 168)).hits_at is None


@pytest.mark.parametrize(
    "silent",
    [
        point(42, 50),
        point(42, 50, 84),  # over by now
        point(42, 50, 168, account=None),
        point(85, 50, 168),  # not read yet
        point(42, 50, 168, unit="prompts"),
        point(42, 50, 168, pool="day"),
    ],
)
def test_a_pool_without_a_cycle_a_cap_or_an_account_is_left_out(silent: MeterPoint) -> None:
    assert paces([silent], now=at(84)) == []


def test_only_the_newest_reading_counts_in_whatever_order_they_come() -> None:
    new, old = point(42, 50, 168), point(21, 50, 168)

    assert first(new, old) == first(old, new) == first(new)
    assert paces([old, point(42, 0)], now=at(84)) == []


def test_of_two_units_in_one_capture_the_one_with_a_known_cap_tells() -> None:
    percent, count = point(42, 50, 168), point(42, 90, 168, unit="prompts")

    assert first(percent, count) == first(count, percent) == first(percent)


def test_the_first_to_hit_comes_first_and_then_the_fullest() -> None:
    readings = [
        point(84, 20, 168, pool="week"),
        point(84, 40, 168, pool="week:opus"),
        point(84, 90, 86, pool="5h"),
        point(84, 80, 168, account="b"),
    ]

    found = [(pace.account, pace.pool) for pace in paces(readings, now=at(84))]

    assert found == [("a", "5h"), ("b", "week"), ("a", "week:opus"), ("a", "week")]


@given(st.floats(0, 168), st.floats(0, 200), st.floats(0, 168))
def test_what_bites_bites_before_the_reset(read: float, used: float, wait: float) -> None:
    for pace in paces([point(read, used, 168)], now=at(read + wait)):
        is_used_up = pace.share_used >= 1
        assert pace.hits_at is None or is_used_up or at(read + wait) < pace.hits_at < pace.resets_at


def test_a_pool_read_at_its_cap_without_a_reset_is_used_up_until_a_cycle_later() -> None:
    full = [point(0, 100, pool="5h")]

    assert accounts_at_a_cap(full, now=at(4.9)) == {"a"}
    assert accounts_at_a_cap(full, now=at(5)) == set()
    assert accounts_at_a_cap([*full, point(1, 3, pool="5h")], now=at(2)) == set()


def test_a_pool_is_used_up_until_its_reset_and_a_scoped_one_is_nobody_elses() -> None:
    full = [point(0, 100, resets=3, pool="5h"), point(0, 100, resets=9, pool="week:opus")]

    assert accounts_at_a_cap(full, now=at(2.9)) == {"a"}
    assert accounts_at_a_cap(full, now=at(3)) == set()
