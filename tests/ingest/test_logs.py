from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from parsers import lines
from parsers.records import LogHarvest, Problem
from portfolio.ingest import log_files, log_intake, log_stretches
from portfolio.ingest.log_files import LogWalk
from portfolio.ingest.logs import take_in_logs
from portfolio.ingest.look import Look
from portfolio.ingest.machine import Machine
from portfolio.model import AccountSpan
from portfolio.store import turns, write
from tests.parsers.transcript_samples import answer, tool_result

if TYPE_CHECKING:
    from io import FileIO

    from portfolio.store.opening import Database


class Client:
    """A user's home with Claude Code's transcripts, and the store that takes them in."""

    def __init__(self, home: Path, database: Database, now: datetime) -> None:
        self.home = home
        self.database = database
        self.now = now
        self.environment: dict[str, str] = {}

    def log(self, name: str, *lines: bytes) -> Path:
        """Write a transcript anew."""
        path = self.home / ".claude" / "projects" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(lines))
        return path

    def sync(self) -> Look:
        look = Look()
        machine = Machine(home=self.home, environment=self.environment)
        take_in_logs(self.database, machine, look, now=self.now)
        return look

    def answers(self) -> list[tuple[str, int]]:
        rows = self.database.execute(
            "SELECT message, output_tokens FROM current_turn ORDER BY ALL"
        ).fetchall()
        return [(row[0], row[1]) for row in rows]

    def opened_by_sync(self) -> list[str]:
        """Sync, and tell which logs were opened."""
        seen: list[str] = []
        real = open

        def watched(file: str, *rest: object, **named: object) -> object:
            seen.append(Path(file).name)
            return real(file, *rest, **named)  # type: ignore[call-overload]

        with patch.object(log_intake, "open", watched, create=True):
            self.sync()
        return seen


@pytest.fixture
def client(tmp_path: Path, database: Database, now: datetime) -> Client:
    return Client(tmp_path / "u", database, now)


def test_every_transcript_is_taken_in_wherever_it_lies(client: Client) -> None:
    client.log("-home-u-shop/a.jsonl", tool_result("x"), answer("m1"))
    client.log("-home-u-shop/s1/subagents/agent-7.jsonl", answer("m2", is_sidechain=True))
    client.log("top.jsonl", answer("m3"))
    client.log("-home-u-shop/notes.txt", answer("m4"))

    look = client.sync()

    assert client.answers() == [("m1", 412), ("m2", 412), ("m3", 412)]
    assert (look.turns_added, look.lines_skipped, look.problems) == (3, 0, [])


def test_a_machine_without_any_client_has_nothing_to_say(client: Client) -> None:
    assert client.sync() == Look()


def test_an_unchanged_log_is_not_opened_again(client: Client) -> None:
    client.log("p/a.jsonl", answer("m1"))
    client.log("p/b.jsonl", answer("m2"))
    client.sync()
    with client.log("p/b.jsonl", answer("m2")).open("ab") as file:
        file.write(answer("m3"))

    assert client.opened_by_sync() == ["b.jsonl"]
    assert client.opened_by_sync() == []


def test_a_growing_log_is_read_from_where_it_ended(client: Client) -> None:
    path = client.log("p/a.jsonl", answer("m1"), answer("m2")[:100])
    client.sync()
    with path.open("ab") as file:
        file.write(answer("m2")[100:] + answer("m3"))
    begun: list[int] = []
    real = log_stretches._reader("claude")

    def watched(stream: FileIO, /, *, carry: str, most_bytes: int | None) -> LogHarvest:
        begun.append(stream.tell())
        return real(stream, carry=carry, most_bytes=most_bytes)

    with patch.object(log_stretches, "_reader", lambda source: watched):
        look = client.sync()

    assert begun == [len(answer("m1"))]
    assert look.turns_added == 2
    assert [name for name, _ in client.answers()] == ["m1", "m2", "m3"]


def _state(client: Client, path: Path) -> turns.LogState:
    return turns.log_states(client.database)[str(path)]


def test_the_place_reached_and_the_lines_are_kept_for_each_log(client: Client) -> None:
    path = client.log("p/a.jsonl", answer("m1"), b'{"usage"\n', answer("m2")[:-1])
    client.sync()

    state = _state(client, path)

    assert (state.size, state.end_offset) == (path.stat().st_size, len(answer("m1")) + 9)
    assert (state.lines_read, state.lines_skipped) == (2, 1)
    assert (state.source, state.folder) == ("claude", str(client.home / ".claude"))


def test_a_torn_line_is_counted_once_it_is_whole(client: Client) -> None:
    path = client.log("p/a.jsonl", answer("m1")[:-50])
    assert client.sync().turns_added == 0

    path.write_bytes(answer("m1"))

    assert client.sync().turns_added == 1
    assert client.sync().turns_added == 0


@pytest.mark.parametrize("rest", [b"", answer("m4") * 3], ids=["shorter", "longer"])
def test_a_log_written_anew_is_read_again(client: Client, rest: bytes) -> None:
    path = client.log("p/a.jsonl", answer("m1"), answer("m2"))
    client.sync()
    path.write_bytes(answer("m3") + rest)
    client.sync()

    assert {"m1", "m2", "m3"} <= {name for name, _ in client.answers()}


def test_a_log_written_anew_in_the_same_size_is_read_again(client: Client) -> None:
    path = client.log("p/a.jsonl", answer("m1"))
    client.sync()
    path.write_bytes(answer("m2"))
    os.utime(path, ns=(1, 1))

    assert client.sync().turns_added == 1


def test_only_a_newer_reader_reads_a_log_again(client: Client) -> None:
    client.log("p/a.jsonl", answer("m1"))
    client.sync()

    with patch.dict(log_files.VERSIONS, claude=99):
        assert client.opened_by_sync() == ["a.jsonl"]
        assert client.opened_by_sync() == []
    assert client.answers() == [("m1", 412)]


def test_a_log_that_is_deleted_meanwhile_is_no_problem_and_what_it_said_stays(
    client: Client,
) -> None:
    path = client.log("p/a.jsonl", answer("m1"))
    client.sync()
    real = LogWalk._log

    def deleting(walk: LogWalk, entry: os.DirEntry[str], *rest: str) -> log_files.LogFile | None:
        found = real(walk, entry, *rest)
        Path(entry.path).unlink()
        return found

    path.write_bytes(answer("m2"))
    with patch.object(LogWalk, "_log", deleting):
        look = client.sync()

    assert look == Look()
    assert client.answers() == [("m1", 412)]
    assert client.sync() == Look()


def test_links_in_circles_end_and_each_log_counts_once(client: Client) -> None:
    path = client.log("p/a.jsonl", answer("m1"))
    (path.parent / "up").symlink_to(path.parent.parent, target_is_directory=True)
    (path.parent / "self").symlink_to(path.parent / "self")
    (path.parent / "gone.jsonl").symlink_to(path.parent / "nowhere")
    (client.home / ".config").mkdir()
    (client.home / ".config" / "claude").symlink_to(client.home / ".claude")

    look = client.sync()

    assert (look.turns_added, look.problems) == (1, [])
    assert len(turns.log_states(client.database)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes in folders")
def test_what_is_no_file_is_left_alone(client: Client) -> None:
    path = client.log("p/a.jsonl", answer("m1"))
    os.mkfifo(path.with_name("pipe.jsonl"))
    (path.parent / "folder.jsonl").mkdir()
    (path.parent / "folder.jsonl" / "b.jsonl").write_bytes(answer("m2"))

    assert client.sync().turns_added == 2


def test_logs_that_cannot_be_read_are_told_once_and_the_rest_is_taken_in(
    client: Client,
) -> None:
    for name in "abc":
        client.log(f"p/{name}.jsonl", answer(f"m{name}"))
    real = open

    def refusing(file: str, *rest: object, **named: object) -> object:
        if not file.endswith("b.jsonl"):
            raise PermissionError(13, "Permission denied")
        return real(file, *rest, **named)  # type: ignore[call-overload]

    with patch.object(log_intake, "open", refusing, create=True):
        look = client.sync()

    assert client.answers() == [("mb", 412)]
    assert look.problems == [
        Problem(
            "log-unreadable",
            None,
            f"{Path('~/.claude/projects/p/a.jsonl')}: Permission denied (and in 1 more log)",
        )
    ]
    assert client.sync().turns_added == 2


def test_a_folder_that_cannot_be_looked_into_is_told(client: Client) -> None:
    client.log("p/a.jsonl", answer("m1"))
    client.log("q/b.jsonl", answer("m2"))
    real = os.scandir

    def refusing(path: str | int) -> object:
        if str(path).endswith("q"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    with patch.object(os, "scandir", refusing):
        look = client.sync()

    assert [problem.slug for problem in look.problems] == ["log-unreadable"]
    assert "projects/q" in Path(look.problems[0].text).as_posix()
    assert client.answers() == [("m1", 412)]


def test_broken_lines_are_told_once_for_all_logs_with_the_first_place(client: Client) -> None:
    broken = b'{"message": {"usage": {"input_tokens": nope}}}\n'
    client.log("p/a.jsonl", answer("m1"), broken)
    client.log("p/b.jsonl", broken, broken, answer("m2"))

    look = client.sync()

    assert look.lines_skipped == 3
    (problem,) = look.problems
    assert (problem.slug, problem.line) == ("line-unreadable", 2)
    place = Path("~/.claude/projects/p/a.jsonl")
    assert problem.text.startswith(f"{place}: JSON is malformed")
    assert problem.text.endswith("(and in 1 more log)")
    assert client.sync() == Look()


def test_a_broken_line_in_a_grown_log_is_told_with_its_line_in_the_whole(client: Client) -> None:
    path = client.log("p/a.jsonl", answer("m1"), answer("m2"))
    client.sync()
    with path.open("ab") as file:
        file.write(answer("m3") + b'{"usage"\n')

    (problem,) = client.sync().problems

    assert problem.line == 4


def test_a_big_log_is_read_in_stretches_and_stored_between_them(client: Client) -> None:
    client.log("p/a.jsonl", *(answer(f"m{number}") for number in range(200)), answer("torn")[:-1])

    with (
        patch.object(lines, "BLOCK_BYTES", 1000),
        patch.object(lines, "_spare", []),
        patch.object(log_stretches, "STRETCH_BYTES", 1000),
        patch.object(log_intake, "MOST_WAITING", 20),
    ):
        look = client.sync()

    assert (look.turns_added, len(client.answers())) == (201, 201)
    assert client.sync() == Look()


def test_a_sync_that_dies_midway_goes_on_where_it_stored_last(client: Client) -> None:
    client.log("p/a.jsonl", *(answer(f"m{number}") for number in range(100)))
    real, calls = turns.set_log_states, 0

    def dying(database: Database, states: list[turns.LogState]) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        real(database, states)

    with (
        patch.object(lines, "BLOCK_BYTES", 1000),
        patch.object(lines, "_spare", []),
        patch.object(log_stretches, "STRETCH_BYTES", 1000),
        patch.object(log_intake, "MOST_WAITING", 20),
        patch.object(turns, "set_log_states", dying),
        pytest.raises(KeyboardInterrupt),
    ):
        client.sync()
    taken = len(client.answers())

    look = client.sync()

    assert 0 < taken < 100
    assert (look.turns_added, len(client.answers())) == (100 - taken, 100)


def test_the_folders_of_accounts_and_of_the_environment_are_looked_into(
    client: Client, now: datetime
) -> None:
    for folder, message in (("work", "m1"), (".claude", "m2"), ("other", "m3")):
        path = client.home / folder / "projects" / "p" / "a.jsonl"
        path.parent.mkdir(parents=True)
        path.write_bytes(answer(message))
    span = AccountSpan(
        account="claude-b",
        span=0,
        provider="claude",
        plan=None,
        since=None,
        until=None,
        folder="~/work",
    )
    write.account_span(client.database, span, now=now)
    client.environment = {"CLAUDE_CONFIG_DIR": f"{client.home / 'other'}"}

    client.sync()

    folders = client.database.execute("SELECT message, folder FROM turn ORDER BY ALL").fetchall()
    assert folders == [("m1", str(client.home / "work")), ("m3", str(client.home / "other"))]


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_name_that_is_no_text_is_taken_in_and_known_again(client: Client) -> None:
    folder = client.log("p/a.jsonl", answer("m1")).parent
    odd = os.fsdecode(b"\xff\xfe.jsonl")
    (folder / odd).write_bytes(answer("m2"))

    assert client.sync().turns_added == 2
    assert client.opened_by_sync() == []
