from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from portfolio.estimate.comparison import Contrast
from portfolio.race.evidence import attempts_to_verdict, log_e, log_evidence

FloatArray: TypeAlias = npt.NDArray[np.float64]

ts = st.floats(-6, 9)
degrees = st.floats(5, 60)
sizes = st.floats(0.5, 40)


@settings(max_examples=25)
@given(ts, degrees, sizes, st.floats(0.1, 4))
def test_it_is_the_likelihood_over_effect_and_spread_integrated_by_brute_force(
    t: float, n: float, m: float, g: float
) -> None:
    # u: the spread that is seen over the true one, whose prior is flat in its log.
    u = np.linspace(0, 6, 501)[1:, np.newaxis]
    x = np.linspace(0, 1, 501)
    effects = 8 * math.sqrt(g) * x**2  # densest at zero, where a negative t has all its weight

    def likelihood(effect: FloatArray) -> FloatArray:
        exponent = n * np.log(u) - ((t * u - effect * math.sqrt(m)) ** 2 + n * u**2) / 2
        return np.asarray(np.exp(exponent).sum(axis=0))

    prior = 2 * stats.norm.pdf(effects, scale=math.sqrt(g))
    whole = integrate.simpson(prior * likelihood(effects) * 16 * math.sqrt(g) * x, x=x)

    found = math.exp(log_e(t, degrees=n, size=m, prior_variance=g))

    assert found == pytest.approx(whole / likelihood(np.zeros(1))[0], rel=1e-5)


@given(degrees, sizes)
def test_it_grows_with_t_and_at_none_is_what_the_wider_prior_costs(n: float, m: float) -> None:
    found = [log_e(t, degrees=n, size=m) for t in np.linspace(-8, 8, 33)]

    assert found == sorted(found)
    assert log_e(0, degrees=n, size=m) == pytest.approx(-math.log(1 + m) / 2)


@given(st.floats(0.01, 8), degrees, sizes)
def test_both_directions_add_up_to_twice_the_bet_on_either(t: float, n: float, m: float) -> None:
    both = math.exp(log_e(t, degrees=n, size=m)) + math.exp(log_e(-t, degrees=n, size=m))
    rest = (n + 1) / 2 * (math.log1p(t * t / n) - math.log1p(t * t / n / (1 + m)))

    assert both == pytest.approx(2 * math.exp(rest - math.log(1 + m) / 2))


def test_under_the_null_it_is_one_on_average() -> None:
    t = np.linspace(-60, 60, 6_001)
    values = np.exp([log_e(one, degrees=12, size=5) for one in t.tolist()])

    whole = integrate.simpson(values * stats.t.pdf(t, 12), x=t)

    assert whole == pytest.approx(1, abs=1e-3)


def test_many_degrees_are_the_normal_and_no_t_is_too_large() -> None:
    assert log_e(3, degrees=1e12, size=4) == pytest.approx(log_e(3, degrees=1e6, size=4))
    assert log_e(-1e9, degrees=1e6, size=4) < -30
    assert math.isfinite(log_e(1e9, degrees=5, size=4))


def test_of_a_contrast_it_takes_the_ratio_over_its_error() -> None:
    told = Contrast(log_ratio=0.9, error=0.3, degrees=17, size=6)

    assert log_evidence(told) == log_e(3, degrees=17, size=6)


@pytest.mark.parametrize("wrong", [{"degrees": 0}, {"size": 0}, {"prior_variance": -1}])
def test_what_is_not_above_zero_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="above 0"):
        log_e(1, **{"degrees": 5, "size": 5, **wrong})


@given(
    st.floats(1.2, 5),
    st.floats(0.3, 1.2),
    st.floats(2, 7),
    st.tuples(st.integers(0, 40), st.integers(0, 40)),
)
def test_what_is_missing_for_a_verdict_is_the_least_that_has_the_evidence(
    times: float, spread: float, threshold: float, counts: tuple[int, int]
) -> None:
    missing = attempts_to_verdict(times, spread=spread, log_threshold=threshold, counts=counts)

    def is_enough(more: int) -> bool:
        first, second = counts
        for _ in range(more):
            first, second = (first + 1, second) if first < second else (first, second + 1)
        if min(first, second) < 6:
            return False
        size = first * second / (first + second)
        t = math.log(times) / (spread * math.sqrt(1 / first + 1 / second))
        return log_e(t, degrees=first + second - 4, size=size) >= threshold

    assert is_enough(missing)
    assert missing == 0 or not is_enough(missing - 1)


def test_arms_that_are_alike_never_get_a_verdict() -> None:
    with pytest.raises(ValueError, match="above 1"):
        attempts_to_verdict(1.0, spread=0.75, log_threshold=4.8)
