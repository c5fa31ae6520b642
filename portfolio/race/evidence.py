"""Evidence that one arm takes more for a shipped item than another, good at any moment.

An e-value is a bet that breaks even where both arms are alike: however often one looks, it grows
past 1 / a only with probability a. That holds for Student's t of normal outcomes; that it holds for
what is compared here is measured, docs/elimination.md.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from portfolio.estimate import quantiles
from portfolio.estimate.interval import FEWEST_SETTLED
from portfolio.estimate.size_cues import SIZES

if TYPE_CHECKING:
    from portfolio.estimate.comparison import Contrast

PRIOR_VARIANCE: Final = 1.0  # of the effect that is bet on, in deviations of one attempt
MOST_ATTEMPTS: Final = 1_000_000
MOST_DEGREES: Final = 1e6  # past it Student's t is the normal


def log_evidence(contrast: Contrast) -> float:
    """Give the log e-value for the first arm taking more than the second."""
    return log_e(contrast.log_ratio / contrast.error, degrees=contrast.degrees, size=contrast.size)


def log_e(
    t: float, *, degrees: float, size: float, prior_variance: float = PRIOR_VARIANCE
) -> float:
    """Give the log e-value of Student's t for an effect above zero.

    The density of t under an effect d, a half-normal's chance, over that under none. With m the
    size, g the variance of the normal, n the degrees and w = m g / (1 + m g),

        log 2 - log(1 + m g) / 2 + (n + 1) / 2 * [log(1 + t²/n) - log(1 + t²/(n (1 + m g)))]
        + log P(T <= t sqrt(w) sqrt((n + 1) / (n + t²/(1 + m g))))

    T Student's with n + 1 degrees: the last is the probability that d is above zero, given t.

    Args:
        t: The contrast over its standard error.
        degrees: Of freedom, above zero.
        size: Effective: the error is that of the mean of so many outcomes.
        prior_variance: Of the normal that is halved.

    Raises:
        ValueError: `degrees`, `size` or `prior_variance` is not above zero.

    Source:
        Lai (1976), Annals of Statistics 4:265; Gönen et al. (2005), American Statistician 59:252;
        Wang & Ramdas, arXiv 2310.03722.

    Example:
        >>> round(math.exp(log_e(0.0, degrees=10, size=3)), 9)
        0.5
    """
    if not (degrees > 0 and size > 0 and prior_variance > 0):
        raise ValueError(
            f"want degrees, size and variance above 0, got {degrees}, {size}, {prior_variance}"
        )
    n = min(degrees, MOST_DEGREES)
    wider = 1 + size * prior_variance
    inner = t * t / n / wider
    turned = t * math.sqrt((1 - 1 / wider) * (n + 1) / n / (1 + inner))
    is_above = quantiles.student_t_tail(n + 1, -turned)
    return (
        math.log(2)
        - math.log(wider) / 2
        + (n + 1) / 2 * (math.log1p(t * t / n) - math.log1p(inner))
        + (math.log(is_above) if is_above > 0 else -math.inf)
    )


def attempts_to_verdict(
    times: float, *, spread: float, log_threshold: float, counts: Sequence[int] = (0, 0)
) -> int:
    """Count the attempts still missing, of both arms, until one that takes so much more is out.

    Where the contrast is what it is on average: so it is sooner about half of the times. With n1
    and n2 attempts t is log(times) / (spread * sqrt(1 / n1 + 1 / n2)), the size n1 n2 / (n1 + n2).
    New ones go to the arm with fewer.

    Args:
        times: The factor between the arms, above 1.
        spread: Standard deviation of log dollars inside a class.
        log_threshold: Log of the e-value that is wanted.
        counts: Attempts of each arm so far.

    Raises:
        ValueError: `times` is not above 1.

    Example:
        >>> attempts_to_verdict(2.0, spread=0.75, log_threshold=math.log(120))
        61
    """
    if not times > 1:
        raise ValueError(f"times must be above 1, got {times}")

    def is_enough(missing: int) -> bool:
        few, many = sorted(counts)
        to_few = min(missing, many - few)
        n = few + to_few + (missing - to_few) // 2, many + (missing - to_few + 1) // 2
        degrees = sum(n) - len(SIZES) - 1
        if min(n) < FEWEST_SETTLED or degrees < 1:
            return False
        size = n[0] * n[1] / sum(n)
        t = math.log(times) * math.sqrt(size) / spread
        return log_e(t, degrees=degrees, size=size) >= log_threshold

    return bisect_left(range(MOST_ATTEMPTS), 1, key=lambda missing: int(is_enough(missing)))
