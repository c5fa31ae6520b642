"""What a step takes on each arm: a factored model of log dollars, and what is not known of it.

Log dollars of a step on an item = step + group (kind and size class) + arm + arm at this step
+ item + error. The arm's effects are drawn towards nothing (partial pooling): what an arm did at
other steps tells of a step at which it was never tried, the less the more arms differ from step to
step. Errors of one item hang together. All is relative to one variance, so that the posterior has a
closed form for each setting of a small grid, over which it is averaged.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from portfolio.race.step_items import Arm, Cell, StepItem

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    FloatArray: TypeAlias = npt.NDArray[np.float64]

SPREAD: Final = 0.6  # standard deviation of log dollars of a step, before any item tells
PRIOR_ROWS: Final = 4.0  # that it counts for
GROUPS: Final = 16.0  # variance of the groups' effects, over that of the error: they differ much
ITEMS: Final = (0.0, 0.5, 2.0)  # variance of what an item's steps share, over the error's
ARMS: Final = (0.05, 0.4, 3.0)  # of arms over all steps, and of arms at a step, likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """The steps, groups of items and arms, in the order of the model's columns."""

    steps: tuple[str, ...]
    groups: tuple[str, ...]
    arms: tuple[Arm, ...]

    @property
    def cells(self) -> list[Cell]:
        """Give every arm at every step, step by step."""
        return [Cell(step, arm) for step in self.steps for arm in self.arms]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPosterior:
    """What the items tell of every cell's cost."""

    factors: Factors
    mix: FloatArray  # share of each group, shape (groups,)
    weights: FloatArray  # of each setting of the grid, shape (settings,)
    shared: FloatArray  # each setting's variance of an item over the error's
    means: FloatArray  # of the slopes, shape (settings, columns)
    roots: FloatArray  # lower Cholesky roots of their covariance over the error's variance
    squares: FloatArray  # the variance's scaled inverse chi-square: sum, shape (settings,)
    degrees: float  # and degrees of freedom

    def logs(self) -> FloatArray:
        """Give the mean of each cell's log dollars, shape (steps, arms)."""
        return self._cells(self.weights @ self.means)

    def usd(self) -> FloatArray:
        """Give each cell's expected dollars, shape (steps, arms); no draw in it.

        Half the variance of the log turns its mean into the log of a mean: that of items, and that
        of what is not known of the cell, so that a cell that may be dear counts as dearer.
        """
        import numpy as np

        spread = self.squares / (self.degrees - 2)
        of_items = self.weights @ (spread * (1 + self.shared))
        parts = self._at_mix(np.swapaxes(self.roots, 1, 2))  # by column of the root
        unknown = spread[:, None, None] * (parts**2).sum(axis=1)
        means = self._at_mix(self.means)
        unknown += (means - np.tensordot(self.weights, means, 1)) ** 2
        of_cells = np.tensordot(self.weights, unknown, 1)
        mix = self._of_mix(self.weights @ self.means)
        usd: FloatArray = np.exp(self.logs() + (of_items + of_cells) / 2) * mix
        return usd

    def draw(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Draw cells' dollars from the posterior, shape (n, steps, arms)."""
        import numpy as np

        chosen = np.repeat(np.arange(len(self.weights)), rng.multinomial(n, self.weights))
        variance = self.squares[chosen] / rng.chisquare(self.degrees, n)
        normal = rng.standard_normal((n, self.means.shape[1]))
        moved = np.empty_like(normal)
        for setting in np.unique(chosen):  # one product a setting: n roots would fill the memory
            own = chosen == setting
            moved[own] = normal[own] @ self.roots[setting].T
        slopes = self.means[chosen] + np.sqrt(variance)[:, None] * moved
        scale = np.exp(variance * (1 + self.shared[chosen]) / 2) * self._of_mix(slopes)
        usd: FloatArray = np.exp(self._cells(slopes)) * scale[:, None, None]
        return usd

    def _cells(self, slopes: FloatArray) -> FloatArray:
        """Add up the slopes of each cell, shape (..., steps, arms)."""
        steps, groups, arms = map(len, (self.factors.steps, self.factors.groups, self.factors.arms))
        level = slopes[..., :steps]
        arm = slopes[..., steps + groups : steps + groups + arms]
        own = slopes[..., steps + groups + arms :].reshape(*slopes.shape[:-1], steps, arms)
        found: FloatArray = level[..., :, None] + arm[..., None, :] + own
        return found

    def _at_mix(self, slopes: FloatArray) -> FloatArray:
        """Add up the slopes of each cell and the mean group: levels are known with groups alone."""
        begin = len(self.factors.steps)
        groups = slopes[..., begin : begin + len(self.factors.groups)] @ self.mix
        found: FloatArray = self._cells(slopes) + groups[..., None, None]
        return found

    def _of_mix(self, slopes: FloatArray) -> FloatArray:
        import numpy as np

        begin = len(self.factors.steps)
        own = slopes[..., begin : begin + len(self.factors.groups)]
        found: FloatArray = np.exp(own) @ self.mix
        return found


def factors_of(items: Sequence[StepItem], steps: Sequence[str]) -> Factors:
    """Give the factors of the model: the arms are those that did any of the steps mainly."""
    arms = {arm for one in items for step in steps if (arm := one.main(step))}
    groups = sorted({one.group for one in items})
    return Factors(steps=tuple(steps), groups=tuple(groups), arms=tuple(sorted(arms)))


def cost_posterior(
    items: Sequence[StepItem],
    factors: Factors,
    *,
    mix: Mapping[str, float],
    settings: Sequence[tuple[float, float, float]] = tuple(product(ITEMS, ARMS, ARMS)),
) -> CostPosterior:
    """Give what items tell of the cost of every arm at every step.

    With y the logs, X the rows, W the inverse of an item's I + r 11', and P the priors' precision
    over that of the error: V = (X'WX + P)⁻¹, b = V X'Wy; the error's variance has a scaled inverse
    chi-square with sum s = d₀s₀² + y'Wy - b'V⁻¹b; a setting weighs
    |W|^½ |V|^½ |P|^½ s^(-d/2). The levels of the steps have no prior, so the currency is nothing.

    Args:
        items: A step that several arms did is left out of it.
        factors: Of the model.
        mix: The share of each group among one's own features.
        settings: The grid: what an item's steps share, what arms differ by over all steps, and at
            one; each a variance over the error's, above zero but for the first.

    Raises:
        ValueError: No arm did one of the steps mainly.

    Source:
        Gelman et al. (2013), Bayesian Data Analysis, ch. 14 and 15; docs/steps.md.
    """
    import numpy as np

    rows = _Rows.of(items, factors)
    fits = [rows.fit(factors, setting) for setting in settings]
    weights = np.exp(np.array([one.log for one in fits]) - max(one.log for one in fits))
    return CostPosterior(
        factors=factors,
        mix=np.array([mix.get(group, 0.0) for group in factors.groups]),
        weights=weights / weights.sum(),
        shared=np.array([item for item, _, _ in settings]),
        means=np.array([one.slopes for one in fits]),
        roots=np.array([one.root for one in fits]),
        squares=np.array([one.squares for one in fits]),
        degrees=rows.degrees,
    )


class _Fit(NamedTuple):
    """The posterior under one setting."""

    log: float  # of the evidence, but for a constant
    slopes: FloatArray
    root: FloatArray
    squares: float


@dataclass(frozen=True, slots=True)
class _Rows:
    """Each step of each item as a row, and what is summed over the rows of an item."""

    x: FloatArray  # shape (rows, columns)
    y: FloatArray  # log dollars, shape (rows,)
    counts: FloatArray  # rows of each item, shape (items,)
    x_sums: FloatArray  # shape (items, columns)
    y_sums: FloatArray
    degrees: float  # of the posterior of the variance

    @classmethod
    def of(cls, items: Sequence[StepItem], factors: Factors) -> _Rows:
        """Lay out the rows."""
        import numpy as np

        own = [
            (place, _row(factors, one.group, Cell(step, arm)), math.log(one.step_usd(step)))
            for place, one in enumerate(items)
            for step in factors.steps
            if (arm := one.main(step))
        ]
        levels = len(factors.steps)
        x = np.array([row for _, row, _ in own])
        if not own or not x[:, :levels].any(axis=0).all():
            raise ValueError(f"want an item for each of the steps {factors.steps}")
        y = np.array([log for _, _, log in own])
        _, owner = np.unique([place for place, _, _ in own], return_inverse=True)
        counts = np.bincount(owner).astype(float)
        x_sums = np.zeros((len(counts), x.shape[1]))
        np.add.at(x_sums, owner, x)
        y_sums = np.bincount(owner, weights=y).astype(float)
        return cls(x, y, counts, x_sums, y_sums, PRIOR_ROWS + len(y) - levels)

    def fit(self, factors: Factors, setting: tuple[float, float, float]) -> _Fit:
        """Give the posterior under one setting of the grid."""
        import numpy as np

        item, over_all, at_one = setting
        levels, groups, arms = map(len, (factors.steps, factors.groups, factors.arms))
        prior = np.repeat(
            [0.0, 1 / GROUPS, 1 / over_all, 1 / at_one], [levels, groups, arms, levels * arms]
        )
        inner = item / (1 + item * self.counts)
        told = self.x.T @ self.x - (self.x_sums.T * inner) @ self.x_sums + np.diag(prior)
        crossed = self.x.T @ self.y - self.x_sums.T @ (inner * self.y_sums)
        slopes = np.linalg.solve(told, crossed)
        whole = self.y @ self.y - inner @ self.y_sums**2 - slopes @ crossed
        squares = PRIOR_ROWS * SPREAD**2 + float(whole)
        root = np.asarray(np.linalg.cholesky(told), dtype=np.float64)
        log = (
            np.log(prior[levels:]).sum()
            - np.log1p(item * self.counts).sum()
            - 2 * np.log(np.diag(root)).sum()
            - self.degrees * math.log(squares)
        )
        # V = R R' with R the inverse of the transposed root of V⁻¹.
        return _Fit(float(log) / 2, np.asarray(slopes), np.asarray(np.linalg.inv(root).T), squares)


def _row(factors: Factors, group: str, cell: Cell) -> list[float]:
    return [
        *(float(step == cell.step) for step in factors.steps),
        *(float(one == group) for one in factors.groups),
        *(float(arm == cell.arm) for arm in factors.arms),
        *(float(one == cell) for one in factors.cells),
    ]
