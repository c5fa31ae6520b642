"""The forecast of a week: closed forms by hand, what few weeks give, and what may not matter."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from portfolio.estimate.forecast import (
    FADING,
    RatioWeek,
    cost_next,
    features_next,
    paid_next,
)

counts = st.integers(0, 40)
burns = st.floats(0.1, 500)


def weeks_of(*features: int) -> list[RatioWeek]:
    return [RatioWeek(count, 1.0, [(count, 1.0), (0, 0.0)]) for count in features]


@st.composite
def worked_weeks(draw: st.DrawFn) -> list[RatioWeek]:
    """Draw some weeks, each with the windows that it is made of."""
    windows = draw(st.lists(st.lists(st.tuples(counts, burns), max_size=4), min_size=1, max_size=6))
    return [
        RatioWeek(sum(one for one, _ in parts), sum(usd for _, usd in parts), parts)
        for parts in windows
    ]


def test_from_three_weeks_on_the_range_is_the_weekly_t_by_hand() -> None:
    burned, shipped = (20.0, 24.0, 22.0, 30.0), (4, 6, 5, 9)
    found = cost_next([RatioWeek(f, d, ()) for f, d in zip(shipped, burned, strict=True)])

    weights = FADING ** np.arange(3, -1, -1)
    centre = float(weights @ burned / (weights @ shipped))
    spread = float(np.std(np.log(np.array(shipped) / burned), ddof=1))
    effective = weights.sum() ** 2 / (weights**2).sum()
    reach = float(stats.t.ppf(0.9, 3)) * spread * math.sqrt(1 + 1 / effective)
    assert found.point == pytest.approx(centre)
    assert found.low == pytest.approx(centre * math.exp(-reach))
    assert found.high == pytest.approx(centre * math.exp(reach))
    assert (found.level, found.method, found.status) == (0.8, "weekly-t", "ok")


def test_of_weeks_that_fade_by_nothing_the_range_is_the_textbooks_prediction_interval(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("portfolio.estimate.forecast.FADING", 1.0)
    logs = np.log([10 / 4, 12 / 3, 11 / 6, 9 / 5, 14 / 6])
    weeks = [RatioWeek(f, d, ()) for f, d in ((4, 10), (3, 12), (6, 11), (5, 9), (6, 14))]

    found = cost_next(weeks, level=0.95)

    spread = logs.std(ddof=1) * math.sqrt(1 + 1 / 5)
    assert found.low is not None
    assert found.high is not None
    assert found.high / found.low == pytest.approx(math.exp(2 * stats.t.ppf(0.975, 4) * spread))


def test_two_weeks_moderate_their_one_error_by_the_spread_inside_them() -> None:
    weeks = [
        RatioWeek(8, 20.0, [(5, 10.0), (3, 10.0)]),
        RatioWeek(12, 20.0, [(5, 10.0), (7, 10.0)]),
    ]

    found = cost_next(weeks)

    # The ratio of all is .5, so the parts lie 0, -2, 0 and 2 from it.
    within = 4 / 3 * 8 / 20**2 * (1 + 2)
    spread = math.sqrt((2 * within + math.log(12 / 8) ** 2) / 3)
    centre = (20 + FADING * 20) / (12 + FADING * 8)
    assert found.high == pytest.approx(centre * math.exp(stats.t.ppf(0.9, 3) * spread))
    assert (found.method, found.status) == ("one-step-moderated", "provisional")


def test_one_week_has_the_spread_of_its_windows_alone() -> None:
    found = cost_next([RatioWeek(6, 12.0, [(1, 4.0), (2, 4.0), (3, 4.0)])])

    spread = math.sqrt(3 / 2 * 2 / 6**2 * 2)
    assert found.high == pytest.approx(2.0 * math.exp(stats.t.ppf(0.9, 2) * spread))
    assert (found.method, found.status) == ("within-week-t", "provisional")


def test_one_window_gives_a_point_and_no_range() -> None:
    found = cost_next([RatioWeek(6, 12.0, [(6, 12.0)])])

    assert (found.point, found.low, found.high) == (2.0, None, None)
    assert (found.method, found.status) == ("none", "provisional")


@pytest.mark.parametrize("weeks", [[], [RatioWeek(0, 0.0, ())], [RatioWeek(2, 0.0, ())]])
def test_weeks_without_exposure_tell_nothing(weeks: list[RatioWeek]) -> None:
    found = cost_next(weeks)

    assert (found.point, found.low, found.high, found.status) == (None, None, None, "no-weeks")


def test_a_week_without_exposure_ages_the_others_and_is_no_week() -> None:
    busy = [RatioWeek(4, 10.0, ()), RatioWeek(9, 12.0, ()), RatioWeek(5, 11.0, ())]
    with_gap = [busy[0], RatioWeek(0, 0.0, ()), *busy[1:]]

    found = cost_next(with_gap)

    faded = (11 + FADING * 12 + FADING**3 * 10) / (5 + FADING * 9 + FADING**3 * 4)
    assert found.point == pytest.approx(faded)
    assert found.method == "weekly-t"


def test_weeks_without_a_feature_give_no_point_of_the_cost_and_a_lower_bound() -> None:
    cost = cost_next([RatioWeek(0, 20.0, ())] * 4)
    features = features_next(weeks_of(0, 0, 0, 0))

    assert (cost.point, cost.high, cost.status) == (None, None, "at-least")
    # Half a feature in all of the faded weeks; for the spread, half of one in each.
    weights = FADING ** np.arange(4)
    effective = weights.sum() ** 2 / (weights**2).sum()
    reach = stats.t.ppf(0.9, 3) * math.sqrt(0.25 / 0.5 * (1 + 1 / effective))
    assert cost.low == pytest.approx(20 * weights.sum() / 0.5 * math.exp(-reach))
    assert (features.point, features.low, features.status) == (0, 0, "no-features")
    assert features.high is not None
    assert features.high >= 1


def test_weeks_that_are_all_alike_claim_no_certainty() -> None:
    found = features_next(weeks_of(10, 10, 10, 10))

    # A quarter of the variance of pure chance: .25 / 10.
    weights = FADING ** np.arange(4)
    effective = weights.sum() ** 2 / (weights**2).sum()
    reach = stats.t.ppf(0.9, 3) * math.sqrt(0.025 * (1 + 1 / effective))
    assert found.low == round(10 * math.exp(-reach))
    assert found.high == round(10 * math.exp(reach))


def test_where_a_week_may_bring_nothing_its_cost_has_no_upper_bound() -> None:
    features = features_next(weeks_of(1, 3, 0, 2))
    paid = paid_next(features, 6.0)

    assert features.low == 0
    assert (paid.high, paid.status) == (None, "at-least")
    assert features.high is not None
    assert paid.low == 6.0 / features.high


def test_what_is_paid_for_each_is_the_weeks_price_over_the_features() -> None:
    features = features_next(weeks_of(9, 12, 10))

    paid = paid_next(features, 4.0)

    assert (features.low, features.high) == (8, 14)
    assert (paid.low, paid.high) == (4.0 / 14, 4.0 / 8)
    assert paid.point is not None
    assert features.point is not None
    assert paid.point * features.point == pytest.approx(4.0)


@given(st.lists(counts, min_size=1, max_size=30), st.sampled_from([0.5, 0.8, 0.95, 0.999]))
def test_features_are_forecast_in_whole_ones_and_never_below_none(
    features: list[int], level: float
) -> None:
    found = features_next(weeks_of(*features), level=level)

    assert found.point is not None
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.point <= found.high
    assert found.low == int(found.low)
    assert found.high == int(found.high)


@given(worked_weeks(), st.floats(1e-3, 1e3))
def test_another_currency_or_unit_of_burn_scales_the_cost_and_nothing_else(
    weeks: list[RatioWeek], rate: float
) -> None:
    other = [
        RatioWeek(week.features, week.exposure * rate, [(f, usd * rate) for f, usd in week.parts])
        for week in weeks
    ]

    found, scaled = cost_next(weeks), cost_next(other)

    assert (scaled.method, scaled.status) == (found.method, found.status)
    for before, after in (
        (found.point, scaled.point),
        (found.low, scaled.low),
        (found.high, scaled.high),
    ):
        assert after == (None if before is None else pytest.approx(before * rate, rel=1e-6))


@given(worked_weeks(), st.randoms(use_true_random=False))
def test_the_order_of_windows_in_a_week_does_not_matter(
    weeks: list[RatioWeek], chance: random.Random
) -> None:
    shuffled = []
    for week in weeks:
        parts = list(week.parts)
        chance.shuffle(parts)
        shuffled.append(week._replace(parts=parts))

    found, other = cost_next(weeks), cost_next(shuffled)

    assert (other.method, other.status) == (found.method, found.status)
    assert other.low == (None if found.low is None else pytest.approx(found.low, rel=1e-6))


@given(worked_weeks())
def test_a_higher_level_gives_no_narrower_range(weeks: list[RatioWeek]) -> None:
    narrow, wide = cost_next(weeks, level=0.8), cost_next(weeks, level=0.95)

    assume(narrow.low is not None)
    assert wide.low is not None
    assert narrow.low is not None
    assert wide.low <= narrow.low
    assert (wide.high or math.inf) >= (narrow.high or math.inf)
