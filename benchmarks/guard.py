"""Measure how often the guard breaks a cap, and what it ships; writes docs/guard.md.

python -m benchmarks.guard [--weeks N] [--seed N] [--processes N]

What starts is what the program's own guard lets start (`portfolio.route.guard`).
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.guard_weeks import (
    MOST_ITEMS,
    Week,
    World,
    at_interval,
    at_mean,
    bound_seen,
    draws,
    guarded,
    in_windows,
    planned,
)

PAGE: Final = Path(__file__).parents[1] / "docs" / "guard.md"
WANTED: Final = 0.025  # of weeks with a broken cap, at most
POLICIES: Final = ("guard", "mean", "interval")
NAMES: Final = {
    "guard": "**the guard**",
    "mean": "planning at the mean",
    "interval": "planning at the upper end of the mean's 95 % interval",
}
WORLDS: Final = (
    World(name="one bar"),
    World(name="four observations", observations=4),
    World(name="large items", mean=1 / 15),
    World(name="CV 1", cv=1.0),
    World(name="gamma", is_gamma=True),
    World(name="whole percents", step=0.01),
    World(name="three at once", at_once=3),
)
WINDOWED: Final = World(name="5 hours and week", windows=12)
HEAD: Final = """# How often the guard breaks a cap

`portfolio next` starts an item only if, on every pool that it draws on,

    newest reading + what runs + upper prediction bound of one item <= cap - reserve_for_me

A meter that shows whole percents hides half of one on average, which is added to its reading.
The bound of one item is exp(m + t(v) · s · √(1 + 1/n)), one-sided 95 %, with m the mean of the log
of what n finished items of its size took on that account in the last eight weeks. s² is the
variance inside a size, pooled over sizes, where .6² counts as four items more; v are its degrees.
With fewer than two items of the size, all sized ones tell by their class weights (a step of .35,
log-sd, is added to the variance of m); where none has a size, each counts as an M, and 1² takes the
place of .6². With none at all nothing is bounded, and the answer says so. Several items together:
means and the errors of the mean add up; of what each takes more or less, the squares do. A pool
beside the priced one takes as much of it as both moved on the same days, at the upper end of that
ratio's 95 % interval.

Made-up weeks: an arm has twelve observations if nothing else is said, and items that take 1/75 of
the week each on average, lognormal, CV .5. What starts is what the program's own guard lets start;
with one item at a time its first refusal is found by halving, as a meter only rises. The plans do
the number of items they found to fit, up to the cap. Broken: the cap is reached in the middle of an
item.

"""
ABOUT: Final = """\
- **four observations** in place of twelve. **large items** take a fifteenth of the week each.
- **CV 1** and **gamma**: items spread more, or by another law than the guard takes them to.
- **whole percents**: the meter shows them, rounded down.
- **three at once**: nothing of an item is on the meter until it is done.

"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one policy did in one world."""

    world: str
    policy: str
    weeks: Sequence[Week]

    @property
    def broken(self) -> float:
        """Give the share of weeks with a broken weekly cap."""
        return sum(one.is_broken for one in self.weeks) / len(self.weeks)

    @property
    def any_broken(self) -> float:
        """Give the share of weeks with any broken cap."""
        told = [one.is_broken or one.windows_broken > 0 for one in self.weeks]
        return sum(told) / len(told)

    @property
    def shipped(self) -> float:
        """Give the items a week that were done before the cap."""
        return sum(one.shipped for one in self.weeks) / len(self.weeks)

    @property
    def planned(self) -> float:
        """Give the items a week that were to be done."""
        return sum(one.planned for one in self.weeks) / len(self.weeks)

    @property
    def used(self) -> float:
        """Give the share of the weekly cap that was used."""
        return sum(one.used for one in self.weeks) / len(self.weeks)

    @property
    def windows_broken(self) -> float:
        """Give the share of worked windows in which the 5-hour cap was broken."""
        worked = sum(one.windows_worked for one in self.weeks)
        return sum(one.windows_broken for one in self.weeks) / worked


def weeks_of(world: World, policy: str, weeks: int, seed: int) -> Cell:
    """Run many weeks, each of an arm that was observed anew; all policies meet the same items."""
    found = []
    for week in range(weeks):
        rng = np.random.default_rng([seed, week, *world.name.encode()])
        seen = draws(world, rng, world.observations)
        count = {"mean": at_mean, "interval": at_interval}.get(policy)
        if world.windows:
            bound = None if count else bound_seen(seen)
            each = count([one / world.per_window for one in seen]) if count else 0
            found.append(in_windows(world, bound, each, count(seen) if count else 0, rng))
            continue
        takes = draws(world, rng, MOST_ITEMS)
        done = planned(count(seen), takes) if count else guarded(world, bound_seen(seen), takes)
        found.append(done)
    return Cell(world=world.name, policy=policy, weeks=found)


def _share(share: float, weeks: int) -> str:
    # Of none, two standard errors say nothing: then the rule of three.
    reach = 2 * math.sqrt(share * (1 - share) / weeks) if share else 3 / weeks
    return f"{100 * share:.1f} % (≤ {100 * (share + reach):.1f} %)"


def table(cells: Sequence[Cell]) -> str:
    """Lay out every policy in the first world."""
    lines = [
        "| policy | weeks with a broken cap | planned | shipped | of the week used |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {NAMES[one.policy]} | {_share(one.broken, len(one.weeks))} | {one.planned:.1f}"
        f" | {one.shipped:.1f} | {100 * one.used:.0f} % |"
        for one in cells
    ]
    return "\n".join(lines)


def other_worlds(cells: Sequence[Cell]) -> str:
    """Lay out the guard beside both plans, a row for each world."""
    lines = [
        "| world | guard: broken | shipped | mean: broken | planned | shipped"
        " | interval: broken | shipped |",
        "|---|" + "---:|" * 7,
    ]
    for world in WORLDS[1:]:
        guard, mean, interval = (one for one in cells if one.world == world.name)
        lines.append(
            f"| {world.name} | {_share(guard.broken, len(guard.weeks))} | {guard.shipped:.1f}"
            f" | {100 * mean.broken:.0f} % | {mean.planned:.1f} | {mean.shipped:.1f}"
            f" | {100 * interval.broken:.0f} % | {interval.shipped:.1f} |"
        )
    return "\n".join(lines)


def above_target(cells: Sequence[Cell]) -> str:
    """Say in which worlds the guard breaks more caps than is wanted."""
    guards = [one for one in cells if one.policy == "guard" and one.world != WINDOWED.name]
    names = [f"**{one.world}**" for one in guards if one.broken > WANTED]
    if not names:
        return "In none of them the guard breaks a cap in more than 2.5 % of weeks."
    return f"Above 2.5 % the guard is in: {', '.join(names)}."


def windowed(cells: Sequence[Cell]) -> str:
    """Lay out the world with 5-hour pools."""
    lines = [
        "| policy | weeks with a broken weekly cap | windows with a broken 5-hour cap"
        " | weeks with any | planned | shipped |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {NAMES[one.policy]} | {_share(one.broken, len(one.weeks))}"
        f" | {100 * one.windows_broken:.1f} % | {100 * one.any_broken:.0f} %"
        f" | {one.planned:.1f} | {one.shipped:.1f} |"
        for one in cells
    ]
    return "\n".join(lines)


def page(cells: Sequence[Cell]) -> str:
    """Write the page's answers."""
    first, five = (
        [one for one in cells if one.world == name] for name in (WORLDS[0].name, WINDOWED.name)
    )
    weeks = len(first[0].weeks)
    to_planned, to_shipped = (
        100 * first[0].shipped / number for number in (first[1].planned, first[1].shipped)
    )
    return (
        f"## One weekly bar\n\n{weeks:,} weeks, with two standard errors. Wanted of the guard: a"
        " broken cap in at most 2.5 % of weeks, and at least 95 % of the features of planning at"
        f" the mean.\n\n{table(first)}\n\nThe guard ships {to_planned:.1f} % of what planning at"
        f" the mean plans, and {to_shipped:.0f} % of what that ships, as its cap stops half of its"
        f" weeks.\n\n## Other worlds\n\n{ABOUT}{other_worlds(cells)}\n\n"
        f"{above_target(cells)}\n\n## Five hours and week\n\n"
        f"{WINDOWED.windows} windows a week, a whole 5-hour pool takes a tenth of the week, and an"
        " item as much of it give or take 10 %. The guard knows the ratio from twelve days of"
        f" meters. Every window is filled, so there are {WINDOWED.windows} chances a week to break"
        " a 5-hour cap, and no rule that fills them keeps all; what goes over waits for the next"
        f" window.\n\n{windowed(five)}\n"
    )


def main() -> None:
    """Run all and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=20_260)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    with ProcessPoolExecutor(asked.processes) as workers:
        jobs = [
            workers.submit(weeks_of, world, policy, asked.weeks, asked.seed)
            for world in (*WORLDS, WINDOWED)
            for policy in POLICIES
        ]
        cells = [job.result() for job in jobs]
    command = f"python -m benchmarks.guard --weeks {asked.weeks} --seed {asked.seed}"
    PAGE.write_text(f"{HEAD}`{command}`\n\n{page(cells)}", encoding="utf-8")


if __name__ == "__main__":
    main()
