"""Least squares whose errors hold where the spread differs from row to row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Form: TypeAlias = Literal["HC2", "HC3"]

FLAT: Final = 1e-9  # a singular value below this share of the largest is the rounding of floats
ALONE: Final = 1 - 1e-9  # a row of this leverage is fitted exactly and says nothing of the spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A fitted linear model."""

    slopes: tuple[float, ...]  # shape (columns,); of columns that depend on each other the shortest
    covariance: tuple[tuple[float, ...], ...]  # of the slopes, shape (columns, columns)
    degrees: float  # of freedom: rows less the rank
    spread: float  # standard deviation of the residuals, in the outcome's unit
    sizes: tuple[float, ...]  # of each slope: over how many outcomes it is as good as a mean

    def error(self, place: int) -> float:
        """Give the standard error of one slope."""
        return math.sqrt(max(0.0, self.covariance[place][place]))

    def at(self, row: Sequence[float]) -> float:
        """Predict the outcome of a row."""
        return math.fsum(slope * value for slope, value in zip(self.slopes, row, strict=True))


def robust_fit(
    rows: Sequence[Sequence[float]],
    outcomes: Sequence[float],
    *,
    weights: Sequence[float] | None = None,
    form: Form = "HC3",
) -> Fit | None:
    """Fit outcomes to rows; None where there are no more rows than independent columns.

    With X = rows · √w and e the residuals, the covariance is
    (X'X)⁻¹ X' diag(e² / (1 - h)ᵖ) X (X'X)⁻¹, h the diagonal of the hat matrix. It neither assumes
    that all rows are spread alike, nor lets far-off rows hide their own residual. p = 1 (HC2) is
    what chance assigned, where it is Neyman's; p = 2 (HC3) is wider, for what was chosen.
    A slope is a sum of outcomes times parts; its size is one over the sum of the parts squared.

    Args:
        rows: Shape (rows, columns); a level needs a column of ones.
        outcomes: Shape (rows,).
        weights: Shape (rows,), above zero; None: all alike.
        form: Of the covariance.

    Raises:
        ValueError: The shapes differ, or a number is not finite.

    Source:
        MacKinnon & White (1985), Journal of Econometrics 29:305; Samii & Aronow (2012), Statistics
        and Probability Letters 82:365 (HC2 in experiments).

    Example:
        Two and two: the slope is the difference of means, its error that of Welch, each variance
        over n - 1 once more.

        >>> fit = robust_fit([[1, 0], [1, 0], [1, 1], [1, 1]], [1.0, 3.0, 6.0, 6.0])
        >>> [round(slope, 9) for slope in fit.slopes], round(fit.error(1), 9)
        ([2.0, 4.0], 1.414213562)
    """
    import numpy as np

    x, y = np.asarray(rows, dtype=float), np.asarray(outcomes, dtype=float)
    if x.ndim != 2 or y.shape != x.shape[:1] or not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError(f"want finite rows and as many outcomes, got {x.shape} and {y.shape}")
    root = np.ones(len(y))
    if weights is not None:
        root = np.sqrt(np.asarray(weights, dtype=float))
        x, y = x * root[:, np.newaxis], y * root
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    is_real = s > FLAT * s[0] if len(s) and s[0] > 0 else np.zeros(len(s), dtype=bool)
    u, s, vt = u[:, is_real], s[is_real], vt[is_real]
    degrees = len(y) - len(s)
    if degrees < 1 or not len(s):
        return None
    residual = y - u @ (u.T @ y)
    leverage = (u * u).sum(axis=1)
    own = np.maximum(1 - leverage, 1 - ALONE) ** (1.0 if form == "HC3" else 0.5)
    told = np.where(leverage < ALONE, residual / own, 0.0)
    inner = (u * told[:, np.newaxis]) / s
    meat = inner.T @ inner
    parts = vt.T @ ((u * root[:, np.newaxis]) / s).T  # of each outcome in each slope
    squares = (parts * parts).sum(axis=1)
    return Fit(
        slopes=tuple(map(float, vt.T @ ((u.T @ y) / s))),
        covariance=tuple(tuple(map(float, row)) for row in vt.T @ meat @ vt),
        degrees=degrees,
        spread=math.sqrt(float(residual @ residual) / degrees),
        sizes=tuple(1 / one if one > 0 else math.inf for one in map(float, squares)),
    )


def degrees_of_error(
    rows: Sequence[Sequence[float]], place: int, *, weights: Sequence[float]
) -> float:
    """Give the degrees of freedom with which HC2 knows the error of one slope.

    A few rows of great weight may make most of an error; then it is known as badly as those few
    rows tell, however many others there are. If all outcomes are spread alike, HC2's variance is a
    sum of squares of normal residuals, and these are the degrees of the chi-square with its mean
    and variance.

    Args:
        rows: Shape (rows, columns), more rows than independent columns.
        place: Of the slope's column.
        weights: Shape (rows,), above zero.

    Source:
        Bell & McCaffrey (2002), Survey Methodology 28:169; Imbens & Kolesár (2016), Review of
        Economics and Statistics 98:701.

    Example:
        Two means of three and six, weighed alike: as Welch's, were the true spreads known alike.

        >>> round(degrees_of_error([[1, 1]] * 3 + [[1, 0]] * 6, 1, weights=[1.0] * 9), 6)
        4.090909
    """
    import numpy as np

    weight = np.asarray(weights, dtype=float)
    x = np.asarray(rows, dtype=float) * np.sqrt(weight)[:, np.newaxis]
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    is_real = s > FLAT * s[0]
    u, s, vt = u[:, is_real], s[is_real], vt[is_real]
    hat = u @ u.T
    alone = np.diag(hat) >= ALONE
    counts = np.where(alone, 0.0, (u @ (vt[:, place] / s)) ** 2)
    counts /= np.where(alone, 1.0, 1 - np.diag(hat))
    rest = np.eye(len(weight)) - hat
    spread = counts[:, np.newaxis] * ((rest * weight) @ rest)
    sum_of_squares = float((spread * spread.T).sum())
    if sum_of_squares == 0:  # every row that tells the slope is fitted exactly
        return float(len(weight) - len(s))
    return float(np.trace(spread)) ** 2 / sum_of_squares


def is_told(rows: Sequence[Sequence[float]], place: int) -> bool:
    """Tell whether a column's slope can be told: the others do not make it up.

    >>> is_told([[1, 0, 0], [1, 1, 1]], 1), is_told([[1, 0, 0], [1, 1, 0]], 1)
    (False, True)
    """
    import numpy as np

    x = np.asarray(rows, dtype=float)
    column, others = x[:, place], np.delete(x, place, axis=1)
    nearest = others @ np.linalg.lstsq(others, column, rcond=None)[0]
    return bool(np.linalg.norm(column - nearest) > FLAT * max(1.0, float(np.linalg.norm(column))))
