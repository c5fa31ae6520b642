"""Lines that are not understood are found again in the logs they stand in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.ingest import log_stretches
from portfolio.ingest.logs import take_in_logs
from portfolio.ingest.look import Look
from portfolio.ingest.machine import Machine
from portfolio.ingest.offending import (
    MOST_BYTES,
    MOST_LOGS,
    STEP_BYTES,
    _head,
    capture_problems,
    offending_lines,
)
from portfolio.store import turns
from tests.parsers.transcript_samples import answer, tool_result

if TYPE_CHECKING:
    from portfolio.ingest.offending import OffendingLine
    from portfolio.store.opening import Database

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
STRANGE = b'{"type":"assistant","message":{"usage":{"inputTokens":3}}}\n'


class Client:
    """A user's home with transcripts that were taken in."""

    def __init__(self, home: Path, database: Database) -> None:
        self.home = home
        self.database = database

    def log(self, name: str, *lines: bytes) -> Path:
        path = self.home / ".claude" / "projects" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(lines))
        return path

    def offending(self) -> list[OffendingLine]:
        take_in_logs(self.database, Machine(home=self.home), Look(), now=NOW)
        return list(offending_lines(turns.log_states(self.database).values()))


@pytest.fixture
def client(tmp_path: Path, database: Database) -> Client:
    return Client(tmp_path / "u", database)


def test_a_line_is_found_with_its_number_in_the_log(client: Client) -> None:
    client.log("p/a.jsonl", answer("m1"), tool_result("x"), STRANGE, answer("m2"))

    found = client.offending()

    assert [(line.source, line.problem.line, line.head) for line in found] == [
        ("claude", 3, STRANGE.decode().rstrip("\n"))
    ]


def test_a_log_that_is_understood_is_not_read_again(client: Client) -> None:
    path = client.log("p/a.jsonl", answer("m1"))
    take_in_logs(client.database, Machine(home=client.home), Look(), now=NOW)
    path.chmod(0)
    path.unlink()

    assert list(offending_lines(turns.log_states(client.database).values())) == []


def test_one_line_of_each_sort_is_enough(client: Client) -> None:
    for number in range(MOST_LOGS + 3):
        client.log(f"p/{number}.jsonl", STRANGE, STRANGE, answer(f"m{number}"))

    assert len(client.offending()) == 1


def test_a_log_that_has_gone_has_nothing_to_show(client: Client) -> None:
    path = client.log("p/a.jsonl", STRANGE)
    assert len(client.offending()) == 1
    path.unlink()

    assert list(offending_lines(turns.log_states(client.database).values())) == []


def test_a_line_behind_the_first_stretch_is_found(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_stretches, "STRETCH_BYTES", 1_000)
    client.log("p/a.jsonl", *(answer(f"m{number}") for number in range(4)), STRANGE)

    found = client.offending()

    assert [line.problem.line for line in found] == [5]
    assert found[0].head == STRANGE.decode().rstrip("\n")


def test_a_line_in_a_compressed_log_is_found(client: Client) -> None:
    odd = '{"type":"event_msg","payload":{"type":"token_count","info":[5]}}'
    folder = client.home / ".codex" / "sessions" / "2026" / "11" / "03"
    folder.mkdir(parents=True)
    packed = folder / "rollout-2026-11-03T10-00-00-a.jsonl.zst"
    client.database.execute(
        f"COPY (SELECT unnest($lines::VARCHAR[])) TO '{packed}' (FORMAT csv, COMPRESSION zstd,"
        r" DELIM '\x01', QUOTE '', ESCAPE '', HEADER false)",
        {"lines": ['{"type":"world_state"}', odd, '{"type":"world_state"}']},
    )

    found = client.offending()

    assert [(line.source, line.problem.line, line.head) for line in found] == [("codex", 2, odd)]


SIZES = st.sampled_from((0, 1, 7, STEP_BYTES - 1, STEP_BYTES, STEP_BYTES + 1, 3 * STEP_BYTES))


@given(sizes=st.lists(SIZES, min_size=1, max_size=6), data=st.data())
def test_any_line_is_given_as_it_begins(
    sizes: list[int], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lines = [bytes([65 + number]) * size for number, size in enumerate(sizes)]
    path = tmp_path_factory.mktemp("log") / "a.jsonl"
    path.write_bytes(b"before\n" + b"\n".join(lines))
    number = data.draw(st.integers(1, len(lines)))

    with path.open("rb", buffering=0) as stream:
        head = _head(stream, len(b"before\n"), number)

    assert head.encode() == lines[number - 1][:MOST_BYTES]


def test_a_capture_that_is_not_understood_tells_its_kind() -> None:
    kind, problems = capture_problems('{"rate_limits":{"five_hour":{"left":3}}}', now=NOW)

    assert kind == "claude-statusline"
    assert problems
