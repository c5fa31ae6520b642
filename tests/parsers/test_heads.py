"""Where a session worked, by the beginning of its log."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.heads import folder_of


@given(st.text(min_size=1).filter(str.strip), st.text())
def test_the_folder_is_found_behind_whatever_a_tool_said(folder: str, said: str) -> None:
    quoting = {"content": json.dumps({"cwd": said}) + said, "payload": {"cwd": folder}}

    assert folder_of(json.dumps(quoting).encode()) == folder


def test_spaces_after_the_colon_do_no_harm_and_the_first_folder_counts() -> None:
    assert folder_of(b'{"cwd" : "/a"}\n{"cwd":"/b"}') == "/a"


@pytest.mark.parametrize(
    "head", [b"", b'{"cwd": null}', b'{"cwd": "/a', b'{"cwd": "\xff"}', b'{"cwd": "\\x"}']
)
def test_what_names_no_folder_gives_none(head: bytes) -> None:
    assert folder_of(head) is None
