"""Rules that join scenarios (chance, CVaR, a ceiling on a feature's cost), and the robust rule."""

from __future__ import annotations

import numpy as np
import pytest

from portfolio.rebalance.monthly.choosing import NoPlansError, choose, choose_whole
from portfolio.rebalance.monthly.problem import Ceiling, Chance, Cvar, Options
from portfolio.rebalance.monthly.robust import choose_plans, has_overflow, robust
from tests.rebalance.monthly.plan_world import held, offer, problem, small

PRO = offer("pro", 20.0, 10, most=5)
RISING = [[10.0 * n] for n in range(1, 5)]  # one to four plans' worth


def test_without_a_rule_the_rare_case_goes_short() -> None:
    found = choose(problem(PRO, demand=RISING, short_usd=4.0)).allocation

    assert found.counts(1) == {"pro": 2}


@pytest.mark.parametrize(("share", "count"), [(0.5, 2), (0.75, 3), (1.0, 4)])
def test_a_chance_says_in_how_many_scenarios_demand_is_met(share: float, count: int) -> None:
    asked = problem(PRO, demand=RISING, short_usd=2.5)

    found = choose(asked, options=Options(chance=Chance(share=share), gap=0.0)).allocation

    assert found.counts(1) == {"pro": count}


def test_a_chance_that_nothing_gives_is_told() -> None:
    asked = problem(offer("pro", 20.0, 10, most=3), demand=RISING)

    with pytest.raises(NoPlansError):
        choose(asked, options=Options(chance=Chance(share=1.0)))


def test_the_worst_cases_count_for_more_by_cvar() -> None:
    asked = problem(PRO, demand=RISING, short_usd=4.0)

    worst = choose(asked, options=Options(cvar=Cvar(weight=1.0, level=0.75), gap=0.0))
    mean = choose(asked, options=Options(cvar=Cvar(weight=0.0, level=0.75), gap=0.0))

    assert worst.allocation.counts(1) == {"pro": 4}  # the worst of four costs least so
    assert mean.allocation.counts(1) == {"pro": 2}
    assert worst.outcome.total_usd.max() == 80


@pytest.mark.parametrize("seed", range(3))
def test_cvar_is_the_least_over_all_that_can_be_held(seed: int) -> None:
    rng = np.random.default_rng(seed)
    asked = problem(PRO, demand=rng.uniform(5, 50, (10, 1)).tolist(), short_usd=4.0, api_usd=3.0)

    found = choose(asked, options=Options(cvar=Cvar(weight=0.4, level=0.8), gap=0.0))

    def rated(count: int) -> float:
        totals = 20.0 * count + 3.0 * np.maximum(asked.demand[:, 0, 0] - 10.0 * count, 0)
        return float(0.6 * totals.mean() + 0.4 * np.sort(totals)[-2:].mean())

    assert rated(found.allocation.counts(1).get("pro", 0)) == pytest.approx(
        min(rated(count) for count in range(6))
    )


def test_a_ceiling_that_is_kept_says_so() -> None:
    asked = problem(PRO, demand=[[20.0]] * 20, api_usd=1.0)

    kept = choose(asked, options=Options(ceiling=Ceiling(usd_per_feature=1.0))).allocation.ceiling

    assert kept is not None
    assert (kept.is_kept, kept.share, kept.smallest_usd) == (True, 1, None)


def test_a_ceiling_may_be_missed_in_one_case_of_twenty() -> None:
    # by tokens a feature is $3; on two plans $2, but for the case in which 40 are wanted
    asked = problem(PRO, demand=[[20.0]] * 19 + [[40.0]], api_usd=3.0)

    found = choose(asked, options=Options(ceiling=Ceiling(usd_per_feature=2.0), gap=0.0))

    assert found.allocation.counts(1) == {"pro": 2}
    kept = found.allocation.ceiling
    assert kept is not None
    assert (kept.is_kept, kept.share) == (True, 0.95)


def test_a_ceiling_that_cannot_be_kept_is_left_aside_and_the_lowest_that_can_is_told() -> None:
    asked = problem(PRO, demand=[[15.0]] * 20, api_usd=3.0)

    found = choose(asked, options=Options(ceiling=Ceiling(usd_per_feature=2.1), gap=0.0))

    kept = found.allocation.ceiling
    assert kept is not None
    assert not kept.is_kept
    # $20 and 5 by tokens: $35 for 15
    assert kept.smallest_usd == pytest.approx(35 / 15)
    assert kept.share == 0.0
    assert found.allocation.expected.features == pytest.approx(15.0)  # none is left out for it
    assert found.allocation.expected.cost_usd == pytest.approx(35.0)


def test_where_something_is_always_missing_no_ceiling_can_be_kept() -> None:
    asked = problem(offer("pro", 20.0, 10, most=1), demand=[[15.0]] * 4)

    kept = choose(asked, options=Options(ceiling=Ceiling(usd_per_feature=5.0))).allocation.ceiling

    assert kept is not None
    assert (kept.is_kept, kept.smallest_usd) == (False, None)


@pytest.mark.parametrize("seed", [3, 9, 16])
def test_rules_that_ask_for_nothing_change_nothing(seed: int) -> None:
    asked = small(seed)
    easy = Options(chance=Chance(share=0.0), cvar=Cvar(weight=0.0), gap=0.0)

    joined = choose(asked, options=easy).allocation.expected.total_usd

    plain = choose_whole(asked, options=Options(gap=0.0)).allocation.expected.total_usd
    assert joined == pytest.approx(plain)


def test_the_robust_rule_is_ready_for_dear_features_and_high_demand() -> None:
    use = [1.0] * 19 + [2.0]
    asked = problem(PRO, demand=[[10.0]] * 20, use=use)

    ready = robust(asked)

    assert ready.demand.tolist() == [[[13.0]]]
    assert ready.methods[0].use["week"].tolist() == [[pytest.approx(np.quantile(use, 0.95))]]
    # 13 at 1.05 do not fit on one plan
    assert choose_plans(asked).allocation.counts(1) == {"pro": 2}
    # what it brings is told in the scenarios themselves
    assert choose_plans(asked).allocation.expected.features == 10


def test_where_tokens_can_be_bought_scenarios_are_what_counts() -> None:
    asked = problem(PRO, demand=[[10.0]] * 20, api_usd=3.0)

    assert has_overflow(asked)
    assert choose_plans(asked).allocation.counts(1) == {"pro": 1}


def test_the_gap_reached_is_told() -> None:
    found = choose(problem(offer("pro", 20.0, 10, held=(held(),)), demand=RISING)).allocation

    assert found.status == "optimal"
    assert found.gap is not None
    assert found.gap <= 1e-3
