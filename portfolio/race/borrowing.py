"""What a new arm may be expected to do, from arms of its provider and arms of its methodology.

The log of an arm's rate is a level, an effect of its provider, one of its methodology and one of
both together, each effect normal about zero. The best linear unbiased prediction of an arm from all
others is its prior: it leans on what is alike, and says by its variance how far it can be trusted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

PROVIDER_SD: Final = 0.25  # of log rate
METHODOLOGY_SD: Final = 0.25
TOGETHER_SD: Final = 0.15
DISPERSION: Final = 1.3  # variance of a count of features over its mean
HALF: Final = 0.5  # log(n + 1/2) is all but unbiased for the log of a Poisson mean, and told for 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One arm as others see it."""

    provider: str
    methodology: str
    features: float
    exposure_usd: float  # 0: not at work yet, nothing to learn from


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """A gamma prior of a rate, features a dollar, with the mean and variance of its log."""

    shape: float
    usd: float
    log_mean: float
    log_variance: float


def borrowed(arms: Sequence[Known], places: Sequence[int]) -> Mapping[int, Loan]:
    """Predict the rate of some arms by place, each from all arms but itself.

    What an arm did itself is left out, as it comes on top. Where no other arm was at work there is
    nothing to borrow, and no loan.

    Example:
        >>> seen = Known(provider="glm", methodology="solo", features=99.5, exposure_usd=10.0)
        >>> new = Known(provider="glm", methodology="pair", features=0.0, exposure_usd=0.0)
        >>> loan = borrowed([seen, new], [1])[1]
        >>> round(math.exp(loan.log_mean), 6), round(loan.log_variance, 4)
        (10.0, 0.183)

        One arm tells the level: its error, 1.3 / 100, and twice what both do not share,
        .25² + .15².
    """
    seen = [place for place, one in enumerate(arms) if one.exposure_usd > 0]
    found = {}
    for place in places:
        others = [arms[other] for other in seen if other != place]
        if others:
            found[place] = _as_gamma(*_predicted(arms[place], others))
    return found


def _predicted(arm: Known, others: Sequence[Known]) -> tuple[float, float]:
    """Give mean and variance of an arm's log rate; the level is not known beforehand."""
    import numpy as np

    logs = np.array([math.log((one.features + HALF) / one.exposure_usd) for one in others])
    noise = np.array([DISPERSION / (one.features + HALF) for one in others])
    covariance = _shared(others, others) + np.diag(noise + TOGETHER_SD**2)
    own = _shared([arm], others)[0]
    ones = np.ones(len(others))
    by_ones, by_own = np.linalg.solve(covariance, np.stack([ones, own], axis=1)).T
    level = by_ones @ logs / by_ones.sum()
    variance = PROVIDER_SD**2 + METHODOLOGY_SD**2 + TOGETHER_SD**2
    mean = level + by_own @ (logs - level)
    return float(mean), float(variance - by_own @ own + (1 - by_own.sum()) ** 2 / by_ones.sum())


def _shared(ones: Sequence[Known], others: Sequence[Known]) -> npt.NDArray[np.float64]:
    """Give the covariance of log rates between different arms; shape (ones, others)."""
    import numpy as np

    return np.array(
        [
            [
                PROVIDER_SD**2 * (one.provider == other.provider)
                + METHODOLOGY_SD**2 * (one.methodology == other.methodology)
                for other in others
            ]
            for one in ones
        ]
    )


def _as_gamma(log_mean: float, log_variance: float) -> Loan:
    """Give the gamma with the mean and the relative variance of a log-normal rate."""
    shape = 1 / math.expm1(log_variance)
    return Loan(
        shape=shape,
        usd=shape * math.exp(-log_mean - log_variance / 2),
        log_mean=log_mean,
        log_variance=log_variance,
    )
