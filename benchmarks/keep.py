"""Measure how often `keep` is right about made-up users, and write it to docs/keep.md.

python -m benchmarks.keep

A user is a load of one plan left out, week by week for a year, as a share of the room that the
others have. It is judged as `portfolio keep` judges weeks; how weeks come out of readings and
turns is not in it. The bound is asked at every user; what follows a `cancel` and what is found by
week 8 are asked as a person would: once, at week 8.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from portfolio.rebalance.verdict import Judged, Limits, WeekLeft, judge

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]

PAGE = Path(__file__).parents[1] / "docs" / "keep.md"
YEAR, SEEN, AFTER = 52, 8, 4  # weeks
HEAD = """# How often `keep` is right

Made-up users, of whom the whole year is known: the load that one plan leaves to the others, week
by week, as a share of their room. Their mean is drawn between 5 % and 110 % of it, the spread of
the log between 0.1 and 0.7. `keep` sees the first eight weeks. Its verdict is the program's own;
how weeks come out of readings and turns is not in it (`benchmarks/keep.py`).

**Bound holds**: the 95 % bound on the share of blocked weeks lies above the user's true share
(the year's own, where weeks are not alike). **Cancel, then blocked**: of those told to cancel,
how many had a blocked week within the next four. **Dead weight found**: of those whose whole year
has no blocked week, how many were told to cancel.

"""


def stationary(rng: np.random.Generator) -> FloatArray:
    """Give weeks that are alike but for chance."""
    mean, spread = np.log(rng.uniform(0.05, 1.1)), rng.uniform(0.1, 0.7)
    return np.asarray(np.exp(rng.normal(mean - spread**2 / 2, spread, YEAR)))


def bursts(rng: np.random.Generator) -> FloatArray:
    """Give a release every six weeks or so, which doubles the week."""
    return stationary(rng) * np.where(rng.random(YEAR) < 1 / 6, 2.0, 1.0)


def trend(rng: np.random.Generator) -> FloatArray:
    """Give loads that grow by up to 3 % a week for half a year, then stay."""
    growth = rng.uniform(0, 0.03)
    return np.multiply(stationary(rng), np.exp(growth * np.minimum(np.arange(YEAR), 26)))


def holidays(rng: np.random.Generator) -> FloatArray:
    """Give four weeks of the year in which nothing is worked."""
    loads = stationary(rng)
    loads[rng.choice(YEAR, 4, replace=False)] = 0.0
    return loads


def cap_cut(rng: np.random.Generator) -> FloatArray:
    """Give caps that are silently cut by a quarter in some week."""
    return stationary(rng) * np.where(np.arange(YEAR) >= rng.integers(1, YEAR), 1 / 0.75, 1.0)


WORLDS: dict[str, Callable[[np.random.Generator], FloatArray]] = {
    "stationary": stationary,
    "bursts": bursts,
    "trend": trend,
    "holidays": holidays,
    "cap cut": cap_cut,
}


def judged(loads: FloatArray) -> Judged:
    """Judge weeks as `keep` does."""
    weeks = [
        WeekLeft(begin=n, is_blocked=load > 1, load_shares={"week": float(load)})
        for n, load in enumerate(loads)
    ]
    return judge(weeks, saving_usd_month=20.0, limits=Limits())


def row(world: str, users: int, seed: int) -> str:
    """Draw the users of one world and count."""
    rng = np.random.default_rng([seed, list(WORLDS).index(world)])
    held = cancels = regretted = dead = found = 0
    for _ in range(users):
        loads = WORLDS[world](rng)
        verdict = judged(loads[:SEEN])
        held += (verdict.blocked_share_high or 0.0) >= float((loads > 1).mean())
        is_cancel = verdict.verdict == "cancel"
        cancels += is_cancel
        regretted += is_cancel and bool((loads[SEEN : SEEN + AFTER] > 1).any())
        is_dead = not bool((loads > 1).any())
        dead += is_dead
        found += is_dead and is_cancel
    return (
        f"| {world} | {held / users:.1%} | {regretted / max(1, cancels):.1%} of {cancels} |"
        f" {found / max(1, dead):.1%} of {dead} |"
    )


def main() -> None:
    """Run every world and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=4_000, help="of each world")
    parser.add_argument("--seed", type=int, default=20_261)
    asked = parser.parse_args()
    command = f"python -m benchmarks.keep --users {asked.users} --seed {asked.seed}"
    table = "\n".join(
        [
            "| world | bound holds (≥ 95 %) | cancel, then blocked (≤ 10 %) |"
            " dead weight found (≥ 80 %) |",
            "|---|---|---|---|",
            *(row(world, asked.users, asked.seed) for world in WORLDS),
        ]
    )
    PAGE.write_text(f"{HEAD}`{command}`:\n\n{table}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
