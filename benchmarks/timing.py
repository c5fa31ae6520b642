"""Run commands in turns and compare what they cost, so that a busy machine disturbs them alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a command cost."""

    wall_s: float
    cpu_s: float
    memory_mb: float  # the most it held at once


def run(command: Sequence[str], *, env: Mapping[str, str]) -> Cost:
    """Run a command to its end and measure it.

    Raises:
        RuntimeError: It failed.
    """
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    scale = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale)


def in_turns(
    commands: Mapping[str, Sequence[str]], *, rounds: int, env: Mapping[str, str]
) -> dict[str, Cost]:
    """Run every command once a round, after one round that is not counted; give the medians."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            cost = run(command, env=env)
            if number:
                costs[name].append(cost)
    return {
        name: Cost(
            statistics.median(one.wall_s for one in found),
            statistics.median(one.cpu_s for one in found),
            max(one.memory_mb for one in found),
        )
        for name, found in costs.items()
    }


def program(name: str) -> str:
    """Give the path of an installed console script beside this Python."""
    return str(Path(sys.executable).with_name(name))
