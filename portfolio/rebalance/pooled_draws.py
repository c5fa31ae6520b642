"""Draw what features take by method and size together, and how often they surely ship."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from portfolio.rebalance.pooling import UNSEEN, Pooled, pooled

if TYPE_CHECKING:
    import numpy as np

    from portfolio.rebalance.feature_draws import Attempted
    from portfolio.rebalance.monthly.problem import FloatArray

    Cells: TypeAlias = Sequence[Sequence[Sequence[Attempted]]]  # by method and size

HALF: Final = 0.5  # a feature, added to both outcomes: the log-odds of few are finite
Z_QUARTER: Final = 0.6744897501960817  # the normal quantile of 3/4
USUAL_CV: Final = 0.5  # of what a feature of a size takes, where no size has two


class PooledDraws(NamedTuple):
    """What features take, in scenarios, and how often they ship at least."""

    usd: FloatArray  # a shipped feature, shape (scenarios, methods, sizes)
    success_low: FloatArray  # shape (methods, sizes)


def draw_pooled(
    attempts: Sequence[Sequence[Attempted]],
    *,
    weights: Mapping[str, float],
    scenarios: int,
    rng: np.random.Generator,
) -> PooledDraws:
    """Draw what a shipped feature of each size takes: an attempt's dollars over its success.

    The log of the mean dollars of n attempts has the variance cv² / n, cv² pooled over all methods
    and sizes; the log-odds log((k + 1/2) / (l + 1/2)) of k kept and l lost 1 / (k + 1/2)
    + 1 / (l + 1/2). Both tables are pooled over methods and sizes, then drawn. The lower bound of
    success is a quarter of the way up: a surer one leaves out more that is good enough than it
    keeps out that is not (docs/holding.md).

    Args:
        attempts: By method; one or more of each.
        weights: What a feature of each size counts for, in the order of the columns.
        scenarios: How many draws.
        rng: Source of chance.
    """
    import numpy as np

    cells = [[[one for one in own if one.size == size] for size in weights] for own in attempts]
    usd = _attempt_usd(cells, np.log(np.array(list(weights.values())))).drawn(scenarios, rng)
    counts, kept = _outcomes(cells)
    won, failed = kept + HALF, counts - kept + HALF
    odds = pooled(np.log(won / failed), np.where(counts > 0, 1 / won + 1 / failed, UNSEEN))
    success = 1 / (1 + np.exp(-odds.drawn(scenarios, rng)))
    error = np.sqrt(np.diag(odds.covariance)).reshape(odds.guess.shape)
    low: FloatArray = 1 / (1 + np.exp(Z_QUARTER * error - odds.guess))
    return PooledDraws(np.exp(usd) / success, low)


def _outcomes(cells: Cells) -> tuple[FloatArray, FloatArray]:
    """Count attempts, and those that shipped, by method and size."""
    import numpy as np

    counts = [[float(len(cell)) for cell in row] for row in cells]
    kept = [[float(sum(one.is_shipped for one in cell)) for cell in row] for row in cells]
    return np.array(counts), np.array(kept)


def _attempt_usd(cells: Cells, by_weight: FloatArray) -> Pooled:
    """Pool the log of what an attempt takes, each size beside what its weight says."""
    import numpy as np

    counts, _ = _outcomes(cells)
    is_seen = counts > 0
    usd = np.array([[sum(one.usd for one in cell) for cell in row] for row in cells])
    level = np.log(np.where(is_seen, usd, 1.0) / np.maximum(counts, 1.0)) - by_weight
    noise = np.where(is_seen, _squared_cv(cells) / np.maximum(counts, 1.0), UNSEEN)
    found = pooled(np.where(is_seen, level, 0.0), noise)
    return Pooled(found.guess + by_weight, found.covariance)


def _squared_cv(cells: Cells) -> float:
    """Give the squared coefficient of variation within a method and size, pooled."""
    import numpy as np

    several = [[one.usd for one in cell] for row in cells for cell in row if len(cell) > 1]
    if not several:
        return USUAL_CV**2
    free = np.array([len(own) - 1.0 for own in several])
    squared = np.array([np.var(own, ddof=1) / np.mean(own) ** 2 for own in several])
    return max(float((free @ squared) / free.sum()), 1e-6)
