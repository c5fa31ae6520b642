"""A model before PuLP: what its rows are worth is told by their own names."""

from __future__ import annotations

import pytest

from portfolio.rebalance.monthly.choosing import choose
from portfolio.rebalance.monthly.draft import Draft, Row, real
from portfolio.rebalance.monthly.problem import Options
from portfolio.route.solving import solve_relaxed
from tests.rebalance.monthly.plan_world import offer, problem


def test_each_row_has_its_own_price_though_pulp_would_name_two_alike() -> None:
    draft = Draft(variables={"x": real(), "y": real()}, objective={"x": -2.0, "y": -3.0})
    draft.extend([Row("week a b", {"x": 1.0}, "<=", 4.0), Row("week a_b", {"y": 1.0}, "<=", 5.0)])

    prices = draft.prices(solve_relaxed(draft.to_pulp()))

    assert prices == {"week a b": pytest.approx(-2), "week a_b": pytest.approx(-3)}


def test_plans_whose_names_differ_by_a_blank_are_weighed_side_by_side() -> None:
    dear, cheap = offer("big plan", 30.0, 10), offer("big_plan", 20.0, 10)

    found = choose(problem(dear, cheap, demand=[[10]]), options=Options(gap=0.0)).allocation

    assert found.counts(1) == {"big_plan": 1}
