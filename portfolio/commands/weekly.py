"""`weekly`: how the week stands in one summary; asked again, it decides nothing anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from portfolio.commands.assigning import assignments
from portfolio.commands.racing import race
from portfolio.commands.routine_facts import (
    OF_A_WEEK,
    Compared,
    Seen,
    Wanted,
    compare_and_keep,
    look,
)
from portfolio.commands.week_facts import calendar_of
from portfolio.errors import PortfolioError
from portfolio.report.answers.routines import (
    ArmVerdict,
    LeftItem,
    PlacedItem,
    WeeklyAnswer,
    WeekRace,
    WeekRoute,
)
from portfolio.report.text import safe
from portfolio.store import decisions

if TYPE_CHECKING:
    from portfolio.ingest.machine import Machine
    from portfolio.report.answers.racing import RaceAnswer
    from portfolio.settings import Home, Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.decisions import Decision
    from portfolio.store.opening import Database
    from portfolio.store.routines import Figure


def weekly(
    database: Database,
    *,
    home: Home,
    machine: Machine,
    settings: Settings,
    catalogue: Catalogue,
    seed: int,
    now: datetime,
    plan: Callable[[], object],
) -> WeeklyAnswer:
    """Sync, and say how the week stands, what changed since the last run, what needs a yes.

    Args:
        database: The store.
        home: Where the user's things are.
        machine: Where the clients' are.
        settings: As set.
        catalogue: Of plans.
        seed: Of what is drawn by chance.
        now: This moment.
        plan: Plans the week and keeps that as a decision; asked once a week.
    """
    seen = look(
        database,
        "weekly",
        home=home,
        machine=machine,
        settings=settings,
        catalogue=catalogue,
        seed=seed,
        now=now,
    )
    raced = None
    if any(one.how == "drawn" for one in assignments(database, now=now)):
        raced = race(database, home=home, settings=settings, catalogue=catalogue, now=now)
    begins_at, _ = calendar_of(settings).week(now)
    week = calendar_of(settings).name(begins_at)
    route, missing = week_route(database, plan, since=begins_at, now=now)
    compared = compare_and_keep(
        database,
        "weekly",
        seen.alerts,
        last=seen.last,
        figures={**seen.figures, **_figures(seen, raced, week)},
        wanted=[*seen.wanted, *_wanted(raced)],
        now=now,
    )
    answer = _answer(seen, compared, week=week, now=now)
    return replace(answer, race=_race(raced) if raced else None, route=route, route_missing=missing)


def _answer(seen: Seen, compared: Compared, *, week: str, now: datetime) -> WeeklyAnswer:
    """Tell what both summaries do."""
    lines = seen.standing.lines
    return WeeklyAnswer(
        at=now,
        last_run_at=seen.last.ran_at if seen.last else None,
        week=week,
        lines=lines.lines,
        forecast=seen.outlook.forecast,
        race=None,
        route=None,
        route_missing=None,
        changes=compared.changes,
        alerts=compared.alerts,
        yes=compared.yes,
        sent=(),
        problems=lines.problems,
        notes=lines.notes,
    )


def _race(raced: RaceAnswer) -> WeekRace:
    return WeekRace(
        phase=raced.phase,
        winner=raced.winner,
        arms=tuple(
            ArmVerdict(
                arm=one.arm,
                verdict=one.verdict,
                beaten_by=one.beaten_by,
                is_parked=one.is_parked,
            )
            for one in raced.arms
        ),
        next_thing=raced.next_thing,
    )


def _figures(seen: Seen, raced: RaceAnswer | None, week: str) -> dict[str, Figure]:
    arms = raced.arms if raced else ()
    verdicts: dict[str, Figure] = {f"race, {one.arm}": one.verdict for one in arms}
    return {f"{OF_A_WEEK}{week}": seen.standing.week.shipped, **verdicts}


def _wanted(raced: RaceAnswer | None) -> list[Wanted]:
    if raced is None or raced.winner is None:
        return []
    what = f"let {safe(raced.winner)} do the next items: it has won the race"
    return [Wanted(f"winner {raced.winner}", what, "portfolio race")]


def week_route(
    database: Database, plan: Callable[[], object], *, since: datetime, now: datetime
) -> tuple[WeekRoute | None, str | None]:
    """Give the newest route of this week, made just now if there was none, or why there is none."""
    if (found := _newest(database, since, now)) is not None:
        return _route(found, is_kept=True), None
    try:
        plan()
    except PortfolioError as error:  # e.g. no item is open, no account is known
        return None, error.what
    found = _newest(database, since, now)
    return (None, None) if found is None else (_route(found, is_kept=False), None)


def _newest(database: Database, since: datetime, now: datetime) -> Decision | None:
    kept = [one for _, one in decisions.decisions_by_kind(database, "route", now=now)]
    return kept[-1] if kept and kept[-1].made_at >= since else None


def _route(kept: Decision, *, is_kept: bool) -> WeekRoute | None:
    """Read a route that was kept; None for one that no program of ours wrote (an import)."""
    try:
        said: dict[str, Any] = json.loads(kept.answer)
        return WeekRoute(
            made_at=kept.made_at,
            until=kept.ends_at,
            is_kept=is_kept,
            assignments=tuple(
                PlacedItem(
                    feature=str(one["feature"]),
                    methodology=one["methodology"],
                    account=str(one["account"]),
                    window=one["window"],
                    start_at=datetime.fromisoformat(one["start_at"]),
                )
                for one in said["assignments"]
            ),
            unassigned=tuple(
                LeftItem(feature=str(one["feature"]), reason=str(one["reason"]))
                for one in said["unassigned"]
            ),
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
