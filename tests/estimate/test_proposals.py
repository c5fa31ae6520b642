from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.proposals import (
    SLIVER,
    Move,
    Span,
    guessed,
    moves_of,
    signs_of,
    spans_of,
)
from portfolio.model import WINDOW_LASTS, Methodology, Step
from tests.estimate.builders import MONDAY, at, point, window


def spans(
    signs: Sequence[float], logged: Sequence[tuple[float, float]] = (), *, until: float = 1000
) -> list[tuple[float, float]]:
    windows = [window(f"W0-{place}", *span) for place, span in enumerate(logged)]
    found = spans_of([at(sign) for sign in signs], windows, since=MONDAY, until=at(until))
    return [((one.start_at - MONDAY).seconds / 3600, hours(one)) for one in found]


def hours(span: Span) -> float:
    return (span.end_at - span.start_at) / timedelta(hours=1)


# When they were


def test_a_window_opens_with_the_first_sign_after_the_last_one_ended_and_lasts_five_hours() -> None:
    assert spans([0, 1, 4.99, 5, 7, 11]) == [(0, 5), (5, 5), (11, 5)]


def test_work_inside_a_logged_window_proposes_nothing() -> None:
    assert spans([1, 2, 3], [(0, 5)]) == []


def test_a_window_ends_where_a_logged_one_begins() -> None:
    assert spans([1, 2, 9], [(3, 8)]) == [(1, 2), (9, 5)]


def test_what_is_left_beside_a_logged_window_is_no_window_of_its_own() -> None:
    assert spans([2.9, 3, 8.1], [(3, 8)]) == [(8.1, 5)]


def test_logged_windows_that_overlap_are_one_stretch_of_time() -> None:
    assert spans([1, 6, 9], [(0, 5), (4, 8)]) == [(9, 5)]


def test_what_lies_before_the_epoch_or_after_now_has_no_window() -> None:
    assert spans([-3, -1, 2, 8], until=7) == [(2, 5)]


moments = st.lists(st.integers(0, 60 * 60), max_size=40).map(
    lambda minutes: sorted(MONDAY + timedelta(minutes=one) for one in minutes)
)
logged_ones = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 24)), max_size=6)


@given(signs=moments, logged=logged_ones)
def test_proposed_windows_overlap_neither_each_other_nor_a_logged_one_and_miss_no_work(
    signs: list[datetime], logged: list[tuple[int, int]]
) -> None:
    windows = [
        window(f"W0-{place}", start, start + lasts) for place, (start, lasts) in enumerate(logged)
    ]

    found = spans_of(signs, windows, since=MONDAY, until=at(1000))

    for place, one in enumerate(found):
        assert one.start_at in signs
        assert SLIVER <= one.end_at - one.start_at <= WINDOW_LASTS
        assert all(one.end_at <= other.start_at for other in found[place + 1 :])
        assert not any(w.start_at < one.end_at and one.start_at < w.end_at for w in windows)
    for sign in signs:
        is_in = any(one.start_at <= sign < one.end_at for one in found)
        is_logged = any(one.holds(sign) for one in windows)
        is_sliver = any(timedelta(0) < one.start_at - sign < SLIVER for one in windows)
        assert is_in != is_logged or is_sliver


# What shows that work was done


def test_a_meter_that_rose_moved_between_its_last_lower_reading_and_the_higher_one() -> None:
    points = [point(0, 20, 90), point(2, 20, 90, held=1), point(2.5, 23, 90)]

    assert moves_of(points) == [Move("a", at(2), at(2.5))]


@pytest.mark.parametrize(
    ("values", "moved"),
    [
        ([20, 20, 20], 0),
        ([20, 21, 20, 21], 1),  # rounding down and up again
        ([20, 10, 10], 0),  # the provider gave some back: no use
        ([20, 10, 11], 1),
    ],
)
def test_a_rise_counts_once_and_a_fall_never(values: list[float], moved: int) -> None:
    points = [point(hour, used, 90) for hour, used in enumerate(values)]

    assert len(moves_of(points)) == moved


def test_what_a_meter_shows_after_its_reset_was_used_after_it() -> None:
    points = [point(0, 80, 1, pool="5h"), point(2, 3, 6, pool="5h"), point(3, 3, 6, pool="5h")]

    assert moves_of(points) == [Move("a", at(0), at(2))]


def test_a_rise_over_more_than_a_windows_time_tells_no_window() -> None:
    assert moves_of([point(0, 20, 90), point(9, 40, 90)]) == []


def test_a_reading_of_no_known_account_is_no_sign() -> None:
    assert moves_of([point(0, 20, 90, account=None), point(1, 30, 90, account=None)]) == []


def test_a_rise_that_work_explains_is_no_sign_of_its_own() -> None:
    moves = [Move("a", at(1), at(5)), Move("a", at(8), at(9)), Move("b", at(20), at(20.2))]

    assert signs_of([at(4)], moves) == [at(4), at(8), at(20)]


def test_a_rise_right_after_work_only_lags_behind_it() -> None:
    assert signs_of([at(5)], [Move("a", at(5.1), at(5.2))]) == [at(5)]


# How one worked


def way(name: str, *steps: str) -> Methodology:
    made = []
    for text in steps:
        model, _, account = text.partition("@")
        made.append(Step(step="BUILD", model=model, account=account))
    return Methodology(methodology=name, steps=tuple(made))


WAYS = [way("solo", "sonnet@claude-a"), way("relay", "opus-4.8@claude-a", "gpt@codex-a")]


@pytest.mark.parametrize(
    ("models", "fits"),
    [
        ({"claude-a": ["claude-sonnet-5"]}, "solo"),
        ({"claude-a": ["claude-opus-4-8"], "codex-a": ["gpt-6"]}, "relay"),
        ({"claude-a": ["claude-opus-4-8"]}, None),  # its model is not solo's
        ({"claude-a": ["claude-sonnet-5"], "glm-a": ["glm-5"]}, None),  # one account too many
        ({"codex-a": ["gpt-6"]}, None),
        ({"claude-a": []}, None),  # its meter moved, but no model was seen
    ],
)
def test_a_methodology_is_guessed_when_its_accounts_and_models_are_those_seen(
    models: dict[str, list[str]], fits: str | None
) -> None:
    assert guessed(WAYS, accounts=set(models), models=models) == fits


def test_of_two_methodologies_that_fit_none_is_guessed() -> None:
    ways = [*WAYS, way("twin", "sonnet@claude-a")]

    assert guessed(ways, accounts={"claude-a"}, models={"claude-a": ["claude-sonnet-5"]}) is None
