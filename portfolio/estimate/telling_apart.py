"""How much more it takes to tell two arms apart: by what was drawn, by size, by twins, or raw."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

from portfolio.estimate import quantiles

FACTORS: Final = (1.25, 1.5, 2.0, 3.0)
POWER: Final = 0.8  # probability of telling them apart where they do differ so
SPREAD: Final = 0.75  # log dollars of attempts in a class; users.md's .6, classes wrong at times
PAIR_SPREAD: Final = 0.6  # log ratio of two runs of one item, before any twin was run
PRIOR_ATTEMPTS: Final = 8  # that a spread taken for granted counts for
CLASSES: Final = 3  # levels that are fitted beside the arm
MOST: Final = 1_000_000


def moderated_spread(seen: float | None, degrees: int, *, prior: float = SPREAD) -> float:
    """Draw a spread towards what is usual, which counts for eight attempts.

    >>> moderated_spread(None, 0), round(moderated_spread(0.25, 8), 4)
    (0.75, 0.559)
    """
    if seen is None or degrees <= 0:
        return prior
    squares = PRIOR_ATTEMPTS * prior**2 + degrees * seen**2
    return math.sqrt(squares / (PRIOR_ATTEMPTS + degrees))


def attempts_to_tell(
    times: float, *, spread: float, counts: Sequence[int] = (0, 0), level: float = 0.95
) -> int:
    """Count the attempts still missing until two arms that differ so are told apart, 8 times in 10.

    With n1 and n2 attempts, spread * sqrt(1 / n1 + 1 / n2) times the sum of Student's quantiles for
    `level` and for the power must stay within log(times). New ones go to the arm with fewer.

    Args:
        times: The factor between the arms, above 1.
        spread: Standard deviation of log dollars inside a class.
        counts: Attempts of each arm so far.
        level: Of the interval that is to exclude 1.

    Raises:
        ValueError: `times` is not above 1.

    Example:
        >>> attempts_to_tell(2.0, spread=0.75), attempts_to_tell(2.0, spread=0.75, counts=(20, 20))
        (39, 0)
    """
    if not times > 1:
        raise ValueError(f"times must be above 1, got {times}")

    def is_enough(missing: int) -> bool:
        few, many = sorted(counts)
        to_few = min(missing, many - few)
        both = missing - to_few
        n = few + to_few + both // 2, many + both - both // 2
        degrees = sum(n) - CLASSES - 1
        if min(n) < 1 or degrees < 1:
            return False
        reach = quantiles.student_t(degrees, (1 + level) / 2) + quantiles.student_t(degrees, POWER)
        return reach * spread * math.sqrt(1 / n[0] + 1 / n[1]) <= math.log(times)

    return _least(is_enough)


def twins_to_tell(times: float, *, spread: float = PAIR_SPREAD, level: float = 0.95) -> int:
    """Count the pairs, one item run on both arms, that tell apart arms that differ so.

    >>> twins_to_tell(2.0)
    8
    """
    if not times > 1:
        raise ValueError(f"times must be above 1, got {times}")

    def is_enough(pairs: int) -> bool:
        if pairs < 2:
            return False
        reach = quantiles.student_t(pairs - 1, (1 + level) / 2)
        reach += quantiles.student_t(pairs - 1, POWER)
        return reach * spread / math.sqrt(pairs) <= math.log(times)

    return _least(is_enough)


def _least(is_enough: Callable[[int], bool]) -> int:
    """Give the least number from which on it is enough."""
    if is_enough(0):
        return 0
    high = 1
    while not is_enough(high):
        if high > MOST:
            return high
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high
