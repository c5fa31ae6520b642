from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.commits import parse_message

lines = st.sampled_from(
    [
        "Work: api.412",
        "Work: two words",
        "Signed-off-by: Ada <a@b.c>",
        "",
        "prose of a sort",
        "Add x",
    ]
)


def items(message: str) -> list[str]:
    return [item for _, item in parse_message(message).trailers]


def test_a_trailer_names_the_item() -> None:
    assert items("Add export\n\nWork: api.412\n") == ["api.412"]
    assert items("Add export\r\n\r\nwork: AUTH-01  \r\n") == ["AUTH-01"]


def test_trailers_of_squashed_commits_count_wherever_they_stand() -> None:
    squash = (
        "Add (#3)\n\n* one\n\nWork: A-1\n\n* two\n\n    Work: A-2\n\nCo-authored-by: B <b@c.d>\n"
    )

    assert items(squash) == ["A-1", "A-2"]


def test_prose_that_begins_with_work_is_no_trailer_and_no_problem() -> None:
    parsed = parse_message("Add\n\nWork: in progress, see below.\n\nMore to say.\n")

    assert (parsed.trailers, parsed.problems) == ([], [])


def test_a_trailer_that_names_no_item_is_a_problem_with_its_line() -> None:
    parsed = parse_message("Add\n\nbody\n\nWork: the login page\nSigned-off-by: A <a@b.c>\n")

    assert [(one.slug, one.line) for one in parsed.problems] == [("trailer-malformed", 5)]


@given(st.lists(lines, max_size=8).map("\n".join))
def test_what_git_reads_as_a_trailer_is_read_or_told(body: str) -> None:
    message = f"Subject\n\n{body}\n"
    told = subprocess.run(
        ["git", "interpret-trailers", "--parse"],
        input=message,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    wanted = [line.partition(": ")[2] for line in told.splitlines() if line.startswith("Work: ")]

    parsed = parse_message(message)

    assert {one for one in wanted if " " not in one} <= {item for _, item in parsed.trailers}


@pytest.mark.parametrize("word", ["Work: " + "x" * 65, "Work: 412", "Work: -a"])
def test_an_id_is_as_ids_are(word: str) -> None:
    assert items(f"Add\n\n{word}\n") == []
