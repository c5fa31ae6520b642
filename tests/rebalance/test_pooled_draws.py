from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from portfolio.rebalance.feature_draws import Attempted
from portfolio.rebalance.pooled_draws import draw_pooled

WEIGHTS = {"S": 1.0, "L": 9.0}


def attempts(size: str, usd: list[float], *, failed: int = 0) -> list[Attempted]:
    return [
        Attempted(size=size, usd=one, is_shipped=place >= failed) for place, one in enumerate(usd)
    ]


def test_what_a_shipped_feature_takes_is_dollars_an_attempt_over_success() -> None:
    own = attempts("S", [2.0, 4.0] * 200, failed=100)

    drawn = draw_pooled([own], weights={"S": 1.0}, scenarios=500, rng=np.random.default_rng(1))

    assert np.median(drawn.usd) == pytest.approx(3.0 / 0.75, rel=0.02)


def test_the_lower_bound_of_success_is_the_quarter_of_its_log_odds() -> None:
    own = attempts("S", [1.0] * 10, failed=3)

    drawn = draw_pooled([own], weights={"S": 1.0}, scenarios=1, rng=np.random.default_rng(1))

    odds = np.log(7.5 / 3.5)
    error = np.sqrt(1 / 7.5 + 1 / 3.5)
    quarter = 1 / (1 + np.exp(-stats.norm.ppf(0.25, odds, error)))
    assert drawn.success_low[0, 0] == pytest.approx(quarter, abs=1e-4)


def test_a_size_that_a_method_never_did_takes_what_the_other_size_and_methods_tell() -> None:
    known = attempts("S", [1.0, 1.2, 0.8] * 10) + attempts("L", [18.0, 20.0, 22.0] * 10)
    other = attempts("S", [2.0, 2.4, 1.6] * 10)

    drawn = draw_pooled(
        [known, other], weights=WEIGHTS, scenarios=400, rng=np.random.default_rng(1)
    )

    # Twice what the known one takes for an S, so twice for an L: that is all that is known.
    assert np.median(drawn.usd[:, 1, 1]) == pytest.approx(40.0, rel=0.15)


def test_ten_of_ten_on_a_size_that_fails_elsewhere_are_not_taken_at_their_word() -> None:
    lucky = attempts("S", [1.0] * 10, failed=3) + attempts("L", [9.0] * 10)
    usual = attempts("S", [1.0] * 10, failed=3) + attempts("L", [9.0] * 10, failed=5)

    def low(*methods: list[Attempted]) -> float:
        rng = np.random.default_rng(1)
        return float(draw_pooled(methods, weights=WEIGHTS, scenarios=1, rng=rng).success_low[0, 1])

    assert low(lucky, usual, usual, usual) < low(lucky) - 0.05


def test_the_same_seed_draws_the_same() -> None:
    own = attempts("S", [1.0, 2.0, 3.0], failed=1) + attempts("L", [9.0])

    one, other = (
        draw_pooled([own], weights=WEIGHTS, scenarios=5, rng=np.random.default_rng(3)).usd
        for _ in range(2)
    )

    assert (one == other).all()
    assert (one > 0).all()
