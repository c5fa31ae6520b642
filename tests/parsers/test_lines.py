from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import lines
from parsers.lines import blocks


def whole(log: bytes, most_bytes: int | None = None) -> tuple[bytes, bytes]:
    """Read a log stretch by stretch: the bytes of its whole lines, and its torn end."""
    stream, read, torn = io.BytesIO(log), b"", b""
    while True:
        stream.seek(len(read))
        size = 0
        for block in blocks(stream, most_bytes=most_bytes):
            given_bytes = bytes(block.data[: block.stop])
            if block.kind == "torn":
                torn = given_bytes
            else:
                read += given_bytes
            assert block.size == (0 if block.kind == "torn" else block.stop)
            size += block.size
        if size == 0:
            return read, torn


@given(st.lists(st.binary(max_size=60)), st.integers(1, 40), st.integers(1, 100))
def test_every_byte_is_given_once_whatever_the_lines_the_buffer_and_the_stretch(
    parts: list[bytes], buffer: int, stretch: int
) -> None:
    log = b"\n".join(parts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK_BYTES", buffer)
        patch.setattr(lines, "_spare", [])
        read, torn = whole(log, stretch)

    assert read + torn == log
    assert read == b"" or read.endswith(b"\n")
    assert b"\n" not in torn


def test_a_line_too_long_to_hold_is_passed_over_and_the_next_one_read() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK_BYTES", 4)
        patch.setattr(lines, "LONGEST_LINE", 16)
        patch.setattr(lines, "_spare", [])
        log = b"ab\n" + b"x" * 50 + b"\ncd\nef"
        found = [
            (block.kind, bytes(block.data[: block.stop]), block.size)
            for block in blocks(io.BytesIO(log), most_bytes=None)
        ]

    assert found == [
        ("lines", b"ab\n", 3),
        ("too-long", b"xxxx", 51),
        ("lines", b"cd\n", 3),
        ("torn", b"ef", 0),
    ]


def test_a_line_too_long_that_never_ends_leaves_the_place_before_it() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK_BYTES", 4)
        patch.setattr(lines, "LONGEST_LINE", 16)
        patch.setattr(lines, "_spare", [])
        found = list(blocks(io.BytesIO(b"ab\n" + b"x" * 50), most_bytes=None))

    assert [(block.kind, block.size) for block in found] == [("lines", 3)]
