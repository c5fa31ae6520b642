"""Race the resampling of many arms at once against SciPy's, and write it to docs/coverage.md.

python -m benchmarks.bootstrap
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import bootstrap

from benchmarks.pages import put_between
from benchmarks.worlds import uneven
from portfolio.estimate.interval import History, efficiencies
from portfolio.estimate.resample import RESAMPLES, resampled_logs

if TYPE_CHECKING:
    from benchmarks.worlds import FloatArray

PAGE = Path(__file__).parents[1] / "docs" / "coverage.md"
ARMS, WINDOWS = 200, 60
BATCH = 100  # resamples SciPy takes at a time for all arms at once: the quickest of 20 to 10,000
TAIL = 0.025
# Of two independent runs, in standard errors of the statistic: sqrt(2 p (1 - p) / B) / density.
BOUND_ERROR = math.sqrt(2 * TAIL * (1 - TAIL) / RESAMPLES) / 0.058445
SE_ERROR = 1 / math.sqrt(RESAMPLES)  # relative, of two runs


@dataclass(frozen=True, slots=True)
class Answer:
    """Bounds and standard error of the log of features per unit, arm by arm."""

    low: FloatArray
    high: FloatArray
    error: FloatArray


@dataclass(frozen=True, slots=True)
class Found:
    """What one way gave, and the CPU it took at best."""

    answer: Answer
    cpu_s: float


def log_ratio(shipped: FloatArray, burn: FloatArray, axis: int) -> FloatArray:
    """Give the log of the ratio of totals."""
    return np.asarray(np.log(shipped.sum(axis) / burn.sum(axis)))


def arm_by_arm(shipped: FloatArray, burn: FloatArray, seed: int) -> Answer:
    """Ask SciPy of one arm after the other, as its page shows it."""
    rng = np.random.default_rng(seed)
    found = [
        bootstrap(
            arm,
            log_ratio,
            paired=True,
            vectorized=True,
            n_resamples=RESAMPLES,
            method="percentile",
            rng=rng,
        )
        for arm in zip(shipped, burn, strict=True)
    ]
    bounds = [one.confidence_interval for one in found]
    return Answer(
        np.array([one.low for one in bounds]),
        np.array([one.high for one in bounds]),
        np.array([one.standard_error for one in found]),
    )


def all_arms(shipped: FloatArray, burn: FloatArray, seed: int) -> Answer:
    """Ask SciPy of all arms in one call, in batches that suit its cache."""
    found = bootstrap(
        (shipped, burn),
        log_ratio,
        axis=-1,
        paired=True,
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=BATCH,
        method="percentile",
        rng=np.random.default_rng(seed),
    )
    bounds = found.confidence_interval
    return Answer(np.asarray(bounds.low), np.asarray(bounds.high), np.asarray(found.standard_error))


def ours(shipped: FloatArray, burn: FloatArray, seed: int) -> Answer:
    """Take the same bounds from the program's own resamples."""
    arms = list(zip(shipped, burn, strict=True))
    rows = []
    for logs, (one, used) in zip(
        resampled_logs(arms, rng=np.random.default_rng(seed)), arms, strict=True
    ):
        logs.sort()
        place = TAIL * (len(logs) - 1)  # as np.quantile, between two of them
        below, share = int(place), place % 1
        bounds = [
            (1 - share) * logs[below] + share * logs[below + 1],
            (1 - share) * logs[-below - 1] + share * logs[-below - 2],
        ]
        moved = math.log(one.max() / used.max())
        rows.append([bounds[0] + moved, bounds[1] + moved, logs.std(ddof=1)])
    return Answer(*np.array(rows).T)


def printed(shipped: FloatArray, burn: FloatArray, seed: int) -> Answer:
    """Give what the report prints, with all that belongs to it."""
    histories = [History(shipped=one, burn=used) for one, used in zip(shipped, burn, strict=True)]
    found = efficiencies(histories, rng_for=lambda _: np.random.default_rng(seed))
    bounds = np.log([[one.low or 0.0, one.high or 0.0] for one in found])
    return Answer(bounds[:, 0], bounds[:, 1], np.diff(bounds).ravel())


def measure(seed: int, rounds: int) -> dict[str, Found]:
    """Run every way in turns over the same arms; of the CPU each took, the least counts."""
    shipped, burn = uneven(WINDOWS, ARMS, np.random.default_rng(seed))
    ways: dict[str, Callable[[FloatArray, FloatArray, int], Answer]] = {
        "SciPy, arm by arm": arm_by_arm,
        "SciPy, all arms in one call": all_arms,
        "ours, the same percentile bounds": ours,
        "ours, the printed intervals": printed,
    }
    least = dict.fromkeys(ways, math.inf)
    answers: dict[str, Answer] = {}
    for number in range(rounds):
        for name, way in ways.items():
            begun = time.process_time()
            answers[name] = way(shipped, burn, seed + number)
            least[name] = min(least[name], time.process_time() - begun)
    return {name: Found(answers[name], least[name]) for name in ways}


def page(found: dict[str, Found], *, seed: int, rounds: int) -> str:
    """Lay it out as Markdown."""
    loop, at_once, mine, _ = found.values()
    here, there = mine.answer, loop.answer
    misses = np.array([here.low - there.low, here.high - there.high]) / there.error
    lines = [
        f"`python -m benchmarks.bootstrap --seed {seed} --rounds {rounds}`: {ARMS} arms of"
        f" {WINDOWS} windows (M2), {RESAMPLES:,} resamples, one thread, the least CPU of"
        f" {rounds} rounds in turns.",
        "",
        "| | CPU, ms | against SciPy arm by arm | against SciPy in one call |",
        "| --- | ---: | ---: | ---: |",
    ]
    for name, one in found.items():
        ratios = " | ".join(f"{other.cpu_s / one.cpu_s:.1f} ×" for other in (loop, at_once))
        lines.append(f"| {name} | {1000 * one.cpu_s:.0f} | {ratios} |")
    lines += [
        "",
        f"The {2 * ARMS} bounds differ from SciPy's by"
        f" {np.sqrt(np.mean(misses**2)) / BOUND_ERROR:.2f} times what two runs of {RESAMPLES:,}"
        " differ by chance (root mean square), the standard errors by"
        f" {np.sqrt(np.mean((here.error / there.error - 1) ** 2)) / SE_ERROR:.2f} times.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure in a process with one thread, and put the table between the page's two markers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=20_260)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()

    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when numpy is imported: in a new process
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        found = pool.submit(measure, asked.seed, asked.rounds).result()
    put_between(PAGE, "bootstrap", page(found, seed=asked.seed, rounds=asked.rounds))


if __name__ == "__main__":
    main()
