"""Made-up items that a policy gives to three accounts, and what comparing two of them then holds.

Work as in benchmarks.comparing: classes S, M and L that cost 1, 3 and 9, half as much or twice in
two of three cases, a fifth of the classes recorded wrong. The first items are drawn in balance, as
in the baseline; then a policy draws, and sees features by weight of class and dollars.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from benchmarks.comparing import A_WEEK, COSTS, INSIDE, SHARES, WRONG
from portfolio.estimate.attempts import Attempt
from portfolio.estimate.comparison import compare_attempts
from portfolio.estimate.size_cues import SIZES
from portfolio.race.draw import weight
from portfolio.race.policy import Contender, Policy, choose
from portfolio.race.posterior import Tally, posteriors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portfolio.estimate.interval import Interval

ARMS: Final = ("a", "b", "c")
PAIRS: Final = (("a", "b"), ("a", "c"), ("b", "c"))
EVEN: tuple[float, ...] = (1 / 3,) * 3
BASELINE: Final = 18  # items drawn in balance, six for each arm


@dataclass(frozen=True, slots=True)
class Accounts:
    """Three accounts and what happens on them."""

    times: tuple[float, float, float]  # as much as on the first is taken on each
    ships: float = 1.0  # of the attempts
    items: int = 88

    def __str__(self) -> str:
        told = (
            "equal" if len(set(self.times)) == 1 else " : ".join(f"{one:g}" for one in self.times)
        )
        fails = f", {100 * (1 - self.ships):.0f} % fail" if self.ships < 1 else ""
        return f"{told}{fails}, {self.items} items"


class Item(NamedTuple):
    """One attempt with the chances it was drawn by."""

    arm: str
    probabilities: tuple[float, ...]
    size: int
    usd: float
    is_shipped: bool
    week: int


def worked(accounts: Accounts, policy: Policy, exploration: float, seed: int) -> list[Item]:
    """Draw one history."""
    rng, chance = np.random.default_rng(seed), Random(seed)
    items: list[Item] = []
    blocks = [arm for _ in range(BASELINE // 6) for arm in chance.sample(ARMS * 2, 6)]
    for place in range(accounts.items):
        size = int(rng.choice(3, p=SHARES))
        told = size
        if rng.random() < WRONG:
            told = 2 * int(rng.integers(0, 2)) if size == 1 else 1
        arm, probabilities = blocks[place] if place < BASELINE else "", EVEN
        if not arm:
            choice = choose(
                policy, _known(items), time=place + 1, rng=chance, exploration=exploration
            )
            arm, probabilities = choice.arm, choice.probabilities
        log_usd = math.log(COSTS[size]) + rng.normal(0, INSIDE)
        usd = math.exp(log_usd) * accounts.times[ARMS.index(arm)]
        is_shipped = bool(rng.random() < accounts.ships)
        items.append(Item(arm, probabilities, told, usd, is_shipped, place // A_WEEK))
    return items


def compared(items: Sequence[Item], pair: tuple[str, str]) -> Interval:
    """Compare two arms, each attempt weighed by one over its probability."""
    return compare_attempts(
        [
            Attempt(
                item=str(place),
                is_first=one.arm == pair[0],
                usd=one.usd,
                size=SIZES[one.size],
                kind="feature",
                week=one.week,
                is_shipped=one.is_shipped,
                weight=weight(one.arm, pair, ARMS, one.probabilities),
            )
            for place, one in enumerate(items)
            if one.arm in pair
        ],
        is_drawn=True,
    ).ratio


class Held(NamedTuple):
    """What comparisons did over many histories."""

    accounts: str
    policy: str
    pair: str
    median: float  # of the ratio over its truth
    coverage: float  # 0 to 1
    told: int  # histories in which there was an interval


def held(
    accounts: Accounts, policy: Policy, name: str, *, exploration: float, reps: int, seed: int
) -> list[Held]:
    """Compare every pair of arms over many histories."""
    found: dict[tuple[str, str], list[Interval]] = {pair: [] for pair in PAIRS}
    for rep in range(reps):
        items = worked(accounts, policy, exploration, seed + rep)
        for pair, own in found.items():
            own.append(compared(items, pair))
    return [_held(str(accounts), name, pair, own, accounts) for pair, own in found.items()]


def _held(
    told: str, name: str, pair: tuple[str, str], ratios: Sequence[Interval], accounts: Accounts
) -> Held:
    first, second = (accounts.times[ARMS.index(arm)] for arm in pair)
    truth = first / second
    known = [
        (one.point, one.low, one.high)
        for one in ratios
        if one.point is not None and one.low is not None and one.high is not None
    ]
    return Held(
        told,
        name,
        "/".join(pair),
        float(np.median([point for point, _, _ in known])) / truth,
        float(np.mean([low <= truth <= high for _, low, high in known])),
        len(known),
    )


def _known(items: Sequence[Item]) -> list[Contender]:
    tallies = [
        Tally(
            arm=arm,
            provider=arm,
            methodology="solo",
            shipped=tuple(COSTS[one.size] for one in items if one.arm == arm and one.is_shipped),
            exposure_usd=math.fsum(one.usd for one in items if one.arm == arm),
        )
        for arm in ARMS
    ]
    return [
        Contender(posterior=one, draws=sum(item.arm == one.arm for item in items))
        for one in posteriors(tallies)
    ]
