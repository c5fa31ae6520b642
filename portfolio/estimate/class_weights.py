"""What a large item counts for beside a small one: from own spend, shrunk to 1 : 3 : 9."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from portfolio.estimate.size_cues import SIZES, Size

USUAL_STEP: Final = 3.0  # an M costs three S, an L three M
STEP_SPREAD: Final = 0.35  # log-sd of a step before any item is seen: 95 % from 1.5 to 6
USUAL_SPREAD: Final = 0.6  # log-sd of spend inside a class
USUAL_WORTH: Final = 4.0  # items that the usual spread counts as


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassWeights:
    """What one item of each class counts, in S-units: S is 1."""

    medium: float = USUAL_STEP
    large: float = USUAL_STEP**2
    items: int = 0  # of one's own, that they were learned from

    def __post_init__(self) -> None:
        if not (1 <= self.medium <= self.large < math.inf):
            raise ValueError(f"want 1 <= medium <= large, got {self}")

    def of(self, size: Size) -> float:
        """Give what one item of a class counts."""
        return {"S": 1.0, "M": self.medium, "L": self.large}[size]

    def score(self, counts: Mapping[Size, float]) -> float:
        """Add up items of all classes, in S-units.

        >>> ClassWeights().score({"S": 2, "L": 1}), ClassWeights().score({"S": 2, "M": 3})
        (11.0, 11.0)
        """
        return math.fsum(self.of(size) * count for size, count in counts.items())


def learned_weights(items: Sequence[tuple[Size, float]]) -> ClassWeights:
    """Learn the weights of the classes from what own items cost.

    Log spend of class c is normal about a_c; the steps a_M - a_S and a_L - a_M are normal about
    log 3, with sd 0.35; the level of all is free. The weights are exp of the steps' posterior mean,
    no step below 1. The variance inside a class is pooled over them, and .6² counts as four items
    more. Without items of two classes nothing tells a step, and the answer is 1 : 3 : 9.

    Args:
        items: Class as it was fixed before the work, and spend in dollars at API prices, above 0.

    Raises:
        ValueError: A spend is not finite or not above 0.

    Source:
        Gelman et al. (2013), Bayesian Data Analysis, ch. 5; docs/statistics.md, "Size".

    Example:
        One S of $1 and one M of $6: log 6 is seen with variance 2 · .36, the step is expected at
        log 3 with .1225, so it moves by .1225 / .8425 of log 2: 3 · 2^0.1454 = 3.318.

        >>> round(learned_weights([("S", 1.0), ("M", 6.0)]).medium, 3)
        3.318
    """
    logs: dict[Size, list[float]] = {size: [] for size in SIZES}
    for size, usd in items:
        if not (math.isfinite(usd) and usd > 0):
            raise ValueError(f"spend must be finite and above 0, got {usd}")
        logs[size].append(math.log(usd))
    if sum(map(bool, logs.values())) < 2:
        return ClassWeights(items=len(items))
    means = [math.fsum(column) / len(column) if column else 0.0 for column in logs.values()]
    variance = _variance(list(logs.values()), means)
    first, second = _steps(means, [len(column) / variance for column in logs.values()])
    medium = math.exp(max(first, 0.0))
    return ClassWeights(medium=medium, large=medium * math.exp(max(second, 0.0)), items=len(items))


def _variance(columns: Sequence[Sequence[float]], means: Sequence[float]) -> float:
    squares = math.fsum(
        (value - mean) ** 2 for column, mean in zip(columns, means, strict=True) for value in column
    )
    degrees = sum(len(column) - 1 for column in columns if column)
    return (USUAL_WORTH * USUAL_SPREAD**2 + squares) / (USUAL_WORTH + degrees)


def _steps(means: Sequence[float], precisions: Sequence[float]) -> tuple[float, float]:
    """Give the steps' posterior mean: two linear equations, after the free level is taken out.

    Each class stands at level + (0, d1, d1 + d2), seen with its precision p. The best level is the
    weighted mean of what is left, so the equations are those of deviations from weighted means.
    """
    whole = math.fsum(precisions)
    p_small, _, p_large = precisions
    above = whole - p_small  # what lies above the first step; p_large lies above the second
    prior = 1 / STEP_SPREAD**2
    usual = math.log(USUAL_STEP)
    centre = math.fsum(p * m for p, m in zip(precisions, means, strict=True)) / whole
    pulls = [p * (m - centre) for p, m in zip(precisions, means, strict=True)]

    first_first = above - above * above / whole + prior
    both = p_large - above * p_large / whole
    second_second = p_large - p_large * p_large / whole + prior
    right_first = pulls[1] + pulls[2] + prior * usual
    right_second = pulls[2] + prior * usual
    scale = first_first * second_second - both * both
    return (
        (second_second * right_first - both * right_second) / scale,
        (first_first * right_second - both * right_first) / scale,
    )
