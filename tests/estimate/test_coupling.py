from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from portfolio.estimate.coupling import (
    Beside,
    Moved,
    Scoped,
    beside_over_alone,
    longer_per_shorter,
    scoped_over_other,
)
from portfolio.estimate.interval import Interval


def holds(ratio: Interval, truth: float) -> bool:
    return ratio.low is not None and ratio.high is not None and ratio.low <= truth <= ratio.high


def moved(seed: int, n: int = 8, *, ratio: float = 0.15) -> list[Moved]:
    """Read both meters in whole percent, one window after the other."""
    rng = np.random.default_rng(seed)
    shorter = rng.uniform(10, 90, n)
    longer = ratio * shorter * rng.lognormal(0, 0.1, n)
    begun = rng.random()
    shown = np.floor(begun + np.concatenate(([0.0], longer.cumsum())))
    return [
        Moved(longer=float(up), shorter=float(np.floor(down)))
        for up, down in zip(np.diff(shown), shorter, strict=True)
    ]


def test_it_is_the_ratio_of_totals_with_both_meters_rounding() -> None:
    told = [Moved(longer=long, shorter=short) for long, short in ((1, 8), (3, 12), (2, 15), (2, 5))]

    found = longer_per_shorter(told, longer_step=1, shorter_step=1)

    ratio = 8 / 40
    squares = sum((one.longer - ratio * one.shorter) ** 2 for one in told)
    error = math.sqrt(4 / 3 * squares / 64 + 4 / 6 * (1 / 64 + 1 / 1600))
    assert found.point == pytest.approx(ratio)
    assert found.high == pytest.approx(ratio * math.exp(stats.t.ppf(0.975, 3) * error))
    assert found.status == "provisional"


def test_it_holds_the_truth_where_meters_show_whole_percents() -> None:
    found = [longer_per_shorter(moved(seed), longer_step=1, shorter_step=1) for seed in range(400)]

    assert 0.93 <= sum(holds(one, 0.15) for one in found) / 400 <= 1


@given(st.integers(0, 300), st.floats(0.01, 100))
def test_units_of_the_meters_only_scale_it(seed: int, unit: float) -> None:
    told = moved(seed)
    other = [Moved(longer=one.longer * unit, shorter=one.shorter) for one in reversed(told)]

    plain = longer_per_shorter(told, longer_step=1, shorter_step=1)
    scaled = longer_per_shorter(other, longer_step=unit, shorter_step=1)

    assert scaled.point == pytest.approx((plain.point or 0) * unit)
    assert scaled.low == pytest.approx((plain.low or 0) * unit)


@pytest.mark.parametrize(("n", "status"), [(0, "no-burn"), (3, "too-few"), (5, "provisional")])
def test_few_windows_say_so(n: int, status: str) -> None:
    assert longer_per_shorter(moved(1, n), longer_step=1, shorter_step=1).status == status


def scoped(seed: int, n: int = 20, *, times: float = 1.0) -> list[Scoped]:
    rng = np.random.default_rng(seed)
    usd = rng.gamma(2, 2, (n, 2)) * (rng.random((n, 2)) < 0.8)
    burn = (times * usd[:, 0] + usd[:, 1]) * rng.lognormal(0, 0.15, n)
    return [
        Scoped(burn=float(one), scoped_usd=float(mine), other_usd=float(rest))
        for one, (mine, rest) in zip(burn, usd, strict=True)
    ]


def test_rates_of_scoped_work_are_those_of_statsmodels_and_their_ratio_by_the_delta_method() -> (
    None
):
    told = [one for one in scoped(1) if one.scoped_usd or one.other_usd]

    found = scoped_over_other(told)

    rows = [[one.scoped_usd, one.other_usd] for one in told]
    theirs = sm.OLS([one.burn for one in told], rows).fit(cov_type="HC3", use_t=True)
    slopes, inner = theirs.params, np.array(theirs.cov_params())
    gradient = np.array([1 / slopes[0], -1 / slopes[1]])
    reach = stats.t.ppf(0.975, len(told) - 2) * math.sqrt(gradient @ inner @ gradient)
    assert found.point == pytest.approx(slopes[0] / slopes[1])
    assert found.high == pytest.approx(slopes[0] / slopes[1] * math.exp(reach))


@pytest.mark.parametrize("times", [1.0, 1.7])
def test_a_scope_that_burns_faster_is_found_and_one_that_does_not_is_not(times: float) -> None:
    found = [scoped_over_other(scoped(seed, times=times)) for seed in range(300)]

    assert sum(holds(one, times) for one in found) / 300 >= 0.91
    assert (sum(holds(one, 1.0) for one in found) / 300 >= 0.5) == (times == 1.0)


def test_one_kind_of_work_alone_has_nothing_to_be_compared_with() -> None:
    alone = [Scoped(burn=1.0, scoped_usd=2.0, other_usd=0.0)] * 9

    assert scoped_over_other(alone).status == "not-both"


def test_a_rate_below_nothing_is_no_ratio() -> None:
    odd = [Scoped(burn=1.0, scoped_usd=float(i), other_usd=10.0 - i) for i in range(1, 9)]
    falling = [Scoped(burn=9.0 - i, scoped_usd=float(i), other_usd=1.0) for i in range(1, 9)]

    assert scoped_over_other(odd).point == pytest.approx(1)
    assert scoped_over_other(falling).status == "not-told"


def beside(seed: int, *, times: float = 1.0, n: int = 40) -> list[Beside]:
    rng = np.random.default_rng(seed)
    usd, is_beside = rng.gamma(4, 1, n), rng.random(n) < 0.5
    burn = usd * np.where(is_beside, times, 1.0) * rng.lognormal(0, 0.2, n)
    return [
        Beside(burn=float(one), usd=float(worth), is_beside=bool(flag))
        for one, worth, flag in zip(burn, usd, is_beside, strict=True)
    ]


def test_work_beside_another_provider_that_burns_no_more_is_not_said_to() -> None:
    assert sum(holds(beside_over_alone(beside(seed)), 1.0) for seed in range(200)) / 200 >= 0.91
    assert holds(beside_over_alone(beside(1, times=2.0)), 2.0)
    assert not holds(beside_over_alone(beside(1, times=2.0)), 1.0)


def test_without_windows_of_both_kinds_nothing_is_told() -> None:
    never = [one for one in beside(1) if not one.is_beside]

    assert beside_over_alone(never).status == "too-few"
