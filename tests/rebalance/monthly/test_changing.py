"""A change is made only where it saves more than it is held to cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from portfolio.rebalance.monthly.choosing import choose, choose_whole
from portfolio.rebalance.monthly.problem import (
    HeldAccount,
    Method,
    MonthlyProblem,
    Offer,
    Options,
)


def two_plans() -> MonthlyProblem:
    """Hold a plan of $23 beside one of another provider that does the same for $20."""

    def offer(name: str, usd: float, held: tuple[HeldAccount, ...] = ()) -> Offer:
        return Offer(
            plan=name,
            provider=name,
            usd_by_month=(usd,),
            capacity={"week": 10.0},
            most=1,
            held=held,
        )

    def method(name: str) -> Method:
        use = {"week": np.ones((1, 1))}
        return Method(method=name, provider=name, use=use, success_low=(1.0,))

    return MonthlyProblem(
        sizes=("S",),
        offers=(offer("claude", 23.0, (HeldAccount(account="claude-a"),)), offer("codex", 20.0)),
        methods=(method("claude"), method("codex")),
        demand=np.full((1, 1, 1), 10.0),
        short_usd=(10.0,),
    )


@pytest.mark.parametrize(("change_usd", "held"), [(0.0, "codex"), (1.4, "codex"), (1.6, "claude")])
def test_two_changes_that_save_three_dollars_are_made_if_each_costs_less_than_half(
    change_usd: float, held: str
) -> None:
    problem = replace(two_plans(), change_usd=change_usd)

    for choice in (choose(problem), choose_whole(problem, options=Options())):
        assert choice.allocation.counts(1) == {held: 1}


def test_what_a_change_is_held_to_cost_is_not_in_what_is_told() -> None:
    problem = replace(two_plans(), change_usd=1.4)

    assert choose(problem).outcome.total_usd.tolist() == [20.0]
