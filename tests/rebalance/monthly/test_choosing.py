"""The choice of plans: what brute force finds, by the whole model and by cuts."""

from __future__ import annotations

import pytest

from portfolio.rebalance.monthly.choosing import Choice, choose, choose_whole
from portfolio.rebalance.monthly.problem import Options
from tests.rebalance.monthly.plan_world import brute_force, small

EXACT = Options(gap=0.0)


def total_of(chosen: Choice) -> float:
    return chosen.allocation.expected.total_usd


@pytest.mark.parametrize("seed", range(0, 400, 20))
def test_a_month_is_as_brute_force_says(seed: int) -> None:
    problem = small(seed)
    best = brute_force(problem)

    assert total_of(choose_whole(problem, options=EXACT)) == pytest.approx(best, abs=1e-5)
    assert total_of(choose(problem, options=EXACT)) == pytest.approx(best, abs=1e-5)
