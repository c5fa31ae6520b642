"""`plans`: the catalogue, as it is now and with every dated fact."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.model import PP_CAP, Plan
from portfolio.report.answers.setup import PlanAnswer, PlanLine, PlansAnswer, PoolLine

if TYPE_CHECKING:
    from portfolio.store.catalogue import Catalogue


def list_plans(catalogue: Catalogue, *, now: datetime) -> PlansAnswer:
    """Give every plan as it is now."""
    return PlansAnswer(plans=tuple(_line(plan, now) for plan in catalogue))


def show_plan(catalogue: Catalogue, name: str, *, now: datetime) -> PlanAnswer:
    """Give one plan with all its facts.

    Raises:
        UnknownNameError: The catalogue does not hold it.
    """
    plan = catalogue.plan(name)
    return PlanAnswer(now=_line(plan, now), facts=plan)


def _line(plan: Plan, now: datetime) -> PlanLine:
    price, is_assumed = plan.price_at(now)
    return PlanLine(
        plan=plan.plan,
        provider=plan.provider,
        name=plan.name,
        price_usd=price.usd_month if price else None,
        price_assumed=is_assumed,
        pools=tuple(
            PoolLine(
                pool=name,
                unit=fact.unit,
                cap=PP_CAP if fact.unit == "pp" else fact.cap,
                relative=f"{fact.times:g} × {fact.of}" if fact.times else None,
            )
            for name, fact in plan.pools_at(now).items()
        ),
    )
