import math

import numpy as np
import pytest

from benchmarks.worlds import WORLDS
from portfolio.estimate.precision import features_missing
from portfolio.estimate.resample import grouped, linearised_se


def test_ten_percent_at_the_assumed_dispersion_takes_577_features() -> None:
    assert features_missing([], [], half_width=0.10) == 577  # 1.5 * (1.96 / 0.10)² = 576.2


def test_without_features_or_burn_the_assumed_dispersion_rules() -> None:
    assert features_missing([0, 0], [5, 5], half_width=0.30) == 65  # 1.5 * 42.68 = 64.03
    assert features_missing([3, 2], [0, 0], half_width=0.30) == 60


def test_what_is_there_already_is_taken_off_and_never_below_zero() -> None:
    # Even windows: phi = (4 * 1.5 + 5 * 0) / 9 = 2/3, so 28.5 features
    assert features_missing([2] * 6, [8] * 6, half_width=0.30) == 17
    assert features_missing([9] * 6, [8] * 6, half_width=0.30) == 0


def test_uneven_windows_need_more() -> None:
    even, uneven = [3, 3, 3, 3, 3, 3], [6, 0, 6, 0, 6, 0]

    missing = [features_missing(shipped, [8] * 6, half_width=0.2) for shipped in (even, uneven)]

    # phi = 2/3; and with phi_hat = 6/5 * 6 * 3² / 18 = 3.6, t(116) * sqrt(3.6 / (3 * 117)) < 0.2
    assert missing == [65 - 18, 3 * 118 - 18]


def test_nothing_is_missing_only_where_the_interval_says_so_too() -> None:
    shipped, burn = [10, 10, 30, 25], [10, 20, 30, 40]

    missing = features_missing(shipped, burn, half_width=0.3)

    # phi_hat = 2: t(7) * sqrt(2 / (18.75 * 8)) = 0.27, and one group fewer gives 0.302
    assert missing == 4 * 18.75


def test_days_with_moods_need_more_than_their_windows_show() -> None:
    shipped, burn = [4, 4, 1, 1] * 4, [8] * 16

    by_window = features_missing(shipped, burn, half_width=0.2)
    by_day = features_missing(shipped, burn, half_width=0.2, days=[i // 2 for i in range(16)])

    assert by_day > by_window


def test_the_promised_precision_is_there_when_the_features_are() -> None:
    draw = WORLDS["M2"][0]
    shipped, burn = draw(40, 300, np.random.default_rng(5))
    needed = [
        features_missing(*one, half_width=0.2) + one[0].sum()
        for one in zip(shipped, burn, strict=True)
    ]
    windows = round(float(np.mean(needed)) / 3)  # three features a window

    later = zip(*draw(windows, 300, np.random.default_rng(6)), strict=True)
    half_widths = [1.96 * linearised_se(*grouped(*one)) for one in later]

    assert 0.18 < np.median(half_widths) < 0.205


@pytest.mark.parametrize("half_width", [0, -0.1, math.nan, math.inf])
def test_a_half_width_is_finite_and_above_zero(half_width: float) -> None:
    with pytest.raises(ValueError, match="half_width"):
        features_missing([1], [2], half_width=half_width)
