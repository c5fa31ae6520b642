"""Measure what the policies of the race cost, beside MABWiser's; writes docs/race.md.

python -m benchmarks.regret [--reps N] [--histories N] [--seed N] [--processes N]

Needs the extra `bench` (pip install -e ".[bench]"): the real package plays in the same worlds.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

import numpy as np
from scipy import special

from benchmarks.adaptive import Accounts, Held, held
from benchmarks.bandits import (
    ARMS,
    PRICES_USD,
    WORLDS,
    Mabwiser,
    Optimistic,
    Ours,
    Player,
    Uniform,
    World,
    hierarchical,
    regret,
    windows_pp,
)
from portfolio.race.policy import EXPLORATION, BayesUcb, Contender, Policy, Thompson, choose
from portfolio.race.posterior import Tally, posteriors

PAGE: Final = Path(__file__).parents[1] / "docs" / "race.md"
BEGIN, END = "<!-- regret: begin -->", "<!-- regret: end -->"
RIVAL, CHANCE = "MABWiser 2.7 ThompsonSampling", "uniform"
THOMPSON, UCB = "Thompson sampling, tempered .5", "Bayes-UCB"
EXPLORING: Final = ", 10 % exploratory"
WANTED: Final = {  # the most of MABWiser's regret: stationary, after a price change
    THOMPSON: (0.70, 0.50),
    UCB: (0.66, 0.45),
}
MOST_OF_UNIFORM: Final = 0.35
BEFORE: Final = 100  # windows of the other five arms before the sixth joins
ADDITIVE, TOGETHER = (0.25, 0.2, 0.1), (0.1, 0.1, 0.3)  # log-sds: provider, methodology, both
ACCOUNTS: Final = (
    Accounts((1.0, 1.0, 1.0)),
    Accounts((1.0, 1.5, 2.0)),
    Accounts((1.0, 2.0, 2.0), ships=0.85),
    Accounts((1.0, 1.5, 2.0), items=220),
)


def players() -> dict[str, Callable[[int], Player]]:
    """Give everyone who plays, by name; each is made anew from a seed."""
    return {
        RIVAL: Mabwiser,
        CHANCE: lambda seed: Uniform(Random(seed)),
        "Thompson sampling, plain": lambda seed: Ours(Thompson(temper=1.0), 0.0, Random(seed)),
        "Thompson sampling, optimistic": lambda seed: Optimistic(Thompson(), 0.0, Random(seed)),
        THOMPSON: lambda seed: Ours(Thompson(), 0.0, Random(seed)),
        UCB: lambda seed: Ours(BayesUcb(), 0.0, Random(seed)),
        THOMPSON + EXPLORING: lambda seed: Ours(Thompson(), EXPLORATION, Random(seed)),
        UCB + EXPLORING: lambda seed: Ours(BayesUcb(), EXPLORATION, Random(seed)),
    }


def regrets(world: World, name: str, reps: int, seed: int) -> list[float]:
    """Play one world again and again."""
    make = players()[name]
    return [regret(world, make, seed + rep) for rep in range(reps)]


def regret_table(found: dict[tuple[World, str], list[float]]) -> str:
    """Lay regrets out beside MABWiser's and those of chance."""
    lines = [
        "| world | who | features lost (s.e.) | 90 % lose at most | of MABWiser's | wanted |"
        " of uniform's | wanted |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for (world, name), lost in found.items():
        mean = float(np.mean(lost))
        error = float(np.std(lost) / math.sqrt(len(lost)))
        rival, chance = (float(np.mean(found[world, one])) for one in (RIVAL, CHANCE))
        both = WANTED.get(name)
        most = both[world == "price"] if both else None
        lines.append(
            f"| {world} | {name} | {mean:.1f} ({error:.1f}) | {np.quantile(lost, 0.9):.0f} |"
            f" {mean / rival:.2f} | {f'≤ {most:.2f}' if most else ''} |"
            f" {mean / chance:.2f} | {f'≤ {MOST_OF_UNIFORM}' if most else ''} |"
        )
    return "\n".join(lines)


class NewArm(NamedTuple):
    """How far off an arm's expected log rate is before its own first window."""

    world: str  # deviations of the effects, and how the others worked
    borrowing: float  # root mean square
    alone: float  # the same with one feature at the pooled rate


def new_arm(sds: tuple[float, float, float], reps: int, seed: int, *, is_even: bool) -> NewArm:
    """Let five arms work, in turn or as the program's policy says, and expect the sixth."""
    misses: list[tuple[float, float]] = []
    for rep in range(reps):
        rng = np.random.default_rng([seed, rep])
        rates = hierarchical(rng, sds=sds)
        new = int(rng.integers(len(ARMS)))
        others = tuple(place for place in range(len(ARMS)) if place != new)
        player = Ours(Thompson(), EXPLORATION, Random(seed + rep), eligible=others)
        for place, burn in enumerate(windows_pp(BEFORE, rng)):
            arm = others[place % len(others)] if is_even else player.pick(place + 1)
            usd = float(burn * np.repeat(PRICES_USD, 2)[arm])
            player.see(arm, int(rng.poisson(rates[arm] * usd)), usd)
        alone = player.known()[new]
        player.newcomers = frozenset([new])
        lent = player.known()[new]
        misses.append(
            (
                float(special.digamma(lent.shape)) - math.log(lent.usd * rates[new]),
                # Of one feature the mean of the log says nothing of the rate: its mean does.
                math.log(alone.mean / rates[new]),
            )
        )
    borrowing, by_pool = np.sqrt(np.mean(np.square(misses), axis=0))
    effects = ", ".join(f"{sd:g}" for sd in sds)
    how = "worked in turn" if is_even else "drawn by the policy"
    return NewArm(f"{effects}; the others {how}", float(borrowing), float(by_pool))


def new_arm_table(found: Sequence[NewArm]) -> str:
    """Lay the errors of new arms out."""
    lines = [
        "| provider, methodology, both | it borrows | wanted | pooled rate alone |",
        "| --- | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {one.world} | {one.borrowing:.3f} | {'≤ 0.23' if place == 0 else ''} |"
        f" {one.alone:.3f} |"
        for place, one in enumerate(found)
    ]
    return "\n".join(lines)


def held_table(found: Sequence[Held]) -> str:
    """Lay out what comparisons held under a policy."""
    lines = [
        "| cost of a : b : c | drawn by | compared | median ratio over the truth | 95 % interval"
        " holds the truth (wanted 93 to 97 %) |",
        "| --- | --- | --- | ---: | ---: |",
    ]
    lines += [
        f"| {one.accounts} | {one.policy} | {one.pair} | {one.median:.2f} |"
        f" {100 * one.coverage:.1f} % |"
        for one in found
    ]
    return "\n".join(lines)


def draw_ms(policy: Policy, *, arms: int = 200, newcomers: int = 10) -> float:
    """Give the CPU time of one draw from what all arms did, the posterior included; median of 9."""
    rng = Random(arms)
    tallies = [
        Tally(
            arm=f"{place:03}",
            provider=f"p{place % 5}",
            methodology=f"m{place // 5}",
            shipped=tuple(rng.choices((1.0, 3.0, 9.0), k=rng.randrange(60))),
            exposure_usd=rng.uniform(20, 60),
            is_newcomer=place >= arms - newcomers,
        )
        for place in range(arms)
    ]
    spent = []
    for _ in range(10):
        begin = time.process_time()
        known = [Contender(posterior=one, draws=1) for one in posteriors(tallies)]
        choose(policy, known, time=1_000, rng=rng)
        spent.append(1000 * (time.process_time() - begin))
    return float(np.median(spent[1:]))


def main() -> None:
    """Measure, and put the tables between the page's two markers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=400, help="plays of each world")
    parser.add_argument("--histories", type=int, default=1_000, help="for each coverage")
    parser.add_argument("--seed", type=int, default=20_260)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    drawn_ms = {name: draw_ms(made) for name, made in ((THOMPSON, Thompson()), (UCB, BayesUcb()))}
    with ProcessPoolExecutor(asked.processes) as pool:
        played = {
            (world, name): pool.submit(regrets, world, name, asked.reps, asked.seed)
            for world in WORLDS
            for name in players()
        }
        joined = [
            pool.submit(new_arm, sds, asked.reps, asked.seed, is_even=is_even)
            for sds, is_even in ((ADDITIVE, True), (ADDITIVE, False), (TOGETHER, True))
        ]
        compared = [
            pool.submit(
                held,
                accounts,
                policy,
                name,
                exploration=EXPLORATION,
                reps=asked.histories,
                seed=asked.seed,
            )
            for accounts in ACCOUNTS
            for name, policy in ((THOMPSON, Thompson()), (UCB, BayesUcb()))
        ]
        found = {key: job.result() for key, job in played.items()}
        new = [job.result() for job in joined]
        cells = [cell for job in compared for cell in job.result()]
    error = 100 * math.sqrt(0.95 * 0.05 / asked.histories)
    answer = "\n\n".join(
        [
            f"`python -m benchmarks.regret --reps {asked.reps} --histories {asked.histories}"
            f" --seed {asked.seed}`",
            f"### Regret after 200 windows\n\n{asked.reps} plays a row.",
            regret_table(found),
            f"### A new arm\n\nIt joins after {BEFORE} windows of the other five. Root mean square"
            f" error of its log rate, {asked.reps} plays.",
            new_arm_table(new),
            f"### Comparing arms that a policy drew\n\n{asked.histories:,} histories a row: 95 % is"
            f" known to ± {error:.1f} pp (one standard error).",
            held_table(cells),
            "### One draw among 200 arms\n\n"
            + "; ".join(f"{name}: {ms:.0f} ms of CPU" for name, ms in drawn_ms.items())
            + " (wanted ≤ 50), ten newcomers' loans and the posteriors included.",
        ]
    )
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{answer}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
