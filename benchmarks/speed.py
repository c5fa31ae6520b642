"""How quick the commands are, as ratios against a peer in the same run."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.history import make
from benchmarks.timing import in_turns, program

PEER = (sys.executable, "-m", "benchmarks.peers")


def startup() -> Iterator[str]:
    """Compare `portfolio --help` with a two-command Typer application's."""
    cost = in_turns(
        {"peer": (*PEER, "--help"), "ours": (program("portfolio"), "--help")}, rounds=15, env={}
    )
    ratio = cost["ours"].wall_s / cost["peer"].wall_s
    yield (
        "| `portfolio --help` / a two-command Typer application's `--help`, wall"
        f" | {ratio:.2f} | 1.3 |"
    )


def report() -> Iterator[str]:
    """Compare `report --json` over a big history with a command that opens an empty store."""
    with tempfile.TemporaryDirectory() as folder:
        home = make(Path(folder, "home"))
        cost = in_turns(
            {
                "peer": (*PEER, "empty", f"{folder}/empty.duckdb"),
                "ours": (
                    *(program("portfolio"), "--home", str(home.folder)),
                    *("report", "--json", "--at", "2026-11-16"),
                ),
            },
            rounds=11,
            env={"OPENBLAS_NUM_THREADS": "1"},
        )
    ratio = cost["ours"].cpu_s / cost["peer"].cpu_s
    yield (
        "| `report --json` over 2,000 windows, 20,000 readings, 20,000 commits / a Typer command"
        f" that opens and queries an empty store, CPU | {ratio:.2f} | 4 |"
    )
    yield f"| the same, most memory held, MB | {cost['ours'].memory_mb:.0f} | 300 |"
