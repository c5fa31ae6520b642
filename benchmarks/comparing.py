"""Measure what comparisons of two arms hold, and write it to docs/comparison.md.

python -m benchmarks.comparing
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from benchmarks.worlds import WORLDS
from portfolio.estimate.attempts import Attempt
from portfolio.estimate.comparison import Label, compare_attempts, verdict
from portfolio.estimate.interval import Interval
from portfolio.estimate.size_cues import SIZES
from portfolio.estimate.two_arms import Worked, excludes_one, ratio_of_costs

if TYPE_CHECKING:
    import numpy.typing as npt

    from benchmarks.worlds import FloatArray

    BoolArray: TypeAlias = npt.NDArray[np.bool_]
    IntArray: TypeAlias = npt.NDArray[np.int64]

PAGE = Path(__file__).parents[1] / "docs" / "comparison.md"
BEGIN, END = "<!-- comparing: begin -->", "<!-- comparing: end -->"
PAIRS = ((6, 6), (6, 20), (8, 8), (20, 20), (40, 40))  # windows of the two arms, two a day
FEATURES = (22, 44, 88)
SHARES = (0.5, 0.35, 0.15)  # of S, M and L
COSTS = (1.0, 3.0, 9.0)
INSIDE = 0.6  # log-sd of the cost inside a class
WRONG = 0.2  # of the classes are recorded as a neighbour (or any other)
SHIPS = 0.85  # of the attempts, in the worlds where some fail
A_WEEK = 11  # features


class Cell(NamedTuple):
    """What a comparison did over many histories of one world."""

    world: str
    features: str
    label: str
    median: float  # of the ratios
    coverage: float  # 0 to 1, of the truth
    named: float  # 0 to 1, histories in which an arm is called cheaper
    apart: float  # 0 to 1, histories whose interval excludes 1, called or not


def two_arms(world: str, pair: tuple[int, int], reps: int, seed: int) -> Cell:
    """Compare two equal arms of one of the worlds M1 to M7, as they were worked."""
    draw, _, step = WORLDS[world]
    rng = np.random.default_rng([seed, int(world[1:]), *pair])
    histories = [draw(windows, reps, rng) for windows in pair]
    ratios = []
    for place in range(reps):
        arms = [
            Worked(
                shipped=shipped[place], burn_usd=burn[place], days=np.arange(n) // 2, step_usd=step
            )
            for (shipped, burn), n in zip(histories, pair, strict=True)
        ]
        ratios.append(ratio_of_costs(arms[0], arms[1], rng=rng))
    return _cell(world, f"{pair[0]} and {pair[1]}", "raw", ratios, truth=1.0)


class World(NamedTuple):
    """How attempts come about."""

    way: str  # of assigning them
    times: float = 1.0  # as much as on the second arm is taken on the first
    ships: float = 1.0  # of the attempts
    is_any_wrong: bool = False  # a wrong class is any other, not a neighbour

    def __str__(self) -> str:
        parts = [self.way]
        parts += [f"{100 * (1 - self.ships):.0f} % fail"] if self.ships < 1 else []
        parts += ["classes wrong by two"] if self.is_any_wrong else []
        return ", ".join([*parts, f"{self.times:g} times as dear" if self.times > 1 else "equal"])


def by_difficulty(log_cost: FloatArray, rng: np.random.Generator) -> BoolArray:
    """M8: what is hard goes to the first arm, as its user sees it, by class and inside it."""
    seen = log_cost + rng.normal(0, 0.5, log_cost.shape)
    return np.asarray(seen > np.median(seen))


def in_blocks(told: IntArray, rng: np.random.Generator) -> BoolArray:
    """Draw the arm in permuted blocks of four within the recorded class."""
    found = np.zeros(told.shape, dtype=bool)
    for place in range(len(SIZES)):
        own = np.flatnonzero(told == place)
        blocks = [rng.permutation([True, True, False, False]) for _ in range(len(own) // 4 + 1)]
        found[own] = np.concatenate(blocks)[: len(own)]
    return found


def attempts(features: int, world: World, rng: np.random.Generator) -> list[Attempt]:
    """Draw one history: the first arm takes `times` as much for the same work."""
    size = rng.choice(3, features, p=SHARES)
    neighbour = np.where(size == 1, 2 * rng.integers(0, 2, features), 1)
    other = (size + rng.integers(1, 3, features)) % 3 if world.is_any_wrong else neighbour
    told = np.where(rng.random(features) < WRONG, other, size)
    log_cost = np.log(np.asarray(COSTS))[size] + rng.normal(0, INSIDE, features)
    is_first = by_difficulty(log_cost, rng) if world.way == "M8" else in_blocks(told, rng)
    usd = np.exp(log_cost) * np.where(is_first, world.times, 1.0)
    kept = rng.random(features) < world.ships
    return [
        Attempt(
            item=str(place),
            is_first=bool(is_first[place]),
            usd=float(usd[place]),
            size=SIZES[told[place]],
            kind="feature",
            week=place // A_WEEK,
            is_shipped=bool(kept[place]),
        )
        for place in range(features)
    ]


def by_attempt(world: World, features: int, reps: int, seed: int) -> list[Cell]:
    """Compare two arms attempt by attempt over many histories."""
    rng = np.random.default_rng([seed, features, *str(world).encode()])
    found: dict[Label, list[Interval]] = {}
    for _ in range(reps):
        drawn = attempts(features, world, rng)
        if world.way == "drawn":
            found.setdefault("drawn", []).append(compare_attempts(drawn, is_drawn=True).ratio)
            continue
        arms = [
            Worked(
                shipped=[float(one.is_shipped) for one in drawn if one.is_first is first],
                burn_usd=[one.usd for one in drawn if one.is_first is first],
            )
            for first in (True, False)
        ]
        found.setdefault("raw", []).append(ratio_of_costs(arms[0], arms[1], rng=rng))
        found.setdefault("size-adjusted", []).append(compare_attempts(drawn).ratio)
    return [
        _cell(str(world), str(features), label, own, truth=world.times)
        for label, own in found.items()
    ]


def _cell(
    world: str, features: str, label: Label, ratios: Sequence[Interval], *, truth: float
) -> Cell:
    told = [one for one in ratios if one.low is not None and one.high is not None]
    return Cell(
        world,
        features,
        label,
        float(np.median([one.point for one in told if one.point is not None])),
        float(np.mean([(one.low or 0) <= truth <= (one.high or math.inf) for one in told])),
        float(np.mean([verdict(label, one) is not None for one in ratios])),
        float(np.mean([excludes_one(one) for one in ratios])),
    )


def table(cells: Sequence[Cell]) -> str:
    """Lay the cells out as Markdown."""
    lines = [
        "| world | windows or features | label | median ratio | 95 % interval holds the truth | an"
        " arm called cheaper | interval without 1 |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {cell.world} | {cell.features} | {cell.label} | {cell.median:.2f} |"
        f" {100 * cell.coverage:.1f} % | {100 * cell.named:.1f} % | {100 * cell.apart:.1f} % |"
        for cell in cells
    ]
    return "\n".join(lines)


DRAWN = (
    World("drawn"),
    World("drawn", times=2.0),
    World("drawn", ships=SHIPS),
    World("drawn", times=2.0, ships=SHIPS),
    World("drawn", times=2.0, is_any_wrong=True),
)


def main() -> None:
    """Run every world and put the tables between the page's two markers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=10_000, help="histories for each cell")
    parser.add_argument("--seed", type=int, default=20_260)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()

    with ProcessPoolExecutor(asked.processes) as pool:
        raw = [
            pool.submit(two_arms, world, pair, asked.reps, asked.seed)
            for pair in PAIRS
            for world in WORLDS
        ]
        attempted = [
            pool.submit(by_attempt, world, features, asked.reps, asked.seed)
            for world in (*DRAWN, World("M8"))
            for features in FEATURES
        ]
        by_window = [job.result() for job in raw]
        cells = [cell for job in attempted for cell in job.result()]
    command = f"python -m benchmarks.comparing --reps {asked.reps} --seed {asked.seed}"
    error = 100 * math.sqrt(0.95 * 0.05 / asked.reps)
    answer = (
        f"`{command}`: {asked.reps:,} histories a row, so 95 % is known to ± {error:.2f} pp (one"
        f" standard error).\n\n{table(cells)}\n\nTwo equal arms as they were worked, by windows:"
        f"\n\n{table(by_window)}"
    )
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{answer}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
