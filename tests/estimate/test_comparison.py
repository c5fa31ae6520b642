from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from portfolio.estimate.attempts import Attempt, periods_of
from portfolio.estimate.class_costs import class_costs, interaction
from portfolio.estimate.comparison import (
    Compared,
    compare_attempts,
    drawn_contrast,
    tipping_point,
    verdict,
)
from portfolio.estimate.interval import Interval
from portfolio.estimate.regression import degrees_of_error, robust_fit
from portfolio.estimate.size_cues import SIZES, Size

COSTS: dict[Size, float] = {"S": 1.0, "M": 3.0, "L": 9.0}


def attempt(
    number: int, *, is_first: bool, usd: float, size: Size | None = "S", **more: object
) -> Attempt:
    made = Attempt(
        item=f"i{number}",
        is_first=is_first,
        usd=usd,
        size=size,
        kind="feature",
        week=0,
        is_shipped=True,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def history(seed: int, n: int = 40, *, times: float = 1.0, fails: float = 0.0) -> list[Attempt]:
    rng = np.random.default_rng(seed)
    found = []
    for number in range(n):
        size = SIZES[rng.choice(3, p=(0.5, 0.35, 0.15))]
        is_first = bool(rng.integers(2))
        usd = COSTS[size] * math.exp(rng.normal(0, 0.5)) * (times if is_first else 1)
        found.append(
            attempt(
                number,
                is_first=is_first,
                usd=usd,
                size=size,
                week=number // 11,
                is_shipped=bool(rng.random() >= fails),
            )
        )
    return found


def bounds(compared: Compared) -> list[float]:
    ratio = compared.ratio
    assert None not in (ratio.low, ratio.point, ratio.high), ratio
    return [float(value) for value in (ratio.low, ratio.point, ratio.high) if value is not None]


def test_of_one_class_drawn_it_is_the_difference_of_mean_logs_with_the_error_of_welch() -> None:
    first, second = [1.0, 2.0, 4.0, 3.0, 2.5, 2.0], [1.0, 1.0, 2.0, 0.5, 0.8, 1.5]
    drawn = [attempt(i, is_first=True, usd=usd) for i, usd in enumerate(first)]
    drawn += [attempt(9 + i, is_first=False, usd=usd) for i, usd in enumerate(second)]

    found = compare_attempts(drawn, is_drawn=True)

    logs = [np.log(first), np.log(second)]
    error = math.sqrt(sum(own.var(ddof=1) / len(own) for own in logs))
    reach = stats.t.ppf(0.975, 10) * error
    middle = logs[0].mean() - logs[1].mean()
    assert found.spend.point == pytest.approx(math.exp(middle))
    assert found.spend.low == pytest.approx(math.exp(middle - reach))
    assert found.spend.high == pytest.approx(math.exp(middle + reach))
    assert (found.attempts, found.ratio.status) == ((6, 6), "ok")


def test_what_fails_makes_the_shipped_ones_dearer() -> None:
    whole = history(1, 60)
    failing = [
        replace(one, is_shipped=not one.is_first or number % 2 == 0)
        for number, one in enumerate(whole)
    ]

    found = compare_attempts(failing)

    firsts = [one for one in failing if one.is_first]
    share = sum(one.is_shipped for one in firsts) / len(firsts)
    assert found.ratio.point == pytest.approx((found.spend.point or 0) / share)
    assert found.shipped[0].point == pytest.approx(share)


@given(st.integers(0, 1_000), st.floats(0.01, 100))
def test_neither_order_nor_currency_matters(seed: int, unit: float) -> None:
    told = history(seed, fails=0.2)
    order = np.random.default_rng(seed).permutation(len(told))

    other = compare_attempts([replace(told[i], usd=told[i].usd * unit) for i in order])

    assert bounds(other) == pytest.approx(bounds(compare_attempts(told)))


@given(st.integers(0, 1_000))
def test_the_arms_change_places_with_the_ratio(seed: int) -> None:
    told = history(seed, fails=0.2)

    turned = compare_attempts([replace(one, is_first=not one.is_first) for one in told])

    assert bounds(turned) == pytest.approx(
        [1 / end for end in reversed(bounds(compare_attempts(told)))]
    )


@given(st.integers(0, 1_000))
def test_the_size_of_the_work_is_taken_out(seed: int) -> None:
    # The same attempts, but the first arm has got all those of class L: nine times as dear as S.
    told = [one for one in history(seed, 60) if one.size != "M"]
    skewed = [one for one in told if one.size == "S" or one.is_first or one.item.endswith("7")]
    if {one.is_first for one in skewed if one.size == "L"} != {True, False}:
        return
    found = compare_attempts(skewed)

    assert 0.2 < (found.spend.point or 0) < 5


def test_arms_that_share_no_class_are_not_compared() -> None:
    apart = [attempt(i, is_first=True, usd=9, size="L") for i in range(8)]
    apart += [attempt(9 + i, is_first=False, usd=1, size="S") for i in range(8)]

    assert compare_attempts(apart).ratio.status == "not-side-by-side"


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ([attempt(1, is_first=True, usd=1)], "no-attempts"),
        ([attempt(1, is_first=True, usd=1), attempt(2, is_first=False, usd=2)], "too-few"),
        ([attempt(i, is_first=i < 4, usd=1 + i) for i in range(20)], "provisional"),
        (
            [attempt(i, is_first=i < 9, usd=1 + i, is_shipped=i < 9) for i in range(20)],
            "no-features",
        ),
    ],
)
def test_why_there_is_no_ratio_is_said(told: list[Attempt], status: str) -> None:
    assert compare_attempts(told).ratio.status == status


def test_attempts_all_alike_are_not_taken_for_certainty() -> None:
    found = compare_attempts([attempt(i, is_first=i < 9, usd=2.0) for i in range(18)])

    low, _, high = bounds(found)
    assert low < 0.98
    assert high > 1.02


@given(st.integers(0, 300), st.floats(1, 5))
def test_what_was_chosen_never_says_cheaper(seed: int, times: float) -> None:
    ratio = compare_attempts(history(seed, 88, times=times)).ratio

    assert verdict("raw", ratio) is None
    assert verdict("size-adjusted", ratio) is None


def test_what_was_drawn_says_which_is_cheaper_once_chance_is_ruled_out() -> None:
    def seen(low: float, point: float, high: float, status: str = "ok") -> Interval:
        return Interval(point=point, low=low, high=high, level=0.95, method="", status=status)

    assert verdict("drawn", seen(1.2, 2, 3)) == "second"
    assert verdict("twin", seen(0.3, 0.5, 0.9)) == "first"
    assert verdict("drawn", seen(0.9, 2, 3)) is None
    assert verdict("drawn", seen(1.2, 2, 3, status="provisional")) is None


def test_the_tipping_point_is_the_ratio_itself_and_the_bound_nearest_to_one() -> None:
    ratio = Interval(point=1.8, low=1.2, high=2.7, level=0.95, method="", status="ok")

    found = tipping_point(ratio)
    unsure = tipping_point(replace(ratio, low=0.9))

    assert found is not None
    assert unsure is not None
    assert (found.is_first_dearer, found.gone_at, found.in_chance_at) == (True, 1.8, 1.2)
    assert unsure.in_chance_at is None


def test_weights_make_up_for_unlike_probabilities() -> None:
    # Of class S a third was drawn to the first arm, so each of those stands for twice as many.
    told = [attempt(i, is_first=True, usd=2.0 + i % 3, weight=3) for i in range(10)]
    told += [attempt(20 + i, is_first=False, usd=1.0 + i % 3, weight=1.5) for i in range(20)]
    doubled = [*told, *(replace(one, item=f"{one.item}b") for one in told if one.is_first)]

    weighted = compare_attempts(told, is_drawn=True).spend.point
    plain = compare_attempts([replace(one, weight=1) for one in doubled], is_drawn=True).spend.point

    assert weighted == pytest.approx(plain)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=200))
def test_every_period_has_eight_attempts_where_there_are_that_many(weeks: list[int]) -> None:
    periods = periods_of(weeks)
    held = [sum(periods[week] == period for week in weeks) for period in set(periods.values())]

    assert sum(held) == len(weeks)
    assert min(held) >= min(8, len(weeks))
    assert [periods[week] for week in sorted(periods)] == sorted(periods.values())


def test_a_class_that_an_arm_did_often_has_its_own_cost_and_a_thin_one_leans_on_the_rest() -> None:
    told = [attempt(i, is_first=True, usd=2.0) for i in range(40)]
    told += [attempt(50 + i, is_first=False, usd=1.0) for i in range(40)]
    told += [attempt(100 + i, is_first=False, usd=9.0, size="L") for i in range(40)]
    told += [attempt(200, is_first=True, usd=9.0, size="L")]

    classes, means = class_costs(told, mix={"S": 0.5, "L": 0.5})

    small, large = classes
    assert small.usd[1] == pytest.approx(1, rel=0.05)
    assert large.attempts == (1, 40)
    # One attempt alike in both arms says little against forty that cost twice as much.
    assert 13 < large.usd[0] < 18
    assert means is not None
    assert means[1].point == pytest.approx((small.usd[1] + large.usd[1]) / 2)


@given(st.integers(0, 1_000), st.floats(0.01, 100))
def test_costs_by_class_follow_the_currency(seed: int, unit: float) -> None:
    told = history(seed, 60)
    mix: dict[Size, float] = {"S": 0.5, "M": 0.3, "L": 0.2}
    classes, means = class_costs(told, mix=mix)
    others, their_means = class_costs([replace(one, usd=one.usd * unit) for one in told], mix=mix)

    assert [one.usd[0] * unit for one in classes] == pytest.approx([one.usd[0] for one in others])
    assert means is not None
    assert their_means is not None
    assert (means[0].high or 0) * unit == pytest.approx(their_means[0].high)


def test_a_cost_at_the_mix_covers_what_it_truly_is() -> None:
    mix: dict[Size, float] = {"S": 0.5, "M": 0.35, "L": 0.15}
    truth = math.exp(0.125) * sum(share * COSTS[size] for size, share in mix.items())
    held = 0
    for seed in range(300):
        _, means = class_costs(history(seed, 44), mix=mix)
        assert means is not None
        held += (means[1].low or 0) <= truth <= (means[1].high or 0)

    assert 0.91 <= held / 300 <= 0.99


def test_arms_that_differ_by_class_are_found_and_those_that_do_not_are_not() -> None:
    def poor_on_large(seed: int) -> list[Attempt]:
        return [
            replace(one, usd=one.usd * 6) if one.is_first and one.size == "L" else one
            for one in history(seed, 150)
        ]

    found = [interaction(poor_on_large(seed)) for seed in range(20)]
    alike = [interaction(history(seed, 150)) for seed in range(100)]

    assert sum(one is not None and one.size == "L" for one in found) >= 15
    assert sum(one is not None for one in alike) <= 12


@given(st.integers(0, 1_000))
def test_the_interval_of_the_drawn_ratio_is_made_of_its_contrast(seed: int) -> None:
    told = history(seed, fails=0.2)

    found = drawn_contrast(told)

    assert found is not None
    reach = stats.t.ppf(0.975, found.degrees) * found.error
    assert bounds(compare_attempts(told, is_drawn=True)) == pytest.approx(
        [math.exp(found.log_ratio + side * reach) for side in (-1, 0, 1)]
    )
    turned = drawn_contrast([replace(one, is_first=not one.is_first) for one in told])
    assert turned is not None
    assert turned.log_ratio == pytest.approx(found.turned.log_ratio)
    assert (turned.error, turned.size) == pytest.approx((found.error, found.size))


def test_the_size_of_a_contrast_is_that_of_each_class_added_up() -> None:
    told = [attempt(i, is_first=i < 2, usd=1.0 + i) for i in range(8)]
    told += [attempt(20 + i, is_first=i < 3, usd=9.0 + i, size="L") for i in range(6)]

    found = drawn_contrast(told)

    assert found is not None
    assert found.size == pytest.approx(2 * 6 / 8 + 3 * 3 / 6)


def test_an_arm_that_shipped_nothing_counts_for_half_of_one_where_no_ratio_is_told() -> None:
    told = [attempt(i, is_first=i < 6, usd=1.0 + i % 6, is_shipped=i >= 6) for i in range(12)]

    found = drawn_contrast(told)

    assert found is not None
    assert found.log_ratio == pytest.approx(math.log(12))
    assert compare_attempts(told, is_drawn=True).ratio.status == "no-features"


def test_drawn_attempts_without_a_size_are_a_class_of_their_own() -> None:
    told = [attempt(i, is_first=i % 2 == 0, usd=100.0 + i, size=None) for i in range(12)]

    found = compare_attempts(told, is_drawn=True)

    assert found.spend.point == pytest.approx(1, abs=0.02)


def test_a_few_attempts_of_great_weight_make_the_interval_wider_than_their_error_alone() -> None:
    even = history(5, 60)
    kept = [place for place, one in enumerate(even) if one.is_first][:4]
    heavy = [replace(one, weight=15.0 if at in kept else 1.0) for at, one in enumerate(even)]

    spend = compare_attempts(heavy, is_drawn=True).spend

    low, point, high = (math.log(one or 0) for one in (spend.low, spend.point, spend.high))
    rows = [[*(float(one.size == size) for size in SIZES), float(one.is_first)] for one in heavy]
    logs, weights = [math.log(one.usd) for one in heavy], [one.weight for one in heavy]
    fit = robust_fit(rows, logs, weights=weights, form="HC2")
    assert fit is not None
    degrees = degrees_of_error(rows, 3, weights=weights)
    assert degrees < 10 < fit.degrees
    assert high - point == pytest.approx(stats.t.ppf(0.975, degrees) * fit.error(3))
    assert point - low == pytest.approx(high - point)
