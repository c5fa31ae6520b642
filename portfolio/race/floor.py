"""Evidence that an arm's share of shipped items is below the least that is wanted."""

from __future__ import annotations

import math

from portfolio.estimate import quantiles


def log_below_floor(kept: int, lost: int, floor: float) -> float:
    """Give the log e-value for a share below the floor: an even bet on all the shares below it.

    With k kept of n, f the floor and I the regularised incomplete beta function,

        log B(k + 1, n - k + 1) + log I_f(k + 1, n - k + 1) - log f - log(f^k (1 - f)^(n - k))

    Each share below f wins on average nothing where the true one is f, and less where it is higher:
    so however often one looks, and whatever was drawn when, this grows past 1 / a only with
    probability a. It says so late; that a share has not been shown yet is no evidence.

    Raises:
        ValueError: A count is negative, or the floor is no share.

    Example:
        All three lost, the floor ½: ∫ (1 - q)³ dq up to ½ is 15/64, over ½ and ⅛ that is 15/4.

        >>> round(math.exp(log_below_floor(0, 3, 0.5)), 9)
        3.75
    """
    if kept < 0 or lost < 0 or not 0 <= floor <= 1:
        raise ValueError(f"want counts and a share, got {kept} kept, {lost} lost, floor {floor}")
    if floor == 0:
        return -math.inf
    if floor == 1:
        return math.inf if lost else -math.log(kept + 1)
    a, b = kept + 1, lost + 1
    below = quantiles.beta_below(a, b, floor)
    if below <= 0:
        return -math.inf
    whole = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    likelihood = kept * math.log(floor) + lost * math.log1p(-floor)
    return whole + math.log(below) - math.log(floor) - likelihood
