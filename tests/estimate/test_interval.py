import math
import random
from collections.abc import Sequence
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betainc, gammainc, gammaincc
from scipy.stats import bootstrap

from benchmarks.worlds import WORLDS, FloatArray, percentile_bootstrap
from portfolio.estimate.interval import (
    History,
    Interval,
    cost,
    efficiencies,
    efficiency,
    success_rate,
)
from portfolio.estimate.resample import bootstrap_se, grouped, linearised_se, resampled_logs

SEED = 20_260
SIX_SHIPPED, SIX_BURN = [3.0, 5.0, 4.0, 6.0, 1.0, 2.0], [4.0, 6.0, 6.0, 8.0, 3.0, 4.0]


def rng(seed: int = SEED) -> np.random.Generator:
    return np.random.default_rng(seed)


def estimate(
    shipped: Sequence[float],
    burn: Sequence[float],
    *,
    days: Sequence[int] | None = None,
    level: float = 0.95,
    resolution: float = 0.0,
) -> Interval:
    return efficiency(shipped, burn, rng=rng(), days=days, level=level, resolution=resolution)


def bounds(interval: Interval) -> tuple[float, float, float]:
    assert interval.point is not None
    assert interval.low is not None
    assert interval.high is not None
    return interval.low, interval.point, interval.high


windows = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 400).map(lambda tenths: tenths / 10)),
    min_size=1,
    max_size=14,
)


# What the 95 % are worth. Bounds: the promise, 93 to 97 %, and two Monte-Carlo errors.


@pytest.mark.parametrize("count", [6, 12])
@pytest.mark.parametrize("world", ["M1", "M2", "M4"])
def test_the_printed_interval_holds_the_truth_as_often_as_it_says(world: str, count: int) -> None:
    draw, truth, step = WORLDS[world]
    reps, chance = 2_000, rng()
    drawn = zip(*draw(count, reps, chance), strict=True)
    histories = [History(shipped=one, burn=used, resolution=step) for one, used in drawn]
    held = 0
    for begin in range(0, reps, 100):
        found = efficiencies(histories[begin : begin + 100], rng_for=lambda _: chance)
        assert {seen.method for seen in found} == {"log-t-bootstrap"}
        held += sum(low <= truth <= high for low, _, high in map(bounds, found))

    margin = 2 * math.sqrt(0.95 * 0.05 / reps)
    assert 0.93 - margin <= held / reps <= 0.97 + margin


@pytest.mark.parametrize("world", ["M1", "M2", "M4"])
def test_the_percentile_bootstrap_would_not_hold_it_at_six_windows(world: str) -> None:
    draw, truth, _ = WORLDS[world]
    reps, chance = 2_000, rng()
    held = 0
    for shipped, burn in zip(*draw(6, reps, chance), strict=True):
        low, high = percentile_bootstrap(shipped, burn, rng=chance, resamples=1_000)
        held += low <= truth <= high

    assert held / reps < 0.90


# The formulas, by hand.


def test_the_point_is_a_ratio_of_totals_and_not_a_mean_of_ratios() -> None:
    assert estimate([3, 5, 4, 6], [4, 6, 6, 8]).point == 0.75
    assert estimate([1, 1], [1, 9]).point == 0.2


def test_the_linearised_error_is_the_one_computed_by_hand() -> None:
    # E = 8 / 16, r = (1, -1, 1, -1), s² = (4/3 * 4) / 8²
    error = linearised_se(np.array([3.0, 1.0, 3.0, 1.0]), np.array([4.0] * 4))

    assert error == pytest.approx(math.sqrt(16 / 3) / 8)


def test_above_sixty_groups_the_interval_is_the_linearised_one() -> None:
    # 61 windows: E = 1/4, r = ±1 in 60 of them, s² = (61/60 * 60) / 61²; t(60) = 2.000298
    shipped, burn = [2.0, 0.0] * 30 + [1.0], [4.0] * 61

    seen = estimate(shipped, burn)

    low, point, high = bounds(seen)
    assert (seen.method, seen.status, point) == ("log-t-linearised", "ok", 0.25)
    assert high == pytest.approx(0.25 * math.exp(2.000298 / math.sqrt(61)), rel=1e-6)
    assert low * high == pytest.approx(point**2)


def test_sixty_groups_are_still_resampled() -> None:
    assert estimate([2, 0] * 30, [4] * 60).method == "log-t-bootstrap"


@pytest.mark.parametrize("world", ["M1", "M2", "M4", "M6"])
def test_at_sixty_groups_the_two_errors_agree_within_five_percent(world: str) -> None:
    draw = WORLDS[world][0]
    histories = zip(*draw(60, 40, rng()), strict=True)

    ratios = [bootstrap_se(*one, rng=rng()) / linearised_se(*one) for one in histories]

    assert np.mean(ratios) == pytest.approx(1, abs=0.02)
    assert max(abs(ratio - 1) for ratio in ratios) < 0.05


def test_the_bootstrap_error_is_that_of_all_equally_likely_resamples() -> None:
    # Two windows: (3, 4) twice, (1, 4) twice, or one of each, which is twice as likely.
    logs = np.log([6 / 8, 4 / 8, 4 / 8, 2 / 8])

    error = bootstrap_se(np.array([3.0, 1.0]), np.array([4.0, 4.0]), rng=rng())

    assert error == pytest.approx(math.sqrt(2) * logs.std(), rel=0.02)


def test_the_gamma_interval_solves_its_two_equations() -> None:
    # At a true efficiency of `low`, five features or more are seen in 2.5 % of histories.
    low, _, high = bounds(estimate([2, 3], [10, 10]))

    assert gammainc(5 / 1.5, low * 20 / 1.5) == pytest.approx(0.025)
    assert gammaincc(5 / 1.5 + 1, high * 20 / 1.5) == pytest.approx(0.025)


# What must not matter, and what must.


@settings(deadline=None, max_examples=40)
@given(windows, st.sampled_from([1 / 64, 0.5, 4.0, 1024.0]))
def test_another_unit_of_capacity_scales_the_interval_and_nothing_else(
    history: list[tuple[int, float]], factor: float
) -> None:
    shipped, burn = zip(*history, strict=True)

    seen = estimate(shipped, burn, resolution=1.0)
    scaled = estimate(shipped, [factor * used for used in burn], resolution=factor)

    assert bounds(scaled) == pytest.approx([value / factor for value in bounds(seen)])
    assert (scaled.method, scaled.status) == (seen.method, seen.status)


@settings(deadline=None, max_examples=40)
@given(windows, st.randoms(use_true_random=False), st.sampled_from([None, 7]))
def test_the_order_of_the_windows_changes_nothing(
    history: list[tuple[int, float]], shuffle: random.Random, days: int | None
) -> None:
    rows = [(*window, index % (days or 1)) for index, window in enumerate(history)]
    shuffled = shuffle.sample(rows, len(rows))

    first, second = (
        estimate(
            [row[0] for row in order],
            [row[1] for row in order],
            days=[row[2] for row in order] if days else None,
        )
        for order in (rows, shuffled)
    )

    assert first == second


@settings(deadline=None, max_examples=40)
@given(windows)
def test_the_bounds_lie_around_the_point(history: list[tuple[int, float]]) -> None:
    shipped, burn = zip(*history, strict=True)

    low, point, high = bounds(estimate(shipped, burn))

    assert 0 <= low <= point < high


def test_the_same_seed_gives_the_same_interval_and_another_seed_one_close_by() -> None:
    shipped = [1, 6, 4, 9, 0, 2]
    same = [efficiency(shipped, SIX_BURN, rng=rng(7)) for _ in range(2)]
    other = efficiency(shipped, SIX_BURN, rng=rng(8))

    assert same[0] == same[1]
    assert other != same[0]
    assert bounds(other) == pytest.approx(bounds(same[0]), rel=0.05)


def test_a_higher_level_is_wider() -> None:
    narrow, wide = (bounds(estimate(SIX_SHIPPED, SIX_BURN, level=level)) for level in (0.8, 0.95))

    assert wide[0] < narrow[0] < narrow[2] < wide[2]


# Many arms at once.


def of_groups(groups: int) -> np.random.Generator:
    return np.random.default_rng([SEED, groups])


def drawn_history(seed: int, count: int) -> History:
    source = np.random.default_rng(seed)
    used = source.gamma(8, 1.5, count)
    return History(shipped=source.poisson(0.25 * used).tolist(), burn=used.tolist())


@settings(deadline=None, max_examples=20)
@given(
    st.lists(st.tuples(st.integers(0, 99), st.sampled_from([2, 4, 6, 7, 61])), max_size=40),
    st.randoms(use_true_random=False),
)
def test_an_arm_has_to_the_last_bit_the_interval_that_it_has_alone(
    drawn: list[tuple[int, int]], shuffle: random.Random
) -> None:
    shuffle.shuffle(drawn)
    histories = [drawn_history(*one) for one in drawn]

    together = efficiencies(histories, rng_for=of_groups)

    alone = [efficiencies([one], rng_for=of_groups)[0] for one in histories]
    assert together == alone


def test_an_arm_of_many_is_resampled_as_it_is_by_its_own_source() -> None:
    histories = [drawn_history(seed, 12) for seed in range(50)]

    found = efficiencies(histories, rng_for=of_groups)

    assert found == [efficiency(one.shipped, one.burn, rng=of_groups(12)) for one in histories]


def test_arms_of_one_size_share_one_source_of_chance() -> None:
    asked: list[int] = []

    def counting(groups: int) -> np.random.Generator:
        asked.append(groups)
        return of_groups(groups)

    efficiencies(
        [drawn_history(seed, count) for seed in range(3) for count in (3, 5, 8, 61)],
        rng_for=counting,
    )

    assert sorted(asked) == [5, 8]


def test_the_resamples_are_those_of_scipy_to_monte_carlo_error() -> None:
    one = drawn_history(1, 20)
    shipped, burn = np.array(one.shipped), np.array(one.burn)

    def log_ratio(counts: FloatArray, used: FloatArray, axis: int) -> FloatArray:
        return np.asarray(np.log(counts.sum(axis) / used.sum(axis)))

    theirs = bootstrap(
        (shipped, burn), log_ratio, paired=True, method="percentile", n_resamples=10_000, rng=rng()
    )
    (logs,) = resampled_logs([grouped(shipped, burn)], rng=rng())

    ours = np.quantile(logs + math.log(shipped.max() / burn.max()), [0.025, 0.975])
    error = float(logs.std())
    assert error == pytest.approx(theirs.standard_error, rel=4 * 0.01)  # 1/sqrt(2 B), both
    assert ours == pytest.approx(theirs.confidence_interval, abs=4 * 0.038 * error)


def test_the_resamples_leave_out_those_without_features() -> None:
    (logs,) = resampled_logs([([5.0, 0.0, 0.0, 0.0], [1.0] * 4)], rng=rng())

    assert len(logs) == pytest.approx(10_000 * (1 - 0.75**4), rel=0.03)
    assert np.isfinite(logs).all()


# Windows or days.


def test_up_to_five_days_the_windows_are_resampled() -> None:
    days = [1, 1, 2, 3, 4, 5]

    assert estimate(SIX_SHIPPED, SIX_BURN, days=days) == estimate(SIX_SHIPPED, SIX_BURN)


def test_from_six_days_on_the_days_are_resampled() -> None:
    days = [2, 2, 4, 6, 8, 10, 12, 12]
    by_day = estimate([3, 1, 4, 6, 1, 2, 2, 3], [4, 2, 6, 8, 3, 4, 1, 4], days=days)

    assert by_day == estimate([4, 4, 6, 1, 2, 5], [6, 6, 8, 3, 4, 5], days=range(6))


def test_day_groups_widen_the_interval_when_days_have_moods() -> None:
    good, bad = [(6.0, 8.0)] * 3, [(1.0, 8.0)] * 3
    shipped, burn = zip(*(good + bad) * 3, strict=True)

    by_window = bounds(estimate(shipped, burn))
    by_day = bounds(estimate(shipped, burn, days=[index // 3 for index in range(18)]))

    assert by_day[2] - by_day[0] > 1.5 * (by_window[2] - by_window[0])


# The edges.


def test_nothing_shipped_bounds_efficiency_from_above() -> None:
    seen = estimate([0, 0, 0], [4, 3, 5])

    assert (seen.point, seen.low) == (0, 0)
    assert seen.high == pytest.approx(1.5 * 7.37776 / (2 * 12), rel=1e-5)  # chi2(2), 97.5 %
    assert (seen.method, seen.status) == ("poisson-zero", "no-features")


@pytest.mark.parametrize("history", [([], []), ([0, 2], [0, 0])])
def test_nothing_burned_says_nothing(history: tuple[list[float], list[float]]) -> None:
    seen = estimate(*history)

    assert astuple(seen) == (None, None, None, 0.95, "none", "no-burn")


@pytest.mark.parametrize(
    ("count", "method", "status"),
    [
        (1, "gamma-model", "provisional"),
        (3, "gamma-model", "provisional"),
        (4, "log-t-bootstrap", "provisional"),
        (5, "log-t-bootstrap", "provisional"),
        (6, "log-t-bootstrap", "ok"),
    ],
)
def test_few_windows_are_provisional(count: int, method: str, status: str) -> None:
    seen = estimate(SIX_SHIPPED[:count], SIX_BURN[:count])

    assert (seen.method, seen.status) == (method, status)


def test_identical_windows_are_luck_and_not_certainty() -> None:
    # s² = 1/4 / 18 features; t(5) = 2.570582
    low, _, high = bounds(estimate([3] * 6, [4] * 6))

    assert high / low == pytest.approx(math.exp(2 * 2.570582 * 0.5 / math.sqrt(18)), rel=1e-6)


def test_a_window_without_burn_keeps_its_features() -> None:
    seen = estimate([*SIX_SHIPPED, 2], [*SIX_BURN, 0])

    assert seen.point == pytest.approx(23 / 31)
    assert seen != estimate(SIX_SHIPPED, SIX_BURN)


def test_windows_in_which_nothing_happened_add_no_certainty() -> None:
    alone = estimate([3, 4], [4, 9])

    padded = estimate([3, 0, 0, 4, 0, 0, 0], [4, 0, 0, 9, 0, 0, 0], days=range(7))

    assert padded == alone


def test_a_coarse_meter_widens_the_interval_and_a_small_total_is_flagged() -> None:
    tenth = [used / 10 for used in SIX_BURN]  # 3.1 in all
    exact, coarse = estimate(SIX_SHIPPED, tenth), estimate(SIX_SHIPPED, tenth, resolution=1.0)

    reach = [math.log(high / low) / 2 / 2.570582 for low, _, high in map(bounds, (exact, coarse))]
    assert reach[1] ** 2 - reach[0] ** 2 == pytest.approx(6 / (6 * 3.1**2))
    assert (exact.status, coarse.status) == ("ok", "low-exposure")
    assert estimate(SIX_SHIPPED, SIX_BURN, resolution=1.0).status == "ok"


def test_too_few_windows_is_said_before_too_little_burn() -> None:
    seen = estimate([1, 2], [2, 3], resolution=1.0)

    assert seen.status == "provisional"
    assert bounds(seen)[2] > bounds(estimate([1, 2], [2, 3]))[2]


def test_an_interval_too_wide_for_a_number_has_no_bound() -> None:
    seen = estimate([9, 0, 0, 1], [4, 4, 4, 4], level=1 - 1e-12)

    assert (seen.point, seen.low, seen.high, seen.status) == (0.625, 0, None, "unbounded")
    assert astuple(cost(seen, 1.0))[:3] == (1.6, 0, None)


@pytest.mark.parametrize(
    ("shipped", "burn", "message"),
    [
        ([1, 2], [4], "shape"),
        ([[1]], [[4]], "shape"),
        ([1], [math.nan], "burn must be finite"),
        ([1], [math.inf], "burn must be finite"),
        ([-1], [4], "shipped must be finite and not negative"),
        ([math.nan], [4], "shipped must be finite"),
    ],
)
def test_what_cannot_be_a_window_is_refused(
    shipped: list[float], burn: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        estimate(shipped, burn)


def test_a_misfit_among_the_other_arguments_is_refused() -> None:
    with pytest.raises(ValueError, match="days has shape"):
        estimate([1, 2], [3, 4], days=[1])
    with pytest.raises(ValueError, match="level"):
        estimate([1, 2], [3, 4], level=95)
    with pytest.raises(ValueError, match="resolution"):
        estimate([1, 2], [3, 4], resolution=-1)


def test_an_interval_checks_itself() -> None:
    with pytest.raises(ValueError, match="low <= point <= high"):
        Interval(point=1, low=2, high=3, level=0.95, method="", status="ok")


def test_every_number_is_a_plain_float() -> None:
    seen = efficiency(
        np.array(SIX_SHIPPED), np.array(SIX_BURN), rng=rng(), days=np.arange(6), resolution=1.0
    )

    assert {type(value) for value in bounds(seen)} == {float}
    assert {type(value) for value in bounds(success_rate(3, 1))} == {float}


def test_groups_keep_a_window_that_burned_or_shipped() -> None:
    shipped, burn = grouped([0, 2, 0], [5, 0, 0])

    assert (shipped, burn) == ([2, 0], [0, 5])


# Cost and success rate.


def test_claude_pro_at_full_use_costs_six_cents_a_feature() -> None:
    seen = estimate([3, 5, 4, 6], [4, 6, 6, 8])
    usd_per_pp = 20 / 4.345 / 100

    dollars = cost(seen, usd_per_pp)

    low, point, high = bounds(dollars)
    assert round(point, 3) == 0.061
    assert low == pytest.approx(usd_per_pp / bounds(seen)[2])
    assert high == pytest.approx(usd_per_pp / bounds(seen)[0])
    assert (dollars.level, dollars.method, dollars.status) == (0.95, seen.method, "provisional")


def test_without_features_the_cost_is_at_least_so_much() -> None:
    seen = estimate([0, 0], [6, 6])

    dollars = cost(seen, 0.05)

    assert seen.high is not None
    assert astuple(dollars) == (None, 0.05 / seen.high, None, 0.95, "poisson-zero", "at-least")


def test_without_burn_the_cost_is_unknown() -> None:
    assert astuple(cost(estimate([1], [0]), 0.05)) == (None, None, None, 0.95, "none", "no-burn")


def test_what_is_paid_for_already_costs_nothing_more() -> None:
    assert bounds(cost(estimate(SIX_SHIPPED, SIX_BURN), 0.0)) == (0, 0, 0)


@pytest.mark.parametrize("usd_per_unit", [-1, math.nan, math.inf])
def test_a_price_is_finite_and_not_negative(usd_per_unit: float) -> None:
    with pytest.raises(ValueError, match="usd_per_unit"):
        cost(estimate([1], [2]), usd_per_unit)


def test_the_success_rate_has_beta_bounds() -> None:
    low, point, high = bounds(success_rate(6, 2))

    assert point == 0.75
    assert betainc(7, 3, low) == pytest.approx(0.025)
    assert betainc(7, 3, high) == pytest.approx(0.975)


@pytest.mark.parametrize(("kept", "lost", "point"), [(4, 0, 1.0), (0, 4, 0.0)])
def test_a_clean_record_is_inside_its_own_bounds(kept: int, lost: int, point: float) -> None:
    low, found, high = bounds(success_rate(kept, lost))

    assert found == point
    assert point in {low, high}
    assert high - low == pytest.approx(1 - 0.025 ** (1 / 5))  # Beta(5, 1), 2.5 %


def test_without_outcomes_there_is_no_success_rate() -> None:
    assert astuple(success_rate(0, 0)) == (None, None, None, 0.95, "beta", "no-outcomes")


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="counts"):
        success_rate(-1, 2)
