"""Ridge regression in closed form, its penalty chosen by leaving each row out once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    FloatArray: TypeAlias = npt.NDArray[np.float64]

# Of slopes against the residual variance; inf: the mean alone. Ascending.
PENALTIES: Final = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, math.inf)
FLAT: Final = 1e-9  # a singular value below this is the rounding of floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Ridge:
    """A fitted line: level + slopes · (row - centre)."""

    level: float  # mean of the outcomes
    centre: tuple[float, ...]  # mean of the rows, shape (columns,)
    slopes: tuple[float, ...]  # shape (columns,)
    penalty: float
    left_out: tuple[float, ...]  # error of each row when fitted without it, shape (rows,)

    def at(self, row: Sequence[float]) -> float:
        """Predict the outcome of a row."""
        return self.level + math.fsum(
            slope * (value - centre)
            for slope, value, centre in zip(self.slopes, row, self.centre, strict=True)
        )

    @property
    def error(self) -> float:
        """Give the root mean square of the errors of rows left out, in the outcome's unit."""
        return math.sqrt(math.fsum(one * one for one in self.left_out) / len(self.left_out))


def ridge(
    rows: Sequence[Sequence[float]],
    outcomes: Sequence[float],
    *,
    penalties: Sequence[float] = PENALTIES,
) -> Ridge:
    """Fit a free level and slopes held small, under the penalty that predicts best.

    Args:
        rows: Shape (rows, columns), two rows or more.
        outcomes: Shape (rows,).
        penalties: k; inf for the mean alone. Of those that predict alike, the largest.

    Raises:
        ValueError: There are fewer than two rows, or the shapes differ.

    Source:
        Hoerl & Kennard (1970), Technometrics 12:55; Allen (1974), Technometrics 16:125 (PRESS).

    Example:
        Centred x is (-1, 0, 1), so s² = 2, and x·y = 2: the slope is 2 / (2 + 2).

        >>> fit = ridge([[0.0], [1.0], [2.0]], [1.0, 2.0, 3.0], penalties=[2.0])
        >>> round(fit.slopes[0], 9), round(fit.at([2.0]), 9)
        (0.5, 2.5)
    """
    import numpy as np

    if len(rows) < 2 or len(rows) != len(outcomes):
        raise ValueError(f"want two rows or more, as many outcomes; got {len(rows)} rows")
    x, y = np.asarray(rows, dtype=float), np.asarray(outcomes, dtype=float)
    centre, level = x.mean(axis=0), float(y.mean())
    slopes, penalty, left_out = _best(x - centre, y - level, penalties)
    return Ridge(
        level=level,
        centre=tuple(map(float, centre)),
        slopes=tuple(map(float, slopes)),
        penalty=penalty,
        left_out=tuple(map(float, left_out)),
    )


def _best(
    x: FloatArray, y: FloatArray, penalties: Sequence[float]
) -> tuple[FloatArray, float, FloatArray]:
    """Give slopes, penalty and errors of rows left out, of centred rows and outcomes.

    With X = U S V', slopes are V · s / (s² + k) · U'y, and the hat matrix
    H = 1/n + U · s² / (s² + k) · U'. The error of row i when it is left out is its
    residual / (1 - H_ii), exactly: no refitting.
    """
    import numpy as np

    u, s, vt = np.linalg.svd(x, full_matrices=False)
    turned = u.T @ y
    best, found = math.inf, (np.zeros(x.shape[1]), math.inf, y)
    for tried in sorted(penalties, reverse=True):
        # A direction in which nothing varies has no slope.
        held = np.divide(s, s * s + tried, out=np.zeros_like(s), where=s > FLAT)
        residual = y - u @ (s * held * turned)
        errors = residual / (1 - 1 / len(y) - (u * u) @ (s * held))
        press = float(errors @ errors)
        if press < best * (1 - 1e-9):
            best, found = press, (vt.T @ (held * turned), tried, errors)
    return found
