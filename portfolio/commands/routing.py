"""`route`: which item goes where and when, from what is stored; the plan is kept as a decision."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from portfolio.commands.assigning import assignments
from portfolio.commands.attempts import finished_items
from portfolio.commands.backlog import ToDo, backlog
from portfolio.commands.item_takes import LATELY, item_takes
from portfolio.commands.metering import meters
from portfolio.commands.route_accounts import MINUTE, OpenAccount, open_accounts, planned_on
from portfolio.commands.route_answer import answer_of, window_names
from portfolio.commands.route_arms import Arms, arms_of
from portfolio.commands.twin_offer import offers_on
from portfolio.commands.work import load_work
from portfolio.errors import NothingToPlanError
from portfolio.estimate.interval import FEWEST_SETTLED
from portfolio.report.answers.twinning import Expiring
from portfolio.report.document import encode
from portfolio.route.hours import WorkingHours
from portfolio.route.problem import Item, Problem
from portfolio.settings import DAYS, write_aside
from portfolio.store import decisions, read
from portfolio.store.decisions import ALL_ACCOUNTS, Decision

if TYPE_CHECKING:
    from parsers.records import Problem as Unreadable
    from portfolio.commands.work import Work
    from portfolio.ingest.machine import Machine
    from portfolio.report.answers.route import RouteAnswer, RouteNote
    from portfolio.settings import Home, Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

NORMAL: Final = 3
KEPT: Final = ("since", "until", "assignments", "windows", "pools", "unassigned", "worth", "bound")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRoute:
    """What is asked."""

    file: Path | None  # the backlog; None: the open items
    days: int
    calendar: Path | None  # to be written


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What a route is made from."""

    work: Work
    to_do: Sequence[ToDo]
    accounts: Sequence[OpenAccount]
    arms: Arms
    drawn: Mapping[str, str]  # by item: the account that chance gave it


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPlan:
    """A plan that is asked for, with all that it is made from."""

    asked: AskedRoute
    facts: _Facts
    notes: Sequence[RouteNote]
    problems: Sequence[Unreadable]
    problem: Problem


def route(
    database: Database,
    asked: AskedRoute,
    *,
    home: Home,
    machine: Machine,
    settings: Settings,
    catalogue: Catalogue,
    now: datetime,
) -> RouteAnswer:
    """Plan in one go, by a store that stays open: for what plans in the midst of other work.

    Raises:
        FileUnreadableError: The backlog cannot be read, or the calendar not be written.
        BacklogError: The file is no backlog.
        NothingToPlanError: There is no item.
    """
    asked_of = to_plan(database, asked, home=home, settings=settings, catalogue=catalogue, now=now)
    answer = solved(asked_of, home=home)
    return kept(database, asked_of, answer, machine=machine, catalogue=catalogue)


def to_plan(
    database: Database,
    asked: AskedRoute,
    *,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    now: datetime,
) -> ToPlan:
    """Read all that a plan is made from; `solved` needs no store.

    Raises:
        FileUnreadableError: The backlog cannot be read.
        BacklogError: The file is no backlog.
        NothingToPlanError: There is no item.
    """
    work = load_work(database, settings)
    to_do, problems = backlog(database, work, asked.file, settings=settings, now=now)
    if not to_do:
        raise NothingToPlanError(str(asked.file) if asked.file else None, tuple(problems))
    facts, notes = _facts(
        database, work, to_do, home=home, settings=settings, catalogue=catalogue, now=now
    )
    return ToPlan(
        asked=asked,
        facts=facts,
        notes=notes,
        problems=problems,
        problem=_problem(facts, asked.days, settings=settings, now=now),
    )


def solved(told: ToPlan, *, home: Home) -> RouteAnswer:
    """Plan what was read, which may take seconds."""
    from portfolio.route.planning import plan

    planned, facts = plan(told.problem), told.facts
    return answer_of(
        planned,
        facts.to_do,
        facts.accounts,
        facts.arms,
        names=window_names(planned, facts.work.windows, home=home),
        notes=told.notes,
        problems=told.problems,
    )


def kept(
    database: Database,
    told: ToPlan,
    answer: RouteAnswer,
    *,
    machine: Machine,
    catalogue: Catalogue,
) -> RouteAnswer:
    """Keep a plan as a decision, and say which twins what it leaves unused could be used for.

    Raises:
        FileUnreadableError: The calendar cannot be written.
    """
    now, work, free = answer.since, told.facts.work, _free(answer)
    twins = offers_on(database, work, free, machine, catalogue, now=now) if free else []
    answer = replace(answer, twins=tuple(twins))
    if told.asked.calendar is not None:
        answer = _with_calendar(database, answer, told.asked.calendar, now=now)
    _keep(database, answer, now=now)
    return answer


def _free(answer: RouteAnswer) -> list[Expiring]:
    """Give the quota that twins could be run on: what would expire with all that is planned."""
    return [
        Expiring(account=one.account, pool=one.pool, share=one.share, resets_at=one.resets_at)
        for one in answer.expiring
    ]


def _with_calendar(
    database: Database, answer: RouteAnswer, file: Path, *, now: datetime
) -> RouteAnswer:
    """Write the calendar; what stood in the last plan and not in this one is called off in it."""
    from portfolio.report.calendar import calendar, slots_of

    kept = decisions.decisions_by_kind(database, "route", now=now)
    before = slots_of(json.loads(kept[-1][1].answer)["windows"]) if kept else ()
    write_aside(file, calendar(answer, before=before, now=now))
    return replace(answer, calendar=str(file))


def _facts(
    database: Database,
    work: Work,
    to_do: Sequence[ToDo],
    *,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    now: datetime,
) -> tuple[_Facts, list[RouteNote]]:
    points = [
        one
        for one in meters(database, catalogue, now=now).points
        if one.account is not None and now - LATELY <= one.read_at <= now
    ]
    spans = read.account_spans(database)
    takes = item_takes(database, work, points, spans, catalogue=catalogue, now=now)
    past = assignments(database, now=now)
    out: set[str] = set()
    if sum(one.how == "drawn" for one in past) >= FEWEST_SETTLED:  # else nobody can be out
        from portfolio.commands.race_facts import race_facts

        out = race_facts(database, home=home, settings=settings, catalogue=catalogue, now=now).out
    accounts, notes = open_accounts(
        points, spans, capacity_usd=takes.capacity_usd, out=out, catalogue=catalogue, now=now
    )
    methodologies = read.methodologies(database)
    done = finished_items(database, work, catalogue=catalogue, now=now) if methodologies else []
    arms = arms_of(
        accounts,
        methodologies,
        work=work,
        takes=takes,
        done=done,
        floor=settings.quality_floor,
        now=now,
    )
    drawn = {one.item: one.account for one in reversed(past) if one.how == "drawn"}
    found = _Facts(work=work, to_do=to_do, accounts=accounts, arms=arms, drawn=drawn)
    return found, notes


def _problem(told: _Facts, days: int, *, settings: Settings, now: datetime) -> Problem:
    until = now + timedelta(days=days)
    begin, end = settings.work_minutes
    hours = WorkingHours(
        zone=settings.zone,
        begin=begin,
        end=end,
        weekdays=[DAYS.index(day) for day in settings.work__days],
    )
    working = [
        (math.ceil((one.start_at - now) / MINUTE), (one.end_at - now) // MINUTE)
        for one in hours.spans(now, until)
    ]
    span_min = (until - now) // MINUTE
    general = frozenset(one.method for one in told.arms.methods if one.method not in told.arms.only)
    return Problem(
        begin_at=now,
        span_min=span_min,
        items=tuple(_item(one, told, general, now=now) for one in told.to_do),
        methods=told.arms.methods,
        accounts=tuple(
            planned_on(
                one,
                [span for span in working if span[0] < span[1]],
                begin=now,
                span_min=span_min,
                reserve=settings.reserve_for_me,
                largest=_largest(one, told),
            )
            for one in told.accounts
        ),
        floor=settings.quality_floor,
    )


def _largest(account: OpenAccount, told: _Facts) -> float:
    """Give what the largest item takes of an account's priced pool, all attempts, in its unit."""
    sizes, pool = {one.size for one in told.to_do}, account.priced.now.pool
    return max(
        (
            method.attempts(size) * burn.get(pool, 0.0)
            for method in told.arms.methods
            for part in method.parts
            for (size, kind), burn in part.burn.items()
            if size in sizes and kind == account.kind and account.account in part.accounts
        ),
        default=0.0,
    )


def _item(one: ToDo, told: _Facts, general: frozenset[str], *, now: datetime) -> Item:
    """Give an item as a route needs it; what chance gave an account stays there."""
    drawn = told.drawn.get(one.item)
    alone = told.arms.alone.get(drawn or "")
    return Item(
        item=one.item,
        size=one.size,
        worth=2.0 ** (NORMAL - one.priority),
        due_min=None if one.due_at is None else (one.due_at - now) // MINUTE,
        methods=general if drawn is None else frozenset([alone] if alone else []),
    )


def _keep(database: Database, answer: RouteAnswer, *, now: datetime) -> None:
    told = {name: encode(getattr(answer, name)) for name in KEPT}
    text = json.dumps(told, sort_keys=True)
    made = Decision(text, now, answer.since, answer.until, None, now)
    decisions.add_decision(database, "route", ALL_ACCOUNTS, made, now=now)
