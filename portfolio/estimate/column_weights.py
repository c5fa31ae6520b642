"""What each turn of one account weighs when its burn is shared out, of a million at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from portfolio.estimate.glm_credits import (
    OFF_PEAK,
    PEAK_BEGINS,
    PEAK_DAYS,
    PEAK_ENDS,
    PEAK_ZONE,
    TOKENS,
    Rates,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    IntArray: TypeAlias = npt.NDArray[np.int64]
    FloatArray: TypeAlias = npt.NDArray[np.float64]
    BoolArray: TypeAlias = npt.NDArray[np.bool_]

HOUR_US: Final = 3_600_000_000
DAY_US: Final = 24 * HOUR_US
FIRST_WEEKDAY: Final = 3  # 1 January 1970 was a Thursday

# What a token of each kind costs beside the others on nearly every price list: input, output, read
# from a cache, written to one. Used where no price of any turn is known.
USUAL_RATIO: Final = (1.0, 5.0, 0.1, 1.25)


def by_cost(tokens: IntArray, cost_usd: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Weigh turns by their API-equivalent dollars, and tell which had no price.

    A turn without a price weighs what its tokens would have cost at the mean price that this
    account's other turns paid for each kind: a guess, and told as one, but nothing it worked on is
    for nothing.

    Args:
        tokens: (4, turns): input, output, read from a cache, written to one.
        cost_usd: (4, turns), of each kind; not a number where no price is known.
    """
    import numpy as np

    weights: FloatArray = cost_usd[0] + cost_usd[1] + cost_usd[2] + cost_usd[3]
    is_estimated = np.isnan(weights)
    if is_estimated.any():
        rates = _mean_rates(tokens[:, ~is_estimated], cost_usd[:, ~is_estimated])
        weights[is_estimated] = _sized(rates, tokens[:, is_estimated])
    return weights, is_estimated


def by_credits(
    at_us: IntArray, tokens: IntArray, *, model: IntArray, rates: Sequence[Rates | None]
) -> FloatArray:
    """Weigh turns by GLM's published credits; a model without published rates at their mean.

    Args:
        at_us: (turns,) microseconds since 1970, UTC.
        tokens: (4, turns), as above.
        model: (turns,) place of its model in `rates`.
        rates: Of each model; None where none are published.
    """
    import numpy as np

    is_rated = np.array([one is not None for one in rates], dtype=bool)[model]
    sized = _sized(USUAL_RATIO, tokens)
    found = np.zeros(len(at_us))
    for place, one in enumerate(rates):
        if one is not None:
            of_model = model == place
            found[of_model] = credits_at(at_us[of_model], tokens[:, of_model], one)
    priced, whole = float(sized[is_rated].sum()), float(found[is_rated].sum())
    rate = whole / priced if priced > 0 and whole > 0 else 1.0
    return np.where(is_rated, found, sized * rate)


def credits_at(at_us: IntArray, tokens: IntArray, rates: Rates) -> FloatArray:
    """Give the credits that requests take on one model; see `glm_credits.credits_of`."""
    import numpy as np

    sent, answered, cached, written = tokens
    weighted = (sent + written) * rates.input + cached * rates.cached + answered * rates.output
    taken: FloatArray = weighted / TOKENS * np.where(is_peak(at_us), 1.0, OFF_PEAK)
    return taken


def is_peak(at_us: IntArray) -> BoolArray:
    """Tell which moments lie in the hours that count in full; see `glm_credits.is_peak`.

    >>> import numpy as np
    >>> tuesday = 1793664000_000_000 + np.array([5, 6, 9, 10]) * HOUR_US
    >>> is_peak(tuesday).tolist()
    [False, True, True, False]
    """
    import numpy as np

    there = at_us + PEAK_ZONE.utcoffset(None) // timedelta(microseconds=1)
    weekday, hours = (there // DAY_US + FIRST_WEEKDAY) % 7, there % DAY_US / HOUR_US
    is_day = np.isin(weekday, list(PEAK_DAYS))
    return is_day & (hours >= PEAK_BEGINS.hour) & (hours < PEAK_ENDS.hour)


def _mean_rates(tokens: IntArray, cost_usd: FloatArray) -> Sequence[float]:
    """Give what a token of each kind cost on average; a kind nobody used, by the usual ratio."""
    sums, costs = tokens.sum(axis=1).tolist(), cost_usd.sum(axis=1).tolist()
    sized = sum(ratio * count for ratio, count in zip(USUAL_RATIO, sums, strict=True))
    scale = sum(costs) / sized if sized > 0 and sum(costs) > 0 else 1.0
    return [
        cost / count if count > 0 else scale * ratio
        for cost, count, ratio in zip(costs, sums, USUAL_RATIO, strict=True)
    ]


def _sized(rates: Sequence[float], tokens: IntArray) -> FloatArray:
    first, second, third, fourth = rates
    sized: FloatArray = (
        tokens[0] * first + tokens[1] * second + tokens[2] * third + tokens[3] * fourth
    )
    return sized
