"""A set of plans as it stands."""

from __future__ import annotations

import numpy as np

from portfolio.rebalance.as_held import as_held, undone
from portfolio.rebalance.monthly.choosing import choose
from portfolio.rebalance.monthly.problem import HeldAccount, Method, MonthlyProblem, Offer


def problem() -> MonthlyProblem:
    """Give two plans of one provider; a feature takes a unit, or $3 paid per token."""
    return MonthlyProblem(
        sizes=("S",),
        offers=(
            Offer(
                plan="max",
                provider="x",
                usd_by_month=(50.0,),
                capacity={"week": 50.0},
                most=2,
            ),
            Offer(
                plan="pro",
                provider="x",
                usd_by_month=(20.0,),
                capacity={"week": 10.0},
                most=3,
                held=(HeldAccount(account="a"), HeldAccount(account="b")),
            ),
        ),
        methods=(
            Method(
                method="x",
                provider="x",
                use={"week": np.ones((2, 1))},
                success_low=(1.0,),
                api_usd=np.full((2, 1), 3.0),
            ),
        ),
        demand=np.array([[[20.0]], [[30.0]]]),
        short_usd=(100.0,),
    )


def test_a_set_of_plans_brings_what_it_holds_and_the_rest_is_paid_per_token() -> None:
    """Two of ten units for $40: 0 and 10 features left at $3, $15 on average."""
    found = choose(as_held(problem(), {"pro": 2}))

    assert found.allocation.counts(1) == {"pro": 2}
    assert found.outcome.cost_usd.tolist() == [40.0, 70.0]


def test_nothing_else_can_be_bought_or_left() -> None:
    assert choose(as_held(problem(), {"pro": 3, "max": 1})).allocation.counts(1) == {
        "max": 1,
        "pro": 3,
    }
    assert choose(as_held(problem(), {})).outcome.cost_usd.tolist() == [60.0, 90.0]


def test_a_change_can_be_taken_back() -> None:
    gone = undone({"pro": 1}, plan="pro", to_plan=None, count=1, is_bought=False)
    assert gone == {"pro": 2}
