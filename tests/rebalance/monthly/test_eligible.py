"""The quality floor, and plans in one proportion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from portfolio.rebalance.monthly.choosing import choose
from portfolio.rebalance.monthly.problem import MonthlyProblem, Options
from portfolio.rebalance.monthly.vessels import vessels_of
from tests.rebalance.monthly.plan_world import offer, problem, small

PRO = offer("pro", 20.0, 10)


def test_a_method_below_the_floor_is_out_and_named() -> None:
    asked = problem(PRO, demand=[[10]], api_usd=3.0, quality_floor=0.95, short_usd=2.0)

    found = choose(asked).allocation

    assert found.counts(1) == {}
    assert [(one.method, one.size, one.success_low) for one in found.left_out] == [("m", "S", 0.9)]
    assert found.expected.short == (10,)


def test_a_method_of_which_nothing_is_known_is_out_where_there_is_a_floor() -> None:
    asked = problem(PRO, demand=[[10]], quality_floor=0.5)
    unknown = replace(asked, methods=(replace(asked.methods[0], success_low=(None,)),))

    assert choose(unknown).allocation.left_out[0].success_low is None
    assert choose(replace(unknown, quality_floor=0.0)).allocation.left_out == ()


def test_plans_in_one_proportion_are_one_vessel() -> None:
    asked = small(1)
    one = replace(asked.offers[0], capacity={"week": 100.0, "5h": 50.0})
    five = replace(asked.offers[1], capacity={"week": 500.0, "5h": 250.0})
    other = replace(asked.offers[1], capacity={"week": 500.0, "5h": 300.0})

    together = replace(asked, offers=(one, five, asked.offers[2]))
    apart = replace(asked, offers=(one, other, asked.offers[2]))

    assert [vessel.offers for vessel in vessels_of(together)] == [(0, 1), (2,)]
    assert [vessel.offers for vessel in vessels_of(apart)] == [(0,), (1,), (2,)]


def test_a_plan_without_any_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="no limit"):
        choose(problem(replace(PRO, capacity={}), demand=[[10]]))


@pytest.mark.parametrize("seed", range(5))
def test_more_never_costs_more(seed: int) -> None:
    asked = replace(small(seed), budget_usd=None)
    exact = Options(gap=0.0)

    def total(changed: MonthlyProblem) -> float:
        return choose(changed, options=exact).allocation.expected.total_usd

    base = total(asked)
    larger = [
        replace(own, capacity={pool: 1.2 * cap for pool, cap in own.capacity.items()})
        for own in asked.offers
    ]
    dearer = [
        replace(own, use={pool: 1.2 * use for pool, use in own.use.items()})
        for own in asked.methods
    ]
    assert total(replace(asked, offers=tuple(larger))) <= base + 1e-6
    assert total(replace(asked, methods=tuple(dearer))) >= base - 1e-6
    assert total(replace(asked, demand=asked.demand * 1.1)) >= base - 1e-6
    assert total(replace(asked, demand=np.zeros_like(asked.demand))) <= base + 1e-6
