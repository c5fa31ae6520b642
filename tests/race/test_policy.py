from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from portfolio.race.best import probabilities_of_best
from portfolio.race.draw import chance
from portfolio.race.policy import (
    ROUGH,
    BayesUcb,
    Contender,
    Policy,
    Thompson,
    choose,
    parked,
    rough_gamma,
)
from portfolio.race.posterior import Posterior

POLICIES: list[Policy] = [Thompson(), Thompson(temper=1.0), BayesUcb()]
policies = st.sampled_from(POLICIES)
fields = st.lists(
    st.tuples(st.floats(0.0, 2_000.0), st.floats(0.1, 10.0), st.integers(0, 50)),
    min_size=1,
    max_size=6,
)


def contender(arm: str, shipped: float, rate: float, draws: int = 1) -> Contender:
    return Contender(
        posterior=Posterior(
            arm=arm,
            prior_shape=1.0,
            prior_usd=1.0,
            shipped=shipped,
            exposure_usd=shipped / rate,
        ),
        draws=draws,
    )


def named(told: list[tuple[float, float, int]]) -> list[Contender]:
    return [
        contender("abcdef"[place], shipped, rate, draws)
        for place, (shipped, rate, draws) in enumerate(told)
    ]


@given(policies, fields, st.integers(1, 500), st.floats(0.01, 1.0), st.integers(0, 99))
def test_no_arm_has_probability_zero_while_exploration_is_on(
    policy: Policy,
    told: list[tuple[float, float, int]],
    number: int,
    exploration: float,
    seed: int,
) -> None:
    found = choose(policy, named(told), time=number, rng=Random(seed), exploration=exploration)

    assert sum(found.probabilities) == pytest.approx(1.0)
    assert min(found.probabilities) >= exploration / len(told) * (1 - 1e-9)
    assert found.arm in found.eligible


@given(policies, fields, st.integers(1, 500), st.integers(0, 99))
def test_made_again_from_the_same_facts_in_any_order_it_is_the_same(
    policy: Policy, told: list[tuple[float, float, int]], number: int, seed: int
) -> None:
    rng = chance("production", number, seed=seed)
    found = choose(policy, named(told), time=number, rng=rng)

    again = chance("production", number, seed=seed)
    assert choose(policy, named(told)[::-1], time=number, rng=again) == found


@pytest.mark.parametrize("policy", POLICIES)
def test_arms_are_drawn_as_often_as_the_recorded_probability_says(policy: Policy) -> None:
    arms = [contender("a", 20, 4.0), contender("b", 15, 3.5), contender("c", 8, 2.0)]
    rng = Random(3)

    draws = [choose(policy, arms, time=30, rng=rng) for _ in range(2_000)]

    often = Counter(one.arm for one in draws)
    told = dict(zip(draws[0].eligible, draws[0].probabilities, strict=True))
    for arm, probability in told.items():
        # Four deviations.
        error = (2_000 * probability * (1 - probability)) ** 0.5
        assert often[arm] == pytest.approx(2_000 * probability, abs=4 * error)


def test_thompson_gives_the_probability_of_being_best_beside_exploration() -> None:
    arms = [contender("a", 20, 4.0), contender("b", 15, 3.5)]
    best = probabilities_of_best([one.posterior for one in arms])

    found = choose(Thompson(temper=1.0), arms, time=30, rng=Random(1), exploration=0.2)

    assert found.probabilities == pytest.approx([0.1 + 0.8 * one for one in best])


def test_thompson_tempered_leans_more_to_who_seems_best() -> None:
    arms = [contender("a", 20, 4.0), contender("b", 15, 3.0)]

    leanings = [Thompson(temper=temper).chances(arms, time=30)[0] for temper in (1.0, 0.5, 0.25)]

    assert leanings == sorted(leanings)
    assert leanings[2] > leanings[0] + 0.05


@given(fields, st.integers(1, 100_000))
def test_bayes_ucb_takes_the_highest_exact_quantile(
    told: list[tuple[float, float, int]], number: int
) -> None:
    arms = [
        contender(
            one.arm,
            one.posterior.shipped,
            one.posterior.shipped / one.posterior.exposure_usd
            if one.posterior.exposure_usd
            else 1.0,
        )
        for one in named(told)
    ]
    level = 1 - 1 / (number + 1)
    indices = [
        stats.gamma(one.posterior.shape, scale=1 / one.posterior.usd).ppf(level) for one in arms
    ]

    picked = BayesUcb().chances(arms, time=number).index(1.0)

    assert indices[picked] == pytest.approx(max(indices), rel=1e-9)


@given(st.floats(1.0, 5_000.0), st.integers(1, 100_000))
def test_the_approximate_quantile_is_as_near_as_it_is_taken_to_be(
    shape: float, number: int
) -> None:
    level = 1 - 1 / (number + 1)

    near = rough_gamma(shape, float(stats.norm.ppf(level))) / stats.gamma(shape).ppf(level)

    assert 1 / (1 + ROUGH / shape) <= near <= 1 + ROUGH / shape


def test_bayes_ucb_tries_every_arm_once_by_name_and_then_breaks_ties_by_name() -> None:
    arms = [contender("c", 0, 1.0, 0), contender("a", 50, 9.0, 4), contender("b", 0, 1.0, 0)]
    tried = [contender(name, 4, 2.0) for name in "cab"]

    first = choose(BayesUcb(), arms, time=5, rng=Random(1), exploration=0.0)
    tied = choose(BayesUcb(), tried, time=5, rng=Random(1), exploration=0.0)

    assert (first.arm, tied.arm) == ("b", "a")


def test_an_arm_is_parked_when_the_policy_alone_gives_it_under_two_in_a_hundred() -> None:
    even = 0.1 / 3
    draws = [{"a": even + 0.9 * 0.97, "b": even + 0.9 * 0.019, "c": even + 0.9 * 0.011}] * 5
    later = [{"a": even + 0.9 * 0.96, "b": even + 0.9 * 0.022, "c": even + 0.9 * 0.018}] * 5

    assert parked([*draws, *later]) == {"c"}
    assert parked(draws) == frozenset()  # five draws are too few to say so
    assert parked([]) == frozenset()
    # Where fewer arms had room, the share of exploration was another.
    assert parked([*draws, *draws, {"b": 1.0}]) == {"c"}


@pytest.mark.parametrize("policy", POLICIES)
def test_a_draw_among_two_hundred_arms_takes_under_fifty_milliseconds(policy: Policy) -> None:
    rng = Random(5)
    arms = [
        contender(f"{place:03}", rng.randrange(1, 60), rng.uniform(2.0, 5.0))
        for place in range(200)
    ]
    choose(policy, arms, time=900, rng=rng)
    spent = []
    for _ in range(5):
        begin = time.process_time()
        choose(policy, arms, time=900, rng=rng)
        spent.append(time.process_time() - begin)

    assert min(spent) <= 0.05


def test_the_race_is_imported_without_numpy() -> None:
    code = "import sys, portfolio.race.policy; print('numpy' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "False"


def test_what_is_no_draw_is_refused() -> None:
    arm = contender("a", 3, 1.0)
    for arms, number, exploration in (
        ([], 1, 0.1),
        ([arm, arm], 1, 0.1),
        ([arm], 0, 0.1),
        ([arm], 1, 1.1),
    ):
        with pytest.raises(ValueError, match=r"eligible|from 1 on|share"):
            choose(BayesUcb(), arms, time=number, rng=Random(1), exploration=exploration)
    with pytest.raises(ValueError, match="temper"):
        Thompson(temper=0.0)
    with pytest.raises(ValueError, match="share"):
        parked([], exploration=1.0)
