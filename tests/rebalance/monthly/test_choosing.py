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


@pytest.mark.parametrize("seed", [1000, 1009])
def test_two_months_are_as_brute_force_says(seed: int) -> None:
    problem = small(seed, months=2, scenarios=2)

    assert total_of(choose(problem, options=EXACT)) == pytest.approx(brute_force(problem), abs=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_cuts_and_the_whole_model_agree_over_months(seed: int) -> None:
    problem = small(seed, months=4, scenarios=3)

    whole = choose_whole(problem, options=EXACT)

    assert total_of(choose(problem, options=EXACT)) == pytest.approx(total_of(whole), abs=1e-4)
