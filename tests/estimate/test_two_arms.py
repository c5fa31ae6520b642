from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from portfolio.estimate.interval import ASSUMED_DISPERSION, Interval, efficiency
from portfolio.estimate.resample import linearised_se
from portfolio.estimate.two_arms import Worked, excludes_one, factor, ratio_of_costs


def worked(seed: int, windows: int = 12, *, unit: float = 1.0) -> Worked:
    rng = np.random.default_rng(seed)
    burn = rng.gamma(8, 1.5, windows)
    return Worked(shipped=rng.poisson(0.25 * burn).tolist(), burn_usd=burn * unit)


def ratio(first: Worked, second: Worked) -> Interval:
    return ratio_of_costs(first, second, rng=np.random.default_rng(3))


def test_the_point_is_a_ratio_of_ratios_of_totals() -> None:
    first = Worked(shipped=[1, 0, 2], burn_usd=[4.0, 1.0, 1.0])
    second = Worked(shipped=[2, 2], burn_usd=[1.0, 1.0])

    assert ratio(first, second).point == pytest.approx((6 / 3) / (2 / 4))


def test_above_sixty_units_it_is_welch_on_the_linearised_errors() -> None:
    first, second = worked(1, 80), worked(2, 100)

    found = ratio(first, second)

    errors = [linearised_se(one.shipped, one.burn_usd) for one in (first, second)]
    variance = sum(error**2 for error in errors)
    degrees = variance**2 / (errors[0] ** 4 / 79 + errors[1] ** 4 / 99)
    reach = stats.t.ppf(0.975, degrees) * math.sqrt(variance)
    assert found.point is not None
    assert found.low == pytest.approx(found.point * math.exp(-reach), rel=1e-9)
    assert found.high == pytest.approx(found.point * math.exp(reach), rel=1e-9)


def test_each_arm_has_the_error_of_its_own_interval() -> None:
    arm = worked(4)
    alone = efficiency(arm.shipped, arm.burn_usd, rng=np.random.default_rng(3))

    found = ratio(arm, Worked(shipped=[1e9] * 80, burn_usd=[1.0] * 80))

    assert alone.low is not None
    assert found.low is not None
    assert math.log(found.high or 0) - math.log(found.low) == pytest.approx(
        math.log(alone.high or 0) - math.log(alone.low), rel=1e-3
    )


def test_under_four_units_the_spread_is_assumed() -> None:
    arms = Worked(shipped=[3, 3], burn_usd=[1.0, 1.0]), Worked(shipped=[4], burn_usd=[1.0])

    found = ratio(*arms)

    reach = stats.norm.ppf(0.975) * math.sqrt(ASSUMED_DISPERSION * (1 / 6 + 1 / 4))
    assert found.status == "provisional"
    assert found.low == pytest.approx((found.point or 0) * math.exp(-reach), rel=1e-5)


@given(st.integers(0, 500), st.floats(0.001, 1000))
def test_neither_the_currency_nor_the_order_of_windows_matters(seed: int, unit: float) -> None:
    first, second = worked(seed), worked(seed + 1, 7)
    turned = Worked(shipped=first.shipped[::-1], burn_usd=first.burn_usd[::-1])

    plain = ratio(first, second)
    other = ratio(
        Worked(shipped=turned.shipped, burn_usd=np.asarray(turned.burn_usd) * unit),
        Worked(shipped=second.shipped, burn_usd=np.asarray(second.burn_usd) * unit),
    )

    assert other.point == pytest.approx(plain.point)
    assert other.high == pytest.approx(plain.high)


def test_a_coarse_meter_makes_it_wider() -> None:
    arm, other = worked(5, 6), worked(6, 6)
    coarse = Worked(shipped=arm.shipped, burn_usd=arm.burn_usd, step_usd=20.0)

    assert (ratio(coarse, other).high or 0) > (ratio(arm, other).high or 0)


@pytest.mark.parametrize(
    ("arm", "status"),
    [
        (Worked(shipped=[0, 0], burn_usd=[1.0, 2.0]), "no-features"),
        (Worked(shipped=[1, 0], burn_usd=[0.0, 0.0]), "no-burn"),
    ],
)
def test_an_arm_without_a_cost_gives_no_ratio(arm: Worked, status: str) -> None:
    assert ratio(arm, worked(1)).status == status
    assert ratio(worked(1), arm).point is None


def test_a_factor_that_no_float_holds_has_no_bounds() -> None:
    found = factor(1.0, 500.0, degrees=3, level=0.95, method="", status="ok")

    assert (found.low, found.high, found.status) == (None, None, "unbounded")
    assert not excludes_one(found)
