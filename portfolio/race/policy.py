"""Who does the next item once the race is in production: mostly who seems best, by a policy.

A policy says with what probability it would give the next item to each arm. A share of the draws
is exploratory: any eligible arm, each as likely. The probability of every arm, both taken together,
is part of the answer and is kept: what is estimated later weighs by one over it and stays fair.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from statistics import NormalDist
from typing import Final, Protocol

from portfolio.estimate.quantiles import gamma
from portfolio.race.best import probabilities_of_best
from portfolio.race.posterior import Posterior

EXPLORATION: Final = 0.1  # of the draws
TEMPER: Final = 0.5  # Thompson's: docs/race.md
PARKED_BELOW: Final = 0.02  # of recent draws, as the policy alone would have them
FEWEST_DRAWS: Final = 10  # in which an arm was eligible; after fewer nothing is parked
ROUGH: Final = (
    0.1  # over the shape: how far off the approximate quantile may be, up to 100,000 draws
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """An arm that may do the next item."""

    posterior: Posterior
    draws: int  # items that were given to it so far, finished or not

    @property
    def arm(self) -> str:
        """Give the arm's name."""
        return self.posterior.arm


class Policy(Protocol):
    """A rule that says who should do the next item."""

    def chances(self, arms: Sequence[Contender], *, time: int) -> tuple[float, ...]:
        """Give the probability of each arm, in their order; they add up to 1.

        Args:
            arms: The eligible ones, one or more, sorted by name.
            time: The number of this draw, from 1 on.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Thompson:
    """Each arm as often as it is the best one by what is known: Thompson sampling.

    Its choice probabilities are the probabilities of being best, integrated, not sampled. Below a
    temper of 1 what was seen counts more than it is: fewer items are spent on making sure.
    """

    temper: float = TEMPER

    def __post_init__(self) -> None:
        if not 0 < self.temper <= 1:
            raise ValueError(f"a temper lies above 0 and not above 1, got {self.temper}")

    def chances(self, arms: Sequence[Contender], *, time: int) -> tuple[float, ...]:  # noqa: ARG002 - of the protocol
        """Give the probability of each arm of being best, tempered."""
        return probabilities_of_best([one.posterior.tempered(self.temper) for one in arms])


@dataclass(frozen=True, slots=True, kw_only=True)
class BayesUcb:
    """The arm whose rate may be highest: the quantile 1 - 1/(time + 1) of its posterior.

    Every arm without a draw comes first; ties go by name.

    Source:
        Kaufmann, Cappé & Garivier (2012), On Bayesian upper confidence bounds for bandit problems.
    """

    def chances(self, arms: Sequence[Contender], *, time: int) -> tuple[float, ...]:
        """Give 1 to the arm that is next, 0 to the others."""
        untried = next((place for place, one in enumerate(arms) if not one.draws), None)
        level = 1 - 1 / (time + 1)
        place = _highest([one.posterior for one in arms], level) if untried is None else untried
        return tuple(float(other == place) for other in range(len(arms)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Who does the next item, and how probable each was."""

    arm: str
    eligible: tuple[str, ...]  # sorted
    probabilities: tuple[float, ...]  # of each of them, exploration included


def choose(
    policy: Policy,
    arms: Sequence[Contender],
    *,
    time: int,
    rng: Random,
    exploration: float = EXPLORATION,
) -> Choice:
    """Draw the arm of the next item by a policy, a share of the draws from all arms alike.

    One number is taken of rng. The order in which arms are given is of no account.

    Args:
        policy: The rule.
        arms: Those eligible, declared before the draw.
        time: The number of this draw, from 1 on.
        rng: Of chance; race.draw.chance makes one that asking again makes the same.
        exploration: The share of draws that is exploratory; 0 leaves all to the policy, and
            estimates of arms it never picks then rest on nothing.

    Raises:
        ValueError: No arm is eligible, one is twice, time is below 1, or exploration is no share.

    Example:
        >>> arms = [
        ...     Contender(posterior=Posterior(arm=name, prior_shape=9.0, prior_usd=usd), draws=3)
        ...     for name, usd in (("a", 10.0), ("b", 5.0))
        ... ]
        >>> choose(BayesUcb(), arms, time=7, rng=Random(1), exploration=0.5).probabilities
        (0.25, 0.75)
    """
    _check(arms, time=time, exploration=exploration)
    ordered = sorted(arms, key=lambda one: one.arm)
    even = exploration / len(ordered)
    probabilities = tuple(
        even + (1 - exploration) * chance for chance in policy.chances(ordered, time=time)
    )
    at = rng.random() * sum(probabilities)
    place = next(
        (place for place, upto in enumerate(accumulate(probabilities)) if at < upto),
        len(ordered) - 1,
    )
    return Choice(
        arm=ordered[place].arm,
        eligible=tuple(one.arm for one in ordered),
        probabilities=probabilities,
    )


def parked(
    recent: Sequence[Mapping[str, float]], *, exploration: float = EXPLORATION
) -> frozenset[str]:
    """Give the arms to which the policy gave less than 2 % of recent draws, exploration aside.

    It goes by the probabilities that were recorded, not by whom chance then took. A parked arm is
    in the race: exploration goes on, and the policy takes it up again when it has reason to.

    Args:
        recent: The probability of each eligible arm, of every draw that is looked at.
        exploration: The share of those draws that was exploratory.

    Raises:
        ValueError: Exploration is no share, or all there is.

    Example:
        >>> sorted(parked([{"a": 0.95, "b": 0.05}] * 20))
        ['b']
    """
    if not 0 <= exploration < 1:
        raise ValueError(f"exploration is a share from 0 to below 1, got {exploration}")
    shares: dict[str, list[float]] = {}
    for draw in recent:
        for arm, probability in draw.items():
            even = exploration / len(draw)
            shares.setdefault(arm, []).append((probability - even) / (1 - exploration))
    return frozenset(
        arm
        for arm, own in shares.items()
        if len(own) >= FEWEST_DRAWS and sum(own) < PARKED_BELOW * len(own)
    )


def _check(arms: Sequence[Contender], *, time: int, exploration: float) -> None:
    names = [one.arm for one in arms]
    if not names or len(set(names)) < len(names):
        raise ValueError(f"want one eligible arm or more, each once; got {sorted(names)}")
    if time < 1:
        raise ValueError(f"draws are counted from 1 on, got {time}")
    if not 0 <= exploration <= 1:
        raise ValueError(f"exploration is a share from 0 to 1, got {exploration}")


def _highest(arms: Sequence[Posterior], level: float) -> int:
    """Give the place of the arm with the highest quantile, the first of equals.

    An exact quantile takes a fifth of a millisecond, too long for 200 arms: only those are asked
    that by Wilson's and Hilferty's approximation could be the highest.
    """
    normal = NormalDist().inv_cdf(level)
    rough = [rough_gamma(one.shape, normal) / one.usd for one in arms]
    off = [1 + ROUGH / one.shape for one in arms]
    sure = max(index / by for index, by in zip(rough, off, strict=True))
    likely = [
        place
        for place, (index, by) in enumerate(zip(rough, off, strict=True))
        if index * by >= sure
    ]
    if len(likely) == 1:
        return likely[0]
    exact = {place: gamma(arms[place].shape, level) / arms[place].usd for place in likely}
    return max(likely, key=lambda place: exact[place])


def rough_gamma(shape: float, normal: float) -> float:
    """Approximate the quantile of the gamma distribution where the normal one has a value.

    >>> round(rough_gamma(1.0, 0.0), 2), round(gamma(1.0, 0.5), 2)
    (0.7, 0.69)
    """
    return shape * max(0.0, 1 - 1 / (9 * shape) + normal / (3 * math.sqrt(shape))) ** 3
