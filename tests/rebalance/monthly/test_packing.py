"""Packing problems in arrays: what SciPy's solver says of each."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from portfolio.rebalance.monthly.packing import pack


def test_each_is_as_scipy_says() -> None:
    rng = np.random.default_rng(1)
    problems, rows, columns = 150, 6, 9
    worth = rng.uniform(-1, 5, (problems, columns))
    need = rng.uniform(0, 3, (problems, rows, columns)) * (rng.random((rows, columns)) < 0.6)
    need[:, 0] += 0.1
    limit = rng.uniform(0, 20, (problems, rows)) * (rng.random((problems, rows)) < 0.9)

    found = pack(worth, need, limit)

    for n in range(problems):
        best = linprog(-worth[n], A_ub=need[n], b_ub=limit[n])
        assert found.worth[n] == pytest.approx(-best.fun, abs=1e-8)
        assert (need[n] @ found.amounts[n] <= limit[n] + 1e-8).all()
        assert worth[n] @ found.amounts[n] == pytest.approx(found.worth[n], abs=1e-8)
        # its prices prove it: they allow no column a gain, and add up to the worth
        assert (found.prices[n] @ need[n] >= worth[n] - 1e-8).all()
        assert found.prices[n] @ limit[n] == pytest.approx(found.worth[n], abs=1e-8)


def test_ties_come_to_an_end() -> None:
    need = np.ones((4, 5, 6))  # all rows and all columns alike: every step is degenerate

    found = pack(np.ones((4, 6)), need, np.array([[1.0] * 5, [0.0] * 5, [2, 2, 1, 1, 2], [3] * 5]))

    assert found.worth.tolist() == [1, 0, 1, 3]


def test_worth_for_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="needs nothing"):
        pack(np.ones((1, 1)), np.zeros((1, 1, 1)), np.ones((1, 1)))


def test_nothing_to_do_is_worth_nothing() -> None:
    found = pack(np.zeros((2, 0)), np.zeros((2, 3, 0)), np.ones((2, 3)))

    assert found.worth.tolist() == [0, 0]
    assert found.amounts.shape == (2, 0)
