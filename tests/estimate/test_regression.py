from __future__ import annotations

import math
from typing import Literal

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.regression import degrees_of_error, is_told, robust_fit


def sample(seed: int, rows: int = 30) -> tuple[list[list[float]], list[float], list[float]]:
    rng = np.random.default_rng(seed)
    x = np.column_stack((np.ones(rows), rng.integers(0, 2, rows), rng.normal(size=(rows, 2))))
    y = x @ rng.normal(size=4) + rng.normal(size=rows) * (1 + 2 * x[:, 1])
    return x.tolist(), y.tolist(), rng.uniform(0.5, 3, rows).tolist()


@given(st.integers(0, 10_000), st.sampled_from(["HC2", "HC3"]))
def test_slopes_and_errors_are_those_of_statsmodels(seed: int, form: Literal["HC2", "HC3"]) -> None:
    x, y, weights = sample(seed)

    fit = robust_fit(x, y, weights=weights, form=form)

    assert fit is not None
    theirs = sm.WLS(y, x, weights=weights).fit(cov_type=form, use_t=True)
    assert fit.slopes == pytest.approx(theirs.params)
    assert np.array(fit.covariance) == pytest.approx(np.array(theirs.cov_params()))
    assert fit.degrees == 26
    assert fit.spread == pytest.approx(math.sqrt(theirs.scale))


@given(st.integers(0, 10_000), st.floats(0.01, 100))
def test_neither_the_order_of_rows_nor_the_unit_of_outcomes_matters(seed: int, unit: float) -> None:
    x, y, weights = sample(seed)
    order = np.random.default_rng(seed).permutation(len(y))

    fit = robust_fit(x, y, weights=weights)
    other = robust_fit(
        [x[i] for i in order], [y[i] * unit for i in order], weights=[weights[i] for i in order]
    )

    assert fit is not None
    assert other is not None
    assert [one / unit for one in other.slopes] == pytest.approx(fit.slopes)
    assert other.error(1) / unit == pytest.approx(fit.error(1))


def test_a_row_that_is_a_class_of_its_own_says_nothing_of_the_spread() -> None:
    x = [[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [1.0, 1.0, 1.0]]
    y = [1.0, 2.0, 4.0, 6.0, 100.0]

    fit, without = robust_fit(x, y), robust_fit([row[:2] for row in x[:4]], y[:4])

    assert fit is not None
    assert without is not None
    assert fit.slopes[1] == pytest.approx(without.slopes[1])
    assert fit.error(1) == pytest.approx(without.error(1))


def test_a_column_that_the_others_make_up_is_not_told() -> None:
    assert not is_told([[1, 1, 1], [1, 1, 1], [1, 0, 0], [1, 0, 0]], 1)
    assert is_told([[1, 1, 1], [1, 1, 0], [1, 0, 0], [1, 0, 0]], 1)


def test_as_many_columns_as_rows_leave_nothing_to_tell_the_error_from() -> None:
    assert robust_fit([[1.0, 0.0], [1.0, 1.0]], [1.0, 2.0]) is None


def test_what_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        robust_fit([[1.0], [1.0]], [1.0, math.nan])


@given(st.integers(0, 10_000))
def test_the_size_of_a_slope_is_how_many_outcomes_its_error_is_that_of_the_mean_of(
    seed: int,
) -> None:
    x, y, weights = sample(seed)

    fit, even = robust_fit(x, y, weights=weights), robust_fit(x, y)

    assert fit is not None
    assert even is not None
    # A slope is linear in the outcomes: its parts are the slopes of one outcome of 1 at a time.
    turned = [robust_fit(x, row, weights=weights) for row in np.eye(len(y)).tolist()]
    parts = np.array([one.slopes for one in turned if one])
    assert fit.sizes == pytest.approx(1 / (parts**2).sum(axis=0))
    assert even.sizes == pytest.approx(1 / np.diag(np.linalg.inv(np.array(x).T @ np.array(x))))


def test_the_degrees_of_an_error_are_those_of_its_chi_square_in_many_made_up_outcomes() -> None:
    rng = np.random.default_rng(4)
    x = [[float(row % 2), float(row % 2 == 0), float(row % 3 == 0)] for row in range(18)]
    weights = [12.0 if row in (3, 6) else 1.0 for row in range(18)]

    variances = []
    for outcomes in rng.normal(size=(4_000, 18)):
        fit = robust_fit(x, list(outcomes), weights=weights, form="HC2")
        assert fit is not None
        variances.append(fit.error(2) ** 2)

    found = degrees_of_error(x, 2, weights=weights)
    assert found == pytest.approx(2 * np.mean(variances) ** 2 / np.var(variances), rel=0.1)
    assert 1 < found < 6  # of 15 rows beside the columns


@given(st.integers(2, 9), st.integers(2, 9))
def test_of_two_means_the_degrees_are_those_of_imbens_and_kolesar(ones: int, others: int) -> None:
    rows = [[1.0, 1.0]] * ones + [[1.0, 0.0]] * others

    found = degrees_of_error(rows, 1, weights=[3.0] * len(rows))

    squares = ones**2 * (ones - 1) + others**2 * (others - 1)
    assert found == pytest.approx((ones + others) ** 2 * (ones - 1) * (others - 1) / squares)


def test_a_slope_that_rows_of_their_own_tell_has_the_degrees_of_the_fit() -> None:
    rows = [[1.0, 0.0, 1.0], [1.0, 0.0, 0.0], *[[0.0, 1.0, 0.0]] * 4]

    assert degrees_of_error(rows, 2, weights=[1.0, 2.0, *[1.0] * 4]) == 3
