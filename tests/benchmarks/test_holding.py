from __future__ import annotations

import numpy as np

from benchmarks.holding import CLAIRVOYANT, WORLDS, one_month
from benchmarks.month_plans import problem_of, realised_usd, true_draws
from benchmarks.month_world import PLANS, seen_of, truth_of
from benchmarks.month_years import changed
from tests.rebalance.monthly.monthly_oracle import Month, Oracle


def test_nobody_plans_better_than_who_knew_all_before() -> None:
    found = one_month(WORLDS[0], 3, scenarios=4)

    assert min(found, key=lambda name: found[name][1]) == CLAIRVOYANT
    assert found == one_month(WORLDS[0], 3, scenarios=4)


def test_what_plans_cost_in_truth_is_what_another_solver_says() -> None:
    rng = np.random.default_rng(1)
    truth = truth_of(WORLDS[0], rng)
    true = true_draws(truth, truth.months(2, rng))
    plans = np.array([1.0, 0.0, 0.0, 1.0, 0.0, 2.0, 1.0])
    usd = float(plans @ [plan[1] for plan in PLANS])
    held = Month(usd, tuple(plans.tolist()))

    oracle = Oracle(problem=problem_of(true))
    oracle.firsts = [(held,)]

    np.testing.assert_allclose(realised_usd(plans, true), oracle.totals()[0], rtol=1e-6)


def test_attempts_take_on_average_what_the_truth_says() -> None:
    rng = np.random.default_rng(2)
    truth = truth_of(WORLDS[0], rng)

    seen = seen_of(truth, WORLDS[0], rng, attempts=4_000)

    used = truth.burn > 0
    ratio = seen.burn.mean(axis=2)[used] / truth.burn[used]
    np.testing.assert_allclose(ratio, 1.0, atol=0.05)
    np.testing.assert_allclose(seen.shipped.mean(axis=2), truth.success, atol=0.05)


def test_a_month_has_as_many_features_as_the_truth_says() -> None:
    truth = truth_of(WORLDS[0], np.random.default_rng(3))

    months = truth.months(4_000, np.random.default_rng(4))

    np.testing.assert_allclose(months.mean(axis=0), truth.mean_demand, rtol=0.02)
    assert 0.10 < np.log(months.sum(axis=1)).std() < 0.14


def test_an_account_left_and_one_bought_at_a_provider_is_one_change() -> None:
    before = np.array([1.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0])
    after = np.array([0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0])

    assert changed(before, after) == 1 + 2 + 1
