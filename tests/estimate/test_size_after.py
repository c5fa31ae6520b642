from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.size_after import size_of_diff, size_of_spend
from portfolio.estimate.size_cues import SIZES

COUNTS = st.integers(0, 10**6)


def test_with_a_history_a_diff_is_cut_at_its_terciles() -> None:
    history = [(1_000 * n, 0) for n in range(1, 13)]

    assert [size_of_diff(n, 0, history=history) for n in (1_000, 6_000, 12_000)] == list(SIZES)


def test_under_twelve_diffs_the_usual_cuts_hold() -> None:
    assert size_of_diff(1_000, 0, history=[(1_000 * n, 0) for n in range(11)]) == "L"


def test_a_diff_over_many_files_is_larger_than_its_lines() -> None:
    assert (size_of_diff(50, 0), size_of_diff(50, 40)) == ("S", "L")


@given(COUNTS, COUNTS, st.lists(st.tuples(COUNTS, COUNTS), max_size=30))
def test_more_lines_never_make_a_smaller_diff(
    lines: int, files: int, history: list[tuple[int, int]]
) -> None:
    less = SIZES.index(size_of_diff(lines, files, history=history))

    assert less <= SIZES.index(size_of_diff(lines + 1, files, history=history))


def test_dollars_say_no_size_without_a_history() -> None:
    assert size_of_spend(900.0, history=[1.0] * 11) is None


def test_of_a_history_a_third_is_of_each_size() -> None:
    history = [2.0**n for n in range(12)]
    sizes = [size_of_spend(usd, history=history) for usd in history]

    assert [sizes.count(size) for size in SIZES] == [4, 4, 4]


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        size_of_diff(-1, 0)
    for usd in (0.0, math.nan):
        with pytest.raises(ValueError, match="above 0"):
            size_of_spend(usd, history=[])
