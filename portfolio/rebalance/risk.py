"""How likely a week is in which work finds no room, from the weeks that were.

Two looks at the same weeks, as neither is enough: how many were blocked, which says nothing of how
near the others came; and how near they came, which needs a law of loads (the log-normal).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from portfolio.estimate import quantiles

LEVEL: Final = 0.95
FEWEST_LOADS: Final = 2  # weeks; of one nobody knows how far weeks differ
LEAST_SPREAD: Final = 0.05  # of the log load: weeks that were all alike by luck


def blocked_share_high(blocked: int, weeks: int) -> float | None:
    """Give how likely a blocked week is at most: one-sided 95 % bound; None without any week.

    Source:
        Clopper and Pearson (1934), one-sided.

    Example:
        >>> [round(blocked_share_high(0, weeks) or 0, 2) for weeks in (4, 8, 13, 26)]
        [0.53, 0.31, 0.21, 0.11]
    """
    if not 0 <= blocked <= weeks:
        raise ValueError(f"want 0 <= blocked <= weeks, got {blocked} of {weeks}")
    if weeks == 0:
        return None
    if blocked == weeks:
        return 1.0
    return quantiles.beta(blocked + 1, weeks - blocked, LEVEL)


def over_cap_risk(load_shares: Sequence[float]) -> float | None:
    """Give the probability that next week's load is above the cap; None where too few weeks tell.

    The predictive t of the logs of the loads: next week differs from their mean as they do from
    each other. A week without any load is no news of how large loads are; where every week was
    seen to be without, next week is taken to be so too, which is what ever smaller loads tend to.

    Args:
        load_shares: What each week used of all there is, 1 for the whole cap; weeks of which that
            is not known are left out, not 0.

    Example:
        >>> round(over_cap_risk([0.2, 0.3, 0.25, 0.35]) or 0, 3)
        0.008
    """
    if len(load_shares) >= FEWEST_LOADS and not any(load_shares):
        return 0.0
    logs = [math.log(share) for share in load_shares if share > 0]
    if len(logs) < FEWEST_LOADS:
        return None
    mean = sum(logs) / len(logs)
    squares = sum((one - mean) ** 2 for one in logs)
    spread = max(LEAST_SPREAD, math.sqrt(squares / (len(logs) - 1)))
    t = -mean / (spread * math.sqrt(1 + 1 / len(logs)))
    return quantiles.student_t_tail(len(logs) - 1, t)
