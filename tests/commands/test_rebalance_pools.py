"""Pools of one model, and prices that are lower at first, in what `rebalance` answers: by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portfolio.commands.rebalancing import Asked, rebalance
from portfolio.ingest.what_if import SupposedPlan, WhatIf
from portfolio.settings import Settings
from tests.keep_world import BEGIN, WEEK, add_account
from tests.rebalance_world import add_features

if TYPE_CHECKING:
    from portfolio.report.answers.rebalance import RebalanceAnswer
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

WEEKS = [4, 5, 3, 4, 5, 4, 3, 4, 5, 4]  # features, a dollar each
NOW = BEGIN + len(WEEKS) * WEEK


def answered(database: Database, catalogue: Catalogue, asked: Asked) -> RebalanceAnswer:
    return rebalance(
        database, asked, settings=Settings(timezone="UTC"), catalogue=catalogue, now=NOW
    )


@pytest.mark.parametrize(("scope", "usd_month"), [("", 434.5), ("opus", 108.6)])
def test_work_of_a_model_with_a_pool_of_its_own_has_no_more_room_than_that(
    database: Database, catalogue: Catalogue, scope: str, usd_month: float
) -> None:
    """A percent of opus holds a quarter of a dollar, so 4.345 weeks of it $108.6, not $434.5."""
    add_account(database, "claude-a", "claude-pro")
    add_features(database, "claude-a", WEEKS, sizes=("S",), scope=scope)

    answer = answered(database, catalogue, Asked(demand=300.0, budget_usd=320.0, scenarios=12))

    assert answer.now is not None
    bought = answer.now.api_usd
    assert bought == pytest.approx(max(0.0, 300.0 - usd_month), rel=0.12, abs=1.0)


def test_a_promo_lowers_what_is_paid_in_its_months_alone(
    database: Database, catalogue: Catalogue
) -> None:
    """$40 in the first month and $100 in the second of a plan nobody holds: $70 on average."""
    add_account(database, "claude-a", "claude-pro")
    add_features(database, "claude-a", WEEKS, sizes=("S",))
    new = SupposedPlan(
        plan="cursor-pro",
        provider="cursor",
        price_usd=100.0,
        promo_usd=40.0,
        promo_months=1,
        least_months=2,
        features_month={"S": 5000.0},
        times=None,
        of=None,
    )

    def of_new(months: int) -> float:
        asked = Asked(demand=4000.0, months=months, scenarios=12, what_if=WhatIf(plans=(new,)))
        answer = answered(database, catalogue, asked)
        (bought,) = [one for one in answer.actions if one.action == "add"]
        assert (bought.plan, bought.first_usd) == ("cursor-pro", 40.0)
        (row,) = [one for one in answer.hold if one.plan == "cursor-pro"]
        others = sum(one.price_usd * one.count for one in answer.hold if one is not row)
        return answer.expected.plans_usd - others

    assert of_new(1) == pytest.approx(40.0)
    assert of_new(2) == pytest.approx(70.0)
