"""The first stage: terms, promos, proration and dated prices, by hand."""

from __future__ import annotations

import pytest

from portfolio.model import WEEKS_PER_MONTH
from portfolio.rebalance.monthly.choosing import choose
from portfolio.rebalance.monthly.plan import Allocation
from portfolio.rebalance.monthly.problem import MonthlyProblem, Options, Promo
from tests.rebalance.monthly.plan_world import held, offer, problem


def chosen(asked: MonthlyProblem) -> Allocation:
    return choose(asked, options=Options(gap=0.0)).allocation


def deeds(allocation: Allocation) -> list[tuple[int, str, str, str | None, int]]:
    return [(one.month, one.action, one.plan, one.to_plan, one.count) for one in allocation.actions]


def test_the_idea_s_example_to_the_cent() -> None:
    # $20 a month; 0.75 features per 1 % of the week: 75 a week at full use
    pro = offer("claude-pro", 20.0, 100 * WEEKS_PER_MONTH)
    month = 75 * WEEKS_PER_MONTH

    found = chosen(problem(pro, demand=[[month]], use=[1 / 0.75])).expected

    assert found.cost_usd / WEEKS_PER_MONTH == pytest.approx(4.603, abs=5e-4)
    assert found.cost_per_feature_usd == pytest.approx(0.0614, abs=5e-5)


def test_failed_attempts_are_paid_for_too() -> None:
    # 0.75 attempts per 1 % of which 80 % ship: 60 a week
    pro = offer("claude-pro", 20.0, 100 * WEEKS_PER_MONTH)

    found = chosen(problem(pro, demand=[[60 * WEEKS_PER_MONTH]], use=[1 / 0.75 / 0.8])).expected

    assert found.cost_per_feature_usd == pytest.approx(0.0767, abs=5e-5)
    assert sum(found.short) == pytest.approx(0, abs=1e-6)


def test_a_dated_price_is_paid_from_its_month_on() -> None:
    rising = offer("p", 20.0, 10, usd_by_month=(20.0, 35.0, 35.0))

    found = chosen(problem(rising, demand=[[10, 10, 10]]))

    assert [one.usd for one in found.hold] == [20, 35, 35]


def test_a_plan_is_left_when_it_becomes_too_dear() -> None:
    rising = offer("p", 20.0, 10, usd_by_month=(20.0, 35.0), held=(held(),))

    found = chosen(problem(rising, demand=[[10, 10]], api_usd=3.0))

    assert deeds(found) == [(1, "keep", "p", None, 1), (2, "cancel", "p", None, 1)]


def test_a_promo_is_paid_for_its_months_and_had_once() -> None:
    promo = offer("p", 20.0, 10, months=4, promo=Promo(usd_month=5.0, months=2), most=1)

    found = chosen(problem(promo, demand=[[10] * 4]))

    assert [one.usd for one in found.hold] == [5, 5, 20, 20]


def test_what_is_left_of_a_promo_is_still_had() -> None:
    promo = offer(
        "p",
        20.0,
        10,
        months=3,
        promo=Promo(usd_month=5.0, months=6),
        held=(held(promo_months=1),),
        most=1,
    )

    assert [one.usd for one in chosen(problem(promo, demand=[[10] * 3])).hold] == [5, 20, 20]


def test_a_minimum_term_is_held_though_nothing_is_wanted_after() -> None:
    bound = offer("p", 20.0, 10, months=3, minimum_months=2)

    found = chosen(problem(bound, demand=[[10, 0, 0]]))

    assert deeds(found) == [(1, "add", "p", None, 1), (3, "cancel", "p", None, 1)]
    assert found.expected.cost_usd == 40


def test_an_account_that_is_bound_stays_until_it_is_free() -> None:
    bound = offer("p", 20.0, 10, months=3, held=(held(bound_months=2),))

    found = chosen(problem(bound, demand=[[0, 0, 0]]))

    assert deeds(found) == [(1, "keep", "p", None, 1), (3, "cancel", "p", None, 1)]


def test_what_is_paid_till_the_renewal_is_worked_off_and_not_paid_again() -> None:
    own = offer("p", 20.0, 10, held=(held(paid_share=0.5),))

    kept = chosen(problem(own, demand=[[10]]))
    left = chosen(problem(own, demand=[[5]]))

    assert (deeds(kept)[0][1], kept.expected.cost_usd) == ("keep", 10)
    assert (deeds(left)[0][1], left.expected.cost_usd) == ("cancel", 0)
    assert left.expected.features == 5  # in the half that was paid for
    assert left.actions[0].accounts == ("a-1",)


@pytest.mark.parametrize(("credited", "usd"), [(True, 90.0), (False, 100.0)])
def test_an_upgrade_is_credited_what_was_paid_where_the_provider_does_so(
    *, credited: bool, usd: float
) -> None:
    pro = offer("pro", 20.0, 10, held=(held(paid_share=0.5),), is_upgrade_credited=credited, most=1)
    top = offer("top", 100.0, 200)

    found = chosen(problem(pro, top, demand=[[200]]))

    assert deeds(found) == [(1, "upgrade", "pro", "top", 1)]
    assert found.expected.cost_usd == usd


def test_a_downgrade_comes_at_the_renewal() -> None:
    top = offer("top", 100.0, 200, held=(held(paid_share=0.25),))
    pro = offer("pro", 20.0, 8)

    found = chosen(problem(pro, top, demand=[[200 * 0.25 + 8 * 0.75]], short_usd=3.0))

    assert deeds(found) == [(1, "downgrade", "top", "pro", 1)]
    assert found.expected.cost_usd == 15
    assert sum(found.expected.short) == pytest.approx(0)


def test_accounts_of_other_providers_are_not_switched_to() -> None:
    pro = offer("pro", 20.0, 10, held=(held(),))
    other = offer("other", 100.0, 200, provider="b")

    assert deeds(chosen(problem(pro, other, demand=[[10]]))) == [(1, "keep", "pro", None, 1)]


def test_the_budget_is_for_plans_and_tokens_in_every_scenario() -> None:
    pro = offer("pro", 20.0, 10)

    asked = problem(pro, demand=[[10], [30]], api_usd=4.0, short_usd=50.0, budget_usd=60.0)
    found = chosen(asked)

    # both on two plans: (40 + 40)/2 paid, and of the second 10 more at $4 are past the budget by 5
    assert found.counts(1) == {"pro": 2}
    assert found.expected.short == (2.5,)


def test_two_scenarios_are_paid_for_on_average() -> None:
    pro = offer("pro", 20.0, 10)

    found = chosen(problem(pro, demand=[[10], [20]], api_usd=3.0)).expected

    # one plan and 10 by tokens in one of two cases: 20 + 15; two plans: 40
    assert (found.cost_usd, found.features) == (35, 15)
