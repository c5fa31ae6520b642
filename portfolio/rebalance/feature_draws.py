"""Draw what a feature takes and how many are wanted: the scenarios that portfolios are tried in.

Weeks are resampled whole from one's own past; what features take is in `pooled_draws`. What is not
known is not drawn. Formulas: docs/planning.md, "Scenarios".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from portfolio.estimate.forecast import FADING, LEAST, WEEKS_SETTLED
from portfolio.model import WEEKS_PER_MONTH

if TYPE_CHECKING:
    import numpy as np

    from portfolio.rebalance.monthly.problem import FloatArray

FEWEST: Final = 4  # finished features; fewer do not tell what one takes
UNSIZED: Final = "any"  # the class of features whose size nobody fixed before the work


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempted:
    """One finished feature."""

    size: str  # S, M, L or UNSIZED
    usd: float  # at API prices: what it took, above zero
    is_shipped: bool


def demand_drawn(
    weeks: Sequence[Sequence[float]], *, months: int, scenarios: int, rng: np.random.Generator
) -> FloatArray:
    """Draw the features of each size that months ask for; shape (scenarios, months, sizes).

    A month is 4.345 weeks drawn from the past, a week counting for 0.85 of the one after it, plus
    what the mean of as many weeks as there were is off by. Of fewer than three weeks nobody knows
    how far weeks differ: their totals are taken for Poisson counts.

    Args:
        weeks: Features shipped in each whole week, oldest first, by size; one week or more.
        months: How many.
        scenarios: How many draws.
        rng: Source of chance.
    """
    import numpy as np

    table = np.asarray(weeks, dtype=float)
    n = len(table)
    fading = FADING ** np.arange(n - 1, -1, -1.0)
    fading /= fading.sum()
    mean = fading @ table
    if n < WEEKS_SETTLED:
        total = float(table.sum())
        level = rng.gamma(total + LEAST, 1.0, size=(scenarios, 1, 1)) / max(total, LEAST)
        counts = rng.poisson(WEEKS_PER_MONTH * mean * level, size=(scenarios, months, len(mean)))
        return counts.astype(float)
    is_known = max(1, round(1 / float(fading @ fading)))  # weeks that weigh as much as all of them
    off = rng.multinomial(is_known, fading, size=scenarios) @ table / is_known - mean
    whole = int(WEEKS_PER_MONTH)
    drawn = rng.multinomial(whole, fading, size=(scenarios, months)) @ table
    part = rng.multinomial(1, fading, size=(scenarios, months)) @ table
    month = drawn + (WEEKS_PER_MONTH - whole) * part
    found: FloatArray = np.maximum(month + WEEKS_PER_MONTH * off[:, np.newaxis, :], 0.0)
    return found


def around_drawn(
    weeks: Sequence[tuple[float, float]],
    *,
    usd_per_feature: float,
    scenarios: int,
    rng: np.random.Generator,
) -> FloatArray:
    """Draw how many times its own dollars a feature takes with all that is worked around it.

    Fixes, chores, what was begun and not finished, and what was worked elsewhere use the same
    pools: all dollars over the features shipped, beside what one took itself; never below 1.

    Args:
        weeks: Dollars at API prices of all work, and features shipped, of each whole week.
        usd_per_feature: What a shipped feature took itself.
        scenarios: How many draws.
        rng: Source of chance.
    """
    import numpy as np

    table = np.asarray(weeks, dtype=float).reshape(-1, 2)
    if not len(table) or not table[:, 1].sum():
        return np.ones(scenarios)
    n = len(table)
    totals = rng.multinomial(n, np.full(n, 1 / n), size=scenarios) @ table
    ratio = totals[:, 0] / np.maximum(totals[:, 1], LEAST) / usd_per_feature
    found: FloatArray = np.maximum(ratio, 1.0)
    return found
