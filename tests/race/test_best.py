from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from portfolio.race.best import probabilities_of_best
from portfolio.race.posterior import Posterior

gammas = st.tuples(st.floats(1.0, 3_000.0), st.floats(0.3, 3.0))  # shape, rate


def posterior(shape: float, rate: float) -> Posterior:
    return Posterior(arm=f"{shape} at {rate}", prior_shape=shape, prior_usd=shape / rate)


def by_brute_force(arms: list[Posterior]) -> list[float]:
    """Integrate over twenty thousand points with SciPy's own gammas."""
    made = [stats.gamma(one.shape, scale=1 / one.usd) for one in arms]
    low, high = max(one.ppf(1e-12) for one in made), max(one.isf(1e-14) for one in made)
    logs = np.linspace(np.log(low), np.log(high), 20_001)
    rates = np.exp(logs)
    below = np.array([one.logcdf(rates) for one in made])
    return [
        float(integrate.simpson(one.pdf(rates) * rates * np.exp(below.sum(0) - below[at]), x=logs))
        for at, one in enumerate(made)
    ]


@given(gammas, gammas)
def test_of_two_arms_it_is_the_beta_distribution(
    first: tuple[float, float], second: tuple[float, float]
) -> None:
    a, b = posterior(*first), posterior(*second)

    found = probabilities_of_best([a, b])

    # a beats b where the share x / (x + y) of unit gammas is above a.usd / (a.usd + b.usd).
    assert found[0] == pytest.approx(
        stats.beta(a.shape, b.shape).sf(a.usd / (a.usd + b.usd)), abs=1e-6
    )
    assert sum(found) == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(12))
def test_of_many_arms_it_is_what_brute_force_gives(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shapes = 10 ** rng.uniform(0, 4, 2 + seed % 5)
    arms = [posterior(shape, float(np.exp(rng.normal(0, 0.2)))) for shape in shapes]

    assert probabilities_of_best(arms) == pytest.approx(by_brute_force(arms), abs=1e-6)


def test_it_is_how_often_each_is_best_of_seeded_draws() -> None:
    arms = [posterior(1.0, 1.0), posterior(8.0, 1.2), posterior(40.0, 0.9), posterior(41.0, 1.3)]
    rng = np.random.default_rng(7)
    draws = np.array([rng.gamma(one.shape, 1 / one.usd, 400_000) for one in arms])

    often = np.bincount(draws.argmax(axis=0), minlength=4) / 400_000

    assert probabilities_of_best(arms) == pytest.approx(list(often), abs=0.004)


@given(st.lists(gammas, min_size=1, max_size=6), st.floats(1e-9, 1e9))
def test_the_currency_and_the_order_of_the_arms_change_nothing(
    told: list[tuple[float, float]], currency: float
) -> None:
    arms = [posterior(*one) for one in told]
    dear = [Posterior(arm="", prior_shape=one.shape, prior_usd=one.usd * currency) for one in arms]

    found = probabilities_of_best(arms)

    assert probabilities_of_best(dear) == pytest.approx(found, abs=1e-9)
    assert probabilities_of_best(arms[::-1]) == pytest.approx(found[::-1], abs=1e-9)


def test_a_hopeless_arm_has_next_to_no_chance_and_an_only_one_all_of_it() -> None:
    assert probabilities_of_best([posterior(3.0, 1.0)]) == (1.0,)
    assert probabilities_of_best([posterior(900.0, 1.0), posterior(900.0, 2.0)])[0] < 1e-9
    with pytest.raises(ValueError, match="one arm"):
        probabilities_of_best([])
