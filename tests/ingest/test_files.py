from __future__ import annotations

import os
from pathlib import Path

import pytest

from portfolio.errors import FileUnreadableError
from portfolio.ingest.files import decode, read_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_whatever_shell_wrote_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "capture.txt"
    path.write_bytes("week=82% █\r\n".encode(encoding))

    assert read_text(path) == "week=82% █\r\n"


@pytest.mark.parametrize(
    "raw", [b"", b"\xff", b"\xff\xfe\xff", b"\xfe\xff\xd8\x00", bytes(range(256))]
)
def test_any_bytes_are_text_that_can_be_stored(raw: bytes) -> None:
    assert decode(raw).encode("utf-8").decode("utf-8") == decode(raw)


def test_a_file_that_is_not_there_or_a_folder_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "gone", tmp_path):
        with pytest.raises(FileUnreadableError) as told:
            read_text(path)
        assert told.value.where == str(path)
        assert told.value.slug == "file-unreadable"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.touch(mode=0)

    with pytest.raises(FileUnreadableError):
        read_text(path)
