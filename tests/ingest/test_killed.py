"""A `sync` that is killed at any instant leaves a store from which the next one finds the truth."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.corpus.making import SMALL, write_corpus
from benchmarks.corpus.truth import Tokens
from portfolio.settings import Home, write_once
from portfolio.store.opening import opened

ROOT = Path(__file__).resolve().parents[2]

# The program with batches so small that there are many, and that tells when it begins to store one.
SMALL_BATCHES = """
import sys
from portfolio.ingest import log_intake, log_stretches
log_intake.MOST_WAITING = 20
log_stretches.STRETCH_BYTES = 20_000
store = log_intake.LogIntake._store
def telling(intake):
    print("stores", flush=True)
    store(intake)
log_intake.LogIntake._store = telling
from portfolio.cli import main
sys.argv = ["portfolio", *sys.argv[1:]]
main()
"""


def _sync(home: Home, user: Path) -> subprocess.Popen[bytes]:
    command = (sys.executable, "-c", SMALL_BATCHES, "--home", str(home.folder), "sync")
    environment = os.environ | {"HOME": str(user), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def _stored(home: Home) -> dict[tuple[str, str], Tokens]:
    with opened(home.store_path) as database:
        rows = database.execute(
            """
            SELECT source, model, sum(input_tokens)::BIGINT, sum(output_tokens)::BIGINT,
                sum(cache_read_tokens)::BIGINT, sum(cache_write_tokens)::BIGINT,
                sum(cache_write_1h_tokens)::BIGINT
            FROM current_turn GROUP BY ALL
            """
        ).fetchall()
    return {(row[0], row[1]): Tokens(*row[2:]) for row in rows}


def _count(home: Home) -> int:
    with opened(home.store_path) as database:
        rows = database.execute("SELECT count(*) FROM current_turn").fetchall()
    return int(rows[0][0])


@pytest.mark.skipif(sys.platform == "win32", reason="the home is not said by HOME there")
def test_a_sync_that_is_killed_and_run_again_finds_the_truth(tmp_path: Path) -> None:
    user, home, rng = tmp_path / "u", Home(tmp_path / "home"), random.Random(3)
    truth = write_corpus(user, seed=11, size=SMALL)
    write_once(home)
    seen = [0]

    for batches in (1, 3, 4):
        process = _sync(home, user)
        assert process.stdout is not None
        for _ in range(batches):
            process.stdout.readline()
        time.sleep(rng.uniform(0, 0.02))  # which falls into the storing, or behind it
        process.kill()
        process.communicate()
        seen.append(_count(home))
    last = _sync(home, user)
    last.communicate(timeout=300)

    assert last.returncode == 0
    assert seen == sorted(seen)  # what was stored stays
    assert 0 < seen[-1] < truth.turns.total()
    assert _stored(home) == truth.tokens
    assert _count(home) == truth.turns.total()
