"""Measure how often the interval of dollars paid per feature holds the truth; see docs/coverage.md.

python -m benchmarks.paid
"""

from __future__ import annotations

import argparse
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.pages import put_between
from portfolio.estimate.paid_ranges import WEEK, PaidFor, paid_ranges

if TYPE_CHECKING:
    from benchmarks.worlds import FloatArray

PAGE = Path(__file__).parents[1] / "docs" / "coverage.md"
SIZES = (4, 6, 8, 13, 26)  # weeks
TOGETHER = 100  # users that share their resamples, as the accounts of one report do
BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
USD_A_WEEK = 20.0


class User(NamedTuple):
    """How many features a user's weeks bring."""

    features: float  # a week, on average
    cv: float = 0.0  # of weeks, beside chance
    lasts: float = 0.0  # correlation of one week's log with the next one's
    off: float = 0.0  # share of weeks that bring nothing

    def weeks(self, count: int, reps: int, rng: np.random.Generator) -> FloatArray:
        """Draw the features of each week, shape (reps, count)."""
        sigma = math.sqrt(math.log1p(self.cv**2))
        logs = rng.normal(size=(reps, count))
        for week in range(1, count):
            fresh = math.sqrt(1 - self.lasts**2) * logs[:, week]
            logs[:, week] = self.lasts * logs[:, week - 1] + fresh
        at_work = (rng.random((reps, count)) >= self.off) / (1 - self.off)
        mean = self.features * np.exp(sigma * logs - sigma**2 / 2) * at_work
        return rng.poisson(mean).astype(np.float64)


USERS = {
    "6 a week, chance alone": User(6),
    "6, weeks differ (CV 0.4)": User(6, cv=0.4),
    "25, weeks differ (CV 0.4)": User(25, cv=0.4),
    "1.5, weeks differ (CV 0.3)": User(1.5, cv=0.3),
    "6, 15 % of weeks off": User(6, off=0.15),
    "6, differ and last (0.5)": User(6, cv=0.4, lasts=0.5),
}


def paid_in(begins_at: datetime, ends_at: datetime) -> float:
    """Give what a plan costs in some time."""
    return USD_A_WEEK * ((ends_at - begins_at) / WEEK)


def measure(user: User, weeks: int, *, reps: int, seed: int) -> str:
    """Say how many in 100 hold the truth, and the median of high - low over it."""
    rng = np.random.default_rng([seed, weeks, int(10 * user.features)])
    truth = USD_A_WEEK / user.features
    held, widths = 0, []
    drawn = user.weeks(weeks, reps, rng)
    for begin in range(0, reps, TOGETHER):
        found = paid_ranges(
            [
                PaidFor(shipped_at=_moments(row.tolist()), paid_in=paid_in)
                for row in drawn[begin : begin + TOGETHER]
            ],
            since=BEGIN,
            until=BEGIN + weeks * WEEK,
            rng_for=lambda _: rng,
        )
        for one in found:
            if one is not None and one.low is not None:
                high = math.inf if one.high is None else one.high
                held += one.low <= truth <= high
                widths.append((high - one.low) / truth)
    return f"{100 * held / len(widths):.1f} ({np.median(widths):.2f})"


def _moments(features: list[float]) -> list[datetime]:
    return [
        BEGIN + week * WEEK + timedelta(hours=1)
        for week, count in enumerate(features)
        for _ in range(int(count))
    ]


def main() -> None:
    """Measure every user at every number of weeks, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=10_000, help="histories for each cell")
    parser.add_argument("--seed", type=int, default=20_260)
    asked = parser.parse_args()
    lines = [
        f"`python -m benchmarks.paid --reps {asked.reps} --seed {asked.seed}`:",
        "",
        "| features | " + " | ".join(f"{weeks} weeks" for weeks in SIZES) + " |",
        "| --- |" + " ---: |" * len(SIZES),
    ]
    for name, user in USERS.items():
        cells = [measure(user, weeks, reps=asked.reps, seed=asked.seed) for weeks in SIZES]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    put_between(PAGE, "paid", "\n".join(lines))


if __name__ == "__main__":
    main()
