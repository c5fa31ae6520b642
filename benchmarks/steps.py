"""Measure how good the proposed mappings of arms to steps are, and write it to docs/steps.md.

OPENBLAS_NUM_THREADS=1 python -m benchmarks.steps
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from portfolio.estimate.size_cues import SIZES
from portfolio.race.step_items import Arm, Cell, StepItem
from portfolio.race.steps import propose

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray: TypeAlias = npt.NDArray[np.float64]

PAGE = Path(__file__).parents[1] / "docs" / "steps.md"
BEGIN, END = "<!-- steps: begin -->", "<!-- steps: end -->"
STEPS = ("PLAN", "BUILD", "TEST", "REVIEW")
LEVELS = np.log([1.0, 6.0, 2.0, 1.5])  # dollars of each, at the mean arm and class S
ARMS = tuple(Arm(f"model-{name}", f"account-{name}") for name in "abc")
MAPPINGS = tuple(product(range(len(ARMS)), repeat=len(STEPS)))
SHARES = (0.5, 0.35, 0.15)  # of S, M and L
CLASSES = np.log([1.0, 3.0, 9.0])
WRONG = 0.2  # of the classes are recorded as a neighbour
OVER_ALL, AT_ONE = 0.3, 0.4  # log-sd of the arms over all steps, and at one
ITEM, STEP = 0.4, 0.5  # log-sd of an item, and of a step on it
SHIPS, SHIPS_SD = 1.7, 0.3  # log odds of shipping, and what a cell changes in them
TIMES = 1.6  # as much (or 1 / as much) a step takes after one certain arm at another step
ITEMS = (20, 40, 80)
SAID = ((0.5, 0.65), (0.65, 0.75), (0.75, 0.85), (0.85, 0.95), (0.95, 1.01))
START = datetime(2026, 8, 3, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Truth:
    """What every arm takes and ships at every step, and the pair of cells that hang together."""

    logs: FloatArray  # dollars, shape (steps, arms)
    odds: FloatArray
    pair: tuple[tuple[int, int], tuple[int, int]] | None = None  # (step, arm) twice
    times: float = 1.0  # what the second takes after the first

    @classmethod
    def draw(cls, world: str, rng: np.random.Generator) -> Truth:
        """Make up a world: `additive`, `interaction` (one pair of cells), or `alike` (no arm)."""
        shape = len(STEPS), len(ARMS)
        by_arm, by_cell = rng.normal(0, OVER_ALL, len(ARMS)), rng.normal(0, AT_ONE, shape)
        odds = rng.normal(0, SHIPS_SD, shape)
        steps, arms = rng.permutation(len(STEPS))[:2], rng.integers(0, len(ARMS), 2)
        sign = rng.choice([-1, 1])
        if world == "alike":
            return cls(np.broadcast_to(LEVELS[:, None], shape), np.zeros(shape))
        logs = LEVELS[:, None] + by_arm + by_cell
        if world == "additive":
            return cls(logs, odds)
        pair = ((int(steps[0]), int(arms[0])), (int(steps[1]), int(arms[1])))
        return cls(logs, odds, pair, TIMES**sign)

    def logs_of(self, mapping: Sequence[int]) -> FloatArray:
        """Give the log dollars of each step under a mapping."""
        found = self.logs[np.arange(len(STEPS)), list(mapping)].copy()
        if self.pair is not None and all(mapping[step] == arm for step, arm in self.pair):
            found[self.pair[1][0]] += math.log(self.times)
        return found

    def odds_of(self, mapping: Sequence[int]) -> float:
        """Give the log odds of shipping under a mapping."""
        return SHIPS + float(self.odds[np.arange(len(STEPS)), list(mapping)].sum())

    def cost(self, mapping: Sequence[int]) -> float:
        """Give dollars a shipped feature at the mix of classes."""
        spread = math.exp((ITEM**2 + STEP**2) / 2)
        usd = float(np.exp(self.logs_of(mapping)).sum() * spread)
        return usd * float(np.exp(CLASSES) @ SHARES) * (1 + math.exp(-self.odds_of(mapping)))


def mappings_worked(way: str, n: int, rng: np.random.Generator) -> list[tuple[int, ...]]:
    """Give each item's mapping: every other one drawn step by step, or three ways by turns.

    Of the three ways the others differ from the one in use in two steps each: half of the cells or
    more were never tried.
    """
    arms = len(ARMS)
    own = rng.integers(0, arms, len(STEPS))
    if way == "by step":
        drawn = rng.integers(0, arms, (n, len(STEPS)))
        return [tuple(map(int, own if k % 2 else drawn[k])) for k in range(n)]
    ways = [own]
    for _ in range(2):
        other = own.copy()
        steps = rng.permutation(len(STEPS))[:2]
        other[steps] = (other[steps] + rng.integers(1, arms, 2)) % arms
        ways.append(other)
    # The way in use comes last, so that the last items show it.
    return [tuple(map(int, ways[2 - k * 3 // n])) for k in range(n)]


def history(truth: Truth, way: str, n: int, rng: np.random.Generator) -> list[StepItem]:
    """Draw one history of finished items."""
    size = rng.choice(3, n, p=SHARES)
    neighbour = np.where(size == 1, 2 * rng.integers(0, 2, n), 1)
    told = np.where(rng.random(n) < WRONG, neighbour, size)
    items = []
    for k, mapping in enumerate(mappings_worked(way, n, rng)):
        logs = truth.logs_of(mapping) + CLASSES[size[k]] + rng.normal(0, ITEM)
        usd = np.exp(logs + rng.normal(0, STEP, len(STEPS)))
        items.append(
            StepItem(
                item=f"A-{k}",
                at=START + timedelta(hours=k),
                usd={
                    Cell(step, ARMS[arm]): float(one)
                    for step, arm, one in zip(STEPS, mapping, usd, strict=True)
                },
                group=SIZES[told[k]],
                is_shipped=bool(rng.random() < 1 / (1 + math.exp(-truth.odds_of(mapping)))),
            )
        )
    return items


class One(NamedTuple):
    """What was proposed in one history."""

    is_proposed: bool
    is_in_best_3: bool
    regret: float  # of the mapping that is proposed (or stayed with): its cost over the best's, - 1
    in_use: float  # the same of the mapping in use
    said: float  # probability that it saves
    saving: float  # said, share of today's cost
    saved: float  # true
    is_held: bool  # by the interval


def one(world: str, way: str, n: int, rng: np.random.Generator) -> One:
    """Propose in one history, and look how that would do."""
    truth = Truth.draw(world, rng)
    found = propose(history(truth, way, n, rng), rng=rng)
    today, chosen = (
        tuple(ARMS.index(mapping[step]) for step in STEPS)
        for mapping in (found.today, found.proposed)
    )
    costs = {mapping: truth.cost(mapping) for mapping in MAPPINGS}
    best = min(costs.values())
    saved = 1 - costs[chosen] / costs[today]
    share = found.saving_share
    return One(
        found.status == "draw",
        sum(cost < costs[chosen] for cost in costs.values()) < 3,
        costs[chosen] / best - 1,
        costs[today] / best - 1,
        found.saves or 0.0,
        (share.point or 0.0) if share else 0.0,
        saved,
        share is not None and (share.low or 0.0) <= saved <= (share.high or 0.0),
    )


def many(world: str, way: str, n: int, reps: int, seed: int) -> list[One]:
    """Propose in many histories."""
    rng = np.random.default_rng([seed, n, *f"{world} {way}".encode()])
    return [one(world, way, n, rng) for _ in range(reps)]


def row(world: str, way: str, n: int, found: Sequence[One]) -> str:
    """Lay out one row of the table of mappings."""
    told = [one for one in found if one.is_proposed]

    def mean(values: list[float]) -> str:
        return f"{100 * float(np.mean(values)):.1f} %" if values else "–"

    return " | ".join(
        (
            f"| {world}, {way}",
            f"{n}",
            mean([float(one.is_proposed) for one in found]),
            mean([float(one.is_in_best_3) for one in found]),
            mean([one.regret for one in found]),
            mean([one.in_use for one in found]),
            mean([one.saving for one in told]),
            mean([one.saved for one in told]),
            mean([float(one.is_held) for one in told]) + " |",
        )
    )


def calibration(world: str, way: str, found: Sequence[One]) -> str:
    """Lay out one row of the table of probabilities."""
    parts = [f"| {world}, {way}"]
    for low, high in SAID:
        own = [one.saved > 0 for one in found if one.is_proposed and low <= one.said < high]
        parts.append(f"{100 * float(np.mean(own)):.0f} % ({len(own)})" if own else "–")
    return " | ".join(parts) + " |"


CASES = (
    ("additive", "by step"),
    ("additive", "three ways"),
    ("interaction", "by step"),
    ("interaction", "three ways"),
    ("alike", "by step"),
)


def main() -> None:
    """Run every world and put the tables between the page's two markers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=1_000, help="histories for each row")
    parser.add_argument("--seed", type=int, default=20_260)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()

    with ProcessPoolExecutor(asked.processes) as pool:
        jobs = {
            (*case, n): pool.submit(many, *case, n, asked.reps, asked.seed)
            for case in CASES
            for n in ITEMS
        }
        done = {key: job.result() for key, job in jobs.items()}
    rows = [row(*key, found) for key, found in done.items()]
    said = [
        calibration(*case, [one for n in ITEMS for one in done[(*case, n)]])
        for case in CASES
        if case[0] != "alike"
    ]
    command = f"python -m benchmarks.steps --reps {asked.reps} --seed {asked.seed}"
    heads = " | ".join(f"{100 * low:.0f} to {100 * min(high, 1):.0f} %" for low, high in SAID)
    answer = (
        f"`{command}`: {asked.reps:,} histories a row.\n\n"
        "| world | items | something proposed | among the best 3 of 81 | dearer than the best"
        " | mapping in use, likewise | saving said | saving true | 80 % interval holds it |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        + "\n".join(rows)
        + "\n\nHow often it truly saves, by the probability that was said (and how many such"
        " proposals), at 20, 40 and 80 items together:\n\n"
        f"| world | {heads} |\n| --- |{' ---: |' * len(SAID)}\n" + "\n".join(said)
    )
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{answer}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
