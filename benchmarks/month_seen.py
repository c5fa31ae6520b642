"""Turn what a planner has seen into scenarios: methods and sizes pooled, or in plainer ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.month_plans import Draws
from benchmarks.month_world import API_USD, METHODS, SIZE_FACTORS, SIZES
from benchmarks.separate_draws import use_drawn
from portfolio.estimate.interval import success_rate
from portfolio.model import WEEKS_PER_MONTH
from portfolio.rebalance.feature_draws import Attempted, demand_drawn
from portfolio.rebalance.pooled_draws import draw_pooled

if TYPE_CHECKING:
    from benchmarks.month_world import FloatArray, Seen

LEAST_SUCCESS: Final = 0.05  # of ten attempts none shipped: half of one did
MARGIN: Final = 1.3  # on demand, of the rule that is on the safe side
HIGH: Final = 0.95  # quantile of the use, of that rule
LOW: Final = 0.1  # quantile of success, of the reference's lower bound
RESAMPLED: Final = 200


def together(seen: Seen, scenarios: int, seed: int) -> Draws:
    """Draw with methods and sizes pooled: each method is what a provider is to `rebalance`."""
    found = draw_pooled(
        [_attempts(seen, place) for place in range(len(METHODS))],
        weights=dict(zip(SIZES, SIZE_FACTORS, strict=True)),
        scenarios=scenarios,
        rng=np.random.default_rng([seed, 0]),
    )
    return Draws(
        use=_units(found.usd),
        success_low=found.success_low,
        demand=wanted(seen, scenarios, seed),
    )


def _units(usd: FloatArray) -> FloatArray:
    """Turn dollars, shape (scenarios, methods, sizes), into units of each pool."""
    takes = np.array([method[2] for method in METHODS])
    units: FloatArray = usd[..., None] * (takes / (takes @ np.array(API_USD))[:, None])[:, None, :]
    return units


def by_itself(seen: Seen, scenarios: int, seed: int) -> Draws:
    """Draw each method by itself, its features whole; one bound of success for all sizes."""
    use, low = [], []
    for place in range(len(METHODS)):
        usd = use_drawn(
            _attempts(seen, place),
            weights=dict(zip(SIZES, SIZE_FACTORS, strict=True)),
            scenarios=scenarios,
            rng=np.random.default_rng([seed, place]),
        )
        use.append(usd)
        kept = int(seen.shipped[place].sum())
        bound = success_rate(kept, seen.shipped[place].size - kept).low
        low.append([0.0 if bound is None else bound] * len(SIZES))
    return Draws(
        use=_units(np.stack(use, axis=1)),
        success_low=np.array(low),
        demand=wanted(seen, scenarios, seed),
    )


def wanted(seen: Seen, scenarios: int, seed: int) -> FloatArray:
    """Draw a month's demand as the program does."""
    rng = np.random.default_rng([seed, len(METHODS)])
    return demand_drawn(seen.past_weeks.tolist(), months=1, scenarios=scenarios, rng=rng)[:, 0]


def _attempts(seen: Seen, method: int) -> list[Attempted]:
    usd = seen.burn[method] @ np.array(API_USD)
    return [
        Attempted(
            size=size,
            usd=float(usd[place, number]),
            is_shipped=bool(seen.shipped[method, place, number]),
        )
        for place, size in enumerate(SIZES)
        for number in range(usd.shape[1])
    ]


def point(seen: Seen) -> Draws:
    """Take all estimates for the truth."""
    success = seen.shipped.mean(axis=2)
    use = seen.burn.mean(axis=2) / np.maximum(success, LEAST_SUCCESS)[..., None]
    return Draws(use=use[None], success_low=success, demand=_usual(seen))


def by_cell(seen: Seen, scenarios: int, seed: int) -> Draws:
    """Resample each method's attempts on each size; the lower tenth of success has to do."""
    use, low = _resampled(seen, max(scenarios, RESAMPLED), seed)
    return Draws(use=use[:scenarios], success_low=low, demand=wanted(seen, scenarios, seed))


def on_the_safe_side(seen: Seen, seed: int) -> Draws:
    """Take the upper end of the use, and nearly a third more features."""
    use, low = _resampled(seen, RESAMPLED, seed)
    high = np.quantile(use, HIGH, axis=0)
    return Draws(use=high[None], success_low=low, demand=MARGIN * _usual(seen))


def _usual(seen: Seen) -> FloatArray:
    usual: FloatArray = WEEKS_PER_MONTH * seen.past_weeks.mean(axis=0, keepdims=True)
    return usual


def _resampled(seen: Seen, scenarios: int, seed: int) -> tuple[FloatArray, FloatArray]:
    """Give use in each resample, and the lower bound of success."""
    rng = np.random.default_rng(seed)
    methods, sizes, attempts = seen.shipped.shape
    counts = rng.multinomial(
        attempts, np.full(attempts, 1 / attempts), (scenarios, methods, sizes)
    ).astype(float)
    burn = np.einsum("smzn,mznp->smzp", counts, seen.burn) / attempts
    success = np.einsum("smzn,mzn->smz", counts, seen.shipped.astype(float)) / attempts
    use = burn / np.maximum(success, LEAST_SUCCESS)[..., None]
    return use, np.quantile(success, LOW, axis=0)
