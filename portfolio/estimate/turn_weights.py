"""What each turn of one account weighs when its burn is shared out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple, Protocol, TypeAlias

from portfolio.estimate.glm_credits import credits_of

# What a token of each kind costs beside the others on nearly every price list: input, output, read
# from a cache, written to one. Used where no price of any turn is known.
USUAL_RATIO: Final = (1.0, 5.0, 0.1, 1.25)

Kinds: TypeAlias = tuple[float, float, float, float]


class TurnUse(Protocol):
    """What one turn used: tokens by kind, and what they would have cost."""

    @property
    def at(self) -> datetime:
        """Give when it was, in UTC."""

    @property
    def model(self) -> str:
        """Give the model as the log names it."""

    @property
    def tokens(self) -> tuple[int, int, int, int]:
        """Give its tokens: input, output, read from a cache, written to one."""

    @property
    def cost_usd(self) -> Kinds | None:
        """Give the dollars of each kind; None where no price is known."""


class Weights(NamedTuple):
    """The weight of each turn, in order, all in one measure."""

    weights: list[float]
    estimated: list[bool]  # no price was known; weighed by what the priced ones cost


def weights_by_cost(turns: Sequence[TurnUse]) -> Weights:
    """Weigh turns by their API-equivalent dollars.

    A turn without a price weighs what its tokens would have cost at the mean price that this
    account's other turns paid for each kind: a guess, and told as one, but nothing it worked on is
    for nothing.
    """
    rates = _mean_rates([turn for turn in turns if turn.cost_usd is not None])
    return Weights(
        [
            sum(turn.cost_usd) if turn.cost_usd is not None else _at(rates, turn.tokens)
            for turn in turns
        ],
        [turn.cost_usd is None for turn in turns],
    )


def weights_by_credits(turns: Sequence[TurnUse]) -> Weights:
    """Weigh turns by GLM's published credits; a model without published rates at their mean."""
    known = [_credits(turn) for turn in turns]
    tokens = [_at(USUAL_RATIO, turn.tokens) for turn in turns]
    priced = sum(size for size, one in zip(tokens, known, strict=True) if one is not None)
    whole = sum(one for one in known if one is not None)
    rate = whole / priced if priced > 0 and whole > 0 else 1.0
    return Weights(
        [one if one is not None else size * rate for size, one in zip(tokens, known, strict=True)],
        [one is None for one in known],
    )


def _credits(turn: TurnUse) -> float | None:
    sent, answered, read, written = turn.tokens
    return credits_of(
        turn.model,
        input_tokens=sent,
        output_tokens=answered,
        cache_read_tokens=read,
        cache_write_tokens=written,
        at=turn.at,
    )


def _mean_rates(priced: Sequence[TurnUse]) -> Kinds:
    """Give what a token of each kind cost on average; a kind nobody used, by the usual ratio."""
    tokens = [sum(turn.tokens[kind] for turn in priced) for kind in range(4)]
    cost = [sum(turn.cost_usd[kind] for turn in priced if turn.cost_usd) for kind in range(4)]
    sized = _at(USUAL_RATIO, tokens)
    scale = sum(cost) / sized if sized > 0 and sum(cost) > 0 else 1.0
    first, second, third, fourth = (
        cost[kind] / tokens[kind] if tokens[kind] > 0 else scale * USUAL_RATIO[kind]
        for kind in range(4)
    )
    return first, second, third, fourth


def _at(rates: Kinds, tokens: Sequence[int]) -> float:
    return sum(rate * count for rate, count in zip(rates, tokens, strict=True))
