from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from scipy import stats

from portfolio.estimate.interval import success_rate
from portfolio.estimate.quality import ItemQuality, bug_rate, is_below_floor, quality

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
GOOD = ItemQuality(outcome="shipped")


def test_each_rate_is_of_its_own_items() -> None:
    found = quality(
        [
            *[GOOD] * 4,
            ItemQuality(outcome="shipped", bugs=2),
            ItemQuality(outcome="shipped", is_reworked=True),
            ItemQuality(outcome="reverted", bugs=1),
            ItemQuality(outcome="reverted", is_reworked=True),
            ItemQuality(outcome="failed"),
            ItemQuality(outcome="failed"),
            ItemQuality(outcome="open"),
        ]
    )

    assert found.success.point == 6 / 10
    assert found.first_pass.point == 4 / 8
    assert (found.rework.point, found.revert.point) == (2 / 8, 2 / 8)
    assert found.bugs_per_feature.point == 3 / 8


def test_of_no_item_nothing_is_known_and_it_is_not_zero() -> None:
    found = quality([ItemQuality(outcome="open")])

    rates = (found.success, found.first_pass, found.rework, found.revert, found.bugs_per_feature)
    assert [rate.point for rate in rates] == [None] * 5
    assert found.median_hours_to_ship is None
    assert is_below_floor(found.success, 0.5) is None


def test_none_and_all_of_n_have_bounds_that_leave_room() -> None:
    none, every = quality([ItemQuality(outcome="failed")] * 5).success, quality([GOOD] * 5).success

    assert (none.point, none.low, every.point, every.high) == (0, 0, 1, 1)
    assert none.high is not None
    assert every.low is not None
    assert none.high == pytest.approx(1 - every.low)
    assert 0.4 < every.low < 0.6


def test_all_that_failed_leaves_what_shipped_unknown() -> None:
    assert quality([ItemQuality(outcome="failed")] * 5).first_pass.point is None


def test_few_good_items_are_below_a_floor_that_many_pass() -> None:
    assert is_below_floor(success_rate(4, 0), 0.8) is True
    assert is_below_floor(success_rate(40, 0), 0.8) is False


def test_a_floor_is_a_share() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        is_below_floor(success_rate(1, 0), 80)


def test_bounds_of_bugs_are_those_of_garwood() -> None:
    for bugs in (0, 1, 7, 20):
        found = bug_rate([1] * bugs + [0] * (20 - bugs))

        low = stats.chi2.ppf(0.025, 2 * bugs) / 40 if bugs else 0.0
        assert found.method == "poisson"
        assert found.low == pytest.approx(low)
        assert found.high == pytest.approx(stats.chi2.ppf(0.975, 2 * bugs + 2) / 40)


def test_bugs_in_heaps_have_the_bounds_of_counts_that_vary_so_much_more() -> None:
    found = bug_rate([0, 0, 0, 8])  # mean 2, variance 16: eight times as much

    assert (found.point, found.method) == (2, "quasi-poisson")
    assert found.low == pytest.approx(8 * stats.gamma.ppf(0.025, 8 / 8) / 4)
    assert found.high == pytest.approx(8 * stats.gamma.ppf(0.975, 8 / 8 + 1) / 4)


@pytest.mark.parametrize(("spread", "least"), [(0.0, 0.94), (1.0, 0.93)])
def test_the_interval_of_bugs_holds_the_truth_as_often_as_it_says(
    spread: float, least: float
) -> None:
    chance = np.random.default_rng(5)
    mean = 0.3 * (chance.gamma(1 / spread**2, spread**2, (1_000, 60)) if spread else 1.0)
    bounds = [bug_rate(row) for row in chance.poisson(mean, (1_000, 60)).tolist()]

    held = sum((one.low or 0.0) <= 0.3 <= (one.high or 0.0) for one in bounds)

    assert held / 1_000 >= least - 2 * (least * (1 - least) / 1_000) ** 0.5


def test_time_to_ship_is_a_median_of_items_with_both_moments() -> None:
    items = [
        ItemQuality(outcome="shipped", first_turn_at=NOON, shipped_at=NOON + timedelta(hours=hours))
        for hours in (1, 3, 50, -2)  # a commit dated before its first turn tells no time
    ]

    assert quality([*items, GOOD]).median_hours_to_ship == 3


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        ItemQuality(outcome="shipped", bugs=-1)
    with pytest.raises(ValueError, match="negative"):
        bug_rate([-1, 3])
