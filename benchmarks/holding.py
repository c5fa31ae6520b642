"""Measure what the plans of `rebalance` really cost, out of sample; writes docs/holding.md.

python -m benchmarks.holding [--reps N] [--years N] [--scenarios N] [--seed N] [--processes N]
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.month_plans import PRICES, clairvoyant_usd, plans_for, realised_usd, true_draws
from benchmarks.month_seen import by_cell, by_itself, on_the_safe_side, point, together
from benchmarks.month_world import World, seen_of, truth_of
from benchmarks.month_years import ANEW, Played, played
from benchmarks.pages import put_between

PAGE: Final = Path(__file__).parents[1] / "docs" / "holding.md"
MONTHS: Final = 8  # of demand, drawn anew for each truth
CLAIRVOYANT: Final = "all known before"
POINT: Final = "estimates taken for the truth"
WORLDS: Final = (
    World(name="What a method and what a method on a size is off by, half each"),
    World(name="Each method on each size off by itself", method_sd=0.0, cell_sd=0.25),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What plans cost in one world, replication by replication."""

    price: Sequence[float]  # $ a month, of the plans
    usd: Sequence[float]  # $ a month, with tokens and what is missing


def one_month(world: World, seed: int, scenarios: int) -> dict[str, tuple[float, float]]:
    """Draw a truth and what is seen of it; give each planner's price and cost."""
    rng = np.random.default_rng([7, seed])
    truth = truth_of(world, rng)
    seen = seen_of(truth, world, rng)
    true = true_draws(truth, truth.months(MONTHS, rng))
    least = float(clairvoyant_usd(true).mean())
    found = {CLAIRVOYANT: (least, least)}
    known = true_draws(truth, truth.months(scenarios, np.random.default_rng([9, seed])))
    for name, draws in {
        "the truth known, not the month's demand": known,
        "methods and sizes pooled": together(seen, scenarios, seed),
        "each method by itself": by_itself(seen, scenarios, seed),
        "each method and size resampled, lower tenth of success": by_cell(seen, scenarios, seed),
        "upper 95 % of use, demand × 1.3": on_the_safe_side(seen, seed),
        POINT: point(seen),
    }.items():
        plans = plans_for(draws)
        found[name] = (float(plans @ PRICES), float(realised_usd(plans, true).mean()))
    return found


def month_table(found: Mapping[str, Found]) -> str:
    """Lay out what the plans cost."""
    lines = [
        "| planned with | plans, $ | cost, $ | median | 90 % | cost ÷ all known |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    least = np.array(found[CLAIRVOYANT].usd)
    for name, one in found.items():
        usd = np.array(one.usd)
        ratio = usd.mean() / least.mean()
        # Of a ratio of means: what each replication is off by, beside the mean of the least.
        error = (usd - ratio * least).std(ddof=1) / len(usd) ** 0.5 / least.mean()
        lines.append(
            f"| {name} | {np.mean(one.price):.0f} | {usd.mean():.0f} | {np.median(usd):.0f} |"
            f" {np.quantile(usd, 0.9):.0f} | {ratio:.2f} ± {error:.2f} |"
        )
    return "\n".join(lines)


def year_table(years: Sequence[Mapping[str, Played]]) -> str:
    """Lay out what months in a row cost, and how often plans changed."""
    lines = [
        "| rule | cost, $ a month | beside anew, pair by pair | changes in 8 months |",
        "|---|---:|---:|---:|",
    ]
    anew = np.array([one[ANEW].usd for one in years])
    for name in years[0]:
        usd = np.array([one[name].usd for one in years])
        changes = np.array([one[name].changes for one in years])
        gaps = usd - anew
        error = gaps.std(ddof=1) / len(gaps) ** 0.5
        told = f"{gaps.mean():+.1f} ± {error:.1f}" if name != ANEW else ""
        lines.append(f"| {name} | {usd.mean():.0f} | {told} | {changes.mean():.1f} |")
    return "\n".join(lines)


def _collected(rows: Sequence[Mapping[str, tuple[float, float]]]) -> dict[str, Found]:
    return {
        name: Found(price=[row[name][0] for row in rows], usd=[row[name][1] for row in rows])
        for name in rows[0]
    }


def main() -> None:
    """Run all and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--reps",
        type=int,
        default=60,
        help="truths of the first world; 0: its table is left as it is",
    )
    parser.add_argument("--others", type=int, default=24, help="truths of the other")
    parser.add_argument("--years", type=int, default=8, help="rows of eight months")
    parser.add_argument("--scenarios", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1_000)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    command = (
        f"`python -m benchmarks.holding --reps {asked.reps} --others {asked.others} --years"
        f" {asked.years} --scenarios {asked.scenarios} --seed {asked.seed}`"
    )
    first, other = WORLDS
    with ProcessPoolExecutor(asked.processes) as pool:

        def drawn(world: World, reps: int) -> list[Future[dict[str, tuple[float, float]]]]:
            seeds = range(asked.seed, asked.seed + reps)
            return [pool.submit(one_month, world, seed, asked.scenarios) for seed in seeds]

        months, years, others = (
            drawn(first, asked.reps),
            [
                pool.submit(played, first, asked.seed + n, asked.scenarios)
                for n in range(asked.years)
            ],
            drawn(other, asked.others),
        )
        if months:
            _write("one month", command, _told(first, [job.result() for job in months]))
        if years:
            _write("months in a row", command, year_table([job.result() for job in years]))
        if others:
            _write("other months", command, _told(other, [job.result() for job in others]))


def _told(world: World, rows: Sequence[Mapping[str, tuple[float, float]]]) -> str:
    return f"{world.name}, {len(rows)} truths:\n\n{month_table(_collected(rows))}"


def _write(name: str, command: str, text: str) -> None:
    put_between(PAGE, name, f"{command}\n\n{text}")


if __name__ == "__main__":
    main()
