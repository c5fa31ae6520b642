"""Draw the arm of an item: permuted blocks within what is alike before the work.

A stratum is a class of size and a set of eligible arms. In it every block of two draws an arm holds
each arm twice, in an order of chance: so arms get alike numbers of alike items, soon and always.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

IN_A_BLOCK: Final = (
    2  # of each arm: the last of a block can be foreseen, with one each every second
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """An arm that chance gave."""

    arm: str
    probabilities: tuple[float, ...]  # of each eligible arm, before the block began
    seed: int


def draw(eligible: Sequence[str], earlier: Sequence[str], *, stratum: str, seed: int) -> Drawn:
    """Draw an arm for the next item of a stratum.

    What is left of the block under way is drawn from with equal chances, which makes every order of
    a block as likely as any other. The same seed and past give the same arm: asking again changes
    nothing.

    Args:
        eligible: The arms that have room now, declared before the draw.
        earlier: The arms drawn in this stratum so far, oldest first.
        stratum: Its name, so that strata are independent under one seed.
        seed: Of chance.

    Raises:
        ValueError: No arm is eligible, one is twice, or an earlier draw is of none of them.

    Example:
        >>> past = ["a", "b", "a"]
        >>> draw(["a", "b"], past, stratum="M", seed=1).arm
        'b'
    """
    arms = sorted(eligible)
    if not arms or len(set(arms)) < len(arms):
        raise ValueError(f"want one eligible arm or more, each once; got {arms}")
    if not set(earlier) <= set(arms):
        raise ValueError(f"earlier draws {sorted(set(earlier))} are not all of {arms}")
    size = IN_A_BLOCK * len(arms)
    gone = Counter(earlier[len(earlier) // size * size :])
    left = [arm for arm in arms for _ in range(IN_A_BLOCK - gone[arm])]
    rng = chance(stratum, len(earlier), seed=seed)
    return Drawn(
        arm=left[rng.randrange(len(left))],
        probabilities=(1 / len(arms),) * len(arms),
        seed=seed,
    )


def chance(stratum: str, place: int, *, seed: int) -> Random:
    """Give the chance of one draw by its stratum and place there: the same each time, and its own.

    >>> chance("M", 3, seed=1).random() == chance("M", 3, seed=1).random()
    True
    """
    named = f"{seed}\0{stratum}\0{place}".encode()
    return Random(int.from_bytes(hashlib.blake2b(named, digest_size=8).digest(), "big"))  # noqa: S311 - fair, not secret


def weight(
    arm: str, pair: tuple[str, str], eligible: Sequence[str], probabilities: Sequence[float]
) -> float:
    """Give what a drawn attempt weighs where two arms are compared: inverse probability.

    Given that one of both was drawn, the probability of its own; 1 for a fair draw, whatever other
    arms were eligible.

    >>> weight("a", ("a", "b"), ["a", "b", "c"], [0.2, 0.6, 0.2])
    2.0
    """
    known = dict(zip(eligible, probabilities, strict=True))
    return sum(known[one] for one in pair) / known[arm] / 2
