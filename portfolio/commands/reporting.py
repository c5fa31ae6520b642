"""`report`: what a feature costs on each account and methodology, and what could not be counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, cast, get_args

from parsers.records import Problem
from portfolio.commands.coupling import coupling_rows
from portfolio.commands.epochs import Told, drift_rows, epoch_rows, epochs_of
from portfolio.commands.forecasting import outlook
from portfolio.commands.item_turns import ItemTurns, by_item
from portfolio.commands.metering import meters
from portfolio.commands.observing import observations
from portfolio.commands.paid_for import PaidFor, paid_for
from portfolio.commands.paid_per_feature import (
    ShippedOn,
    accounts_paid,
    rows_paid,
    shipped_everywhere,
    shipped_unlogged,
    total_paid,
)
from portfolio.commands.paid_ranges import with_paid_ranges
from portfolio.commands.placed_turns import placed_turns
from portfolio.commands.proposing import count_waiting
from portfolio.commands.qualities import quality_rows
from portfolio.commands.twin_windows import apart_from_twins
from portfolio.commands.work import Work, load_work
from portfolio.errors import EmptySpanError, UnknownChoiceError
from portfolio.estimate.cycles import began_at, shown_since
from portfolio.estimate.epochs import cut
from portfolio.estimate.ledger import Ledger, ledger_of
from portfolio.estimate.observations import Observation, clashes
from portfolio.estimate.resample import RngFor
from portfolio.estimate.rows import By, rows_of
from portfolio.estimate.shares import Shares, shares_of
from portfolio.model import AccountSpan, MeterPoint, is_scoped
from portfolio.report.answers.reporting import (
    Doubt,
    ItemUsd,
    KindCount,
    NothingShipped,
    ReportAnswer,
)
from portfolio.settings import Home, Settings, week_begins
from portfolio.store import commits, read

if TYPE_CHECKING:
    import numpy as np

    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database


UNLOGGED: Final = timedelta(weeks=8)  # how far back is told of where no window is logged


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that the report is computed from, read once."""

    work: Work
    readings: Sequence[MeterPoint]
    spans: Sequence[AccountSpan]
    seen: Sequence[Observation]  # every logged window of the span
    shares: Shares
    told: Told  # of epochs; the shares are cut there
    ledger: Ledger
    waiting: int  # windows of the past that nobody has confirmed
    problems: tuple[Problem, ...]
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSpan:
    """The span that is asked for, and what was read of it."""

    facts: Facts
    money: PaidFor
    turns: Mapping[str, ItemTurns]  # by item
    since: datetime | None  # as it was asked


def rng_for(seed: int) -> RngFor:
    """Give all rows with so many groups one source of chance, from the seed and their number."""

    def of_groups(groups: int) -> np.random.Generator:
        import numpy as np

        return np.random.default_rng([seed, groups])

    return of_groups


def facts_of(
    database: Database,
    *,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    since: datetime | None,
    until: datetime | None,
    now: datetime,
) -> Facts:
    """Read and measure everything between two moments: by default from the first logged window."""
    work = load_work(database, settings)
    metered = meters(database, catalogue, now=now)
    readings = metered.points
    end = until or now
    windows = [
        window
        for window in work.windows
        if (since is None or window.start_at >= since) and window.start_at < end
    ]
    if since is not None and since >= end:
        raise EmptySpanError
    logged_since = min((window.start_at for window in windows), default=None)
    begin = since or logged_since or _told_since(readings, end, settings=settings)
    spans = read.account_spans(database)
    seen = observations(database, work, readings, windows=windows, settings=settings)
    seen = apart_from_twins(database, seen)
    shares = shares_of(
        seen, spans=spans, plan_of=catalogue.get, caps=read.caps(database), priced_at=end
    )
    told = epochs_of(
        database,
        seen,
        shares.measured,
        spans=spans,
        plan_of=catalogue.get,
        since=begin,
        until=end,
    )
    shares = replace(shares, measured=cut(shares.measured, told.epochs))
    ledger = ledger_of(
        shares,
        readings,
        spans=spans,
        plan_of=catalogue.get,
        since=begin,
        until=end,
    )
    return Facts(
        work=work,
        readings=readings,
        spans=spans,
        seen=seen,
        shares=shares,
        told=told,
        ledger=ledger,
        waiting=count_waiting(database, work, readings, home=home, settings=settings, now=now),
        problems=(
            *commits.commit_problems(database),
            *clashes(work.events, work.credits),
            *metered.problems(since=begin, until=end),
        ),
        since=begin,
        until=end,
    )


def _told_since(readings: Sequence[MeterPoint], until: datetime, *, settings: Settings) -> datetime:
    """Give since when any account's meter tells what was used, some weeks back; else `until`.

    Who logs no window is told of that time. Of years ago nobody knows what was held then.
    """
    begins = [
        began_at(point, point.pool) or shown_since(point)
        for point in readings
        if point.account is not None and not is_scoped(point.pool)
    ]
    earliest = week_begins(until - UNLOGGED, settings.zone, first_day=settings.week_start)
    return max(earliest, min([until, *begins]))


def report(
    database: Database,
    *,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    since: datetime | None,
    until: datetime | None,
    by: str | None,
    seed: int,
    now: datetime,
) -> ReportAnswer:
    """Answer with every row, what was paid, and what was left out.

    Raises:
        UnknownChoiceError: `by` is nothing that rows can be joined by.
    """
    if by is not None and by not in get_args(By):
        raise UnknownChoiceError("grouping", by, known=get_args(By))
    asked = asked_span(
        database,
        home=home,
        settings=settings,
        catalogue=catalogue,
        since=since,
        until=until,
        now=now,
    )
    every = asked.facts  # a forecast is of the next week, whatever span is asked for
    if since is not None or until is not None:
        every = facts_of(
            database,
            home=home,
            settings=settings,
            catalogue=catalogue,
            since=None,
            until=None,
            now=now,
        )
    return whole_report(
        database,
        asked,
        every=every,
        settings=settings,
        catalogue=catalogue,
        by=cast("By | None", by),
        seed=seed,
        now=now,
    )


def asked_span(
    database: Database,
    *,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    since: datetime | None,
    until: datetime | None,
    now: datetime,
) -> AskedSpan:
    """Read and compute what a report of a span is told from."""
    facts = facts_of(
        database,
        home=home,
        settings=settings,
        catalogue=catalogue,
        since=since,
        until=until,
        now=now,
    )
    placed = placed_turns(database, facts.work, until=facts.until)
    money = paid_for(facts, placed, settings=settings, plan_of=catalogue.get)
    return AskedSpan(facts=facts, money=money, turns=by_item(placed), since=since)


def whole_report(
    database: Database,
    asked: AskedSpan,
    *,
    every: Facts,
    settings: Settings,
    catalogue: Catalogue,
    by: By | None,
    seed: int,
    now: datetime,
) -> ReportAnswer:
    """Answer from facts that were read already; `every` are those of all time."""
    facts, money, turns, since = asked.facts, asked.money, asked.turns, asked.since
    shipped = shipped_everywhere(facts, turns)
    answer = with_paid_ranges(
        report_of(facts, money, shipped, settings=settings, by=by, seed=seed),
        facts,
        shipped,
        plan_of=catalogue.get,
        rng_for=rng_for(seed),
    )
    weeks = outlook(database, every, settings=settings, catalogue=catalogue, now=now)
    whole = facts.since if facts.seen else since  # of work all is known, whenever meters begin
    merged = [
        item
        for item in facts.work.items
        if item.merges
        and any((whole is None or whole <= one.at) and one.at < facts.until for one in item.merges)
    ]
    return replace(
        answer,
        quality_since=whole,
        quality=tuple(
            quality_rows(facts.work, turns, settings=settings, since=whole, until=facts.until)
        ),
        merged=tuple(
            KindCount(kind=kind, count=count)
            for kind, count in sorted(Counter(item.kind for item in merged).items())
        ),
        unnamed=tuple(item.item for item in merged if item.kind == "change"),
        doubts=tuple(
            Doubt(repository=repository, is_shallow=is_shallow, rewritten=rewritten)
            for repository, is_shallow, rewritten in commits.repository_doubts(database)
        ),
        coupling=tuple(coupling_rows(facts.seen, facts.told.spent, facts.spans)),
        forecast=weeks.forecast,
        usual=weeks.usual,
    )


def report_of(
    facts: Facts,
    money: PaidFor,
    shipped: ShippedOn,
    *,
    settings: Settings,
    by: By | None,
    seed: int,
) -> ReportAnswer:
    """Answer what facts that were read already tell, of what shipped on each account."""
    rows = rows_of(
        facts.shares.measured,
        by=by,
        zone=settings.zone,
        rng_for=rng_for(seed),
        until=facts.until,
    )
    straddled = _straddled(facts)
    return ReportAnswer(
        since=facts.since if facts.since < facts.until else None,
        until=facts.until,
        by=by,
        windows_logged=len({one.window.window for one in facts.seen}),
        windows_proposed=facts.waiting,
        efficiency=tuple(rows_paid(rows, facts, by, shipped)),
        accounts=accounts_paid(facts, shipped),
        total=total_paid(facts),
        excluded=tuple(facts.shares.excluded),
        outside=facts.ledger.outside,
        shipped_in_excluded=_shipped_in_excluded(facts),
        shipped_unlogged=shipped_unlogged(facts),
        straddled=straddled,
        straddled_usd=tuple(
            ItemUsd(feature=item, usd=sum(money.item_usd[item].values()))
            for item in straddled
            if item in money.item_usd
        ),
        paid_split=tuple(money.parts),
        paid_weeks=tuple(money.weeks),
        shared_by_window=len(money.windows),
        nothing_shipped=_nothing_shipped(facts),
        problems=facts.problems,
        drift=drift_rows(facts.told, settings.zone),
        epochs=epoch_rows(facts.told, settings.zone),
    )


def _shipped_in_excluded(facts: Facts) -> tuple[str, ...]:
    """Give the features that some account's row lacks, as their window has no burn on it."""
    left_out = [observation for observation, _ in facts.shares.left_out]
    unseen = [observation for observation in facts.seen if not observation.accounts]
    return tuple(sorted({item for one in (*left_out, *unseen) for item in one.work.shipped}))


def _straddled(facts: Facts) -> tuple[str, ...]:
    """Give the features worked on under more than one methodology."""
    methodologies: dict[str, set[str | None]] = defaultdict(set)
    for observation in facts.seen:
        for item in observation.work.attempted:
            methodologies[item].add(observation.window.methodology)
    return tuple(sorted(item for item, under in methodologies.items() if len(under) > 1))


def _nothing_shipped(facts: Facts) -> NothingShipped:
    """Give the logged windows that shipped nothing, and what they burned."""
    shipped: dict[str, bool] = {}
    for one in facts.seen:
        shipped[one.window.window] = shipped.get(one.window.window, False) or bool(one.work.shipped)
    barren = {window for window, has_shipped in shipped.items() if not has_shipped}
    burned = [
        (one.observation.window.window, one.burn_usd)
        for one in facts.shares.measured
        if one.observation.window.window in barren and one.burn_usd is not None
    ]
    measured = {window for window, _ in burned}
    measured -= {one.window.window for one, _ in facts.shares.left_out}
    return NothingShipped(
        windows=len(barren),
        burn_usd=sum(usd for _, usd in burned) if burned else None,
        windows_unmeasured=len(barren - measured),
    )
