"""Codex's logs taken into the store: growing, forked, moved, copied, and by the real program."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portfolio.ingest import log_stretches
from portfolio.ingest.logs import take_in_logs
from portfolio.ingest.look import Look
from portfolio.ingest.machine import Machine
from portfolio.model import AccountSpan
from portfolio.store import cues, write
from portfolio.store.opening import opened
from tests.parsers.rollout_samples import Talk, asked, count, limits, named, window
from tests.stores import place_empty
from tests.world import World

if TYPE_CHECKING:
    from portfolio.store.opening import Database

PARENT, CHILD = named(0, 1), named(600, 2)
DAY = Path(".codex/sessions/2026/11/03")


class Codex:
    """A user's home with rollouts, and the store that takes them in."""

    def __init__(self, home: Path, database: Database, now: datetime) -> None:
        self.home, self.database, self.now = home, database, now
        span = AccountSpan(
            account="codex-a",
            span=0,
            provider="codex",
            plan=None,
            since=None,
            until=None,
            folder=None,
        )
        write.account_span(database, span, now=now)

    def path(self, talk: Talk, folder: Path = DAY) -> Path:
        found = self.home / folder / f"rollout-2026-11-03T10-00-00-{talk.session}.jsonl"
        found.parent.mkdir(parents=True, exist_ok=True)
        return found

    def log(self, talk: Talk, folder: Path = DAY) -> Path:
        """Write a rollout as far as it has come."""
        path = self.path(talk, folder)
        path.write_bytes(talk.text)
        return path

    def pack(self, path: Path) -> Path:
        """Compress a rollout as Codex does with those a week old."""
        packed = path.with_name(path.name + ".zst")
        self.database.execute(
            f"COPY (SELECT unnest($lines::VARCHAR[])) TO '{packed}' (FORMAT csv, COMPRESSION zstd,"
            r" DELIM '\x01', QUOTE '', ESCAPE '', HEADER false)",
            {"lines": path.read_text().splitlines()},
        )
        path.unlink()
        return packed

    def sync(self) -> Look:
        look = Look()
        take_in_logs(self.database, Machine(home=self.home), look, now=self.now)
        return look

    def facts(self) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
        """Give what counts: requests, and readings without those inside a run."""
        turns = "SELECT message, request, model, input_tokens, output_tokens FROM current_turn"
        readings = "SELECT account, pool, used, epoch_us(read_at), source FROM current_reading"
        return (
            self.database.execute(f"{turns} ORDER BY ALL").fetchall(),
            self.database.execute(f"{readings} ORDER BY ALL").fetchall(),
        )


@pytest.fixture
def codex(tmp_path: Path, database: Database, now: datetime) -> Codex:
    return Codex(tmp_path / "u", database, now)


def session() -> Talk:
    talk = Talk(PARENT).begin().turn(turn=named(1)).respond((100, 20, 5), used=3)
    return talk.respond((200, 30, 6), used=4).show(4).show(4)


def test_requests_and_readings_of_a_rollout_are_taken_in_once(codex: Codex) -> None:
    codex.log(session())

    look = codex.sync()

    turns, readings = codex.facts()
    assert [(model, given_, output) for _, _, model, given_, output in turns] == [
        ("gpt-5.3-codex", 80, 5),
        ("gpt-5.3-codex", 170, 6),
    ]
    assert [(account, pool, used) for account, pool, used, *_ in readings] == [
        ("codex-a", "week", 3),
        ("codex-a", "week", 4),
    ]
    assert (look.turns_added, look.readings_added, look.problems) == (2, 2, [])
    assert codex.sync() == Look()


def test_what_is_not_a_rollout_is_left_alone(codex: Codex) -> None:
    path = codex.log(session())
    path.rename(path.with_name("history.jsonl"))

    assert codex.sync() == Look()


def test_a_fork_an_archived_copy_and_a_moved_log_add_only_what_is_new(codex: Codex) -> None:
    parent = session()
    child = Talk(CHILD, seconds=600, total=parent.total).begin(forked_from_id=PARENT)
    child.copied(parent).turn(turn=named(601)).respond((400, 0, 9), used=8)
    archive = Path(".codex/archived_sessions")
    codex.log(child)
    assert codex.sync().turns_added == 1
    codex.log(parent, archive)
    assert codex.sync().turns_added == 2
    codex.log(parent)
    path = codex.path(child)
    path.rename(codex.path(child, archive))

    assert codex.sync() == Look()
    assert [row[-1] for row in codex.facts()[0]] == [5, 6, 9]


def test_a_rollout_that_grows_says_in_the_end_what_it_would_have_said_at_once(
    codex: Codex, tmp_path: Path, now: datetime
) -> None:
    talk = Talk(PARENT).begin()
    for number in range(12):
        used = number // 3
        talk.turn(turn=named(number)).respond((100 + number, 0, 5), used=used).show(used)
    text = talk.text
    line_end = text.index(b"\n", len(text) // 2) + 1
    for end in (1, 2000, line_end - 1, line_end, len(text) - 5, len(text) - 1, len(text)):
        codex.path(talk).write_bytes(text[:end])
        codex.sync()

    with opened(place_empty(tmp_path / "whole.duckdb")) as database:
        at_once = Codex(codex.home, database, now)
        at_once.sync()

        assert codex.facts() == at_once.facts()


def test_a_rollout_of_many_stretches_knows_its_model_and_totals_in_each(
    codex: Codex, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = Talk(PARENT).begin().turn(turn=named(1), model="gpt-5.6-sol")
    for number in range(100):
        talk.respond((10, 0, 1), used=number)
    codex.log(talk)
    monkeypatch.setattr(log_stretches, "STRETCH_BYTES", 1)
    monkeypatch.setattr("parsers.lines.BLOCK_BYTES", 1000)
    monkeypatch.setattr("parsers.lines._spare", [])

    assert codex.sync().turns_added == 100

    turns, readings = codex.facts()
    assert {row[2:] for row in turns} == {("gpt-5.6-sol", 10, 1)}
    assert len(readings) == 100


def test_a_rollout_that_was_compressed_says_all_that_it_said_before(codex: Codex) -> None:
    packed = codex.pack(codex.log(session()))

    look = codex.sync()

    turns, readings = codex.facts()
    assert (look.turns_added, look.readings_added, look.problems) == (2, 2, [])
    assert ([row[-1] for row in turns], [row[2] for row in readings]) == ([5, 6], [3, 4])
    assert codex.sync() == Look()

    codex.log(session().turn(turn=named(90)).respond((1, 0, 7), used=9))
    packed.unlink()
    assert codex.sync().turns_added == 1


def test_a_compressed_rollout_tells_a_broken_line_with_its_number(codex: Codex) -> None:
    talk = session()
    talk.lines.insert(3, b'{"type":"event_msg","payload":{"type":"token_count","info":nope\n')
    path = codex.pack(codex.log(talk, DAY / "odd [name]*"))

    look = codex.sync()

    assert [(one.slug, one.line) for one in look.problems] == [("line-unreadable", 4)]
    assert path.name in look.problems[0].text
    assert (look.turns_added, look.lines_skipped) == (2, 1)


@pytest.mark.parametrize("text", [b"no compressed log", b"\x28\xb5\x2f\xfd" + b"\xff" * 99])
def test_a_log_that_cannot_be_unpacked_is_told_and_the_rest_is_taken_in(
    codex: Codex, text: bytes
) -> None:
    path = codex.path(Talk(CHILD))
    path.with_name(path.name + ".zst").write_bytes(text)
    codex.log(session())

    look = codex.sync()

    assert [one.slug for one in look.problems] == ["log-unreadable"]
    assert "cannot be unpacked" in look.problems[0].text
    assert look.turns_added == 2


def test_the_program_takes_in_a_codex_home_and_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = tmp_path / "u"
    monkeypatch.setenv("HOME", str(user))
    monkeypatch.setenv("CODEX_HOME", str(user / "elsewhere"))
    talk = session()
    spark = limits(window(0.0, 300, None), limit_id="codex_bengalfox")
    talk.lines.append(count(700, talk.total, talk.last, shown=spark))
    path = user / "elsewhere" / "sessions" / "2026" / f"rollout-x-{PARENT}.jsonl"
    path.parent.mkdir(parents=True)
    path.write_bytes(talk.text + b'{"type":"event_msg","payload":{"type":"token_count"\n')
    world = World(tmp_path)
    world.set_up("codex-a:codex-plus")

    synced = world.ok("sync", "--json")
    again = world.ok("sync", "--json").document
    shown = world.ok("readings", "--json").document["readings"]

    found = synced.document
    assert (found["turns_added"], found["readings_added"], found["lines_skipped"]) == (2, 3, 1)
    assert "line-unreadable" in synced.err
    assert (again["turns_added"], again["readings_added"], again["problems"]) == (0, 0, [])
    assert [(one["account"], one["pool"], one["used"], one["source"]) for one in shown] == [
        ("codex-a", "week", 3, "codex-rollout"),
        ("codex-a", "week", 4, "codex-rollout"),
        ("codex-a", "5h:spark", 0, "codex-rollout"),
    ]


def test_what_was_asked_first_stands_in_a_compressed_log_too(codex: Codex) -> None:
    talk = Talk(PARENT).begin().turn()
    talk.lines.append(asked(1, "Fix api.py, please"))
    talk.respond((100, 0, 10))
    codex.pack(codex.log(talk))

    codex.sync()

    assert [(one.words, one.files) for one in cues.prompts(codex.database).values()] == [(3, 1)]
