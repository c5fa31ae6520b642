"""Scenarios: what features take, how many are wanted, and what is worked around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.rebalance.feature_draws import (
    Attempted,
    around_drawn,
    demand_drawn,
)

if TYPE_CHECKING:
    from portfolio.rebalance.monthly.problem import FloatArray

WEIGHTS = {"S": 1.0, "M": 3.0, "L": 9.0}


def features(*usd: float, size: str = "S", shipped: bool = True) -> list[Attempted]:
    return [Attempted(size=size, usd=one, is_shipped=shipped) for one in usd]


def months(
    weeks: Sequence[Sequence[float]], *, count: int = 1, scenarios: int = 4000
) -> FloatArray:
    return demand_drawn(weeks, months=count, scenarios=scenarios, rng=np.random.default_rng(2))


def test_a_month_is_as_many_weeks_as_it_has_at_their_faded_mean() -> None:
    weeks = [[4.0, 1.0], [6.0, 0.0], [9.0, 2.0], [3.0, 1.0], [8.0, 1.0], [7.0, 2.0]]
    fading = np.array([0.85**age for age in range(5, -1, -1)])
    mean = fading @ np.array(weeks) / fading.sum()

    found = months(weeks, count=2)

    assert found.shape == (4000, 2, 2)
    assert found.mean(axis=(0, 1)) == pytest.approx(4.345 * mean, rel=0.02)


def test_weeks_that_were_all_alike_leave_nothing_to_chance() -> None:
    assert months([[5.0]] * 8) == pytest.approx(5 * 4.345)


def test_weeks_that_differ_make_months_that_differ() -> None:
    """Within a month the weeks' luck evens out; what the mean is off by does not."""
    found = months([[0.0], [10.0]] * 6, count=2)

    assert 6 < float(found.std()) < 16
    both = np.corrcoef(found[:, 0, 0], found[:, 1, 0])[0, 1]
    assert 0.2 < both < 0.7  # what the level is off by moves both months


def test_of_one_week_its_count_is_taken_for_luck() -> None:
    """One week of nine features: a month of 39, and a level known to a third at best."""
    found = months([[9.0]])

    assert float(found.mean()) == pytest.approx(4.345 * 9.5, rel=0.05)
    assert float(found.std()) / float(found.mean()) > 0.3


@given(st.lists(st.integers(0, 20), min_size=1, max_size=8))
def test_no_month_asks_for_less_than_nothing(weeks: list[int]) -> None:
    found = months([[float(one)] for one in weeks], scenarios=50)

    assert (found >= 0).all()


def around(weeks: Sequence[tuple[float, float]], usd: float = 2.0) -> FloatArray:
    return around_drawn(weeks, usd_per_feature=usd, scenarios=500, rng=np.random.default_rng(4))


def test_half_of_the_work_around_features_doubles_what_one_takes() -> None:
    assert around([(40.0, 10.0)] * 6) == pytest.approx(2.0)


def test_work_that_no_machine_saw_makes_no_feature_cheaper() -> None:
    assert around([(5.0, 10.0)] * 6) == pytest.approx(1.0)


def test_without_a_week_nothing_is_known_to_be_around() -> None:
    assert around([]) == pytest.approx(1.0)
    assert around([(9.0, 0.0)]) == pytest.approx(1.0)
