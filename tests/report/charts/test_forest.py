"""Forest plots: what lies where, read from the drawn figure."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.report.charts.forest import Mark, forest
from portfolio.report.text import usd

POSITIVE = st.floats(1e-4, 1e5)


def drawn_lines(marks: list[Mark]) -> list[tuple[list[float], str]]:
    """Give the x of every line with its marker."""
    own = forest(marks, axis="dollars", write=usd).axes[0]
    return [(np.asarray(line.get_xdata()).tolist(), str(line.get_marker())) for line in own.lines]


def test_an_interval_and_its_point_lie_where_they_are() -> None:
    lines = drawn_lines([Mark("a", "told", 2.0, 1.5, 3.0)])

    assert lines == [([1.5, 3.0], "None"), ([2.0], "o")]


def test_an_interval_without_upper_end_ends_in_an_arrow_at_the_edge() -> None:
    own = forest([Mark("a", "", None, 2.0, None)], axis="", write=usd).axes[0]
    bar, arrow = own.lines

    assert arrow.get_marker() == ">"
    assert np.asarray(arrow.get_xdata()).tolist() == [own.get_xlim()[1]]
    assert np.asarray(bar.get_xdata()).tolist() == [2.0, own.get_xlim()[1]]


@settings(max_examples=15)
@given(st.lists(st.tuples(POSITIVE, st.floats(1, 1e3), st.floats(1, 1e3)), min_size=1, max_size=8))
def test_every_point_is_on_the_scale_and_ticks_are_few_and_apart(
    rows: list[tuple[float, float, float]],
) -> None:
    marks = [Mark("a", "", point, point / down, point * up) for point, down, up in rows]

    own = forest(marks, axis="", write=usd).axes[0]
    low, high = own.get_xlim()
    ticks = np.asarray(own.get_xticks()).tolist()

    assert all(low < point < high for point, _, _ in rows)
    assert 2 <= len(ticks) <= 6
    assert all(low <= tick <= high for tick in ticks)
    assert ticks == sorted(set(ticks))


def test_shares_stand_on_a_straight_scale_from_none_to_all() -> None:
    own = forest([Mark("a", "", 0.5, 0.25, 0.75)], axis="", write=usd, is_share=True).axes[0]

    assert own.get_xlim() == (0.0, 1.0)
    assert own.get_xscale() == "linear"


def test_a_row_without_numbers_keeps_its_words() -> None:
    marks = [Mark("a", "nothing shipped", None, None, None)]

    assert drawn_lines(marks) == []
    texts = {text.get_text() for text in forest(marks, axis="", write=usd).axes[0].texts}
    assert texts == {"a", "nothing shipped"}
