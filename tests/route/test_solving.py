"""The solver: the same answers from PuLP 3.3 and 4, and what it says where it stops early."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.route.solving import solve, solve_relaxed


def knapsack(seed: int, *, items: int = 6, rows: int = 3) -> tuple[pulp.LpProblem, Any]:
    """Make a small model: whole numbers of some items, worth something, under some caps."""
    rng = Random(seed)
    worth = [rng.randint(5, 30) for _ in range(items)]
    needs = [[rng.randint(1, 30) for _ in range(items)] for _ in range(rows)]
    model = pulp.LpProblem("knapsack", pulp.LpMinimize)
    taken = [model.add_variable(f"x{i:02}", 0, 2, cat=pulp.LpInteger) for i in range(items)]
    model += -pulp.lpSum(w * x for w, x in zip(worth, taken, strict=True)), "worth"
    for row, need in enumerate(needs):
        model += pulp.lpSum(n * x for n, x in zip(need, taken, strict=True)) <= 60, f"cap{row}"
    return model, (worth, needs)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_answer_is_that_of_brute_force(seed: int) -> None:
    model, (worth, needs) = knapsack(seed)

    solved = solve(model)

    best = max(
        sum(w * x for w, x in zip(worth, taken, strict=True))
        for taken in product(range(3), repeat=len(worth))
        if all(sum(n * x for n, x in zip(need, taken, strict=True)) <= 60 for need in needs)
    )
    assert solved.status == "optimal"
    assert solved.objective == pytest.approx(-best)
    assert solved.bound == pytest.approx(-best)
    assert all(value == int(value) for value in solved.values.values())
    relaxed = solve_relaxed(model)
    assert relaxed.objective is not None
    assert relaxed.objective <= -best + 1e-6


def test_what_was_stopped_early_says_that_it_is_not_proved() -> None:
    model, _ = knapsack(1, items=60, rows=12)

    solved = solve(model, max_nodes=1)

    assert solved.status == "not-proved"
    assert solved.gap is not None
    assert solved.gap > 0


def test_a_start_is_taken_up() -> None:
    model, _ = knapsack(1, items=60, rows=12)
    best = solve(model, gap=0.02)

    again = solve(model, max_nodes=0, start=best.values)

    assert best.objective is not None
    assert again.objective is not None
    assert again.objective <= best.objective + 1e-6


def test_a_model_without_a_solution_and_one_without_an_end_are_told_apart() -> None:
    model = pulp.LpProblem("none", pulp.LpMinimize)
    one = model.add_variable("one", 0, 1)
    model += 1 * one, "objective"
    model += one >= 2, "too-much"
    endless = pulp.LpProblem("endless", pulp.LpMinimize)
    free = endless.add_variable("free", None, 0)
    other = endless.add_variable("other", 0, 1)
    endless += free + other, "objective"
    endless += other >= 1, "some"

    assert solve(model).status == "infeasible"
    assert not solve(model).has_solution
    assert solve(endless).status in ("unbounded", "infeasible")


def test_the_price_of_a_constraint_is_what_one_more_of_it_would_bring() -> None:
    model = pulp.LpProblem("prices", pulp.LpMinimize)
    many = model.add_variable("many", 0, None)
    some = model.add_variable("some", 0, 5)
    model += -1 * many - 2 * some, "objective"
    model += many + some <= 4, "room"
    model += some <= 100, "slack"

    relaxed = solve_relaxed(model)

    assert relaxed.prices["room"] == pytest.approx(-2)
    assert relaxed.prices["slack"] == pytest.approx(0)


def test_a_maximisation_is_refused() -> None:
    with pytest.raises(ValueError, match="minimised"):
        solve(pulp.LpProblem("max", pulp.LpMaximize))
