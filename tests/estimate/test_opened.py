from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.opened import holding, methodologies_of, name_of_span
from portfolio.estimate.proposals import SLIVER, spans_of
from portfolio.model import WorkStart
from tests.estimate.builders import MONDAY, at, window

HOUR = timedelta(hours=1)
Told = tuple[str, float, float]


def held(
    opened: Sequence[float],
    logged: Sequence[tuple[float, float]] = (),
    worked: Sequence[float] = tuple(range(60)),
    *,
    until: float = 1000,
) -> list[Told]:
    found = holding(
        [window(f"W0-{1 + place:03d}", start) for place, start in enumerate(opened)],
        [window(f"W1-{place:03d}", *span) for place, span in enumerate(logged)],
        [at(one) for one in worked],
        since=MONDAY,
        until=at(until),
    )
    return [
        (one.window, (one.start_at - MONDAY) / HOUR, (one.end_at - MONDAY) / HOUR) for one in found
    ]


def test_an_opened_window_stands_as_it_was_opened() -> None:
    assert held([2, 8.5]) == [("W0-001", 2, 7), ("W0-002", 8.5, 13.5)]


def test_one_in_which_nothing_was_done_is_none() -> None:
    assert held([2, 8], worked=[1, 7, 8]) == [("W0-002", 8, 13)]


@pytest.mark.parametrize(
    ("logged", "rest"),
    [
        ([(0, 3)], [(3, 7)]),
        ([(4, 6)], [(2, 4)]),
        ([(0, 3), (3, 4)], [(4, 7)]),
        ([(0, 9)], []),
        ([(0, 6.9)], []),  # six minutes are left
    ],
)
def test_what_is_logged_rules_and_the_rest_of_an_opened_window_counts(
    logged: list[tuple[float, float]], rest: list[tuple[float, float]]
) -> None:
    worked = [hour / 20 for hour in range(1000)]

    assert [span[1:] for span in held([2], logged, worked)] == rest


def test_one_of_a_logged_name_is_that_window() -> None:
    found = holding(
        [window("W0-001", 2)], [window("W0-001", 20)], [at(3)], since=MONDAY, until=at(9)
    )

    assert found == []


def test_what_was_opened_before_the_epoch_or_after_now_does_not_count() -> None:
    assert held([-3, 2, 8], until=7) == [("W0-002", 2, 7)]


@given(
    opened=st.lists(st.integers(0, 600), max_size=6, unique=True),
    logged=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), max_size=4),
    worked=st.lists(st.integers(0, 3600), max_size=30),
)
def test_opened_windows_and_those_laid_round_them_overlap_nothing_and_miss_no_work(
    opened: list[int], logged: list[tuple[int, int]], worked: list[int]
) -> None:
    moments = sorted(MONDAY + timedelta(minutes=one) for one in worked)
    made = [window(f"W0-{place}", minute / 6) for place, minute in enumerate(opened)]
    known = [
        window(f"W1-{place}", start, start + lasts) for place, (start, lasts) in enumerate(logged)
    ]

    kept = holding(made, known, moments, since=MONDAY, until=at(1000))
    rest = spans_of(moments, [*known, *kept], since=MONDAY, until=at(1000))

    spans = sorted([*((one.start_at, one.end_at) for one in kept), *rest])
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    for start, end in spans:
        assert end - start >= SLIVER
        assert any(start <= one < end for one in moments)
        assert not any(one.start_at < end and start < one.end_at for one in known)
    begins = [one.start_at for one in (*known, *kept)]
    for moment in moments:
        is_in = any(start <= moment < end for start, end in spans)
        is_logged = any(one.holds(moment) for one in known)
        assert is_in or is_logged or any(timedelta(0) < begin - moment < SLIVER for begin in begins)


def test_a_span_is_the_opened_window_that_it_shares_most_time_with() -> None:
    opened = [window("W0-001", 2), window("W0-002", 10)]

    assert name_of_span(at(1.5), at(6.5), opened) == "W0-001"
    assert name_of_span(at(3), at(4), opened) == "W0-001"
    assert name_of_span(at(6), at(10.5), opened) is None  # a little of both
    assert name_of_span(at(1), at(16), opened) is None  # both


def test_a_start_without_a_methodology_says_nothing_against_the_others() -> None:
    ways = ["solo", None, "duel", "solo"]
    starts = [
        WorkStart("/api", "A-1", "BUILD", way, "side", at(hour)) for hour, way in enumerate(ways)
    ]

    assert methodologies_of(starts) == ("duel", "solo")
    assert methodologies_of(starts[:2]) == ("solo",)
    assert methodologies_of(starts[1:2]) == ()
