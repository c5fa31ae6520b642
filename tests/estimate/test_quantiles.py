"""Our quantiles are SciPy's."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from portfolio.estimate import quantiles

LEVELS = st.floats(0.0005, 0.9995)
SHAPES = st.floats(0.3, 5_000)


@given(st.integers(1, 3_000), LEVELS)
def test_students_t_is_scipys(degrees: int, p: float) -> None:
    expected = float(special.stdtrit(degrees, p))

    # Round the middle, where no interval looks, 1 - share loses digits.
    assert math.isclose(quantiles.student_t(degrees, p), expected, rel_tol=1e-8, abs_tol=1e-6)


@given(SHAPES, LEVELS)
def test_gamma_is_scipys(shape: float, p: float) -> None:
    expected = float(special.gammaincinv(shape, p))

    assert math.isclose(quantiles.gamma(shape, p), expected, rel_tol=1e-8)


@given(SHAPES, SHAPES, LEVELS)
def test_beta_is_scipys(a: float, b: float, p: float) -> None:
    expected = float(special.betaincinv(a, b, p))

    assert math.isclose(quantiles.beta(a, b, p), expected, rel_tol=1e-8, abs_tol=1e-12)


@pytest.mark.parametrize(("kept", "lost"), [(0, 0), (0, 20_000), (20_000, 0), (20_000, 3)])
def test_beta_holds_where_all_was_kept_or_lost(kept: int, lost: int) -> None:
    for p in (0.025, 0.975):
        expected = float(special.betaincinv(1 + kept, 1 + lost, p))
        assert quantiles.beta(1 + kept, 1 + lost, p) == pytest.approx(expected, rel=1e-8)
