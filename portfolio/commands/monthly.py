"""`monthly`: which plans to keep and which to hold next month, in one summary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.commands.routine_facts import (
    KEEP,
    Compared,
    Seen,
    Wanted,
    compare_and_keep,
    look,
)
from portfolio.errors import PortfolioError
from portfolio.report.answers.routines import MonthAction, MonthlyAnswer, MonthPlan
from portfolio.report.text import safe

if TYPE_CHECKING:
    from portfolio.ingest.machine import Machine
    from portfolio.settings import Home, Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database
    from portfolio.store.routines import Figure


def monthly(
    database: Database,
    *,
    home: Home,
    machine: Machine,
    settings: Settings,
    catalogue: Catalogue,
    seed: int,
    now: datetime,
    plan: Callable[[], MonthPlan],
) -> MonthlyAnswer:
    """Sync, and say which plans to keep and to hold, what changed, and what needs a yes.

    Args:
        database: The store.
        home: Where the user's things are.
        machine: Where the clients' are.
        settings: As set.
        catalogue: Of plans.
        seed: Of what is drawn by chance.
        now: This moment.
        plan: Says which plans to hold; of the allocations it makes in a month the first is kept.
    """
    seen = look(
        database,
        "monthly",
        home=home,
        machine=machine,
        settings=settings,
        catalogue=catalogue,
        seed=seed,
        now=now,
    )
    planned, missing = _planned(plan)
    actions = [one for one in planned.actions if one.action != "keep"] if planned else []
    compared = compare_and_keep(
        database,
        "monthly",
        seen.alerts,
        last=seen.last,
        figures={**seen.figures, **_figures(actions)},
        wanted=_all_wanted(seen.wanted, planned, actions),
        now=now,
    )
    answer = _answer(seen, compared, settings=settings, now=now)
    return replace(answer, plan=planned, plan_missing=missing)


def _answer(seen: Seen, compared: Compared, *, settings: Settings, now: datetime) -> MonthlyAnswer:
    """Tell what both summaries do, and what `keep` says."""
    kept, lines = seen.standing.kept, seen.standing.lines
    return MonthlyAnswer(
        at=now,
        last_run_at=seen.last.ran_at if seen.last else None,
        month=f"{now.astimezone(settings.zone):%Y-%m}",
        lines=lines.lines,
        forecast=seen.outlook.forecast,
        keep=kept.plans if kept else (),
        is_judged=kept is not None,
        plan=None,
        plan_missing=None,
        changes=compared.changes,
        alerts=compared.alerts,
        yes=compared.yes,
        sent=(),
        problems=lines.problems,
        notes=lines.notes,
    )


def _planned(plan: Callable[[], MonthPlan]) -> tuple[MonthPlan | None, str | None]:
    try:
        return plan(), None
    except PortfolioError as error:
        return None, error.what


def _all_wanted(
    seen: Sequence[Wanted], planned: MonthPlan | None, actions: Sequence[MonthAction]
) -> list[Wanted]:
    """Give what waits for a person; `rebalance` has weighed what `keep` says of single plans."""
    others = [one for one in seen if planned is None or one.command != KEEP]
    return [*others, *map(_wanted, actions)]


def _figures(actions: list[MonthAction]) -> dict[str, Figure]:
    return {f"rebalance, {one.action} {one.plan}": one.count for one in actions}


def _wanted(one: MonthAction) -> Wanted:
    name = f"{one.count} × {safe(one.plan)}" if one.count > 1 else safe(one.plan)
    to = f" to {safe(one.to_plan)}" if one.to_plan else ""
    before = f" before {one.before}" if one.before else ""
    return Wanted(
        f"{one.action} {one.plan} {one.to_plan or ''} {one.count}",
        f"{one.action} {name}{to}{before}: {safe(one.reason).rstrip('.')}",
        "portfolio rebalance",
    )
