"""What a pool's unit buys is charted, and a change of it is seen: never one of its size alone."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from portfolio.estimate.drift import (
    ALARM_AT,
    ALLOWANCE,
    LEAST_SPREAD,
    Bought,
    Change,
    alarms,
    changes_of,
    factor,
    scores,
)
from tests.estimate.builders import MONDAY

SEEDS = st.integers(0, 10_000)


def noise(seed: int, count: int, sd: float = 0.15) -> list[float]:
    return [float(value) for value in np.random.default_rng(seed).normal(0, sd, count)]


def cut_at(values: list[float], place: int, times: float) -> list[float]:
    return [value + math.log(times) * (n >= place) for n, value in enumerate(values)]


def bought(values: list[float], burn: float = 10.0) -> list[Bought]:
    return [
        Bought(MONDAY + n * timedelta(hours=12), math.exp(value) * burn, burn)
        for n, value in enumerate(values)
    ]


def told(change: Change) -> tuple[object, ...]:
    interval = change.factor
    bounds = (interval.low, interval.point, interval.high)
    return (change.since, change.windows, *(round(bound or 0, 9) for bound in bounds))


def test_a_score_is_the_normal_quantile_of_students_probability_of_those_before() -> None:
    values = [1.0, 1.4, 0.9, 1.3, 1.2, 0.8, 1.1, 1.5]

    found = list(scores(values))

    for place in range(2, len(values)):
        before = np.array(values[:place])
        t = (values[place] - before.mean()) / before.std(ddof=1) / math.sqrt(1 + 1 / place)
        assert found[place] == pytest.approx(stats.norm.ppf(stats.t.cdf(t, place - 1)), abs=1e-9)
    assert found[:2] == [0.0, 0.0]


def test_a_score_by_hand() -> None:
    # Of 0 and 2 the mean is 1 and s is √2; t = √(2/3) · (4 − 1) / √2 = √3, and Student's with one
    # degree, Cauchy's, lies above √3 with probability 1/6.
    assert list(scores([0.0, 2.0, 4.0]))[2] == pytest.approx(-stats.norm.ppf(1 / 6), abs=1e-12)


def test_none_scores_above_four_and_a_wild_value_moves_the_level_as_a_strange_one() -> None:
    steady = noise(3, 40)

    wild, strange = (list(scores([*steady, far, 0.0])) for far in (900.0, 0.9))

    assert wild[-2] == strange[-2] == 4.0
    assert wild[-1] == pytest.approx(strange[-1], abs=1e-12)


def test_the_alarm_is_the_first_place_at_which_a_sum_reaches_twelve() -> None:
    """Recomputed from the scores by the sums' own definition: the largest tail sum."""
    values = cut_at(noise(1, 60), 30, 0.5)
    found = np.array(list(scores(values)))

    def lowest(place: int) -> tuple[float, int]:
        tails = [(float((-found[a:place] - ALLOWANCE).sum()), a) for a in range(place + 1)]
        return max(tails)

    seen = next(n for n in range(len(values)) if lowest(n + 1)[0] >= ALARM_AT)

    assert alarms(values)[0].seen == seen
    # Of the places since the sum was zero, the one that leaves least spread on its two sides.
    parts = {
        place: sum(
            float(np.var(part) * len(part)) for part in np.split(values[: seen + 1], [place])
        )
        for place in range(lowest(seen + 1)[1], seen)
    }
    assert alarms(values)[0].since == min(parts, key=lambda place: parts[place])


def test_a_cap_cut_in_half_is_seen_after_four_windows_alike() -> None:
    changes = changes_of(bought([0.0] * 10 + [-math.log(2)] * 4))

    assert [(one.windows, one.since) for one in changes] == [(4, MONDAY + timedelta(days=5))]
    assert changes[0].seen_at == MONDAY + timedelta(days=6.5)
    assert changes[0].factor.point == pytest.approx(0.5)


def test_three_windows_never_tell() -> None:
    assert changes_of(bought([0.0] * 50 + [-9.0] * 3)) == []


def test_after_an_alarm_a_new_chart_stands_on_the_new_level() -> None:
    values = cut_at(cut_at(noise(5, 120), 40, 0.5), 80, 2.0)

    first, second = changes_of(bought(values))

    assert abs((first.since - MONDAY) / timedelta(hours=12) - 40) <= 1
    assert abs((second.since - MONDAY) / timedelta(hours=12) - 80) <= 1
    assert first.factor.point == pytest.approx(0.5, rel=0.1)
    assert second.factor.point == pytest.approx(2.0, rel=0.1)


def test_a_level_that_lasts_raises_no_alarm() -> None:
    assert [alarms(noise(seed, 200)) for seed in range(20)] == [[]] * 20


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_few_windows_tell_nothing(count: int) -> None:
    assert changes_of(bought([float(n * n) for n in range(count)])) == []


@given(SEEDS, st.floats(0.01, 100), st.floats(0.01, 100))
def test_the_unit_of_burn_and_the_currency_change_nothing(
    seed: int, dollars: float, units: float
) -> None:
    values = bought(cut_at(noise(seed, 40), 20, 0.4))

    other = [Bought(one.at, one.usd * dollars, one.burn * units) for one in values]

    assert list(map(told, changes_of(other))) == list(map(told, changes_of(values)))


@given(SEEDS)
def test_what_rises_is_seen_as_what_falls(seed: int) -> None:
    values = cut_at(noise(seed, 60), 30, 0.6)

    assert alarms([-value for value in values]) == alarms(values)


@given(SEEDS, st.integers(0, 60))
def test_an_alarm_stays_whatever_comes_after_it(seed: int, later: int) -> None:
    values = cut_at(noise(seed, 90), 24, 0.5)
    seen = 30

    early = alarms(values[:seen])

    assert alarms(values[: seen + later])[: len(early)] == early


def test_the_factor_is_the_pooled_two_sample_interval_on_the_log_scale() -> None:
    before, after = noise(7, 30), noise(8, 5)

    found = factor(before, after)

    test = stats.ttest_ind(after, before).confidence_interval(0.95)
    assert math.log(found.low or 0) == pytest.approx(test.low)
    assert math.log(found.high or 0) == pytest.approx(test.high)
    assert math.log(found.point or 0) == pytest.approx(np.mean(after) - np.mean(before))


def test_windows_all_alike_do_not_claim_a_factor_without_any_error() -> None:
    found = factor([0.0] * 4, [1.0] * 4)

    reach = stats.t.ppf(0.975, 6) * LEAST_SPREAD * math.sqrt(1 / 2)
    assert math.log(found.high or 0) == pytest.approx(1 + reach)
