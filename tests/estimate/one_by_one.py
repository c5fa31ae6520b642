"""Weigh and share turns one by one, as the columns have to do it for all at once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Generic, NamedTuple, Protocol, TypeAlias, TypeVar

from portfolio.estimate.account_spend import Amount, Meter, Spend
from portfolio.estimate.column_weights import USUAL_RATIO
from portfolio.estimate.glm_credits import credits_of
from portfolio.estimate.spend import (
    IDLE,
    LAG,
    TOO_MUCH,
    Rise,
    from_first_turns,
    highest_rate,
    told_since,
)

Key = TypeVar("Key", bound=Hashable)

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


class WeighedTurn(NamedTuple, Generic[Key]):
    """One turn: when it was, what it was for, and how much it weighs beside the others."""

    at: datetime  # UTC
    key: Key
    weight: float  # not negative; of one account all in one measure


@dataclass(frozen=True, slots=True)
class Cause(Generic[Key]):
    """A rise and the turns that may have caused it."""

    rise: Rise
    turns: Sequence[WeighedTurn[Key]]  # oldest first, each with some weight
    weight: float  # of all of them

    @property
    def has_idle_time(self) -> bool:
        """Tell whether nothing was worked here for a while: time for use elsewhere."""
        moments = [self.rise.since, *(turn.at for turn in self.turns), self.rise.until]
        return any(then - first > IDLE for first, then in pairwise(moments))


def shares_of(
    rises: Sequence[Rise], turns: Sequence[WeighedTurn[Key]]
) -> Iterator[tuple[datetime, Key | None, float]]:
    """Give every part of every rise: when it was, whose, how much; None: elsewhere.

    Args:
        rises: Oldest first; no two of them overlap.
        turns: Oldest first, of the account whose meter it is.
    """
    weighing = [turn for turn in turns if turn.weight > 0]
    times = [turn.at for turn in weighing]
    causes = []
    for rise in rises:
        own = weighing[bisect_right(times, rise.since) : bisect_right(times, rise.until)]
        causes.append(Cause(rise, own, sum(turn.weight for turn in own)))
    steady = [one for one in causes if not one.has_idle_time]
    highest = highest_rate([(one.rise.amount, one.weight) for one in steady])
    for cause in causes:
        rise, explained = cause.rise, _explained(cause, highest)
        if explained < rise.amount:
            yield rise.until, None, rise.amount - explained
        by_key: dict[Key, float] = defaultdict(float)
        for turn in cause.turns if explained > 0 else ():
            by_key[turn.key] += turn.weight
        for key, part in by_key.items():
            yield rise.until, key, explained * (part / cause.weight)


def _explained(cause: Cause[Key], highest: float | None) -> float:
    """Give how much of a rise its turns explain."""
    rise = cause.rise
    if cause.weight <= 0:
        return 0.0
    # What was worked before the meter stood still was on it already, but for less than a step.
    late = sum(turn.weight for turn in cause.turns if turn.at > rise.stood_until - LAG)
    if late <= 0:
        return min(rise.amount, rise.step)
    if highest is None or not cause.has_idle_time:
        return rise.amount
    if rise.amount > rise.step + TOO_MUCH * highest * late:
        return min(rise.amount, highest * cause.weight)
    return rise.amount


def spend_of(meter: Meter, turns: Sequence[WeighedTurn[Key]]) -> Spend[Key]:
    """Share the burn of a stay over its account's turns, oldest first."""
    parts: dict[Key, Amount] = {}
    elsewhere = Amount()
    times = [turn.at for turn in turns]
    has_turn = [
        bisect_right(times, rise.until) > bisect_left(times, rise.since) for rise in meter.rises
    ]
    for at, key, burn in shares_of(from_first_turns(meter.rises, has_turn), turns):
        here = elsewhere if key is None else parts.setdefault(key, Amount())
        here.add(burn, meter.worth(at))
    if meter.left:
        elsewhere.add(meter.left, meter.worth(meter.stay.end))
    return Spend(meter, parts, elsewhere)


def tells_of(meter: Meter, at: datetime) -> bool:
    """Tell whether two readings, or a reset and one, say what was used round a moment."""
    place = bisect_right(told_since(meter.uses), at) - 1
    return place >= 0 and at <= meter.uses[place].until
