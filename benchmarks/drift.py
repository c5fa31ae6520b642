"""Measure how soon a changed cap is seen, and how often one that never was; writes docs/drift.md.

python -m benchmarks.drift [--reps N] [--delays N] [--seed N] [--processes N]

Each history is what windows bought of a pool, as logs; it goes through the program's own
`portfolio.estimate.drift.alarms` and `factor`, value by value.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from portfolio.estimate.drift import Alarm, alarms, factor

if TYPE_CHECKING:
    from benchmarks.worlds import FloatArray

PAGE: Final = Path(__file__).parents[1] / "docs" / "drift.md"
YEAR: Final = 416  # windows, eight a week
WATCHED: Final = 160  # windows after a change
SPREAD: Final = 0.15  # standard deviation of the log of what a unit buys
NEVER: Final = math.inf
TIMES: Final = (0.5, 0.75, 1.5)
PLACES: Final = (10, 24, 80)
TOLD_OF: Final = {  # the reference's figures: false alarms a year in %, delay at window 80
    "iid": 0.0,
    "t4": 0.2,
    "AR(.3)": 7.2,
}
TOLD_DELAY: Final = {(80, 0.5): "4 (5)", (80, 0.75): "11 (16)"}
HEAD: Final = """# How soon a changed cap is seen

Made-up histories of one pool: the log of the API dollars that a unit of it buys, window by window,
with a standard deviation of .15: **iid** normal; **t4** with Student's heavy tails, of four
degrees; **AR(.3)** each window like the one before by .3. They go through the program's own chart
(`portfolio/estimate/drift.py`). Eight windows a week; a year is 416. **Reference**: the figures
that were measured of the plain chart, before this one was made.

"""
ABOUT_DELAYS: Final = """Windows until it is seen, the one that tells it included; windows are iid.
Wanted: at most five for a cap cut in half. **Placed right**: of the changes seen, how many are said
to be where they were. **Interval holds**: the 95 % interval of the factor at the moment at which it
is first seen, with the change where it is said to be. After few windows a change is seen late, and
a small one not at all: ten windows do not say how far windows differ.

"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """How a change at one window was seen, over many histories."""

    place: int
    times: float
    delays: tuple[float, ...]
    """Windows; infinite: not within the time watched. An alarm before the change is left out."""
    exact: float  # share of the seen ones whose change was placed right
    beside: float  # within one window of it
    covers: float  # the interval of the factor holds the truth, when it was seen


def iid(reps: int, windows: int, rng: np.random.Generator) -> FloatArray:
    """Draw windows that know nothing of each other."""
    return SPREAD * rng.standard_normal((reps, windows))


def t4(reps: int, windows: int, rng: np.random.Generator) -> FloatArray:
    """Draw windows of which some are wild."""
    return SPREAD / math.sqrt(2) * rng.standard_t(4, (reps, windows))


def ar(reps: int, windows: int, rng: np.random.Generator) -> FloatArray:
    """Draw windows that are somewhat like the one before."""
    found = rng.standard_normal((reps, windows))
    for window in range(1, windows):
        found[:, window] = 0.3 * found[:, window - 1] + math.sqrt(1 - 0.09) * found[:, window]
    return SPREAD * found


NOISES: Final[dict[str, Callable[[int, int, np.random.Generator], FloatArray]]] = {
    "iid": iid,
    "t4": t4,
    "AR(.3)": ar,
}


def false_alarms(noise: str, reps: int, seed: int) -> int:
    """Count the years in which a cap that stayed raised an alarm."""
    rng = np.random.default_rng([seed, 1, list(NOISES).index(noise)])
    return sum(bool(alarms(year.tolist())) for year in NOISES[noise](reps, YEAR, rng))


def delay(place: int, times: float, reps: int, seed: int) -> Delay:
    """Change the cap at one window, and see when that is told."""
    rng = np.random.default_rng([seed, 2, place, int(100 * times)])
    histories = iid(reps, place + WATCHED, rng)
    histories[:, place:] += math.log(times)
    delays, placed, held = [], [], []
    for history in histories:
        alarm = _first(history.tolist(), place)
        if alarm is None:
            delays.append(NEVER)
        elif alarm.seen >= place:
            delays.append(float(alarm.seen - place + 1))
            placed.append(abs(alarm.since - place))
            told = factor(
                history[: alarm.since].tolist(), history[alarm.since : alarm.seen + 1].tolist()
            )
            held.append((told.low or 0) <= times <= (told.high or 0))
    return Delay(
        place=place,
        times=times,
        delays=tuple(delays),
        exact=float(np.mean(np.array(placed) == 0)),
        beside=float(np.mean(np.array(placed) <= 1)),
        covers=float(np.mean(held)),
    )


def _first(values: list[float], place: int) -> Alarm | None:
    """Give the first alarm; most are raised soon, so the end is seldom looked at."""
    for end in (place + 12, place + 40, len(values)):
        if found := alarms(values[:end]):
            return found[0]
    return None


def _alarm_table(counts: dict[str, int], reps: int) -> str:
    lines = [
        "| noise | histories | false alarms a year | with two s.e. | reference | wanted |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for noise, count in counts.items():
        share = count / reps
        # Of none, two standard errors say nothing: then the rule of three.
        reach = max(2 * math.sqrt(share * (1 - share) / reps), 3 / reps if not count else 0)
        wanted = "≤ 5 %" if noise == "iid" else ""
        lines.append(
            f"| {noise} | {reps:,} | {100 * share:.2f} % | {100 * (share + reach):.2f} %"
            f" | {TOLD_OF[noise]} % | {wanted} |"
        )
    return "\n".join(lines)


def _delay_table(found: list[Delay]) -> str:
    lines = [
        "| windows before | cap × | histories | median (p90) | reference | placed right"
        " | within one | interval holds |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in found:
        median, late = (_windows(np.quantile(one.delays, q, method="lower")) for q in (0.5, 0.9))
        reference = TOLD_DELAY.get((one.place, one.times), "")
        lines.append(
            f"| {one.place} | {one.times:g} | {len(one.delays):,} | {median} ({late}) | {reference}"
            f" | {one.exact:.0%} | {one.beside:.0%} | {one.covers:.0%} |"
        )
    return "\n".join(lines)


def _windows(count: float) -> str:
    return f"> {WATCHED}" if math.isinf(count) else f"{count:.0f}"


def main() -> None:
    """Run all and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=10_000, help="years for each noise")
    parser.add_argument("--delays", type=int, default=4_000, help="histories for each change")
    parser.add_argument("--seed", type=int, default=20_260)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    with ProcessPoolExecutor(asked.processes) as pool:
        years = {
            noise: pool.submit(false_alarms, noise, asked.reps, asked.seed) for noise in NOISES
        }
        changes = [
            pool.submit(delay, place, times, asked.delays, asked.seed)
            for place in PLACES
            for times in TIMES
        ]
        counts = {noise: job.result() for noise, job in years.items()}
        delays = [job.result() for job in changes]
    command = f"python -m benchmarks.drift --reps {asked.reps} --delays {asked.delays}"
    PAGE.write_text(
        f"{HEAD}`{command} --seed {asked.seed}`\n\n## A cap that stays\n\n"
        f"{_alarm_table(counts, asked.reps)}\n\n## A cap that changes\n\n"
        f"{ABOUT_DELAYS}{_delay_table(delays)}\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
