"""The days and first payments of what `rebalance` proposes, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portfolio.commands.rebalancing import Asked, rebalance
from portfolio.ingest.what_if import SupposedPlan, WhatIf
from portfolio.settings import Settings
from portfolio.store import logins
from tests.keep_world import BEGIN, WEEK, add_account
from tests.rebalance_world import add_features

if TYPE_CHECKING:
    from portfolio.report.answers.rebalance import ActionRow
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

WEEKS = [4, 5, 3, 4, 5, 4, 3, 4, 5, 4]
NOW = BEGIN + len(WEEKS) * WEEK  # 14 December
FIVE_TIMES = SupposedPlan(
    plan="claude-max",
    provider="claude",
    price_usd=None,
    promo_usd=None,
    promo_months=0,
    least_months=1,
    features_month={},
    times=5.0,
    of="claude-pro",
)


def changes(
    database: Database, catalogue: Catalogue, plan: str, *, demand: float, renews: int | None
) -> list[ActionRow]:
    """Ask for the month of one account that takes five thirds of a dollar a feature."""
    add_account(database, "claude-a", plan)
    add_features(database, "claude-a", WEEKS, sizes=("S", "S", "M"))
    if renews is not None:
        logins.add_renewal_days(database, {"claude-a": renews}, now=BEGIN)
    asked = Asked(demand=demand, scenarios=12, what_if=WhatIf(plans=(FIVE_TIMES,)))
    answer = rebalance(
        database, asked, settings=Settings(timezone="UTC"), catalogue=catalogue, now=NOW
    )
    assert [one.accounts for one in answer.hold] == [("claude-a",)]  # whichever plan it is on
    return [one for one in answer.actions if one.action != "keep"]


def test_an_upgrade_costs_the_difference_for_the_rest_of_the_month(
    database: Database, catalogue: Catalogue
) -> None:
    """Of the 30 days from 20 November 6 are left: 0.2 × (100 - 20) dollars."""
    (one,) = changes(database, catalogue, "claude-pro", demand=700, renews=20)

    assert (one.action, one.to_plan) == ("upgrade", "claude-max")
    assert (one.on, one.before) == ("2026-12-14", "2026-12-20")
    assert one.first_usd == pytest.approx(16.0)


def test_what_an_upgrade_costs_first_is_not_guessed_without_a_renewal_day(
    database: Database, catalogue: Catalogue
) -> None:
    (one,) = changes(database, catalogue, "claude-pro", demand=700, renews=None)

    assert (one.action, one.before, one.first_usd) == ("upgrade", None, None)
