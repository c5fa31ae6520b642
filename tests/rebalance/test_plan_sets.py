"""A set of plans as it stands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from portfolio.rebalance.monthly.problem import (
    HeldAccount,
    Method,
    MonthlyProblem,
    Offer,
    Promo,
)
from portfolio.rebalance.monthly.uses import uses_of
from portfolio.rebalance.plan_sets import bought_of, value_of


def problem(*, months: int = 1, paid_share: float = 0.0) -> MonthlyProblem:
    """Give two plans of one provider; a feature takes a unit, or $3 paid per token."""
    held = tuple(HeldAccount(account=name, paid_share=paid_share) for name in ("a", "b"))
    return MonthlyProblem(
        sizes=("S",),
        offers=(
            Offer(
                plan="max",
                provider="x",
                usd_by_month=(50.0,) * months,
                capacity={"week": 50.0},
                most=2,
                promo=Promo(usd_month=5.0, months=1),
            ),
            Offer(
                plan="pro",
                provider="x",
                usd_by_month=(20.0,) * months,
                capacity={"week": 10.0},
                most=3,
                held=held,
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
        demand=np.stack([np.full((months, 1), 20.0), np.full((months, 1), 30.0)]),
        short_usd=(100.0,),
    )


def test_a_set_of_plans_brings_what_it_holds_and_the_rest_is_paid_per_token() -> None:
    """Two of ten units for $40: 0 and 10 features left at $3."""
    found = value_of(uses_of(problem()), {"pro": 2})

    assert found.cost_usd.tolist() == [40.0, 70.0]
    assert found.features.tolist() == [20.0, 30.0]
    assert found.total_usd.tolist() == [40.0, 70.0]


def test_without_a_plan_all_is_paid_per_token_or_is_missing() -> None:
    whole = problem()
    bare = replace(whole, methods=(replace(whole.methods[0], api_usd=None),))

    assert value_of(uses_of(whole), {}).cost_usd.tolist() == [60.0, 90.0]
    assert value_of(uses_of(bare), {}).total_usd.tolist() == [2000.0, 3000.0]
    assert value_of(uses_of(bare), {}).cost_usd.tolist() == [0.0, 0.0]


def test_a_promo_is_had_by_new_accounts_for_its_months() -> None:
    assert bought_of(problem(months=2), {"max": 2}).subscription_usd.tolist() == [10.0, 100.0]


def test_days_that_are_paid_for_cost_nothing_and_can_be_worked_whoever_stays() -> None:
    """Half of the first month of both is paid: one that stays costs $10, and 1.5 can be worked."""
    bought = bought_of(problem(months=2, paid_share=0.5), {"pro": 1})

    assert bought.subscription_usd.tolist() == [10.0, 20.0]
    assert bought.working[:, 1] == pytest.approx([1.5, 1.0])
