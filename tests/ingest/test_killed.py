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

# The program with batches so small that a kill falls between two of them. It tells when it begins.
SMALL_BATCHES = """
import sys
from portfolio.ingest import log_intake, log_stretches
log_intake.MOST_WAITING = 40
log_stretches.STRETCH_BYTES = 20_000
from portfolio.cli import main
print("begins", flush=True)
sys.argv = ["portfolio", *sys.argv[1:]]
main()
"""


def _sync(home: Home, user: Path) -> subprocess.Popen[bytes]:
    command = (sys.executable, "-c", SMALL_BATCHES, "--home", str(home.folder), "sync")
    environment = os.environ | {"HOME": str(user), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"begins\n"
    return process


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


@pytest.mark.skipif(sys.platform == "win32", reason="the home is not said by HOME there")
def test_a_sync_that_is_killed_and_run_again_finds_the_truth(tmp_path: Path) -> None:
    user, home, rng = tmp_path / "u", Home(tmp_path / "home"), random.Random(3)
    truth = write_corpus(user, seed=11, size=SMALL)
    write_once(home)
    begun = time.monotonic()
    seen = []

    for _ in range(4):
        process = _sync(home, user)
        time.sleep(rng.uniform(0.2, 1.2))
        process.kill()
        process.communicate()
        seen.append(sum(sum(tokens) for tokens in _stored(home).values()))
    last = _sync(home, user)
    last.communicate(timeout=300)

    assert last.returncode == 0, f"after {time.monotonic() - begun:.1f} s and {seen}"
    assert seen == sorted(seen)  # what was stored stays
    assert _stored(home) == truth.tokens
