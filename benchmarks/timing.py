"""Run commands in turns and compare what they cost, so that a busy machine disturbs them alike."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run of a command cost."""

    wall_s: float
    cpu_s: float
    memory_mb: float  # the most it held at once


# A process counts the memory of the one it was forked from as its own, so a small one starts it.
STARTER: Final = """
import json, os, sys, time
nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
begun = time.perf_counter()
process = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=nowhere)
_, status, usage = os.wait4(process, 0)
wall = time.perf_counter() - begun
cpu = usage.ru_utime + usage.ru_stime
print(json.dumps([os.waitstatus_to_exitcode(status), wall, cpu, usage.ru_maxrss]))
"""


def run(command: Sequence[str], *, env: Mapping[str, str]) -> Cost:
    """Run a command to its end and measure it.

    Raises:
        RuntimeError: It failed.
    """
    done = subprocess.run(
        [sys.executable, "-S", "-c", STARTER, *command],
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        check=True,
    )
    code, wall_s, cpu_s, most = json.loads(done.stdout)
    if code:
        raise RuntimeError(f"{command} ended with {code}")
    scale = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Cost(wall_s, cpu_s, most / scale)


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
