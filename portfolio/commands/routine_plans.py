"""What `weekly` and `monthly` let be planned: the route of the week, the plans of the month."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from portfolio.report.answers.routines import MonthAction, MonthPlan

if TYPE_CHECKING:
    from portfolio.ingest.machine import Machine
    from portfolio.settings import Home, Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

DAYS: Final = 7


def plan_week(
    database: Database,
    *,
    home: Home,
    machine: Machine,
    settings: Settings,
    catalogue: Catalogue,
    now: datetime,
) -> None:
    """Plan the open items as `route` does, which keeps that as a decision.

    Raises:
        NothingToPlanError: No item is open.
    """
    from portfolio.commands.routing import AskedRoute, route

    route(
        database,
        AskedRoute(file=None, days=DAYS, calendar=None),
        home=home,
        machine=machine,
        settings=settings,
        catalogue=catalogue,
        now=now,
    )


def plan_month(
    database: Database, *, settings: Settings, catalogue: Catalogue, seed: int, now: datetime
) -> MonthPlan:
    """Say which plans to hold next month, as `rebalance` does; the first of a month is kept."""
    from portfolio.commands.rebalancing import Asked, rebalance

    answer = rebalance(database, Asked(seed=seed), settings=settings, catalogue=catalogue, now=now)
    return MonthPlan(
        actions=tuple(
            MonthAction(
                action=one.action,
                plan=one.plan,
                to_plan=one.to_plan,
                count=one.count,
                saving_usd_month=one.saving_usd_month,
                before=one.before,
                reason=one.reason,
            )
            for one in answer.actions
        ),
        cost_usd=answer.expected.cost_usd,
        features=answer.expected.features,
    )
