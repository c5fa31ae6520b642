"""How often items ship by who does their steps: additive effects on the log of the odds.

Only a whole item ships or fails, and nothing tells which step was to blame; a probability for each
step, multiplied, would have to share the blame out by guess. Additive effects on one scale need
none: prior and likelihood do it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from portfolio.race.step_costs import Factors
from portfolio.race.step_items import StepItem

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    FloatArray: TypeAlias = npt.NDArray[np.float64]

USUAL: Final = 1.7  # log odds of shipping before any item tells: 85 of 100
USUAL_SD: Final = 1.0
GROUP_SD: Final = 0.5  # of a group's effect
CELL_SDS: Final = (0.1, 0.3, 0.7)  # of an arm's effect at a step; half of it over all steps
MOST_ROUNDS: Final = 50
NEAR: Final = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessPosterior:
    """What the items tell of every cell's part in shipping."""

    factors: Factors
    weights: FloatArray  # of each setting of the prior, shape (settings,)
    means: FloatArray  # of the slopes, shape (settings, columns)
    roots: FloatArray  # of their covariance, shape (settings, columns, columns)

    def slopes(self) -> FloatArray:
        """Give the mean of the slopes; no draw in it."""
        found: FloatArray = self.weights @ self.means
        return found

    def draw(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Draw slopes from the posterior, shape (n, columns)."""
        import numpy as np

        chosen = np.repeat(np.arange(len(self.weights)), rng.multinomial(n, self.weights))
        normal = rng.standard_normal((n, self.means.shape[1]))
        found: FloatArray = np.empty_like(normal)
        for setting in np.unique(chosen):
            own = chosen == setting
            found[own] = self.means[setting] + normal[own] @ self.roots[setting].T
        # In the order of the settings small priors come first, as they would not beside costs.
        return found[rng.permutation(n)]

    def by_group(self, slopes: FloatArray) -> FloatArray:
        """Give the log odds of each group without any arm, shape (..., groups)."""
        found: FloatArray = slopes[..., :1] + slopes[..., 1 : 1 + len(self.factors.groups)]
        return found

    def by_cell(self, slopes: FloatArray) -> FloatArray:
        """Give what each cell adds to the log odds, shape (..., steps, arms)."""
        steps, arms = len(self.factors.steps), len(self.factors.arms)
        begin = 1 + len(self.factors.groups)
        own = slopes[..., begin + arms :].reshape(*slopes.shape[:-1], steps, arms)
        found: FloatArray = own + slopes[..., None, begin : begin + arms]
        return found


class _Fit(NamedTuple):
    """The posterior under one setting of the prior, as a normal about its mode."""

    log: float  # of the evidence, but for a constant
    slopes: FloatArray
    root: FloatArray


def success_posterior(
    items: Sequence[StepItem], factors: Factors, *, sds: Sequence[float] = CELL_SDS
) -> SuccessPosterior:
    """Give what items tell of who ships; without items, the prior.

    Args:
        items: A step that several arms did counts for each by its share.
        factors: Of the model.
        sds: Standard deviations of an arm's effect at a step, averaged over by their evidence.

    Source:
        Tierney & Kadane (1986), J. Am. Stat. Assoc. 81:82; docs/steps.md.
    """
    import numpy as np

    columns = 1 + len(factors.groups) + len(factors.arms) * (1 + len(factors.steps))
    x = np.array([_row(factors, one) for one in items]).reshape(len(items), columns)
    y = np.array([float(one.is_shipped) for one in items])
    fits = [_fit(x, y, factors, sd) for sd in sds]
    weights = np.exp(np.array([one.log for one in fits]) - max(one.log for one in fits))
    return SuccessPosterior(
        factors=factors,
        weights=weights / weights.sum(),
        means=np.array([one.slopes for one in fits]),
        roots=np.array([one.root for one in fits]),
    )


def _fit(x: FloatArray, y: FloatArray, factors: Factors, sd: float) -> _Fit:
    """Find the mode by Newton's rounds, halved where one would overshoot."""
    import numpy as np

    counts = [1, len(factors.groups), len(factors.arms), len(factors.arms) * len(factors.steps)]
    prior = np.repeat(np.array([USUAL_SD, GROUP_SD, sd / 2, sd]) ** -2.0, counts)
    centre = np.zeros(len(prior))
    centre[0] = USUAL

    def height(slopes: FloatArray) -> float:
        odds = x @ slopes
        told = y @ odds - np.logaddexp(0, odds).sum()
        return float(told - prior @ (slopes - centre) ** 2 / 2)

    slopes = centre
    for _ in range(MOST_ROUNDS):
        chance = 1 / (1 + np.exp(-(x @ slopes)))
        curvature = (x.T * (chance * (1 - chance))) @ x + np.diag(prior)
        step = np.linalg.solve(curvature, x.T @ (y - chance) - prior * (slopes - centre))
        while height(slopes + step) < height(slopes) - NEAR:
            step = step / 2
        slopes = slopes + step
        if np.abs(step).max() < NEAR:
            break
    root = np.linalg.cholesky(curvature)
    log = height(slopes) + np.log(prior).sum() / 2 - np.log(np.diag(root)).sum()
    return _Fit(float(log), slopes, np.linalg.inv(root).T)


def _row(factors: Factors, one: StepItem) -> list[float]:
    shares = [one.shares(step) for step in factors.steps]
    return [
        1.0,
        *(float(group == one.group) for group in factors.groups),
        *(math.fsum(own.get(arm, 0.0) for own in shares) for arm in factors.arms),
        *(own.get(arm, 0.0) for own in shares for arm in factors.arms),
    ]
