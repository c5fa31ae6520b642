"""Compare two arms by twins: one item done on both, so that its own difficulty falls out.

What was chosen because it had shipped says nothing of how often its arm ships, and less of what
failing costs there. So dollars are compared over the pairs of which both runs shipped, and shipping
over the pairs of which neither was chosen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from portfolio.estimate.interval import FEWEST_SETTLED, Interval, success_rate
from portfolio.estimate.two_arms import excludes_one, factor

Side: TypeAlias = Literal[0, 1]  # the first arm, or the second

LEAST_SPREAD: Final = 0.05  # log dollars of a pair; pairs all alike are luck, not certainty
RARE: Final = 0.05  # a p-value up to which one arm is taken to ship less


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One item that was done once on each arm."""

    item: str
    usd: tuple[float, float]  # dollars of capacity that each run took, above zero
    is_shipped: tuple[bool, bool]
    chosen: Side | None  # the run that the item was chosen for, as it had shipped; None: neither

    def __post_init__(self) -> None:
        if not all(math.isfinite(usd) and usd > 0 for usd in self.usd):
            raise ValueError(f"usd must be finite and above zero, got {self.usd} for {self.item}")

    @property
    def log_ratio(self) -> float:
        """Give the log of the first run's dollars over the second's."""
        return math.log(self.usd[0] / self.usd[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class PairsCompared:
    """Two arms beside each other: the first over the second."""

    ratio: Interval  # of dollars of a run that ships
    shipped: tuple[
        Interval, Interval
    ]  # share of each arm's runs that shipped, chosen ones left out
    only_one_shipped: tuple[int, int]  # pairs of twins of which only this arm's shipped
    p_shipped: float | None  # that arms which ship alike differ so; None: no pair of twins
    spread: float | None  # standard deviation of the log ratio of a pair; None: under two


def compare_pairs(pairs: Sequence[Pair], *, level: float = 0.95) -> PairsCompared:
    """Compare two arms pair by pair.

    log R is the mean of the log ratios over the pairs that shipped on both arms, with Student's t
    of one degree less than there are pairs. An item and its twin that both shipped are as likely
    either way round where the arms are alike, whichever of them was first; one that failed has no
    such counterpart, as failed items get no twin.

    Statuses of the ratio: "no-pairs"; "too-few", one pair; "ships-less", the arm that looks cheaper
    ships less, or is dearer once the dollars of its failed twins are added, so it is not called
    cheaper; "provisional", under six pairs; "ok".

    Example:
        >>> usd = [(2.0, 1.0), (4.0, 1.0), (8.0, 1.0)]
        >>> pairs = [Pair(item="", usd=one, is_shipped=(True, True), chosen=0) for one in usd]
        >>> found = compare_pairs(pairs)
        >>> round(found.ratio.point, 9), round(found.spread / math.log(2), 9)
        (4.0, 1.0)
    """
    both = [pair.log_ratio for pair in pairs if all(pair.is_shipped)]
    twins = [pair for pair in pairs if pair.chosen is None]
    only = tuple(
        sum(pair.is_shipped[side] and not pair.is_shipped[1 - side] for pair in twins)
        for side in (0, 1)
    )
    p_shipped = mcnemar(only[0], only[1]) if twins else None
    ratio = _ratio(both, level)
    if _ships_less(ratio, pairs, only, p_shipped):
        ratio = replace(ratio, status="ships-less")
    return PairsCompared(
        ratio=ratio,
        shipped=(_shipped(pairs, 0, level), _shipped(pairs, 1, level)),
        only_one_shipped=(only[0], only[1]),
        p_shipped=p_shipped,
        spread=_spread(both) if len(both) > 1 else None,
    )


def mcnemar(first: int, second: int) -> float:
    """Give the exact two-sided p-value of McNemar's test: pairs that differ fall as a coin does.

    Args:
        first: Pairs that shipped on the first arm alone.
        second: Pairs that shipped on the second alone.

    Source:
        McNemar (1947), Psychometrika 12:153; exact by the binomial, doubled.

    >>> mcnemar(0, 5), mcnemar(3, 3), mcnemar(0, 0)
    (0.0625, 1.0, 1.0)
    """
    every = first + second
    tail = sum(math.comb(every, k) for k in range(min(first, second) + 1))
    return min(1.0, float(2 * tail / 2**every))


def _ratio(logs: Sequence[float], level: float) -> Interval:
    if len(logs) < 2:
        point = math.exp(logs[0]) if logs else None
        status = "too-few" if logs else "no-pairs"
        return Interval(point=point, low=None, high=None, level=level, method="none", status=status)
    return factor(
        math.fsum(logs) / len(logs),
        max(_spread(logs), LEAST_SPREAD) / math.sqrt(len(logs)),
        degrees=len(logs) - 1,
        level=level,
        method="paired-log-t",
        status="ok" if len(logs) >= FEWEST_SETTLED else "provisional",
    )


def _spread(logs: Sequence[float]) -> float:
    mean = math.fsum(logs) / len(logs)
    squares = math.fsum((one - mean) * (one - mean) for one in logs)
    return math.sqrt(squares / (len(logs) - 1))


def _shipped(pairs: Sequence[Pair], side: Side, level: float) -> Interval:
    runs = [pair.is_shipped[side] for pair in pairs if pair.chosen != side]
    return success_rate(sum(runs), len(runs) - sum(runs), level=level)


def _ships_less(
    ratio: Interval, pairs: Sequence[Pair], only: Sequence[int], p_shipped: float | None
) -> bool:
    """Tell whether an arm takes less for what ships, and loses that by what does not."""
    if ratio.point is None or not excludes_one(ratio):
        return False
    cheaper = 0 if ratio.point < 1 else 1
    if p_shipped is not None and p_shipped <= RARE and only[cheaper] < only[1 - cheaper]:
        return True
    dearer_too = _with_failed(pairs, cheaper) / _with_failed(pairs, 1 - cheaper)
    return min(ratio.point, 1 / ratio.point) * dearer_too >= 1


def _with_failed(pairs: Sequence[Pair], side: int) -> float:
    """Give how many times as much a shipped run takes with what failed beside it."""
    runs = [(pair.usd[side], pair.is_shipped[side]) for pair in pairs if pair.chosen != side]
    shipped = math.fsum(usd for usd, is_shipped in runs if is_shipped)
    return math.fsum(usd for usd, _ in runs) / shipped if shipped else 1.0
