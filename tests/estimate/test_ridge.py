from __future__ import annotations

import math

import numpy as np
import pytest

from portfolio.estimate.ridge import PENALTIES, ridge


def sample(seed: int, rows: int, columns: int) -> tuple[list[list[float]], list[float]]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, columns))
    y = x @ rng.normal(size=columns) + rng.normal(size=rows) + 3
    return x.tolist(), y.tolist()


def test_slopes_solve_the_normal_equations() -> None:
    x, y = sample(1, 20, 4)

    fit = ridge(x, y, penalties=[3.0])

    centred = np.array(x) - np.mean(x, axis=0)
    wanted = np.linalg.solve(centred.T @ centred + 3 * np.eye(4), centred.T @ np.array(y))
    assert fit.slopes == pytest.approx(wanted)


def test_errors_of_rows_left_out_are_those_of_refitting_without_them() -> None:
    x, y = sample(2, 12, 5)
    for penalty in PENALTIES:
        fit = ridge(x, y, penalties=[penalty])

        for i in range(12):
            without = ridge(x[:i] + x[i + 1 :], y[:i] + y[i + 1 :], penalties=[penalty])
            assert fit.left_out[i] == pytest.approx(y[i] - without.at(x[i]))


def test_more_columns_than_rows_are_no_hindrance() -> None:
    x, y = sample(3, 5, 30)

    assert all(map(math.isfinite, ridge(x, y).slopes))


def test_of_rows_that_tell_nothing_next_to_nothing_is_mostly_kept() -> None:
    rng = np.random.default_rng(4)
    fits = [
        ridge(rng.normal(size=(40, 6)).tolist(), rng.normal(size=40).tolist()) for _ in range(100)
    ]

    assert sum(fit.penalty >= 100 for fit in fits) >= 70


def test_columns_that_do_not_vary_have_no_slope() -> None:
    fit = ridge([[1.0, 2.0]] * 4, [1.0, 2.0, 3.0, 4.0])

    assert (fit.slopes, fit.penalty, fit.level) == ((0.0, 0.0), math.inf, 2.5)


def test_one_row_is_too_few() -> None:
    with pytest.raises(ValueError, match="two rows"):
        ridge([[1.0]], [1.0])
