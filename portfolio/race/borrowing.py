"""What a new arm may be expected to do, from arms of its provider and arms of its methodology.

The log of an arm's rate is a level, an effect of its provider, one of its methodology and one of
both together, each effect normal about zero. The best linear unbiased prediction of an arm from all
others is its prior: it leans on what is alike, and says by its variance how far it can be trusted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    FloatArray: TypeAlias = npt.NDArray[np.float64]

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
    lenders = _Lenders.of(arms, seen) if places and seen else None
    found = {}
    for place in places:
        if lenders is None or seen == [place]:
            continue
        own = seen.index(place) if place in seen else None
        told = lenders.of_another(arms[place]) if own is None else lenders.without(own)
        found[place] = _as_gamma(*told)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lenders:
    """The arms at work, with the inverse of the covariance of what is seen of them."""

    arms: Sequence[Known]
    logs: FloatArray  # of the rates seen, shape (arms,)
    noise: FloatArray  # their variance about the true ones, shape (arms,)
    inverse: FloatArray  # shape (arms, arms)

    @classmethod
    def of(cls, arms: Sequence[Known], seen: Sequence[int]) -> _Lenders:
        """Take the arms seen at work."""
        import numpy as np

        own = [arms[place] for place in seen]
        noise = np.array([DISPERSION / (one.features + HALF) for one in own])
        shared = np.array([_shared(one, own) for one in own])
        return cls(
            arms=own,
            logs=np.array([math.log((one.features + HALF) / one.exposure_usd) for one in own]),
            noise=noise,
            inverse=np.linalg.inv(shared + np.diag(noise + TOGETHER_SD**2)),
        )

    def of_another(self, arm: Known) -> tuple[float, float]:
        """Predict the log rate of an arm that was not at work: mean and variance."""
        shared = _shared(arm, self.arms)
        by_ones = self.inverse.sum(axis=1)
        level = by_ones @ self.logs / by_ones.sum()
        gain = self.inverse @ shared
        variance = PROVIDER_SD**2 + METHODOLOGY_SD**2 + TOGETHER_SD**2 - gain @ shared
        doubt = (1 - gain.sum()) ** 2 / by_ones.sum()  # of the level, not known beforehand
        return float(level + gain @ (self.logs - level)), float(variance + doubt)

    def without(self, place: int) -> tuple[float, float]:
        """Predict the log rate of one of the arms from all others: mean and variance.

        What leaving a row out does to a linear prediction is in the inverse already, the level's
        row taken out: the residual is (Vy)_i / V_ii, its variance 1 / V_ii.
        """
        by_ones = self.inverse.sum(axis=1)
        row = self.inverse[place] - by_ones[place] * by_ones / by_ones.sum()
        mean = self.logs[place] - row @ self.logs / row[place]
        return float(mean), float(1 / row[place] - self.noise[place])


def _shared(one: Known, others: Sequence[Known]) -> FloatArray:
    """Give the covariance of the log rate of one arm with those of others; shape (others,)."""
    import numpy as np

    return np.array(
        [
            PROVIDER_SD**2 * (one.provider == other.provider)
            + METHODOLOGY_SD**2 * (one.methodology == other.methodology)
            for other in others
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
