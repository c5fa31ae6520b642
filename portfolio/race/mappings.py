"""The best choice of an arm for every step, without looking at every mapping.

What a mapping costs a shipped item falls with every dollar saved and with every bit of success
gained, and both add up step by step. So of two ways to fill the first steps, one that is no better
in either can be forgotten, whatever follows: a few ways are left where all of them are M^S.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Choice(NamedTuple):
    """An arm at a step."""

    usd: float  # what it takes of a feature
    odds: float  # what it adds to the log odds of shipping
    is_change: bool  # another arm does the step today
    is_untried: bool  # it never did the step


class Filled(NamedTuple):
    """An arm for each of some steps."""

    usd: float
    odds: float
    arms: tuple[int, ...]  # the place of each step's choice among its choices


class Mapping(NamedTuple):
    """An arm for every step."""

    cost: float
    changes: int
    arms: tuple[int, ...]


def best_mappings(
    steps: Sequence[Sequence[Choice]],
    cost: Callable[[float, float], float],
    *,
    most_untried: int,
) -> list[Mapping]:
    """Give the cheapest mapping for each number of changes that some mapping has, none first.

    Args:
        steps: The choices at each step.
        cost: Of a mapping, by its sums of dollars and of log odds; rises in the first, falls in the
            second.
        most_untried: Cells of a mapping that were never tried.

    Example:
        >>> plan = [Choice(2.0, 0.0, False, False), Choice(1.0, 0.0, True, False)]
        >>> build = [Choice(9.0, 0.0, False, False), Choice(4.0, 0.0, True, True)]
        >>> found = best_mappings([plan, build], lambda usd, odds: usd, most_untried=1)
        >>> [(one.cost, one.arms) for one in found]
        [(11.0, (0, 0)), (6.0, (0, 1)), (5.0, (1, 1))]
    """
    ways: dict[tuple[int, int], list[Filled]] = {(0, 0): [Filled(0.0, 0.0, ())]}
    for choices in steps:
        longer: dict[tuple[int, int], list[Filled]] = {}
        for (changes, untried), filled in ways.items():
            for place, one in enumerate(choices):
                key = changes + one.is_change, untried + one.is_untried
                if key[1] <= most_untried:
                    longer.setdefault(key, []).extend(
                        Filled(way.usd + one.usd, way.odds + one.odds, (*way.arms, place))
                        for way in filled
                    )
        ways = {key: undominated(filled) for key, filled in longer.items()}
    best: dict[int, Mapping] = {}
    for (changes, _), filled in ways.items():
        for way in filled:
            found = Mapping(cost(way.usd, way.odds), changes, way.arms)
            best[changes] = min(found, best.get(changes, found))
    return [best[changes] for changes in sorted(best)]


def undominated(filled: Sequence[Filled]) -> list[Filled]:
    """Leave out every way beside which another takes no more and ships no less.

    >>> ways = [Filled(1.0, 0.0, (0,)), Filled(2.0, 0.5, (1,)), Filled(3.0, 0.4, (2,))]
    >>> [way.arms for way in undominated(ways)]
    [(0,), (1,)]
    """
    kept: list[Filled] = []
    for way in sorted(filled, key=lambda one: (one.usd, -one.odds, one.arms)):
        if not kept or way.odds > kept[-1].odds:
            kept.append(way)
    return kept
