"""What a unit of a meter holds in API dollars, measured on this user."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final, NamedTuple

from portfolio.estimate import quantiles
from portfolio.estimate.interval import Interval

LEVEL: Final = 0.95
FEWEST_GROUPS: Final = 3  # of fewer nobody knows how far they differ
METHOD: Final = "log-t of the ratio of totals"


class Burned(NamedTuple):
    """The dollars that some turns would have cost, and what they moved the meter by."""

    usd: float
    burn: float  # in the pool's unit


def usd_per_unit(groups: Iterable[Burned], *, rounding: float = 0.0) -> Interval | None:
    """Give the API dollars that one unit takes: a ratio of totals; None where too little tells.

    Groups are weeks, or days where weeks are few: what is worked differs from one to the next, and
    with it what a unit holds. One in which the meter did not move is one like others: leaving it
    out would make work look dearer than it was.

    Args:
        groups: The dollars and the burn of each.
        rounding: The meter's part of the variance of the ratio's log.

    Source:
        Cochran (1977), Sampling Techniques, ch. 6, on the log scale; docs/statistics.md.

    Example:
        >>> told = usd_per_unit([Burned(10.0, 5.0), Burned(21.0, 10.0), Burned(19.0, 10.0)])
        >>> told is not None and told.point
        2.0
        >>> few = [Burned(2.0, 1.0)] * 3 + [Burned(1.0, 0.0)] * 4
        >>> told = usd_per_unit(few)
        >>> told is not None and round(told.point or 0, 2)
        3.33
    """
    told = [one for one in groups if one.usd or one.burn]
    usd, burn = sum(one.usd for one in told), sum(one.burn for one in told)
    if len(told) < FEWEST_GROUPS or usd <= 0 or burn <= 0:
        return None
    ratio, count = usd / burn, len(told)
    squares = sum((one.usd - ratio * one.burn) ** 2 for one in told)
    error = math.sqrt(count / (count - 1) * squares / usd**2 + rounding)
    factor = math.exp(quantiles.student_t(count - 1, (1 + LEVEL) / 2) * error)
    return Interval(
        point=ratio,
        low=ratio / factor,
        high=ratio * factor,
        level=LEVEL,
        method=METHOD,
        status="ok",
    )
