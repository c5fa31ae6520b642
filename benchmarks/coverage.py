"""Measure how often the printed interval holds the truth, and write it to docs/coverage.md.

python -m benchmarks.coverage
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

from benchmarks.pages import put_between
from benchmarks.worlds import WORLDS, percentile_bootstrap
from portfolio.estimate.interval import History, Interval, efficiencies
from portfolio.estimate.resample import grouped, linearised_se

if TYPE_CHECKING:
    from benchmarks.worlds import FloatArray

PAGE = Path(__file__).parents[1] / "docs" / "coverage.md"
TOGETHER = 100  # histories that share their resamples, as the rows of one report do
FEW, SIZES = (1, 2, 3, 4), (6, 8, 12, 20, 40)  # windows, two a day
PRINTED, LINEARISED, PERCENTILE = "printed", "linearised", "percentile bootstrap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one form of interval did in one world at one number of windows."""

    form: str
    windows: int
    world: str
    coverage: float  # 0 to 1
    width: float  # median of (high - low) / truth

    def __str__(self) -> str:
        return f"{100 * self.coverage:.1f} ({self.width:.2f})"


def measure(world: str, windows: int, reps: int, seed: int) -> list[Cell]:
    """Draw `reps` histories of one world and try every form of interval on each."""
    draw, truth, step = WORLDS[world]
    rng = np.random.default_rng([seed, int(world[1:]), windows])
    days = np.arange(windows) // 2
    drawn = list(zip(*draw(windows, reps, rng), strict=True))
    bounds: dict[str, list[tuple[float, float]]] = {}
    for begin in range(0, reps, TOGETHER):
        histories = [
            History(shipped=shipped, burn=burn, days=days, resolution=step)
            for shipped, burn in drawn[begin : begin + TOGETHER]
        ]
        found = efficiencies(histories, rng_for=lambda _: rng)
        for history, seen in zip(histories, found, strict=True):
            for form, pair in _bounds(history, seen, rng):
                bounds.setdefault(form, []).append(pair)
    return [_cell(form, windows, world, np.array(found), truth) for form, found in bounds.items()]


def _bounds(
    history: History, seen: Interval, rng: np.random.Generator
) -> Iterator[tuple[str, tuple[float, float]]]:
    low, high = seen.low, seen.high
    if seen.point is None or low is None or high is None:  # nothing burned: nothing claimed
        return
    yield PRINTED, (low, high)
    if len(history.shipped) in SIZES:
        groups = grouped(history.shipped, history.burn, days=history.days)
        shipped, burn = (np.array(column) for column in groups)
        yield LINEARISED, _linearised(shipped, burn) if seen.point else (low, high)
        yield PERCENTILE, percentile_bootstrap(shipped, burn, rng=rng)


def _cell(form: str, windows: int, world: str, bounds: FloatArray, truth: float) -> Cell:
    low, high = bounds.T
    return Cell(
        form=form,
        windows=windows,
        world=world,
        coverage=float(np.mean((low <= truth) & (truth <= high))),
        width=float(np.median(high - low) / truth),
    )


def _linearised(shipped: FloatArray, burn: FloatArray) -> tuple[float, float]:
    reach = float(stdtrit(len(shipped) - 1, 0.975)) * linearised_se(shipped, burn)
    point = float(shipped.sum()) / float(burn.sum())
    return point * math.exp(-reach), point * math.exp(reach)


def table(cells: list[Cell], sizes: tuple[int, ...]) -> str:
    """Lay the cells out as Markdown: a row for each form and number of windows."""
    found = {(cell.form, cell.windows, cell.world): cell for cell in cells}
    forms = [form for form in (PRINTED, LINEARISED, PERCENTILE) if (form, sizes[0], "M1") in found]
    lines = [
        "| interval | windows | " + " | ".join(WORLDS) + " |",
        "| --- | ---: |" + " ---: |" * len(WORLDS),
    ]
    for form in forms:
        for windows in sizes:
            row = " | ".join(str(found[form, windows, world]) for world in WORLDS)
            lines.append(f"| {form} | {windows} | {row} |")
    return "\n".join(lines)


def main() -> None:
    """Run every world at every size and put the tables between the page's two markers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=10_000, help="histories for each cell")
    parser.add_argument("--seed", type=int, default=20_260)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()

    # The longest first, so that no process is left alone with them at the end.
    jobs = [(world, windows) for windows in reversed(FEW + SIZES) for world in WORLDS]
    with ProcessPoolExecutor(asked.processes) as pool:
        running = [pool.submit(measure, *job, asked.reps, asked.seed) for job in jobs]
        cells = [cell for job in running for cell in job.result()]

    command = f"python -m benchmarks.coverage --reps {asked.reps} --seed {asked.seed}"
    error = 100 * math.sqrt(0.95 * 0.05 / asked.reps)
    answer = (
        f"`{command}`: {asked.reps:,} histories a cell, so a coverage of 95 % is known to"
        f" ± {error:.2f} pp (one standard error).\n\n{table(cells, SIZES)}\n\n"
        f"Fewer windows, where the status is `provisional`:\n\n{table(cells, FEW)}"
    )
    put_between(PAGE, "coverage", answer)


if __name__ == "__main__":
    main()
