"""Why these plans: what binds, alternatives, other cases, the worth of measuring."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from portfolio.rebalance.monthly.alternatives import alternatives
from portfolio.rebalance.monthly.binding import full_pools, one_more
from portfolio.rebalance.monthly.choosing import choose
from portfolio.rebalance.monthly.information import Measuring, value_of, value_of_sample
from portfolio.rebalance.monthly.problem import Options
from portfolio.rebalance.monthly.sensitivity import sensitivities
from tests.rebalance.monthly.plan_world import offer, problem, small

EXACT = Options(gap=0.0)
PRO = offer("pro", 20.0, 10, most=3)


def test_a_full_pool_is_told_with_its_share_of_scenarios() -> None:
    choice = choose(problem(PRO, demand=[[15], [10], [5], [15]], api_usd=3.0), options=EXACT)

    (full,) = full_pools(choice)

    assert (full.plans, full.pool, full.share) == (("pro",), "week", 0.5)


def test_one_more_account_does_at_most_so_many_more_rounded_down() -> None:
    choice = choose(problem(PRO, demand=[[15.5], [10]], api_usd=3.0), options=EXACT)

    (more,) = one_more(choice)

    # by the price of the pool 10 more; done again, 5.5 in one of two cases
    assert (more.plan, more.features, more.usd) == ("pro", 2, 20)


@pytest.mark.parametrize("seed", range(0, 60, 20))
def test_alternatives_are_the_best_that_differ(seed: int) -> None:
    asked = replace(small(seed), budget_usd=None)
    choice = choose(asked, options=EXACT)

    found = alternatives(choice)

    sets = [choice.allocation.counts(1), *(one.choice.allocation.counts(1) for one in found)]
    assert len({tuple(sorted(one.items())) for one in sets}) == 4
    dearer = [one.dearer_usd_month for one in found]
    assert dearer == sorted(dearer)
    assert dearer[0] >= 0


def test_the_next_best_of_one_plan_are_its_next_counts() -> None:
    choice = choose(problem(PRO, demand=[[10]], api_usd=3.0), options=EXACT)

    found = alternatives(choice, many=5)

    # 30 by tokens; two plans; three plans; then nothing is left
    assert [one.choice.allocation.counts(1) for one in found] == [{}, {"pro": 2}, {"pro": 3}]
    assert [one.dearer_usd_month for one in found] == [10, 20, 40]


def test_other_cases_are_held_against_the_choice() -> None:
    choice = choose(problem(PRO, demand=[[10], [10]], use=[0.9, 1.0], api_usd=3.0), options=EXACT)

    found = sensitivities(choice)

    told = [(one.what, one.change, one.total_usd_month, one.is_same_now) for one in found]
    assert told[:2] == [("demand", "-25 %", 20, True), ("demand", "+25 %", 25.833333333, True)]
    assert [one[:2] for one in told[2:]] == [("m", "takes least"), ("m", "takes most")]
    assert all(one.regret_usd_month >= 0 for one in found)


def test_to_measure_is_worth_what_the_closed_form_says() -> None:
    # two portfolios; the first costs 0, the second theta ~ N(1, 4): worth E[max(0, -theta')],
    # theta' ~ N(1, rho 4), by the unit normal loss
    theta = 1 + 2 * np.random.default_rng(1).standard_normal(200_000)

    for share in (0.25, 0.5, 1.0):
        found = value_of_sample(
            np.stack([np.zeros_like(theta), theta]), theta[:, None], np.array([share])
        )

        spread = 2 * math.sqrt(share)
        z = 1 / spread
        density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        loss = density - z * (1 - 0.5 * (1 + math.erf(z / math.sqrt(2))))
        assert found == pytest.approx(spread * loss, rel=0.02)


def test_noise_that_no_measuring_tells_is_worth_nothing() -> None:
    rng = np.random.default_rng(2)
    costs = np.stack([np.full(500, 10.0), 10.5 + 5 * rng.standard_normal(500)])

    assert value_of_sample(costs, rng.standard_normal((500, 1)), np.array([1.0])) < 0.3
    assert value_of_sample(costs, np.zeros((500, 1)), np.array([1.0])) == 0


def test_more_measuring_is_worth_more_and_none_nothing() -> None:
    use = np.exp(np.random.default_rng(3).normal(0, 0.5, 100)).tolist()
    choice = choose(problem(PRO, demand=[[10.0]] * 100, use=use, api_usd=3.0), options=EXACT)
    others = [one.choice.plans for one in alternatives(choice)]

    def worth(more: float) -> float:
        measuring = Measuring(name="twins", have={"m": 6}, more={"m": more} if more else {})
        return value_of(choice, others, measuring)

    assert worth(0) == 0
    assert 0 < worth(8) < worth(80)
