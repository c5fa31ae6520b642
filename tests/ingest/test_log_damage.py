"""Logs that fail, change or are damaged while they are read: the rest counts, the next heals."""

from __future__ import annotations

import errno
import io
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from parsers import lines
from portfolio.ingest import log_intake, log_stretches
from portfolio.ingest.look import Look
from tests.ingest.test_logs import Client
from tests.parsers.transcript_samples import answer, tool_result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from portfolio.store.opening import Database


@pytest.fixture
def client(tmp_path: Path, database: Database, now: datetime) -> Client:
    return Client(tmp_path / "u", database, now)


@pytest.fixture
def small_stretches() -> Iterator[None]:
    """Read and store a log of a few lines as one of gigabytes is."""
    with (
        patch.object(lines, "BLOCK_BYTES", 1000),
        patch.object(lines, "_spare", []),
        patch.object(log_stretches, "STRETCH_BYTES", 1000),
        patch.object(log_intake, "MOST_WAITING", 5),
    ):
        yield


class Watched(io.FileIO):
    """A log that does something whenever it is read."""

    act: Callable[[Watched], None] = staticmethod(lambda log: None)

    def readinto(self, buffer: Any, /) -> int:
        type(self).act(self)
        return super().readinto(buffer)


def _sync_while(client: Client, act: Callable[[Watched], None]) -> Look:
    """Sync, doing something at every read of a log."""

    def watched(path: str, *rest: object, **named: object) -> Watched:
        return Watched(path)

    with (
        patch.object(Watched, "act", staticmethod(act)),
        patch.object(log_intake, "open", watched, create=True),
    ):
        return client.sync()


def _messages(client: Client) -> list[str]:
    return [message for message, _ in client.answers()]


def _after(reads: int, act: Callable[[Watched], None]) -> Callable[[Watched], None]:
    """Do something at a read of a log, counted over all of them, and at those that follow."""
    seen = 0

    def counted(log: Watched) -> None:
        nonlocal seen
        seen += 1
        if seen > reads:
            act(log)

    return counted


def _fail(log: Watched) -> None:
    if "a.jsonl" in str(log.name):
        raise OSError(errno.EIO, "Input/output error")


def test_a_disk_that_fails_is_told_the_rest_counts_and_the_next_sync_heals(
    client: Client, small_stretches: None
) -> None:
    client.log("p/a.jsonl", *(answer(f"a{number}") for number in range(10)))
    client.log("p/b.jsonl", answer("b0"))

    look = _sync_while(client, _after(4, _fail))

    assert [problem.slug for problem in look.problems] == ["log-unreadable"]
    assert look.problems[0].text == f"{Path('~/.claude/projects/p/a.jsonl')}: Input/output error"
    found = set(_messages(client))
    assert "b0" in found
    assert 0 < len(found - {"b0"}) < 10
    assert client.sync().problems == []
    assert len(_messages(client)) == 11
    assert client.sync() == Look()


def test_what_grows_while_it_is_read_is_counted_to_its_last_line_by_the_next_sync(
    client: Client,
) -> None:
    path = client.log("p/a.jsonl", answer("m0"))
    written = 0

    def grow(log: Watched) -> None:
        nonlocal written
        if written < 3:
            written += 1
            with path.open("ab") as file:
                file.write(answer(f"m{written}") + answer("torn")[:-30])

    _sync_while(client, grow)
    path.write_bytes(path.read_bytes() + b"\n")
    client.sync()

    assert {"m0", "m1"} <= set(_messages(client))
    assert client.sync() == Look()


def test_what_is_cut_while_it_is_read_keeps_what_was_read_and_is_read_anew(
    client: Client, small_stretches: None
) -> None:
    path = client.log("p/a.jsonl", *(answer(f"m{number}") for number in range(10)))

    look = _sync_while(client, _after(3, lambda log: os.truncate(path, 0)))
    kept = len(_messages(client))
    path.write_bytes(answer("new"))
    client.sync()

    assert look.problems == []
    assert 0 < kept < 10
    assert len(_messages(client)) == kept + 1
    assert client.sync() == Look()


@pytest.mark.skipif(sys.platform == "win32", reason="what is open cannot be deleted there")
def test_what_is_deleted_while_it_is_read_keeps_what_was_read(
    client: Client, small_stretches: None
) -> None:
    path = client.log("p/a.jsonl", *(answer(f"m{number}") for number in range(10)))

    look = _sync_while(client, _after(3, lambda log: path.unlink(missing_ok=True)))

    assert look.problems == []
    assert _messages(client)
    assert client.sync() == Look()


def test_a_log_in_whose_place_a_folder_is_made_is_told_and_healed(client: Client) -> None:
    path = client.log("p/a.jsonl", answer("m1"))
    real = open

    def replacing(file: str, *rest: object, **named: object) -> object:
        path.unlink()
        path.mkdir()
        (path / "b.jsonl").write_bytes(answer("m2"))
        return real(file, *rest, **named)  # type: ignore[call-overload]

    with patch.object(log_intake, "open", replacing, create=True):
        look = client.sync()

    assert [problem.slug for problem in look.problems] == ["log-unreadable"]
    assert _messages(client) == []
    assert client.sync().problems == []
    assert _messages(client) == ["m2"]


def test_a_log_that_becomes_a_folder_between_two_syncs_keeps_what_it_said(client: Client) -> None:
    path = client.log("p/a.jsonl", answer("m1"))
    client.sync()
    path.unlink()
    path.mkdir()
    (path / "b.jsonl").write_bytes(answer("m2"))

    assert client.sync().turns_added == 1
    assert _messages(client) == ["m1", "m2"]
    assert client.sync() == Look()


def test_bytes_that_are_no_text_hide_nothing_where_nothing_needs_them(client: Client) -> None:
    spoken = answer("m1").replace(b"done", b"\xff\xfe\xc3(")
    client.log("p/a.jsonl", tool_result("x").replace(b"x", b"\x80\x81"), spoken, answer("m2"))

    look = client.sync()

    assert _messages(client) == ["m1", "m2"]
    assert (look.lines_skipped, look.problems) == (0, [])


def test_bytes_that_are_no_text_in_a_name_cost_no_tokens(client: Client) -> None:
    client.log("p/a.jsonl", answer("m1").replace(b"/home/u/shop", b"/home/u/\xff"), answer("m2"))

    look = client.sync()

    assert _messages(client) == ["m1", "m2"]
    assert (look.lines_skipped, look.problems) == (0, [])


@pytest.mark.parametrize(
    "noise",
    [b"\x00" * 70_000, "\ufeff".encode(), answer("x").decode().encode("utf-16"), os.urandom(4096)],
    ids=["nulls", "mark", "utf-16", "chance"],
)
def test_noise_before_a_line_takes_no_other_line_along(client: Client, noise: bytes) -> None:
    client.log("p/a.jsonl", answer("m1"), noise + b"\n", answer("m2"))
    client.log("p/b.jsonl", noise)

    client.sync()

    assert _messages(client) == ["m1", "m2"]
    assert client.sync() == Look()


def test_zeros_that_a_crash_left_behind_cost_no_tokens(client: Client) -> None:
    path = client.log("p/a.jsonl", answer("m1"), b"\x00" * 5000)
    client.sync()
    with path.open("ab") as file:
        file.write(answer("m2") + answer("m3"))

    look = client.sync()

    assert _messages(client) == ["m1", "m2", "m3"]
    assert (look.lines_skipped, look.problems) == (0, [])
