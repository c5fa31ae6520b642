"""Whether a change of plans is worth its trouble."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.rebalance.hysteresis import Worth, worth_of


def worth(*saved: float, accounts: int = 1, months: int = 1, is_more_paid: bool = False) -> Worth:
    return worth_of(
        np.array(saved) + 50.0,
        np.full(len(saved), 50.0),
        months=months,
        accounts=accounts,
        is_more_paid=is_more_paid,
    )


def test_a_saving_in_four_of_five_cases_is_sure_and_in_fewer_is_not() -> None:
    assert worth(9.0, 9.0, 9.0, 9.0, -1.0).is_sure
    assert not worth(9.0, 9.0, 9.0, -1.0).is_sure


def test_to_pay_more_for_plans_insures_against_the_few_cases_in_which_that_saves_much() -> None:
    assert worth(90.0, -1.0, -1.0, -1.0, is_more_paid=True).is_sure
    assert not worth(9.0, -9.0, -9.0, -9.0, is_more_paid=True).is_repaid


def test_what_saves_nine_dollars_a_month_repays_the_trouble_of_one_account_but_not_of_two() -> None:
    assert worth(9.0, 9.0).is_repaid
    assert not worth(9.0, 9.0, accounts=2).is_repaid
    assert not worth(9.0, 9.0, months=2).is_repaid


def test_what_costs_the_same_saves_nothing() -> None:
    found = worth(0.0, 0.0, 0.001)

    assert (found.probability, found.is_sure) == (0.0, False)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30))
def test_the_probability_is_the_share_of_cases_that_save(saved: list[float]) -> None:
    found = worth(*saved)

    assert found.probability == pytest.approx(
        sum(50.0 + one - 50.0 > 0.01 for one in saved) / len(saved)
    )
    assert found.saving_usd_month == pytest.approx(sum(saved) / len(saved), abs=1e-9)
