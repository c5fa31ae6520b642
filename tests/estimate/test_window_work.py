from __future__ import annotations

import pytest

from portfolio.estimate.spend import Rise
from portfolio.estimate.window_work import WindowItems, in_window, window_items
from tests.estimate.builders import at, burn, observation

WINDOW = WindowItems(at(10), at(15), "W0-001", ("A-1",))


def rise(stood: float, until: float) -> Rise:
    return Rise(at(stood - 50), at(stood), at(until), 5.0, 1.0)


@pytest.mark.parametrize(
    ("stood", "until", "found"),
    [
        (10, 15, WINDOW),
        (9.5, 15.4, WINDOW),
        (2, 10.2, None),
        (14.9, 40, None),
        (15.5, 16, None),
    ],
)
def test_a_rise_is_in_the_window_that_its_middle_lies_in(
    stood: float, until: float, found: WindowItems | None
) -> None:
    assert in_window([rise(stood, until)], at(until), [WINDOW], has_work=None) == found


def test_where_turns_tell_what_a_window_was_for_the_window_does_not() -> None:
    rises = [rise(10, 15)]

    assert in_window(rises, at(15), [WINDOW], has_work=lambda since, _: since == at(10)) is None
    assert in_window(rises, at(15), [WINDOW], has_work=lambda since, _: since > at(10)) == WINDOW


def test_what_rounding_left_was_in_no_window() -> None:
    assert in_window([rise(10, 15)], at(14), [WINDOW], has_work=None) is None
    assert in_window([], at(14), [WINDOW], has_work=None) is None


def test_a_window_of_two_parts_is_one_for_the_account_that_was_in_both() -> None:
    seen = [
        observation(1, burn(4), burn(2, account="b"), shipped=["B"], start=10),
        observation(1, burn(4), attempted=["A"], start=10),
        observation(2, burn(4), start=20),
    ]

    assert window_items(seen) == {
        "a": [WindowItems(at(10), at(15), "W0-001", ("A", "B"))],
        "b": [WindowItems(at(10), at(15), "W0-001", ("B",))],
    }
