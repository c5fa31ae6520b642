"""Tables where there is less room than their cells ask for."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from portfolio.report.columns import NARROWEST, Column, asked_for, fitted
from portfolio.report.layout import Page
from portfolio.settings import Settings

COLUMNS = st.lists(
    st.builds(
        lambda word, more, is_whole: Column(natural=word + more, word=word, is_whole=is_whole),
        st.integers(0, 20),
        st.integers(0, 100),
        st.booleans(),
    ),
    min_size=1,
    max_size=9,
)


def printed(rows: list[list[str]], width: int, *, has_sentences: bool = False) -> list[str]:
    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None, legacy_windows=False)
    heads = [f"h{at}" for at in range(len(rows[0]))]
    Page(console, Settings().zone).table(heads, rows, has_sentences=has_sentences)
    return out.getvalue().splitlines()


@given(COLUMNS, st.integers(1, 150))
def test_columns_fit_and_words_stay_whole_as_long_as_they_can(
    columns: list[Column], room: int
) -> None:
    widths = fitted(columns, room=room)

    pairs = list(zip(widths, columns, strict=True))
    assert all(width <= one.natural for width, one in pairs)
    assert sum(widths) <= max(room, sum(min(one.word, NARROWEST) for one in columns))
    if sum(one.word for one in columns) <= room:
        assert all(width >= one.word for width, one in pairs)
    if sum(one.natural if one.is_whole else one.word for one in columns) <= room:
        assert all(width == one.natural for width, one in pairs if one.is_whole)
    if sum(one.natural for one in columns) <= room:
        assert widths == [one.natural for one in columns]


def test_a_sentence_gives_way_before_a_date_and_no_word_is_cut() -> None:
    row = ["claude-usage", "Mon 2 Nov 09:00", "a note of many words that is long enough to wrap"]

    lines = printed([row], 50)

    assert lines[1].startswith("claude-usage  Mon 2 Nov 09:00  a note")
    assert sorted(" ".join(lines[1:]).split()) == sorted(" ".join(row).split())
    assert max(map(len, lines)) <= 50


def test_a_sentence_stands_below_its_row_where_its_column_would_be_narrow() -> None:
    rows = [["AUTH-01", "feature", "a title of many words"], ["AUTH-02", "fix", "–"]]

    assert [line.rstrip() for line in printed(rows, 30, has_sentences=True)] == [
        "h0       h1",
        "AUTH-01  feature",
        "  a title of many words",
        "AUTH-02  fix",
    ]


def test_a_head_of_two_lines_is_as_wide_as_the_longer_one() -> None:
    assert asked_for(["cache\nread", "12 K"], is_whole=True).natural == 5
