"""What was paid is known; how many features a week brings is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from portfolio.estimate.interval import Interval, cost, efficiency
from portfolio.estimate.paid_ranges import WEEK, PaidFor, paid_ranges

BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
USD = 5.0
SIX = [3, 5, 4, 6, 1, 2]


def rng_for(groups: int) -> np.random.Generator:
    return np.random.default_rng([7, groups])


def paid_in(begins_at: datetime, ends_at: datetime) -> float | None:
    return USD * ((ends_at - begins_at) / WEEK)


def features(by_week: Sequence[int], *, from_day: float = 0) -> list[datetime]:
    begin = BEGIN + timedelta(days=from_day)
    return [begin + place * WEEK for place, count in enumerate(by_week) for _ in range(count)]


def ranged(
    by_week: Sequence[int], *, days: float | None = None, from_day: float = 0
) -> Interval | None:
    until = BEGIN + timedelta(days=7 * len(by_week) if days is None else days)
    one = PaidFor(shipped_at=features(by_week, from_day=from_day), paid_in=paid_in)
    return paid_ranges([one], since=BEGIN, until=until, rng_for=rng_for)[0]


def test_it_is_the_cost_interval_with_a_weeks_price_for_its_burn() -> None:
    seen = efficiency(SIX, [USD] * 6, rng=rng_for(6))

    assert ranged(SIX) == cost(seen, 1.0)


def test_its_point_is_all_that_was_paid_over_all_that_shipped() -> None:
    found = ranged(SIX, days=45)  # three days more than six weeks

    assert found is not None
    assert found.point == pytest.approx(USD * 45 / 7 / sum(SIX))


def test_weeks_are_counted_back_from_the_end_and_the_rest_is_of_the_first() -> None:
    # Three days, then weeks of 3, 5, 4 and 6: the first is ten days long.
    found = ranged([3, 5, 4, 6], days=31, from_day=3)

    paid = [USD * 10 / 7, USD, USD, USD]
    assert found is not None
    assert found.low == pytest.approx(cost(efficiency([3, 5, 4, 6], paid, rng=rng_for(4)), 1).low)


def test_four_weeks_give_a_provisional_interval_and_three_none() -> None:
    four = ranged([3, 5, 4, 6])

    assert four is not None
    assert four.status == "provisional"
    assert ranged([3, 5, 4]) is None


def test_weeks_before_the_account_was_paid_for_do_not_count() -> None:
    def paid_later(begins_at: datetime, ends_at: datetime) -> float | None:
        return 0.0 if begins_at < BEGIN + 3 * WEEK else paid_in(begins_at, ends_at)

    one = PaidFor(shipped_at=features([0, 0, 0, 3, 5, 4]), paid_in=paid_later)

    assert paid_ranges([one], since=BEGIN, until=BEGIN + 6 * WEEK, rng_for=rng_for) == [None]


def test_without_features_a_feature_costs_at_least_so_much() -> None:
    found = ranged([0] * 4)

    assert found is not None
    assert (found.point, found.high, found.status) == (None, None, "at-least")
    assert found.low == pytest.approx(4 * USD / (1.5 * 7.37776 / 2), rel=1e-5)


def test_an_unknown_price_in_one_week_leaves_none() -> None:
    def paid_partly(begins_at: datetime, ends_at: datetime) -> float | None:
        return None if begins_at == BEGIN else paid_in(begins_at, ends_at)

    one = PaidFor(shipped_at=features(SIX), paid_in=paid_partly)

    assert paid_ranges([one], since=BEGIN, until=BEGIN + 6 * WEEK, rng_for=rng_for) == [None]


def test_what_is_free_has_none() -> None:
    one = PaidFor(shipped_at=features(SIX), paid_in=lambda *_: 0.0)

    assert paid_ranges([one], since=BEGIN, until=BEGIN + 6 * WEEK, rng_for=rng_for) == [None]


def test_before_anything_is_logged_there_is_none() -> None:
    one = PaidFor(shipped_at=[], paid_in=paid_in)

    assert paid_ranges([one], since=BEGIN, until=BEGIN, rng_for=rng_for) == [None]


def test_another_currency_scales_it_and_nothing_else() -> None:
    def in_yen(begins_at: datetime, ends_at: datetime) -> float | None:
        return 150 * (paid_in(begins_at, ends_at) or 0.0)

    one = PaidFor(shipped_at=features(SIX), paid_in=in_yen)
    (found,) = paid_ranges([one], since=BEGIN, until=BEGIN + 6 * WEEK, rng_for=rng_for)

    usd = ranged(SIX)
    assert found is not None
    assert usd is not None
    assert (found.low, found.high) == pytest.approx((150 * (usd.low or 0), 150 * (usd.high or 0)))
