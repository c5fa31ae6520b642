from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from parsers.cues import MOST_READ, cues_of_text, file_name
from parsers.records import TextCues

ISSUE = """\
## Login fails

Users of `SSO` cannot log in, see src/auth/login.py:88 and [the form](web/Form.tsx).

- [ ] fix the redirect
* [x] write it down in docs/login.md
  1. [ ] test it
- [link](https://example.com/a.html) is no box
> - [ ] quoted
"""


def test_words_boxes_and_files_of_an_issue_are_counted() -> None:
    found = cues_of_text(ISSUE)

    assert (found.checkboxes, found.files) == (4, 3)
    assert found.words == 2 + 11 + 3 + 5 + 2 + 4 + 1


def test_one_file_written_in_three_ways_is_one() -> None:
    assert (
        cues_of_text(
            "see web/Form.tsx, ./web/Form.tsx and web\\Form.tsx#L3-L9, [form](web/Form.tsx)"
        ).files
        == 1
    )


def test_what_only_looks_like_a_file_is_none() -> None:
    for word in ("e.g.", "i.e.", "3.14", "v1.2.3", "https://x.org/a.py", "Node.js", "...", ".py"):
        assert file_name(word) is None, word


def test_files_known_by_their_name_alone_count() -> None:
    assert file_name("docker/Dockerfile") == "docker/Dockerfile"


def test_no_text_holds_nothing() -> None:
    assert cues_of_text("") == TextCues(words=0, checkboxes=0, files=0)


def test_hostile_texts_take_no_longer_than_their_length() -> None:
    began = time.process_time()
    for text in (
        "a." * 10**6,
        "- [" * 10**6,
        "[" * 10**6,
        ":1" * 10**6,
        "> " * 10**6,
        "\n" * 10**6,
    ):
        cues_of_text(text)

    assert time.process_time() - began < 3


def test_what_follows_the_first_characters_is_not_read() -> None:
    assert cues_of_text("x " * MOST_READ).words == MOST_READ // 2


@given(st.text())
def test_any_text_is_counted(text: str) -> None:
    found = cues_of_text(text)

    assert 0 <= found.words <= len(text)
    assert 0 <= found.files <= found.words
    assert 0 <= found.checkboxes <= len(text.splitlines())


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), max_size=50))
def test_plain_words_are_counted_one_by_one(words: list[str]) -> None:
    plain = [word for word in words if word not in ("dockerfile", "makefile")]

    assert cues_of_text(" ".join(plain)).words == len(plain)
