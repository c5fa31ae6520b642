"""What the turns of one account weigh beside each other on its meter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portfolio.estimate.column_weights import by_cost, by_credits
from portfolio.estimate.glm_credits import rates_of

if TYPE_CHECKING:
    from portfolio.estimate.column_weights import BoolArray
    from portfolio.store.turn_columns import FloatArray, TurnColumns


def weighed(turns: TurnColumns, provider: str | None) -> tuple[FloatArray, BoolArray]:
    """Weigh turns: by credits for GLM, else by dollars; and tell whose weight is estimated."""
    if provider != "glm":
        return by_cost(turns.tokens, turns.cost_usd)
    import numpy as np

    rates = [rates_of(model) for model in turns.models]
    weights = by_credits(turns.at_us, turns.tokens, model=turns.model, rates=rates)
    return weights, np.array([one is None for one in rates], dtype=bool)[turns.model]
