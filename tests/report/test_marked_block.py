"""A marked block in a page of the user's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.report.marked_block import BEGIN, END, MarkersBrokenError, with_block

LINE = st.text(alphabet="ab #`~<!->\u00e9|", max_size=12).filter(lambda text: "``" not in text)
ENDS = st.sampled_from(["\n", "\r\n"])
PAGE = st.tuples(st.lists(LINE.filter(lambda line: "~~~" not in line), max_size=6), ENDS)


@given(page=PAGE, below=st.lists(LINE, max_size=5), end=ENDS, has_end=st.booleans())
def test_only_the_block_changes_and_a_second_time_changes_nothing(
    page: tuple[list[str], str], below: list[str], end: str, *, has_end: bool
) -> None:
    lines, above_end = page
    above = "".join(line + above_end for line in lines)
    rest = end.join(below) + (end if has_end else "")
    old = f"{above}{BEGIN}{end}old{end}{END}{end}{rest}"

    new = with_block(old, ["one", "two"])

    assert new == f"{above}{BEGIN}{end}one{end}two{end}{END}{end}{rest}"
    assert with_block(new, ["one", "two"]) == new
    assert with_block(with_block(new, ["x"]), ["one", "two"]) == new


@given(page=PAGE, has_end=st.booleans())
def test_a_page_without_marks_keeps_every_byte_and_gets_the_block_at_its_end(
    page: tuple[list[str], str], *, has_end: bool
) -> None:
    lines, end = page
    old = end.join(lines) + (end if has_end else "")

    new = with_block(old, ["one"])

    assert new.startswith(old)
    assert new.count(BEGIN) == 1
    assert with_block(new, ["one"]) == new
    assert ("\r" in new) == ("\r" in old)
    assert not ("\r" in old and "\n" in new.replace("\r\n", ""))


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (f"{BEGIN}\n", "stands alone"),
        (f"x\n{END}\n", "stands alone"),
        (f"{END}\n{BEGIN}\n", "before the begin"),
        (f"{BEGIN}\n{BEGIN}\n{END}\n", "more than one"),
        (f"{BEGIN}\n{END}\n{BEGIN}\n{END}\n", "more than one"),
    ],
)
def test_marks_that_enclose_no_block_are_refused(page: str, why: str) -> None:
    with pytest.raises(MarkersBrokenError, match=why):
        with_block(page, ["x"])


def test_marks_that_are_shown_as_code_or_in_a_sentence_are_none() -> None:
    shown = f"Write `{BEGIN}` so:\n\n```html\n{BEGIN}\n{END}\n```\n"
    old = f"{shown}\n  {BEGIN}  \nold\n{END}\nrest"

    assert with_block(old, ["new"]) == f"{shown}\n  {BEGIN}  \nnew\n{END}\nrest"
    assert with_block(shown, ["new"]).startswith(f"{shown}\n{BEGIN}\nnew\n")


def test_a_page_that_begins_with_a_byte_order_mark_and_the_block_is_known_again() -> None:
    old = f"\ufeff{BEGIN}\r\nold\r\n{END}"

    assert with_block(old, ["new"]) == f"\ufeff{BEGIN}\r\nnew\r\n{END}"
