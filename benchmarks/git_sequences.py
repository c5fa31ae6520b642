"""Random sequences of git's operations on real repositories, beside a model that knows the truth.

`python -m benchmarks.git_sequences --sequences 500 --seed 1` says in how many of them every look
of the program agreed with the model, and prints the shortest form of the first that did not.

Where DESIGN leaves the truth open, no sequence goes:
- half of a branch on main: some of its commits picked or reset away after the rest has landed
- one of several commits that brought an item in taken back, or one of several merges of it
- work on an item merged again after it was taken back
- steps that are not terminal, fast-forwarded or rebased onto main from a branch that was deleted
  before any look: nothing tells them from commits made there
- a squash that bears neither marks nor a number, whose branch is gone
- main itself reset or rewritten (tests/commands/test_untagged.py does that)
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.git_operations import OPERATIONS
from benchmarks.git_play import Play
from benchmarks.repositories.looking import Looker
from portfolio.settings import Home, write_once
from portfolio.store.opening import opened

LOOK = "look"
LOOK_SHARE = 0.1
TOGETHER = 20  # sequences that share a store


class Step(NamedTuple):
    """One operation of a sequence."""

    name: str
    pick: float  # what it works on


def drawn(rng: random.Random) -> list[Step]:
    """Draw a sequence, with looks in between."""
    names = list(OPERATIONS)
    weights = [weight for weight, _ in OPERATIONS.values()]
    steps: list[Step] = []
    for name in rng.choices(names, weights, k=rng.randint(6, 24)):
        steps.append(Step(name, rng.random()))
        if rng.random() < LOOK_SHARE:
            steps.append(Step(LOOK, 0.0))
    return steps


def disagreement(looker: Looker, steps: Sequence[Step], folder: Path, name: str) -> str:
    """Play a sequence and give the first difference between program and truth; "": none."""
    play = Play(folder, name)
    looker.folders = []
    for step in [*steps, Step(LOOK, 0.0)]:
        if step.name != LOOK:
            OPERATIONS[step.name][1](play, step.pick)
        elif said := _difference(looker, play):
            return said
    return ""


def _difference(looker: Looker, play: Play) -> str:
    play.looked()
    problems = looker.sync(play.made.folder).problems
    own = (f"{play.made.name}.", f"{play.made.name.upper()}-")
    found = {line.feature: line.outcome for line in looker.items() if line.feature.startswith(own)}
    true = {item.name: item.outcome for item in play.items if item.is_seen}
    wrong = [
        f"{name}: {found.get(name, 'absent')}, in truth {true.get(name, 'absent')}"
        for name in sorted(found.keys() | true.keys())
        if found.get(name) != true.get(name)
    ]
    return "; ".join([*wrong, *map(str, problems)])


def failures(sequences: int, *, seed: int) -> Iterator[tuple[list[Step], str]]:
    """Play many sequences; give each in which program and truth differ."""
    for begun in range(0, sequences, TOGETHER):
        with tempfile.TemporaryDirectory() as folder:
            home = Home(Path(folder, "home"))
            write_once(home)
            with opened(home.store_path) as database:
                looker = Looker(database, home)
                for number in range(begun, min(begun + TOGETHER, sequences)):
                    steps = drawn(random.Random(f"{seed}-{number}"))
                    name = f"r{number}"
                    if said := disagreement(looker, steps, Path(folder), name):
                        yield steps, said
                    shutil.rmtree(Path(folder, name))


def shortest(steps: Sequence[Step]) -> tuple[list[Step], str]:
    """Leave out of a sequence whatever the disagreement does not need."""
    left, said = list(steps), _alone(steps)
    place = len(left) - 1
    while place >= 0:
        fewer = [*left[:place], *left[place + 1 :]]
        if found := _alone(fewer):
            left, said = fewer, found
        place -= 1
    return left, said


def _alone(steps: Sequence[Step]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder, "home"))
        write_once(home)
        with opened(home.store_path) as database:
            return disagreement(Looker(database, home), steps, Path(folder), "r")


def main() -> None:
    """Play the sequences and say how many agreed."""
    asked = argparse.ArgumentParser(description="Random sequences of git's operations")
    asked.add_argument("--sequences", type=int, default=500)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    found = list(failures(given.sequences, seed=given.seed))
    print(f"{given.sequences - len(found)} of {given.sequences} sequences agreed")
    if found:
        steps, said = shortest(found[0][0])
        print(*(f"  {step.name} ({step.pick:.3f})" for step in steps), said, sep="\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
