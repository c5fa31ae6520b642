"""How long a prompt waits for `portfolio statusline`, against Python that does nothing."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.timing import program

ROUNDS = 60
PADDING = 1_000_000  # bytes of other things in `.claude.json`, as a long-time user has
NEVER = 4_000_000_000


def statusline() -> Iterator[str]:
    """Compare a statusline that keeps a capture, and one that has nothing new, with `python`."""
    python, ours = (sys.executable, "-c", "pass"), (program("portfolio"), "statusline")
    waits: dict[str, list[float]] = {"python": [], "kept": [], "nothing new": []}
    with tempfile.TemporaryDirectory() as folder:
        login = {"padding": "x" * PADDING, "oauthAccount": {"accountUuid": "u-1"}}
        Path(folder, ".claude.json").write_text(json.dumps(login), encoding="utf-8")
        for number in range(ROUNDS + 1):
            told = _told(number)
            waits["python"].append(_wait(python, b"", folder))
            waits["kept"].append(_wait(ours, told, folder))
            waits["nothing new"].append(_wait(ours, told, folder))
        kept = len([*Path(folder).rglob("spool/*.json")])
        if kept != ROUNDS + 1:
            raise RuntimeError(f"{kept} captures were kept of {ROUNDS + 1}")
    base = statistics.median(waits["python"][1:])
    for name, what in (("kept", "that keeps a capture"), ("nothing new", "with nothing new")):
        ratio = statistics.median(waits[name][1:]) / base
        yield f"| `portfolio statusline` {what} / `python -c pass`, wall | {ratio:.2f} | 2 |"


def _told(number: int) -> bytes:
    limits = {
        "five_hour": {"used_percentage": number % 100, "resets_at": NEVER},
        "seven_day": {"used_percentage": number / 7, "resets_at": NEVER},
    }
    model = {"id": "claude-opus-5-5", "display_name": "Opus 5.5"}
    said = {"session_id": "s-1", "cwd": "/home/u/shop", "model": model, "rate_limits": limits}
    return json.dumps({**said, "version": "2.1.240", "cost": {"total_cost_usd": 0.5}}).encode()


def _wait(command: Sequence[str], told: bytes, folder: str) -> float:
    """Run a command with what it is told on standard input; give the seconds it took."""
    environment = {"HOME": folder, "PATH": os.environ["PATH"]}
    begun = time.perf_counter()
    subprocess.run(command, input=told, stdout=subprocess.PIPE, env=environment, check=True)
    return time.perf_counter() - begun
