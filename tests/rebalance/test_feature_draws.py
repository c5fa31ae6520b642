"""Scenarios: what features take, how many are wanted, and what is worked around them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.rebalance.feature_draws import (
    FEWEST,
    Attempted,
    around_drawn,
    demand_drawn,
    use_drawn,
)

if TYPE_CHECKING:
    from portfolio.rebalance.monthly.problem import FloatArray

WEIGHTS = {"S": 1.0, "M": 3.0, "L": 9.0}


def features(*usd: float, size: str = "S", shipped: bool = True) -> list[Attempted]:
    return [Attempted(size=size, usd=one, is_shipped=shipped) for one in usd]


def drawn(attempts: Sequence[Attempted], *, scenarios: int = 400, seed: int = 1) -> FloatArray:
    return use_drawn(
        attempts, weights=WEIGHTS, scenarios=scenarios, rng=np.random.default_rng(seed)
    )


def test_features_that_all_took_the_same_leave_nothing_to_chance() -> None:
    """Twelve S at $2: an S takes $2; an M, never seen, three times as much by its weight."""
    found = drawn(features(*[2.0] * 12))

    assert found[:, 0] == pytest.approx(2.0)
    assert found[:, 1] == pytest.approx(6.0)
    assert found[:, 2] == pytest.approx(18.0)


def test_what_failed_is_paid_for_by_what_shipped() -> None:
    """Ten shipped at $1 and ten failed at $1: $2 a shipped one, by both of a size's witnesses."""
    found = drawn([*features(*[1.0] * 10), *features(*[1.0] * 10, shipped=False)], scenarios=4000)

    assert float(np.exp(np.log(found[:, 0]).mean())) == pytest.approx(2.0, rel=0.05)


def test_a_size_with_few_features_leans_on_the_others() -> None:
    """One M at $30 among forty S at $1: alone it would say 30; four say 3, so 3 · 10^(1/5)."""
    found = drawn([*features(*[1.0] * 40), *features(30.0, size="M")], scenarios=4000)

    # All together take a little more than a dollar a unit: 70 / 43 of it.
    told = 3 * 70 / 43
    assert float(np.median(found[:, 1])) == pytest.approx(
        math.exp((math.log(30) + 4 * math.log(told)) / 5), rel=0.2
    )


def test_draws_spread_as_the_error_of_the_mean_does() -> None:
    """The log of the ratio of totals of n features has sd cv / sqrt(n), about n / (n - 1)."""
    rng = np.random.default_rng(3)
    usd = rng.lognormal(0.0, 0.4, 60)
    found = drawn(features(*usd), scenarios=4000)

    expected = usd.std(ddof=1) / usd.mean() / math.sqrt(60)
    assert float(np.log(found[:, 0]).std()) == pytest.approx(expected, rel=0.1)


@given(st.integers(FEWEST, 12), st.integers(0, 50))
def test_no_draw_is_zero_or_without_end_whatever_was_drawn(n: int, seed: int) -> None:
    """A resample may hold no shipped feature at all."""
    attempts = [*features(5.0), *features(*[1.0] * (n - 1), shipped=False)]

    found = drawn(attempts, scenarios=50, seed=seed)

    assert np.isfinite(found).all()
    assert (found > 0).all()


def test_the_same_seed_draws_the_same() -> None:
    attempts = features(1.0, 2.0, 4.0, 3.0)

    assert (drawn(attempts, seed=5) == drawn(attempts, seed=5)).all()
    assert (drawn(attempts, seed=5) != drawn(attempts, seed=6)).any()


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
