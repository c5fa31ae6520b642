"""What `sync` finds in made-up logs is what they truly say, to the token."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.corpus.making import SMALL, write_corpus
from benchmarks.corpus.truth import Tokens, Truth
from portfolio.ingest.logs import take_in_logs
from portfolio.ingest.look import Look
from portfolio.ingest.machine import Machine
from portfolio.store import turns

if TYPE_CHECKING:
    from portfolio.store.opening import Database

SOURCES = ("claude", "codex")


def _stored(database: Database) -> tuple[dict[tuple[str, str], Tokens], dict[tuple[str, str], int]]:
    rows = database.execute(
        """
        SELECT source, model, count(*), sum(input_tokens)::BIGINT, sum(output_tokens)::BIGINT,
            sum(cache_read_tokens)::BIGINT, sum(cache_write_tokens)::BIGINT,
            sum(cache_write_1h_tokens)::BIGINT
        FROM current_turn GROUP BY ALL
        """
    ).fetchall()
    tokens = {(row[0], row[1]): Tokens(*row[3:]) for row in rows}
    return tokens, {(row[0], row[1]): row[2] for row in rows}


def _sync(database: Database, home: Path, now: datetime) -> Look:
    look = Look()
    take_in_logs(database, Machine(home=home), look, now=now)
    return look


def _assert_true(database: Database, truth: Truth) -> None:
    tokens, counted = _stored(database)
    assert tokens == truth.tokens
    assert counted == dict(truth.turns)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_sync_finds_every_token_of_every_model_once(
    tmp_path: Path, database: Database, now: datetime, seed: int
) -> None:
    truth = write_corpus(tmp_path / "u", seed=seed, size=SMALL)

    look = _sync(database, tmp_path / "u", now)

    _assert_true(database, truth)
    assert {source for source, _ in truth.tokens} == set(SOURCES)
    assert look.turns_added == truth.turns.total()
    assert look.lines_skipped == truth.lines_broken > 0
    assert _sync(database, tmp_path / "u", now) == Look()
    states = turns.log_states(database)
    assert sum(state.lines_skipped for state in states.values()) == truth.lines_broken


def test_the_same_seed_writes_the_same_corpus_and_another_one_another(tmp_path: Path) -> None:
    first, again, other = (
        write_corpus(tmp_path / name, seed=seed, size=SMALL)
        for name, seed in (("a", 5), ("b", 5), ("c", 6))
    )

    assert first == again != other
    assert _contents(tmp_path / "a") == _contents(tmp_path / "b")


def _contents(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*.jsonl")}
