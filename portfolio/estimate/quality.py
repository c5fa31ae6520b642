"""How good the work of one account or methodology was: what held at once, broke, was redone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from portfolio.estimate import quantiles
from portfolio.estimate.interval import Interval, success_rate

Outcome: TypeAlias = Literal["open", "shipped", "failed", "reverted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemQuality:
    """What became of one feature."""

    outcome: Outcome
    bugs: int = 0  # counted against it, 0 or more
    is_reworked: bool = False  # worked on after it shipped
    first_turn_at: datetime | None = None  # UTC; None: no turn of it was seen
    shipped_at: datetime | None = None  # UTC; None: not shipped, or not known when

    def __post_init__(self) -> None:
        if self.bugs < 0:
            raise ValueError(f"bugs must not be negative, got {self.bugs}")

    @property
    def has_reached_main(self) -> bool:
        """Tell whether it was shipped at any time, taken back since or not."""
        return self.outcome in ("shipped", "reverted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How good the work was. Rates are 0 to 1; a point of None: nothing to take it of."""

    success: Interval  # shipped of shipped, failed and reverted
    first_pass: Interval  # of what reached the default branch: no bug, rework or revert since
    rework: Interval  # of what reached it: worked on again
    revert: Interval  # of what reached it: taken back
    bugs_per_feature: Interval  # of what reached it
    median_hours_to_ship: (
        float | None
    )  # from first turn to shipped; None: of no item are both known


def quality(items: Sequence[ItemQuality], *, level: float = 0.95) -> Quality:
    """Sum up the features of one account or methodology.

    Rates have the bounds of `interval.success_rate`: quantiles of Beta(1 + k, 1 + n - k), widened
    to hold the point. Bugs have those of `bug_rate`.

    Example:
        >>> found = quality([ItemQuality(outcome="shipped"), ItemQuality(outcome="failed")])
        >>> found.success.point, found.first_pass.point, found.median_hours_to_ship
        (0.5, 1.0, None)
    """
    landed = [item for item in items if item.has_reached_main]
    finished = sum(item.outcome != "open" for item in items)
    shipped = sum(item.outcome == "shipped" for item in items)
    reverted = sum(item.outcome == "reverted" for item in landed)
    reworked = sum(item.is_reworked for item in landed)
    held = sum(
        item.outcome == "shipped" and not item.bugs and not item.is_reworked for item in landed
    )
    hours = [
        (item.shipped_at - item.first_turn_at).total_seconds() / 3600
        for item in landed
        if item.shipped_at and item.first_turn_at and item.shipped_at >= item.first_turn_at
    ]
    n = len(landed)
    return Quality(
        success=success_rate(shipped, finished - shipped, level=level),
        first_pass=success_rate(held, n - held, level=level),
        rework=success_rate(reworked, n - reworked, level=level),
        revert=success_rate(reverted, n - reverted, level=level),
        bugs_per_feature=bug_rate([item.bugs for item in landed], level=level),
        median_hours_to_ship=_median(hours) if hours else None,
    )


def _median(hours: Sequence[float]) -> float:
    from statistics import median  # here, as it loads decimals and fractions too

    return median(hours)


def _variance(counts: Sequence[int]) -> float:
    mean = sum(counts) / len(counts)
    return sum((count - mean) ** 2 for count in counts) / (len(counts) - 1)


def bug_rate(bugs: Sequence[int], *, level: float = 0.95) -> Interval:
    """Estimate bugs per feature, with the exact Poisson bounds.

    Where bugs come in heaps, so that their variance over features is above their mean, the bounds
    are those of counts that many times as variable: "quasi-poisson".

    Args:
        bugs: Of each feature.
        level: Coverage claimed, between 0 and 1.

    Source:
        Garwood (1936), Biometrika 28:437; docs/statistics.md, "Few data".

    Example:
        Of no bug in 10 features, the bound is -log(.025) / 10.

        >>> round(bug_rate([0] * 10).high, 4)
        0.3689
    """
    if any(count < 0 for count in bugs):
        raise ValueError(f"counts must not be negative, got {bugs}")
    features, found = len(bugs), sum(bugs)
    if not features:
        return Interval(
            point=None, low=None, high=None, level=level, method="poisson", status="no-features"
        )
    heaps = max(1.0, _variance(bugs) * features / found) if found and features > 1 else 1.0
    tail = (1 - level) / 2
    return Interval(
        point=found / features,
        low=heaps * quantiles.gamma(found / heaps, tail) / features if found else 0.0,
        high=heaps * quantiles.gamma(found / heaps + 1, 1 - tail) / features,
        level=level,
        method="quasi-poisson" if heaps > 1 else "poisson",
        status="ok",
    )


def is_below_floor(rate: Interval, floor: float) -> bool | None:
    """Tell whether a rate's lower bound is below the least that is wanted; None: nothing tells.

    Few items have a low bound, so an arm passes only once it has shown that it does.

    Raises:
        ValueError: `floor` is no share from 0 to 1.
    """
    if not 0 <= floor <= 1:
        raise ValueError(f"floor must lie between 0 and 1, got {floor}")
    return None if rate.low is None else rate.low < floor
