"""Measure how often the forecast of a week holds what comes, and write it to docs/forecast.md.

python -m benchmarks.forecast
"""

from __future__ import annotations

import argparse
import math
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from portfolio.estimate.forecast import RatioWeek, cost_next, features_next
from portfolio.estimate.interval import Interval
from portfolio.estimate.resample import linearised_se
from portfolio.estimate.two_arms import factor
from portfolio.estimate.usual import FEWEST, LEVEL, WEEKS_BACK, usual_cost

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]

PAGE = Path(__file__).parents[1] / "docs" / "forecast.md"
BEGIN, END = "<!-- forecast: begin -->", "<!-- forecast: end -->"
WEEKS: Final = (1, 2, 3, 4, 8, 20)
SETTLED: Final = 3  # weeks from which on the ranges have to hold what they claim
RATE: Final = 0.25  # features a pp
LOW, HIGH = 0.76, 0.84  # what 80 % may be measured as
CHART: Final = (FEWEST, 8, WEEKS_BACK)


class World(NamedTuple):
    """A way in which weeks come about."""

    name: str
    mood: float  # CV of a shock that all windows of a week share
    drift: float  # sd of a weekly step of the log rate
    windows: int = 8  # a week
    burn: float = 12.0  # pp a window, mean


WORLDS: Final = (
    World("N", 0.0, 0.0),
    World("N, drift .08", 0.0, 0.08),
    World("weekcorr", 0.3, 0.0),
    World("weekcorr, drift .08", 0.3, 0.08),
)
SPARSE: Final = (
    World("sparse: 3 features a week", 0.0, 0.0, windows=2, burn=6.0),
    World("sparse: 1 feature a week", 0.0, 0.0, windows=2, burn=2.0),
)


def draw(
    world: World, weeks: int, reps: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Draw histories: features and burn of each window, shape (reps, weeks, windows)."""
    shape = (reps, weeks, world.windows)
    sigma = math.sqrt(math.log1p(0.35**2))
    burn = world.burn * rng.lognormal(-(sigma**2) / 2, sigma, shape)
    rate = RATE * rng.gamma(1 / 0.4**2, 0.4**2, shape)
    if world.mood:
        rate *= rng.gamma(1 / world.mood**2, world.mood**2, (reps, weeks, 1))
    if world.drift:
        rate *= np.exp(np.cumsum(rng.normal(0, world.drift, (reps, weeks, 1)), axis=1))
    return rng.poisson(rate * burn).astype(np.float64), burn


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What the ranges did in one world after some weeks; shares are 0 to 1."""

    world: str
    weeks: int
    cost: float  # of the 80 % range of the cost
    cost_95: float
    features: float  # of the 80 % range of features, which are whole
    mean: float  # of the 80 % interval of the efficiency, taken for a forecast
    reach: float  # median of high over point less 1, of the cost
    endless: float  # share of costs without an upper bound


def measure(world: World, weeks: int, reps: int, seed: int) -> Cell:
    """Forecast the last week of each history from those before it, by the program's own code."""
    rng = np.random.default_rng([seed, weeks, *world.name.encode()])
    shipped, burn = draw(world, weeks + 1, reps, rng)
    held = np.zeros(4)
    reaches: list[float] = []
    for features, burned in zip(shipped.tolist(), burn.tolist(), strict=True):
        pairs = [list(zip(*week, strict=True)) for week in zip(features, burned, strict=True)]
        *before, last = [RatioWeek(sum(f for f, _ in p), sum(d for _, d in p), p) for p in pairs]
        count = last.features
        cost = last.exposure / count if count else math.inf
        found = cost_next(before)
        by_week = [
            RatioWeek(week.features, 1.0, [(f, 1 / world.windows) for f, _ in week.parts])
            for week in before
        ]
        held += (
            holds(found, cost),
            holds(cost_next(before, level=0.95), cost),
            holds(features_next(by_week), count),
            holds(_of_mean(before), count / last.exposure),
        )
        if found.point and found.high:
            reaches.append(found.high / found.point - 1)
    return Cell(
        world=world.name,
        weeks=weeks,
        cost=held[0] / reps,
        cost_95=held[1] / reps,
        features=held[2] / reps,
        mean=held[3] / reps,
        reach=float(np.median(reaches)) if reaches else math.inf,
        endless=1 - len(reaches) / reps,
    )


def _of_mean(weeks: list[RatioWeek]) -> Interval:
    """Give the interval of the efficiency of all windows, as the report has it of many."""
    shipped, burn = zip(*(part for week in weeks for part in week.parts), strict=True)
    error, n = linearised_se(shipped, burn), len(shipped)
    return factor(
        math.log(sum(shipped) / sum(burn)),
        error,
        degrees=n - 1,
        level=0.8,
        method="log-t-linearised",
        status="ok",
    )


def holds(found: Interval, value: float) -> bool:
    """Tell whether a range holds a value; one that is not there holds nothing."""
    high = math.inf if found.high is None else found.high
    return found.low is not None and found.low <= value <= high


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """How often the newest week left its usual range; shares are 0 to 1."""

    world: str
    weeks: int
    false: float  # by chance
    false_moving: float  # of the textbook's limits, 2.66 mean moving ranges
    doubled: float  # when the cost had doubled in that very week
    doubled_moving: float


def alarms(world: World, weeks: int, reps: int, seed: int) -> Alarms:
    """Ask for the newest week whether its cost is usual, as it came and doubled."""
    rng = np.random.default_rng([seed, 99, weeks, *world.name.encode()])
    shipped, burn = (one.sum(axis=2) for one in draw(world, weeks + 1, reps, rng))
    left = np.zeros(4)
    for features, burned in zip(shipped.tolist(), burn.tolist(), strict=True):
        seen = [RatioWeek(f, d, ()) for f, d in zip(features, burned, strict=True)]
        doubled = [*seen[:-1], seen[-1]._replace(exposure=2 * burned[-1])]
        logs = [math.log(d / max(f, 0.5)) for f, d in zip(features, burned, strict=True)]
        left += (
            usual_cost(seen).is_usual is False,
            _leaves_moving_range(logs, 0.0),
            usual_cost(doubled).is_usual is False,
            _leaves_moving_range(logs, math.log(2)),
        )
    shares = left / reps
    return Alarms(
        world=world.name,
        weeks=weeks,
        false=shares[0],
        false_moving=shares[1],
        doubled=shares[2],
        doubled_moving=shares[3],
    )


def _leaves_moving_range(logs: list[float], moved: float) -> bool:
    *before, newest = logs
    mean_range = float(np.abs(np.diff(before)).mean())
    return abs(newest + moved - sum(before) / len(before)) > 2.66 * mean_range


def table(cells: list[Cell], worlds: tuple[World, ...]) -> str:
    """Lay out the coverage as Markdown."""
    found = {(cell.world, cell.weeks): cell for cell in cells}
    lines = [
        "| world | weeks | cost 80 % | cost 95 % | features 80 % | the mean's interval, 80 %"
        " | cost up to | no upper bound |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for world in worlds:
        for weeks in WEEKS:
            cell = found[world.name, weeks]
            lines.append(
                f"| {world.name} | {weeks} | {cell.cost:.1%} | {cell.cost_95:.1%}"
                f" | {cell.features:.1%} | {cell.mean:.1%} | {_reach(cell)} | {cell.endless:.1%} |"
            )
    return "\n".join(lines)


def _reach(cell: Cell) -> str:
    return "–" if math.isinf(cell.reach) else f"+{cell.reach:.0%}"


def chart(rows: list[Alarms]) -> str:
    """Lay out how often the usual range was left as Markdown."""
    head = "| world | weeks before | by chance | 2.66 ranges | cost doubled | 2.66 ranges |"
    body = [
        f"| {row.world} | {row.weeks} | {row.false:.1%} | {row.false_moving:.1%}"
        f" | {row.doubled:.0%} | {row.doubled_moving:.0%} |"
        for row in rows
    ]
    return "\n".join([head, "| --- | ---: | ---: | ---: | ---: | ---: |", *body])


def judged(cells: list[Cell], reps: int) -> str:
    """Say whether 80 % lies where it must, in the four worlds from three weeks on."""
    of_four = {world.name for world in WORLDS}
    settled = [cell for cell in cells if cell.world in of_four and cell.weeks >= SETTLED]
    slack = 0.0 if reps >= 10_000 else 2 * math.sqrt(0.8 * 0.2 / reps)
    shares = [share for cell in settled for share in (cell.cost, cell.features)]
    is_met = LOW - slack <= min(shares) and max(shares) <= HIGH + slack
    costs, counts = [cell.cost for cell in settled], [cell.features for cell in settled]
    wide = [cell.cost_95 for cell in settled]
    return (
        f"From {SETTLED} weeks on in the four worlds the 80 % range held {min(costs):.1%} to"
        f" {max(costs):.1%} of costs and {min(counts):.1%} to {max(counts):.1%} of features, the"
        f" 95 % range {min(wide):.1%} to {max(wide):.1%} of costs. Wanted for 80 %: {LOW:.0%} to"
        f" {HIGH:.0%}: {'met' if is_met else 'MISSED'}."
    )


def main() -> None:
    """Run every world after every number of weeks and put the tables on the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=10_000, help="histories for each row")
    parser.add_argument("--seed", type=int, default=20_260)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()

    # The longest first, so that no process is left alone with them at the end.
    jobs = [(world, weeks) for weeks in reversed(WEEKS) for world in (*WORLDS, *SPARSE)]
    with ProcessPoolExecutor(asked.processes) as pool:
        running = [pool.submit(measure, *job, asked.reps, asked.seed) for job in jobs]
        looked = [
            pool.submit(alarms, world, weeks, asked.reps, asked.seed)
            for world in WORLDS
            for weeks in CHART
        ]
        cells = [job.result() for job in running]
        rows = [job.result() for job in looked]

    command = f"python -m benchmarks.forecast --reps {asked.reps} --seed {asked.seed}"
    error = 100 * math.sqrt(0.8 * 0.2 / asked.reps)
    answer = (
        f"`{command}`: {asked.reps:,} histories a row, so a coverage of 80 % is known to"
        f" ± {error:.2f} pp (one standard error).\n\n{judged(cells, asked.reps)}\n\n"
        f"{table(cells, WORLDS)}\n\nFew features:\n\n{table(cells, SPARSE)}\n\n"
        f"How often the newest week left the usual range ({LEVEL:.0%}), and how often limits of"
        f" 2.66 mean moving ranges were left:\n\n{chart(rows)}"
    )
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{answer}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
