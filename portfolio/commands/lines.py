"""`portfolio` without a command: five lines that say how it stands, each what it lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from portfolio.commands.item_turns import by_item
from portfolio.commands.keep import keep
from portfolio.commands.paid_for import paid_for
from portfolio.commands.paid_per_feature import shipped_everywhere, shipped_in_windows
from portfolio.commands.placed_turns import placed_turns
from portfolio.commands.reporting import Facts, facts_of, report_of
from portfolio.commands.syncing import sync
from portfolio.commands.token_month import month_of_tokens
from portfolio.estimate.feature_costs import feature_costs
from portfolio.estimate.money import WEEK, paid
from portfolio.estimate.pace import paces
from portfolio.estimate.ruling import A_TICK
from portfolio.ingest.counted import counted_repositories
from portfolio.ingest.machine import Machine
from portfolio.model import cycle_of
from portfolio.report.answers.reporting import LinesAnswer
from portfolio.report.lines import (
    Week,
    cap_line,
    money_line,
    shipped_line,
)
from portfolio.report.tempting import SeenCost, seen_costs, tempting_line
from portfolio.report.todo import WEEKS_TO_JUDGE, advised, todo_line
from portfolio.settings import Home, Settings, weeks_in

if TYPE_CHECKING:
    from portfolio.commands.item_turns import ItemTurns
    from portfolio.commands.paid_for import PaidFor
    from portfolio.estimate.pace import Pace
    from portfolio.report.answers.keep import KeepAnswer, WatchedRow
    from portfolio.report.answers.reporting import ReportAnswer
    from portfolio.report.answers.syncing import SyncAnswer
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

MISSED_FOR = timedelta(weeks=4)  # who did without for longer can do without
WEEKS_BACK = 8  # how far "usual" looks back


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The five lines, and what they were told from."""

    lines: LinesAnswer
    facts: Facts
    turns: Mapping[str, ItemTurns]  # by item
    report: ReportAnswer
    week: Week  # the one that is not over yet
    caps: list[Pace]  # the first to bite first
    kept: KeepAnswer | None  # None: too few weeks were read to judge a plan


def five_lines(
    database: Database,
    *,
    home: Home,
    machine: Machine,
    settings: Settings,
    catalogue: Catalogue,
    seed: int,
    now: datetime,
) -> LinesAnswer:
    """Take in what is new, and say in five lines how it stands."""
    synced = sync(database, home=home, machine=machine, settings=settings, now=now)
    return standing(
        database,
        synced,
        home=home,
        settings=settings,
        catalogue=catalogue,
        seed=seed,
        now=now,
    ).lines


def standing(
    database: Database,
    synced: SyncAnswer,
    *,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    seed: int,
    now: datetime,
) -> Standing:
    """Say in five lines how it stands, and hand over what they were told from."""
    facts = facts_of(
        database,
        home=home,
        settings=settings,
        catalogue=catalogue,
        since=None,
        until=None,
        now=now,
    )
    placed = placed_turns(database, facts.work, until=facts.until)
    money = paid_for(facts, placed, settings=settings, plan_of=catalogue.get)
    # Fewer weeks say nothing of any plan, and asking costs time.
    kept = (
        keep(database, settings=settings, catalogue=catalogue, now=now)
        if complete_weeks(facts, now) >= WEEKS_TO_JUDGE
        else None
    )
    told = standing_of(
        database,
        facts,
        money,
        by_item(placed),
        settings=settings,
        catalogue=catalogue,
        kept=kept,
        seed=seed,
        now=now,
    )
    lines = replace(told.lines, problems=synced.problems, notes=synced.notes)
    return replace(told, lines=lines)


def standing_of(
    database: Database,
    facts: Facts,
    money: PaidFor,
    turns: Mapping[str, ItemTurns],
    *,
    settings: Settings,
    catalogue: Catalogue,
    kept: KeepAnswer | None,
    seed: int,
    now: datetime,
) -> Standing:
    """Say it of what is stored; `kept` is what `keep` answers, None where weeks are too few."""
    has_repo = bool(counted_repositories(database, settings))
    shipped = shipped_everywhere(facts, turns)
    answer = report_of(facts, money, shipped, settings=settings, by=None, seed=seed)
    weeks = _weeks(facts, catalogue, settings, now)
    # Once the money is split the line needs no token.
    month = (
        None
        if answer.paid_split
        else month_of_tokens(database, settings=settings, catalogue=catalogue, now=now)
    )
    next_caps = paces(facts.readings, now=now)
    lines = LinesAnswer(
        lines=(
            shipped_line(weeks[-1], weeks[:-1], has_repo=has_repo),
            money_line(answer, month, zone=settings.zone),
            todo_line(
                weeks_read=complete_weeks(facts, now),
                waiting=facts.waiting,
                plans=kept.plans if kept else (),
                missed=_missed(kept, now) if kept else (),
            ),
            cap_line(next_caps, unused=kept.unused if kept else (), zone=settings.zone),
            _tempting(
                facts, money, answer, weeks=weeks[:-1], kept=kept, settings=settings, seed=seed
            ),
        ),
        next_cap=next_caps[0] if next_caps else None,
        problems=(),
    )
    return Standing(
        lines=lines,
        facts=facts,
        turns=turns,
        report=answer,
        week=weeks[-1],
        caps=next_caps,
        kept=kept,
    )


def _tempting(
    facts: Facts,
    money: PaidFor,
    answer: ReportAnswer,
    *,
    weeks: Sequence[Week],
    kept: KeepAnswer | None,
    settings: Settings,
    seed: int,
) -> str:
    best = advised(kept.plans) if kept else None
    shipped = shipped_in_windows(facts)
    whole = report_of(facts, money, shipped, settings=settings, by="methodology", seed=seed)
    paid = {one.account: one.paid_per_feature_usd for one in answer.accounts}
    return tempting_line(
        seen_costs(whole.efficiency),
        seen_costs(answer.efficiency),
        [
            SeenCost(account, None, usd)
            for account, usd in feature_costs(facts.work.items, money.item_usd).items()
        ],
        paid_usd={account: usd for account, usd in paid.items() if usd is not None},
        given_up=best.account if best and best.to is None else None,
        features_a_week=sum(week.shipped for week in weeks) / len(weeks) if weeks else None,
    )


def _weeks(facts: Facts, catalogue: Catalogue, settings: Settings, now: datetime) -> list[Week]:
    """Give the weeks that "usual" looks back on, and this one up to now."""
    begins = weeks_in(
        now - WEEKS_BACK * WEEK, now + A_TICK, settings.zone, first_day=settings.week_start
    )
    ends = [*begins[1:], now]
    return [_week(facts, catalogue, begin, end) for begin, end in zip(begins, ends, strict=True)]


def _missed(kept: KeepAnswer, now: datetime) -> list[WatchedRow]:
    """Give the cancelled plans for want of which a week was blocked lately."""
    return [
        row
        for row in kept.watched
        if row.last_blocked_at is not None and row.last_blocked_at >= now - MISSED_FOR
    ]


def _week(facts: Facts, catalogue: Catalogue, begins: datetime, ends: datetime) -> Week:
    shipped = sum(
        item.is_feature
        and item.outcome == "shipped"
        and item.shipped is not None
        and begins <= item.shipped.at < ends
        for item in facts.work.items
    )
    costs = [
        paid(account, facts.spans, since=begins, until=ends, plan_of=catalogue.get).usd
        for account in sorted({span.account for span in facts.spans})
    ]
    known = [usd for usd in costs if usd is not None]
    return Week(
        shipped=shipped, paid_usd=sum(known) if costs and len(known) == len(costs) else None
    )


def complete_weeks(facts: Facts, now: datetime) -> int:
    """Count the weekly cycles that ended and have a reading, of the account that has most."""
    ended: dict[str, set[int]] = {}
    for point in facts.readings:
        cycle = cycle_of(point.pool)
        if not (point.account and cycle and point.resets_at) or point.pool != "week":
            continue
        if point.resets_at <= now:
            # Resets jitter by minutes: a day is fine enough to tell cycles apart.
            day = round(point.resets_at.timestamp() / 86_400)
            ended.setdefault(point.account, set()).add(day)
    return max((len(days) for days in ended.values()), default=0)
