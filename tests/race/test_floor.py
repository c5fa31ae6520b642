from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from portfolio.race.floor import log_below_floor

counts = st.integers(0, 60)
floors = st.floats(0.05, 0.95)


@given(counts, counts, floors)
def test_it_is_the_likelihood_below_the_floor_averaged_by_brute_force(
    kept: int, lost: int, floor: float
) -> None:
    q = np.linspace(0, floor, 4_001)
    whole = integrate.simpson(stats.binom.pmf(kept, kept + lost, q), x=q) / floor

    found = math.exp(log_below_floor(kept, lost, floor))

    assert found == pytest.approx(whole / stats.binom.pmf(kept, kept + lost, floor), rel=1e-6)


@given(st.integers(1, 30), floors, st.floats(0, 1))
def test_at_the_floor_it_is_one_on_average_and_above_it_no_more(
    n: int, floor: float, above: float
) -> None:
    logs = [log_below_floor(kept, n - kept, floor) for kept in range(n + 1)]

    def mean(truth: float) -> float:
        return float(np.sum(stats.binom.pmf(range(n + 1), n, truth) * np.exp(logs)))

    assert mean(floor) == pytest.approx(1)
    assert mean(floor + above * (1 - floor)) <= 1 + 1e-9


def test_looked_at_after_every_item_it_is_wrong_no_more_often_than_it_says() -> None:
    rng = np.random.default_rng(3)
    tops = []
    for _ in range(400):
        kept = np.cumsum(rng.random(60) < 0.5)
        tops.append(max(log_below_floor(int(k), n + 1 - int(k), 0.5) for n, k in enumerate(kept)))

    assert np.mean(np.array(tops) >= math.log(10)) <= 0.1 + 3 * math.sqrt(0.1 * 0.9 / 400)
    assert np.mean(np.array(tops) >= math.log(3)) > 0.05


def test_without_a_floor_nothing_is_below_and_of_a_whole_one_the_first_loss_is() -> None:
    assert log_below_floor(0, 50, 0.0) == -math.inf
    assert log_below_floor(9, 1, 1.0) == math.inf
    assert math.exp(log_below_floor(4, 0, 1.0)) == pytest.approx(1 / 5)


@pytest.mark.parametrize("wrong", [(-1, 0, 0.5), (0, -1, 0.5), (1, 1, 1.5)])
def test_what_is_no_count_or_share_is_refused(wrong: tuple[int, int, float]) -> None:
    with pytest.raises(ValueError, match="floor"):
        log_below_floor(*wrong)
