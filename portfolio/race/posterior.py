"""What is known of each arm: how many features it ships for a dollar of capacity, and how surely.

Features come as a Poisson process whose rate is gamma distributed. Only features and dollars at
today's price go in, so a changed price or cap needs no new beginning: past dollars are rescaled.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import mul
from typing import Final

from portfolio.race.borrowing import Known, borrowed

PSEUDO_FEATURES: Final = 1.0  # that the pooled rate counts for, of an arm that borrows nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescaling:
    """A change after which earlier dollars of capacity count otherwise."""

    at: datetime  # UTC; spend before it is rescaled
    factor: float  # a price: new over old; a cap: one over what its unit buys, as a multiple

    def __post_init__(self) -> None:
        if not (math.isfinite(self.factor) and self.factor > 0):
            raise ValueError(f"a factor must be finite and above zero, got {self.factor}")


def exposure_usd(
    spends: Iterable[tuple[datetime, float]], rescalings: Sequence[Rescaling]
) -> float:
    """Add up spend in dollars of today's capacity: each is rescaled by every change after it.

    Example:
        >>> from datetime import UTC
        >>> monday, tuesday = datetime(2026, 9, 7, tzinfo=UTC), datetime(2026, 9, 8, tzinfo=UTC)
        >>> dearer = Rescaling(at=tuesday, factor=1.5)
        >>> exposure_usd([(monday, 10.0), (tuesday, 10.0)], [dearer])
        25.0
    """
    return math.fsum(
        usd * math.prod(one.factor for one in rescalings if at < one.at) for at, usd in spends
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one arm did."""

    arm: str
    provider: str
    methodology: str
    shipped: tuple[float, ...]  # the weight of the size class of each shipped feature
    exposure_usd: float  # capacity spent, failed work included, at today's price
    is_newcomer: bool = False  # it joined when others had been at work, and borrows from them

    def __post_init__(self) -> None:
        if not (math.isfinite(self.exposure_usd) and self.exposure_usd >= 0):
            raise ValueError(f"exposure must be finite and not negative, of {self.arm}")
        if self.shipped and not (min(self.shipped) > 0 and math.isfinite(math.fsum(self.shipped))):
            raise ValueError(f"the weight of a size class must be above zero, of {self.arm}")
        if self.shipped and not self.exposure_usd:
            raise ValueError(f"{self.arm} shipped features without any spend")


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """The rate of one arm, features a dollar: gamma with a prior's share and the arm's own.

    Features are counted in units of which one tells as much as a feature of a single class would.
    """

    arm: str
    prior_shape: float  # features
    prior_usd: float
    shipped: float = 0.0  # features
    exposure_usd: float = 0.0

    @property
    def shape(self) -> float:
        """Give the gamma's shape: features, the prior's and the arm's own."""
        return self.prior_shape + self.shipped

    @property
    def usd(self) -> float:
        """Give the gamma's rate parameter: the dollars that those features took."""
        return self.prior_usd + self.exposure_usd

    @property
    def mean(self) -> float:
        """Give the features expected for a dollar."""
        return self.shape / self.usd

    def tempered(self, temper: float) -> Posterior:
        """Count the arm's own work for one over `temper` of what it is; the prior stays."""
        return Posterior(
            arm=self.arm,
            prior_shape=self.prior_shape,
            prior_usd=self.prior_usd,
            shipped=self.shipped / temper,
            exposure_usd=self.exposure_usd / temper,
        )


def posteriors(tallies: Sequence[Tally]) -> tuple[Posterior, ...]:
    """Give the posterior of every arm, in the order of the tallies.

    The prior is one feature at the pooled rate. A newcomer borrows from the arms of its provider
    and of its methodology instead, where they tell more than that.

    A feature of a class counts its weight. Features of unlike weights tell less than as many alike:
    a sum of weights w has the variance sum w², so both the sum and the dollars are divided by
    sum w² / sum w over all arms. The scale of the weights, like the currency, so changes nothing in
    how arms stand to each other.

    Raises:
        ValueError: An arm is there twice.

    Example:
        >>> made = {"provider": "claude", "methodology": "solo"}
        >>> a = Tally(arm="a", shipped=(1.0, 1.0, 1.0), exposure_usd=30.0, **made)
        >>> b = Tally(arm="b", shipped=(1.0,), exposure_usd=10.0, **made)
        >>> [(one.shape, one.usd) for one in posteriors([a, b])]
        [(4.0, 40.0), (2.0, 20.0)]
    """
    if len({one.arm for one in tallies}) < len(tallies):
        raise ValueError(f"want each arm once, got {sorted(one.arm for one in tallies)}")
    spread = _spread_of_weights(tallies)
    knowns = [
        Known(
            provider=one.provider,
            methodology=one.methodology,
            features=math.fsum(one.shipped) / spread,
            exposure_usd=one.exposure_usd / spread,
        )
        for one in tallies
    ]
    pooled = _pooled_rate(knowns)
    loans = borrowed(knowns, [place for place, one in enumerate(tallies) if one.is_newcomer])
    found = []
    for place, (tally, known) in enumerate(zip(tallies, knowns, strict=True)):
        shape, usd = PSEUDO_FEATURES, PSEUDO_FEATURES / pooled
        loan = loans.get(place)
        if loan is not None and loan.shape > shape:
            shape, usd = loan.shape, loan.usd
        found.append(
            Posterior(
                arm=tally.arm,
                prior_shape=shape,
                prior_usd=usd,
                shipped=known.features,
                exposure_usd=known.exposure_usd,
            )
        )
    return tuple(found)


def _spread_of_weights(tallies: Sequence[Tally]) -> float:
    """Give the variance of a sum of shipped weights over its mean; 1 where nothing shipped."""
    weights = [weight for one in tallies for weight in one.shipped]
    return math.fsum(map(mul, weights, weights)) / math.fsum(weights) if weights else 1.0


def _pooled_rate(knowns: Sequence[Known]) -> float:
    """Give features a dollar over all arms; where none shipped, as if the next dollar brought one.

    Before any spend every arm is alike, and the unit of the rate is of no account.
    """
    usd = math.fsum(one.exposure_usd for one in knowns)
    return (math.fsum(one.features for one in knowns) or 1.0) / usd if usd else 1.0
