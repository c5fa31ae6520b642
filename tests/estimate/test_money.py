from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.interval import cost, efficiency
from portfolio.estimate.money import paid, usd_per_unit
from portfolio.model import AccountSpan, Plan
from tests.estimate.builders import at, plan, plans, price, span

WEEK = 168.0  # hours


def usd(
    spans: list[AccountSpan], *known: Plan, since: float = 0, until: float = WEEK
) -> float | None:
    return paid("a", spans, since=at(since), until=at(until), plan_of=plans(*known)).usd


# What a unit is worth


def test_a_week_of_claude_pro_is_four_dollars_sixty_and_its_percent_a_hundredth() -> None:
    assert usd([span()], plan("pro", price(20.0))) == pytest.approx(4.60, abs=0.005)
    assert usd_per_unit(20, pool="week", unit="pp", cap=None) == pytest.approx(20 / 4.345 / 100)


def test_the_examples_feature_costs_six_cents_at_full_use() -> None:
    worth = usd_per_unit(20, pool="week", unit="pp", cap=None)
    seen = efficiency([3, 5, 4, 6], [4, 6, 6, 8], rng=np.random.default_rng(1))

    assert worth is not None
    assert round(worth * 100, 2) == 4.60
    assert seen.point == 0.75
    point = cost(seen, worth).point
    assert point is not None
    assert round(point, 3) == 0.061


@pytest.mark.parametrize(
    ("pool", "weeks"), [("week", 1), ("month", 30 / 7), ("5h", 5 / 168), ("week:opus", 1)]
)
def test_a_cycle_costs_its_share_of_the_month(pool: str, weeks: float) -> None:
    worth = usd_per_unit(20, pool=pool, unit="pp", cap=None)

    assert worth == pytest.approx(20 / 4.345 * weeks / 100)


def test_a_count_is_worth_its_share_of_the_cap_and_nothing_is_guessed_without_one() -> None:
    assert usd_per_unit(20, pool="week", unit="prompts", cap=400) == pytest.approx(20 / 4.345 / 400)
    assert usd_per_unit(20, pool="week", unit="prompts", cap=None) is None
    assert usd_per_unit(20, pool="day", unit="pp", cap=None) is None


def test_percent_is_of_the_cap_whatever_the_cap_is() -> None:
    assert usd_per_unit(20, pool="week", unit="pp", cap=400) == usd_per_unit(
        20, pool="week", unit="pp", cap=None
    )


# What was paid


def test_each_day_is_paid_at_its_own_price() -> None:
    known = plan("pro", price(20.0), price(40.0, since=WEEK / 2))

    assert usd([span()], known) == pytest.approx((20 + 40) / 2 / 4.345)


def test_a_price_before_its_first_date_is_assumed_and_says_so() -> None:
    late = plans(plan("pro", price(20.0, since=WEEK)))

    assumed = paid("a", [span()], since=at(0), until=at(2 * WEEK), plan_of=late)
    known = paid("a", [span()], since=at(WEEK), until=at(2 * WEEK), plan_of=late)

    assert assumed.usd == pytest.approx(2 * 20 / 4.345)
    assert (assumed.is_assumed, known.is_assumed) == (True, False)


def test_a_change_of_plan_is_paid_from_its_day() -> None:
    spans = [span("a", "pro", until=WEEK / 4), span("a", "max", number=1, since=WEEK / 4)]

    assert usd(spans, plan("pro", price(20.0)), plan("max", price(100.0))) == pytest.approx(
        (20 + 3 * 100) / 4 / 4.345
    )


def test_an_account_pays_from_its_first_to_its_last_day_only() -> None:
    assert usd([span(since=WEEK / 2)], plan()) == pytest.approx(10 / 4.345)
    assert usd([span(until=WEEK / 2)], plan()) == pytest.approx(10 / 4.345)
    assert usd([span(until=-1)], plan()) == 0
    assert usd([span("b")], plan()) == 0


@pytest.mark.parametrize(
    "known", [(), (plan("pro", price(200, billing="yearly")),), (plan("other"),)]
)
def test_without_a_monthly_price_nothing_is_known(known: tuple[Plan, ...]) -> None:
    assert usd([span()], *known) is None


def test_an_unknown_plan_on_one_day_makes_the_sum_unknown() -> None:
    assert usd([span(until=WEEK / 2), span(plan=None, number=1, since=WEEK / 2)], plan()) is None


@given(st.lists(st.floats(0, 2000), max_size=6), st.floats(1, 2000))
def test_what_is_paid_over_a_span_is_the_sum_over_its_pieces(
    cuts: list[float], until: float
) -> None:
    known = plan("pro", price(20), price(30, since=100), price(10, since=700))
    edges = [0, *sorted(min(cut, until) for cut in cuts), until]

    pieces = [usd([span()], known, since=begin, until=end) for begin, end in pairwise(edges)]

    assert sum(one or 0 for one in pieces) == pytest.approx(usd([span()], known, until=until))
