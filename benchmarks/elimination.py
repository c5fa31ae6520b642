"""Measure how often a race is wrong, and how soon it is right; writes docs/elimination.md.

python -m benchmarks.elimination [--reps N] [--seed N] [--processes N]

The arithmetic is that of `benchmarks.race_years`, which the tests hold against the program's own.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.race_years import NEVER, WEEKS, Sums, World, made_years, weeks_out
from portfolio.race.elimination import ERROR

if TYPE_CHECKING:
    from benchmarks.race_years import IntArray

PAGE: Final = Path(__file__).parents[1] / "docs" / "elimination.md"
AT_ONCE: Final = 500  # years
HEAD: Final = """# How often a race is wrong, and how soon it is right

Made-up years of drawn items, looked at 52 times, once a week. Items are of classes S, M, L (50, 35,
15 %) that cost 1, 3, 9, log-sd .6 inside a class; 20 % of the classes are recorded as a neighbour.
The arm is drawn in permuted blocks within the recorded class. Eleven items a week if nothing else
is said; a week has an effect of sd .2 (log) on all arms. The floor of the share that ships is a
half. What is computed: [statistics.md](statistics.md), "Elimination".

"""
WORLDS: Final = (
    World(name="all ship", ships=1.0, day_cv=0.0),
    World(name="15 % fail", day_cv=0.0),
    World(name="own days"),
    World(name="strong own days", day_cv=0.5),
    World(name="lost half days", lost=0.15),
    World(name="sparse", items=4, is_metered_whole=True),
    World(name="own weeks and days", own_week_sd=0.2),
    World(name="one arm spreads more", spread_of_first=0.9),
    World(name="all at the floor", ships=0.5),
)
ABOUT_WORLDS: Final = """\
- **all ship**, **15 % fail**: no more than the above. In all others 15 % fail too, and every arm
  has days of its own, on which a dollar gets more or less done (gamma, CV .25).
- **strong own days**: CV .5. **lost half days**: in 15 % of an arm's half days nothing ships.
- **sparse**: four items a week, 3.3 pp each, on a meter of whole pp.
- **own weeks and days**: each arm has weeks of its own besides, sd .2; the fit knows of neither.
- **one arm spreads more**: log-sd .9 inside a class, its median alike.
- **all at the floor**: half of the items fail, which is just enough.

"""
NULLS: Final = ((2, 1.0), (3, 1.0), (4, 1.0), (5, 1.0), (6, 1.0), (3, 0.5), (6, 0.5))
POWERS: Final = ((3, 1.0), (3, 0.5), (5, 1.0))
TIMES: Final = (1.5, 2.0, 3.0)
HALF: Final = ((2, 1.0), (3, 1.0), (3, 2.0))  # arms, and as much the first takes
HALF_WORLDS: Final = (WORLDS[1], WORLDS[3], WORLDS[6])
ABOUT_HALF: Final = """\
The threshold is K (K - 1) / .05 for K arms, which is what adding up errors asks for. Half of it is
enough where nothing hangs together, and not where arms have days or weeks of their own. Errors
again, and the week in which three arms lose one that takes twice as much:

"""
TRIED: Final = """
Tried besides, over 1,000 years of most of these worlds, and left out: a variance drawn towards the
arms' common one by four degrees (errors of six arms half a point fewer, of three as many, weeks the
same); half the prior variance of the effect (with six arms fewer errors, with three that have own
weeks more); eight or ten attempts of each arm in place of six (half a point at most).
"""
POWER_WORLDS: Final = (WORLDS[0], WORLDS[1], WORLDS[2], WORLDS[3], WORLDS[6])


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What a race of some arms did in one world."""

    world: str
    arms: int
    drawn: float  # share of the items
    times: float  # as much the first arm takes
    beaten: IntArray  # looks, shape (years, arms)
    below: IntArray

    @property
    def wrong(self) -> float:
        """Give the share of years in which any arm was out."""
        return float((np.minimum(self.beaten, self.below) < NEVER).any(axis=1).mean())

    @property
    def wrong_by_floor(self) -> float:
        """Give the share of years in which any arm was out for the floor."""
        return float((self.below < NEVER).any(axis=1).mean())

    @property
    def week(self) -> str:
        """Say the median week in which the first arm is out."""
        return _week(float(np.median(self.beaten[:, 0])))

    @property
    def week_of_winner(self) -> str:
        """Say the median week in which the first arm is the only one in."""
        others = np.where(self.beaten[:, 0] < NEVER, NEVER, self.beaten[:, 1:].max(axis=1))
        return _week(float(np.median(others)))

    def within(self, weeks: int) -> float:
        """Give the share of years in which the first arm is out by a week."""
        return float((self.beaten[:, 0] <= weeks).mean())

    @property
    def wrongly(self) -> float:
        """Give the share of years in which an arm is out though none takes less."""
        best = self.beaten[:, 1:] if self.times > 1 else self.beaten[:, :1]
        return float((best < NEVER).any(axis=1).mean())


def raced(
    world: World,
    arms: int,
    drawn: float,
    times: float,
    years: int,
    seed: int,
    error: float = ERROR,
) -> Cell:
    """Race many years."""
    name = list(world.name.encode())
    rng = np.random.default_rng([seed, arms, int(100 * drawn), int(100 * times), *name])
    found = []
    for begin in range(0, years, AT_ONCE):
        some = min(AT_ONCE, years - begin)
        told = made_years(world, arms, some, rng, drawn=drawn, times=times)
        found.append(weeks_out(Sums.of(told, arms), error=error))
    beaten, below = (np.concatenate([one[place] for one in found]) for place in (0, 1))
    return Cell(world=world.name, arms=arms, drawn=drawn, times=times, beaten=beaten, below=below)


def _week(week: float) -> str:
    return f"{week:.0f}" if week <= WEEKS else f"> {WEEKS}"


def _share(share: float, years: int) -> str:
    # Of none, two standard errors say nothing: then the rule of three.
    reach = 2 * math.sqrt(share * (1 - share) / years) if share else 3 / years
    return f"{100 * share:.1f} % (≤ {100 * (share + reach):.1f} %)"


def null_table(cells: Sequence[Cell], years: int) -> str:
    """Lay out how often any of equal arms is out."""
    columns = [f"{arms} arms, {'all' if drawn == 1 else 'half'}" for arms, drawn in NULLS]
    lines = [f"| world | {' | '.join(columns)} | floor alone, at most |", "|---" * 9 + "|"]
    for world in WORLDS:
        own = [one for one in cells if one.world == world.name]
        told = " | ".join(_share(one.wrong, years) for one in own)
        floor = max(one.wrong_by_floor for one in own)
        lines.append(f"| {world.name} | {told} | {100 * floor:.1f} % |")
    return "\n".join(lines)


def power_table(cells: Sequence[Cell], row: Callable[[Cell], str]) -> str:
    """Lay out weeks by world and arms, a column for each factor."""
    factors = sorted({one.times for one in cells})
    head = " | ".join(f"{times:g} ×" if times > 1 else f"1/{1 / times:g}" for times in factors)
    lines = [f"| world | arms | drawn | {head} |", "|---|---:|---|" + "---:|" * len(factors)]
    for world in POWER_WORLDS:
        for arms, drawn in POWERS:
            own = [
                one
                for one in cells
                if (one.world, one.arms, one.drawn) == (world.name, arms, drawn)
            ]
            told = " | ".join(row(one) for one in sorted(own, key=lambda one: one.times))
            lines.append(f"| {world.name} | {arms} | {'all' if drawn == 1 else 'half'} | {told} |")
    return "\n".join(lines)


def half_table(cells: Sequence[Cell], years: int) -> str:
    """Lay out what half the threshold would do."""
    lines = ["| world | 2 arms, wrong | 3 arms, wrong | 3 arms, 2 × |", "|---|---:|---:|---:|"]
    for world in HALF_WORLDS:
        two, three, dear = (one for one in cells if one.world == world.name)
        told = f"{_share(two.wrong, years)} | {_share(three.wrong, years)} | {dear.week}"
        lines.append(f"| {world.name} | {told} |")
    return "\n".join(lines)


def _out(cell: Cell) -> str:
    return f"{cell.week} ({100 * cell.within(13):.0f}, {100 * cell.within(WEEKS):.0f} %)"


def _won(cell: Cell) -> str:
    return cell.week_of_winner


def page(
    nulls: Sequence[Cell],
    dear: Sequence[Cell],
    cheap: Sequence[Cell],
    half: Sequence[Cell],
    years: int,
) -> str:
    """Write the page's answers."""
    wrongly = max(one.wrongly for one in (*dear, *cheap))
    return (
        f"## Equal arms\n\nOf {years:,} years a cell, those in which any arm is ever out, with two"
        " standard errors; wanted: ≤ 5 %. Columns: arms, and the share of the items that is"
        f" drawn.\n\n{ABOUT_WORLDS}{null_table(nulls, years)}\n\n## One arm takes more\n\nThe week"
        f" by which it is out, the median of {len(dear[0].beaten):,} years (and the share of them"
        " by week 13, by week 52). Wanted: at most 7 for twice as much, three arms, all drawn.\n\n"
        f"{power_table(dear, _out)}\n\n## One arm takes less\n\nThe week in which it is the"
        " winner, the median: every other arm is out. Here the others are drawn to the end; in"
        f" life what is out leaves its draws to the rest.\n\n{power_table(cheap, _won)}\n\nIn all"
        f" of these, an arm that nobody undercuts is out in {100 * wrongly:.1f} % of the years at"
        f" most.\n\n## Half the threshold\n\n{ABOUT_HALF}{half_table(half, years)}\n{TRIED}"
    )


def main() -> None:
    """Run all and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=4_000, help="years a cell, arms alike")
    parser.add_argument("--power", type=int, default=2_000, help="years a cell, one arm apart")
    parser.add_argument("--seed", type=int, default=20_260)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    settings = [(world, arms, drawn, 1.0, asked.reps) for world in WORLDS for arms, drawn in NULLS]
    for factors in (TIMES, [1 / times for times in TIMES]):
        settings += [
            (world, arms, drawn, times, asked.power)
            for world in POWER_WORLDS
            for arms, drawn in POWERS
            for times in factors
        ]
    with ProcessPoolExecutor(asked.processes) as pool:
        jobs = [pool.submit(raced, *setting, asked.seed) for setting in settings]
        halves = [
            pool.submit(raced, world, arms, 1.0, times, asked.reps, asked.seed, 2 * ERROR)
            for world in HALF_WORLDS
            for arms, times in HALF
        ]
        cells, half = ([job.result() for job in some] for some in (jobs, halves))
    command = f"python -m benchmarks.elimination --reps {asked.reps} --power {asked.power}"
    nulls = [one for one in cells if one.times == 1]
    dear, cheap = (
        [one for one in cells if (one.times > 1) is is_dear and one.times != 1]
        for is_dear in (True, False)
    )
    answer = page(nulls, dear, cheap, half, asked.reps)
    PAGE.write_text(f"{HEAD}`{command} --seed {asked.seed}`\n\n{answer}", encoding="utf-8")


if __name__ == "__main__":
    main()
