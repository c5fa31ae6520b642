"""The usual range of what a feature costs: limits by hand, the plain marks, and edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from portfolio.estimate.forecast import RatioWeek
from portfolio.estimate.usual import usual_cost


def costing(*usd_each: float) -> list[RatioWeek]:
    """Give weeks of ten features, each at a cost."""
    return [RatioWeek(10, 10 * usd, ()) for usd in usd_each]


def test_the_limits_are_where_one_more_such_week_would_lie() -> None:
    found = usual_cost(costing(1.0, 1.2, 0.9, 1.1, 1.05, 1.3))

    logs = np.log([1.0, 1.2, 0.9, 1.1, 1.05])
    reach = stats.t.ppf(0.995, 4) * logs.std(ddof=1) * math.sqrt(1 + 1 / 5)
    assert found.usual_usd == pytest.approx(math.exp(logs.mean()))
    assert found.low_usd == pytest.approx(math.exp(logs.mean() - reach))
    assert found.high_usd == pytest.approx(math.exp(logs.mean() + reach))
    assert found.change == pytest.approx(1.3 / math.exp(logs.mean()) - 1)
    assert found.newest_usd == pytest.approx(1.3)
    assert (found.level, found.weeks) == (0.99, 5)


@pytest.mark.parametrize(
    ("newest", "mark", "is_usual"),
    [
        (1.04, None, True),
        (1.07, 0.05, True),
        (0.93, 0.05, True),
        (1.12, 0.1, True),
        (3, 0.1, False),
    ],
)
def test_the_plain_marks_stand_beside_the_range(
    newest: float, mark: float | None, *, is_usual: bool
) -> None:
    found = usual_cost(costing(0.9, 1.1, 1.0, 0.95, 1 / (0.9 * 1.1 * 0.95), newest))

    assert found.usual_usd == pytest.approx(1.0)
    assert (found.mark, found.is_usual, found.status) == (mark, is_usual, "ok")


def test_only_the_thirteen_weeks_before_tell_what_is_usual() -> None:
    recent = costing(*([1.0, 1.2] * 7))

    assert usual_cost(costing(50.0, 60.0) + recent) == usual_cost(recent)


def test_under_four_weeks_before_there_is_no_range() -> None:
    found = usual_cost(costing(1.0, 1.1, 1.2, 1.3))

    assert (found.low_usd, found.high_usd, found.is_usual) == (None, None, None)
    assert (found.weeks, found.status, found.mark) == (3, "too-few", 0.1)


def test_a_first_week_stands_alone() -> None:
    found = usual_cost(costing(1.0))

    assert (found.newest_usd, found.usual_usd, found.change) == (1.0, None, None)


def test_a_week_without_a_feature_has_no_cost_but_may_leave_the_range() -> None:
    steady = costing(1.0, 1.1, 0.9, 1.0, 1.05)

    found = usual_cost([*steady, RatioWeek(0, 10.0, ())])

    assert (found.newest_usd, found.change, found.mark) == (None, None, None)
    assert (found.is_usual, found.status) == (False, "no-features")


def test_a_week_in_which_nothing_was_burned_tells_nothing() -> None:
    steady = costing(1.0, 1.1, 0.9, 1.0, 1.05)

    found = usual_cost([*steady, RatioWeek(0, 0.0, ())])

    assert (found.newest_usd, found.is_usual, found.status) == (None, None, "no-burn")
    idle = [*steady[:2], RatioWeek(3, 0.0, ()), *steady[2:]]
    assert usual_cost(idle) == usual_cost(steady)


def test_weeks_that_are_all_alike_claim_no_certainty() -> None:
    found = usual_cost(costing(1.0, 1.0, 1.0, 1.0, 1.01))

    reach = stats.t.ppf(0.995, 3) * math.sqrt(0.25 / 10 * (1 + 1 / 4))
    assert found.high_usd == pytest.approx(math.exp(reach))
    assert found.is_usual


weeks = st.lists(st.tuples(st.integers(0, 30), st.floats(0.01, 900)), min_size=1, max_size=20)


@given(weeks, st.floats(1e-3, 1e3))
def test_another_currency_changes_no_verdict(seen: list[tuple[int, float]], rate: float) -> None:
    own = usual_cost([RatioWeek(count, usd, ()) for count, usd in seen])
    other = usual_cost([RatioWeek(count, usd * rate, ()) for count, usd in seen])

    assert (other.status, other.weeks) == (own.status, own.weeks)
    assert other.change == (None if own.change is None else pytest.approx(own.change, abs=1e-9))
    if own.high_usd is not None:
        assert other.high_usd == pytest.approx(own.high_usd * rate, rel=1e-6)


@given(st.permutations(range(13)))
def test_the_order_of_the_weeks_before_does_not_matter(order: list[int]) -> None:
    before = costing(*(1 + 0.05 * place for place in range(13)))
    newest = costing(1.4)

    found = usual_cost([before[place] for place in order] + newest)

    assert found.high_usd == pytest.approx(usual_cost(before + newest).high_usd)
