"""Backlogs as files: what is taken, and what is told of what cannot be."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.commands.backlog_file import Wanted, wanted_in
from portfolio.errors import BacklogError
from portfolio.estimate.branch_items import is_id

VIENNA = ZoneInfo("Europe/Vienna")
NO_CONTROL = st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00")


def read(text: str) -> tuple[list[Wanted], list[tuple[int | None, str]]]:
    wanted, problems = wanted_in(text, where="b.csv", zone=VIENNA)
    assert {one.slug for one in problems} <= {"backlog-row"}
    assert all(one.text.startswith("b.csv: ") for one in problems)
    return wanted, [(one.line, one.text.removeprefix("b.csv: ")) for one in problems]


def test_a_table_and_an_array_say_the_same() -> None:
    table = "id;size;priority;due\nAUTH-01;m;high;2026-12-04\n'api.412;;;2026-12-04T12:00\n"
    array = json.dumps(
        [
            {"id": "AUTH-01", "size": "M", "priority": 2, "due": "2026-12-04"},
            {"id": "api.412", "size": None, "due": "2026-12-04T12:00"},
        ],
        indent=1,
    )
    first, second = read(table), read(array)

    assert first[1] == second[1] == []
    assert [one[0] for one in (first, second)] == [
        [
            Wanted(
                item="AUTH-01",
                line=line,
                size="M",
                priority=2,
                due_at=datetime(2026, 12, 4, 23, tzinfo=UTC),  # when the day is over in Vienna
            ),
            Wanted(item="api.412", line=other, due_at=datetime(2026, 12, 4, 11, tzinfo=UTC)),
        ]
        for line, other in ((2, 3), (2, 8))
    ]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",S,1,", "'' is no id"),
        ("1A,S,1,", "'1A' is no id"),
        ("A-1,XL,1,", "A-1: size 'XL'"),
        ("A-1,S,0,", "A-1: priority '0'"),
        ("A-1,S,٣,", "A-1: priority '٣'"),
        ("A-1,S,1,soon", "A-1: due 'soon'"),
        ("A-1,S,1,9999-12-31", "A-1: due '9999-12-31'"),
        ("A-1,S,1,,,x", "it has 6 cells, the head 4"),
        ("GOOD,S,1,", "GOOD stands there twice"),
    ],
)
def test_a_row_that_cannot_be_taken_is_told_with_its_line_and_leaves_the_others(
    row: str, says: str
) -> None:
    wanted, problems = read(f"id,size,priority,due\nGOOD,S,1,\n\n{row}\nLAST\n")

    assert [one.item for one in wanted] == ["GOOD", "LAST"]
    assert [line for line, _ in problems] == [4]
    assert problems[0][1].startswith(says)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('[{"id": "A"},\n{"id": "B"},\n{"id": NaN}]', 3, "no JSON from here on: NaN"),
        ('[{"id": "A"},\n{"id": "B"}\n{"id": "C"}]', 3, "a comma or ] is missing"),
        ('[{"id": "A"},\n{"id": "B"}', 2, "a comma or ] is missing"),
        ('[{"id": "A"},\n{"id": "B"},\n]', 3, "no JSON from here on"),
        ('[{"id": "A"},\n{"id": "B"}]\n{}', 3, "behind the array stands more"),
        ('[{"id": "A"},\n7,\n{"id": "B"}]', 2, "it is no object: 7"),
        ('[{"id": "A"},\n{"id": ["x"]},{"id": "B"}]', 2, "'[\"x\"]' is no id"),
        ('[{"id": "A"},\n{"id": "C", "priority": true},{"id": "B"}]', 2, "C: priority 'true'"),
        ('[{"id": "A"}, {"id": "B"},\n' + "[" * 200_000, 2, "no JSON from here on"),
    ],
)
def test_an_entry_of_an_array_that_cannot_be_taken_is_told_with_its_line(
    text: str, line: int, says: str
) -> None:
    wanted, problems = read(text)

    assert [one.item for one in wanted] == ["A", "B"]
    assert [(at, told[: len(says)]) for at, told in problems] == [(line, says)]


def test_columns_that_are_not_used_are_told_once() -> None:
    assert read("id,Assignee,title\nA,me,\nB,you,\n")[1] == [
        (None, "not used: 'assignee', 'title'; known are id, size, priority, due")
    ]


@pytest.mark.parametrize("text", ["", "size\nM", "id,id\nA,B", '{"id": "A"}', "\x00\x00"])
def test_a_file_that_is_no_backlog_is_told(text: str) -> None:
    with pytest.raises(BacklogError) as told:
        read(text)

    assert (told.value.slug, told.value.where) == ("backlog-unreadable", "b.csv")


def test_an_empty_array_asks_for_nothing() -> None:
    assert read(" [ ] ") == ([], [])


@given(rows=st.lists(st.tuples(*[st.text(NO_CONTROL, max_size=12)] * 4), max_size=6))
def test_every_row_is_either_taken_or_told(rows: list[tuple[str, ...]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([("id", "size", "priority", "due"), *rows])

    wanted, problems = read(out.getvalue())

    assert all(is_id(one.item) for one in wanted)
    assert len(wanted) + len(problems) == sum(any(map(str.strip, row)) for row in rows)


@given(text=st.text(st.sampled_from('[]{},:"idAB1 \n\\uNtrue'), max_size=40))
def test_no_text_stops_the_reader_but_by_its_own_error(text: str) -> None:
    try:
        wanted, _ = read(f"[{text}")
    except BacklogError:
        return
    assert len({one.item for one in wanted}) == len(wanted)
