from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.weeks import named_week, next_name, week_of
from portfolio.model import Window
from tests.estimate.builders import MONDAY, at, window


@pytest.mark.parametrize(
    ("hours", "week"), [(0, 0), (167.99, 0), (168, 1), (-0.01, -1), (-168, -1), (-168.01, -2)]
)
def test_a_week_is_168_hours_from_the_epoch(hours: float, week: int) -> None:
    assert week_of(at(hours), epoch=MONDAY) == week


def test_windows_of_a_week_are_counted_from_one() -> None:
    assert next_name(at(1), epoch=MONDAY, windows=[]) == "W0-001"
    assert next_name(at(170), epoch=MONDAY, windows=[window("W0-007")]) == "W1-001"


def test_the_next_name_is_after_the_highest_so_that_a_gap_is_not_filled() -> None:
    windows = [window("W0-001"), window("W0-12"), window("W00-003"), window("W-P1")]

    assert next_name(at(1), epoch=MONDAY, windows=windows) == "W0-013"


def test_more_than_999_windows_still_have_names() -> None:
    assert next_name(at(1), epoch=MONDAY, windows=[window("W0-999")]) == "W0-1000"


def test_before_the_epoch_there_is_no_negative_week() -> None:
    assert next_name(at(-1), epoch=MONDAY, windows=[]) == "W0-001"


@pytest.mark.parametrize(
    ("name", "week"), [("W0-003", 0), ("W12-1", 12), ("W-P1", None), ("w0-001", None), ("", None)]
)
def test_a_name_tells_its_week_if_it_has_one(name: str, week: int | None) -> None:
    assert named_week(name) == week


@given(st.lists(st.floats(0, 2000), max_size=20))
def test_windows_named_one_after_the_other_all_have_their_own_name(hours: list[float]) -> None:
    windows: list[Window] = []
    for hour in hours:
        name = next_name(at(hour), epoch=MONDAY, windows=windows)
        assert named_week(name) == (at(hour) - MONDAY) // timedelta(days=7)
        windows.append(window(name, hour))

    assert len({one.window for one in windows}) == len(hours)
