"""Draw what features take by each method for itself: what the program's pooled draws are beside."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from portfolio.estimate.class_costs import BORROWED
from portfolio.estimate.forecast import LEAST
from portfolio.rebalance.feature_draws import Attempted

if TYPE_CHECKING:
    import numpy as np

    from portfolio.rebalance.monthly.problem import FloatArray


def use_drawn(
    attempts: Sequence[Attempted],
    *,
    weights: Mapping[str, float],
    scenarios: int,
    rng: np.random.Generator,
) -> FloatArray:
    """Draw what a shipped feature of each size takes; shape (scenarios, sizes).

    Features are resampled whole. A size's own ratio of totals (dollars over shipped) has its n
    features' say; what all features together tell, by the weight of the size, that of four. The
    distance of a draw's log from the sample's is widened by sqrt(n / (n - 1)).

    Args:
        attempts: Two or more, of one provider.
        weights: What a feature of each size counts for, in the order of the columns.
        scenarios: How many draws.
        rng: Source of chance.

    Source:
        Efron and Tibshirani (1993), ch. 6; docs/planning.md, "Scenarios".
    """
    import numpy as np

    n = len(attempts)
    counts = rng.multinomial(n, np.full(n, 1 / n), size=scenarios).astype(float)
    point = _log_use(np.ones((1, n)), attempts, weights)
    drawn = _log_use(counts, attempts, weights)
    found: FloatArray = np.exp(point + math.sqrt(n / (n - 1)) * (drawn - point))
    return found


def _log_use(
    counts: FloatArray, attempts: Sequence[Attempted], weights: Mapping[str, float]
) -> FloatArray:
    """Give the log of what a shipped feature takes, where each counts so often."""
    import numpy as np

    usd = np.array([one.usd for one in attempts])
    shipped = np.array([float(one.is_shipped) for one in attempts])
    weight = np.array([weights[one.size] for one in attempts])
    # Where chance drew no shipped one, the least that is known of it is half of one.
    scored = np.maximum(counts @ (weight * shipped), LEAST * weight.min())
    level = np.log(counts @ usd) - np.log(scored)
    found = np.zeros((len(counts), len(weights)))
    for place, (size, own) in enumerate(weights.items()):
        is_own = np.array([float(one.size == size) for one in attempts])
        ended = counts @ (is_own * shipped)
        has = (ended > 0) * (counts @ is_own)
        ratio = np.log(np.maximum(counts @ (is_own * usd), 1e-300)) - np.log(np.maximum(ended, 1))
        borrowed = level + math.log(own)
        found[:, place] = np.where(
            has > 0, (has * ratio + BORROWED * borrowed) / (has + BORROWED), borrowed
        )
    return found
