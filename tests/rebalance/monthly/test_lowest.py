"""The lowest ceiling that can be held, told where the one that is asked for cannot be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portfolio.rebalance.monthly.buying import buying_of
from portfolio.rebalance.monthly.choosing import choose
from portfolio.rebalance.monthly.lowest import lowest_ceiling
from portfolio.rebalance.monthly.problem import Ceiling, MonthlyProblem, Options
from portfolio.rebalance.monthly.uses import uses_of
from tests.rebalance.monthly.plan_world import offer, problem, small

PRO = offer("pro", 20.0, 10, most=5)
TOO_LOW = Ceiling(usd_per_feature=0.01)


def lowest(asked: MonthlyProblem) -> float | None:
    return lowest_ceiling(buying_of(asked), uses_of(asked), Options(), TOO_LOW)


@pytest.mark.parametrize("months", [1, 2, 3])
def test_it_is_what_plans_and_tokens_cost_where_they_cost_least(months: int) -> None:
    """Of 15 features 10 are on a plan of $20 and 5 at $3: $35; two plans cost $40."""
    asked = problem(
        offer("pro", 20.0, 10, most=5, months=months), demand=[[15.0] * months] * 20, api_usd=3.0
    )

    assert lowest(asked) == pytest.approx(35 / 15, rel=1e-3)


def test_one_case_of_twenty_may_cost_more() -> None:
    asked = problem(PRO, demand=[[10.0]] * 19 + [[40.0]], api_usd=3.0)

    assert lowest(asked) == pytest.approx(2.0, rel=1e-3)


@pytest.mark.parametrize("months", [1, 2])
def test_where_something_is_always_missing_there_is_none(months: int) -> None:
    asked = problem(offer("pro", 20.0, 10, most=1, months=months), demand=[[15.0] * months] * 4)

    assert lowest(asked) is None


@pytest.mark.parametrize("seed", [0, 5, 9, 15])
def test_what_is_found_over_months_is_held_by_plans_and_far_less_is_not(seed: int) -> None:
    asked = replace(small(seed, months=2, scenarios=20), budget_usd=None)
    found = lowest(asked)
    assert found is not None

    for times, is_kept in ((1 + 1e-4, True), (0.75, False)):
        ceiling = Ceiling(usd_per_feature=times * found)
        told = choose(asked, options=Options(ceiling=ceiling)).allocation.ceiling

        assert told is not None
        assert told.is_kept is is_kept
