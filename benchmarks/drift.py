"""Measure how soon a changed cap is seen, and how often one that never was; writes docs/drift.md.

python -m benchmarks.drift [--reps N] [--delays N] [--seed N] [--processes N]

Each history is what windows bought of a pool, as logs; it goes through the program's own
`portfolio.estimate.drift.alarms` and `factor`, value by value.
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

from benchmarks.plain_chart import NONE, first_alarms
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
HEAD: Final = """# How soon a changed cap is seen

Made-up histories of one pool: the log of the API dollars that a unit of it buys, window by window,
with a standard deviation of .15: **iid** normal; **t4** with Student's heavy tails, of four
degrees; **AR(.3)** each window like the one before by .3. They go through the program's own chart
(`portfolio/estimate/drift.py`). Eight windows a week; a year is 416. **Plain**: the textbook's
chart on the same histories, with the same bounds (`benchmarks/plain_chart.py`); statistics.md,
"Drift", says in which two things the program's differs.

"""
ABOUT_DELAYS: Final = """Windows until it is seen, the one that tells it included; windows are iid.
Wanted: at most five for a cap cut in half. **Placed right**: of the changes seen, how many are said
to be where they were. **Interval holds**: the 95 % interval of the factor at the moment at which it
is first seen, with the change where it is said to be. After few windows a change is seen late, and
a small one not at all: ten windows do not say how far windows differ.

"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a chart told of many histories: those with an alarm before the change are left out."""

    delays: tuple[float, ...]  # windows; infinite: not within the time watched
    misplaced: tuple[int, ...]  # of those seen, how many windows off the change is said to be

    @property
    def told(self) -> str:
        """Give the median delay, and in brackets that of the slowest tenth."""
        median, late = (_windows(np.quantile(self.delays, q, method="lower")) for q in (0.5, 0.9))
        return f"{median} ({late})"

    def placed(self, within: int) -> str:
        """Give the share of changes that are said to be where they were, give or take."""
        return f"{np.mean(np.abs(self.misplaced) <= within):.0%}" if self.misplaced else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """How a change at one window was seen, over many histories."""

    place: int
    times: float
    ours: Seen
    plain: Seen
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


def false_alarms(noise: str, reps: int, seed: int) -> tuple[int, int]:
    """Count the years in which a cap that stayed raised an alarm: ours, and the plain chart's."""
    rng = np.random.default_rng([seed, 1, list(NOISES).index(noise)])
    years = NOISES[noise](reps, YEAR, rng)
    plain, _ = first_alarms(years)
    return sum(bool(alarms(year.tolist())) for year in years), int((plain >= 0).sum())


def delay(place: int, times: float, reps: int, seed: int) -> Delay:
    """Change the cap at one window, and see when that is told."""
    rng = np.random.default_rng([seed, 2, place, int(100 * times)])
    histories = iid(reps, place + WATCHED, rng)
    histories[:, place:] += math.log(times)
    ours = [_first(history.tolist(), place) for history in histories]
    held = []
    for history, alarm in zip(histories, ours, strict=True):
        if alarm is not None and alarm.seen >= place:
            before, after = history[: alarm.since], history[alarm.since : alarm.seen + 1]
            told = factor(before.tolist(), after.tolist())
            held.append((told.low or 0) <= times <= (told.high or 0))
    plain = [
        None if seen == NONE else Alarm(int(since), int(seen))
        for seen, since in zip(*first_alarms(histories), strict=True)
    ]
    return Delay(
        place=place,
        times=times,
        ours=_seen(ours, place),
        plain=_seen(plain, place),
        covers=float(np.mean(held)),
    )


def _seen(found: Sequence[Alarm | None], place: int) -> Seen:
    delays = [NEVER if alarm is None else float(alarm.seen - place + 1) for alarm in found]
    return Seen(
        tuple(one for one in delays if one > 0),
        tuple(one.since - place for one in found if one is not None and one.seen >= place),
    )


def _first(values: list[float], place: int) -> Alarm | None:
    """Give the first alarm; most are raised soon, so the end is seldom looked at."""
    for end in (place + 12, place + 40, len(values)):
        if found := alarms(values[:end]):
            return found[0]
    return None


def _alarm_table(counts: dict[str, tuple[int, int]], reps: int) -> str:
    lines = [
        "| noise | histories | false alarms a year | with two s.e. | plain | wanted |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for noise, (count, plain) in counts.items():
        share = count / reps
        # Of none, two standard errors say nothing: then the rule of three.
        reach = 2 * math.sqrt(share * (1 - share) / reps) if count else 3 / reps
        lines.append(
            f"| {noise} | {reps:,} | {100 * share:.2f} % | {100 * (share + reach):.2f} %"
            f" | {100 * plain / reps:.2f} % | {'≤ 5 %' if noise == 'iid' else ''} |"
        )
    return "\n".join(lines)


def _delay_table(found: list[Delay]) -> str:
    lines = [
        "| windows before | cap × | histories | median (p90) | plain | placed right | within one"
        " | plain: right | interval holds |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {one.place} | {one.times:g} | {len(one.ours.delays):,} | {one.ours.told}"
        f" | {one.plain.told} | {one.ours.placed(0)} | {one.ours.placed(1)}"
        f" | {one.plain.placed(0)} | {one.covers:.0%} |"
        for one in found
    ]
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
