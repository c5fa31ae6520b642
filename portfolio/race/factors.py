"""Each factor of a race by itself: accounts over all ways of working, and the other way round.

Every drawn item tells of its account and of its methodology, so the one is known from all ways of
working together, and the other from all accounts. No verdict is given on a factor: arms are what is
drawn, and a way that is cheap on one account may be dear on another.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import permutations
from typing import Final

from portfolio.estimate.comparison import compare_attempts
from portfolio.estimate.interval import Interval
from portfolio.race.arm import Factor, arm_of
from portfolio.race.facts import DrawnItem, attempt_of

FACTORS: Final[tuple[Factor, ...]] = ("account", "methodology")
OTHER: Final[Mapping[Factor, Factor]] = {"account": "methodology", "methodology": "account"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one level of a factor takes beside the one that takes least."""

    factor: Factor
    level: str
    beside: str
    ratio: Interval  # of dollars a shipped item


def effects(items: Sequence[DrawnItem], since: Mapping[str, datetime]) -> list[Effect]:
    """Give each level of a factor beside its best; nothing where not both factors have two.

    Args:
        items: Drawn ones that are finished.
        since: When each arm began, or began anew; of what was drawn for it before, nothing counts.
    """
    known = [
        one
        for one in items
        if one.usd
        and one.arm in since
        and one.drawn_at >= since[one.arm]
        and "" not in arm_of(one.arm)
    ]
    levels = {
        factor: sorted({arm_of(one.arm).level(factor) for one in known}) for factor in FACTORS
    }
    if any(len(own) < 2 for own in levels.values()):
        return []
    return [
        effect for factor in FACTORS for effect in _beside_the_best(known, levels[factor], factor)
    ]


def _beside_the_best(
    items: Sequence[DrawnItem], levels: Sequence[str], factor: Factor
) -> list[Effect]:
    ratios = {pair: _ratio(items, pair, factor) for pair in permutations(levels, 2)}
    worst = {
        level: max(ratios[level, other].point or math.inf for other in levels if other != level)
        for level in levels
    }
    best = min(levels, key=lambda level: worst[level])
    return [
        Effect(factor=factor, level=level, beside=best, ratio=ratios[level, best])
        for level in levels
        if level != best and ratios[level, best].point is not None
    ]


def _ratio(items: Sequence[DrawnItem], pair: tuple[str, str], factor: Factor) -> Interval:
    """Compare two levels as if every level of the other factor had been as likely with each."""
    found = []
    for one in items:
        arm = arm_of(one.arm)
        chances = _of_pair(one, pair, factor, beside=arm.level(OTHER[factor]))
        if arm.level(factor) in pair and len(chances) == 2:
            weigh = _shared(one, pair, factor) / chances[arm.level(factor)]
            found.append(attempt_of(one, is_first=arm.level(factor) == pair[0], weight=weigh))
    return compare_attempts(found, is_drawn=True).ratio


def _of_pair(
    one: DrawnItem, pair: tuple[str, str], factor: Factor, *, beside: str
) -> dict[str, float]:
    """Give what chance gave either level together with a level of the other factor."""
    return {
        arm.level(factor): chance
        for name, chance in zip(one.eligible, one.probabilities, strict=True)
        for arm in [arm_of(name)]
        if arm.level(factor) in pair and arm.level(OTHER[factor]) == beside
    }


def _shared(one: DrawnItem, pair: tuple[str, str], factor: Factor) -> float:
    """Give the mean chance of the arms of both levels that the other factor has in common."""
    others = {arm_of(name).level(OTHER[factor]) for name in one.eligible}
    cells = [_of_pair(one, pair, factor, beside=beside) for beside in others]
    chances = [chance for cell in cells if len(cell) == 2 for chance in cell.values()]
    return sum(chances) / len(chances)
