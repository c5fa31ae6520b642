"""The forecast of a week and its score."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.interval import Interval
from portfolio.estimate.week_forecast import (
    Scored,
    calibration,
    forecast_week,
    score_cost,
    score_features,
)
from portfolio.estimate.week_history import BurnedWindow, WeekSeen

MONDAY, WEEK = datetime(2026, 9, 7, tzinfo=UTC), timedelta(weeks=1)


def seen(place: int, features: int, usd: float | None = 4.0) -> WeekSeen:
    begins_at = MONDAY + place * WEEK
    return WeekSeen(
        begins_at=begins_at,
        ends_at=begins_at + WEEK,
        by_day=(features, 0, 0, 0, 0, 0, 0),
        paid_usd=usd,
        windows=(BurnedWindow(begins_at, features, 2.0 + place, 2.0 + place),),
    )


def interval(low: float | None, point: float | None, high: float | None) -> Interval:
    return Interval(point=point, low=low, high=high, level=0.8, method="weekly-t", status="ok")


@given(st.lists(st.integers(0, 20), min_size=4, max_size=9), st.lists(st.integers(0, 20)))
def test_a_forecast_uses_nothing_of_its_own_week_or_later(
    before: list[int], after: list[int]
) -> None:
    history = [seen(place, count) for place, count in enumerate(before)]
    later = [seen(len(before) + place, count) for place, count in enumerate(after)]
    span = MONDAY + len(before) * WEEK, MONDAY + (len(before) + 1) * WEEK

    found = forecast_week(history, *span, paid_usd=4.0)

    assert found == forecast_week([*history, *later], *span, paid_usd=4.0)
    assert found is not None
    assert found.weeks == len(before)


def test_a_forecast_rests_on_half_a_year_at_most() -> None:
    history = [seen(place, 900 if place < 4 else 5 + place % 3) for place in range(30)]

    found = forecast_week(history, MONDAY + 30 * WEEK, MONDAY + 31 * WEEK, paid_usd=None)

    assert found is not None
    assert (found.weeks, found.since) == (26, MONDAY + 4 * WEEK)
    assert found.paid_per_feature_usd is None
    assert found.features.high is not None
    assert found.features.high < 12


def test_without_a_whole_week_there_is_none() -> None:
    assert forecast_week([seen(3, 4)], MONDAY, MONDAY + WEEK, paid_usd=4.0) is None


@pytest.mark.parametrize(("count", "is_inside"), [(7, False), (8, True), (14, True), (15, False)])
def test_features_at_the_ends_of_their_range_are_inside(count: int, is_inside: object) -> None:
    found = score_features(interval(8, 10.5, 14), seen(0, count))

    assert (found.outcome, found.is_inside, found.status) == (count, is_inside, "ok")
    assert found.log_error == pytest.approx(math.log(count / 10.5))


def test_a_forecast_without_a_range_cannot_be_right_or_wrong() -> None:
    features = score_features(interval(None, 4.0, None), seen(0, 3))
    cost = score_cost(interval(None, 1.5, None), usd=4.0, features=2)

    assert (features.is_inside, features.status) == (None, "no-range")
    assert (cost.outcome, cost.is_inside, cost.status) == (2.0, None, "no-range")


@pytest.mark.parametrize(
    ("high", "usd", "features", "outcome", "is_inside", "status"),
    [
        (2.0, 3.0, 2, 1.5, True, "ok"),
        (2.0, 5.0, 2, 2.5, False, "ok"),
        (2.0, 1.0, 2, 0.5, False, "ok"),
        (None, 90.0, 2, 45.0, True, "ok"),
        (2.0, 3.0, 0, None, False, "no-features"),
        (None, 3.0, 0, None, True, "no-features"),
        (2.0, 0.0, 2, None, None, "no-burn"),
        (2.0, None, 2, None, None, "price-unknown"),
    ],
)
def test_a_cost_is_inside_its_range_and_that_of_nothing_only_in_an_open_one(
    high: float | None,
    usd: float | None,
    features: int,
    outcome: float | None,
    is_inside: object,
    status: str,
) -> None:
    found = score_cost(interval(1.0, 1.4, high), usd=usd, features=features)

    assert (found.outcome, found.is_inside, found.status) == (outcome, is_inside, status)
    if usd:
        assert found.log_error == pytest.approx(math.log(usd / (features or 0.5) / 1.4))


def test_calibration_counts_what_can_be_judged() -> None:
    def scored(is_inside: object) -> Scored:
        judged = is_inside if isinstance(is_inside, bool) else None
        return Scored(
            forecast=interval(1, 2, 3), outcome=2, is_inside=judged, log_error=0.0, status="ok"
        )

    found = calibration([scored(one) for one in (True, None, False, True)])

    assert (found.scored, found.inside, found.level) == (3, 2, 0.8)
