"""Words for numbers; text from outside made harmless."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from portfolio.report.text import cents_that_add_up, safe, usd


@given(st.text(st.characters(codec=None), max_size=60))
def test_nothing_unseen_comes_through(text: str) -> None:
    shown = safe(text)

    assert all(unicodedata.category(char)[0] != "C" for char in shown)


def test_an_escape_and_markup_stay_text() -> None:
    assert safe("\x1b[31m[bold]x[/]\u202e") == "\\x1b[31m[bold]x[/]\\u202e"


def test_a_long_text_is_cut() -> None:
    assert len(safe("x" * 10_000, longest=50)) == 50


@given(st.lists(st.floats(0, 1e6), max_size=8))
def test_rounded_parts_add_up_to_the_rounded_whole(parts: list[float]) -> None:
    rounded = cents_that_add_up(parts)

    assert round(sum(rounded) * 100) == round(sum(parts) * 100)
    assert all(abs(a - b) <= 0.011 for a, b in zip(rounded, parts, strict=True))


def test_dollars_keep_what_matters() -> None:
    assert [usd(one) for one in (0.0, 0.0614, 0.61, 61.4, 0.0001)] == [
        "$0.00",
        "$0.061",
        "$0.61",
        "$61.40",
        "$0.0001",
    ]
