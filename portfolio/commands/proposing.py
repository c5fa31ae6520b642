"""Propose working windows of the past, from what clients' logs, meters and commits show."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING

from portfolio.commands.observing import tolerances
from portfolio.commands.opened_windows import opened_windows
from portfolio.commands.window_span import epoch_of
from portfolio.commands.work import Work
from portfolio.estimate.burn import Burn, Counting, Series, burn_of, series_of
from portfolio.estimate.opened import holding, methodologies_of
from portfolio.estimate.proposals import (
    NEAR,
    Move,
    Proposal,
    Span,
    guessed,
    moves_of,
    signs_of,
    spans_of,
)
from portfolio.estimate.window_names import names_of
from portfolio.estimate.work import WorkEvent
from portfolio.model import MeterPoint, Window, WorkStart
from portfolio.settings import Home, Settings
from portfolio.store import items, read
from portfolio.store import proposals as stored

if TYPE_CHECKING:
    from portfolio.store.opening import Database


@dataclass(frozen=True, slots=True)
class _Past:
    """What shows that work was done, and the windows it falls into."""

    epoch: datetime
    events: Sequence[WorkEvent]  # oldest first
    moves: Sequence[Move]  # by their end
    starts: Sequence[WorkStart]  # oldest first
    spans: Sequence[Span]  # oldest first
    opened: Mapping[Span, str]  # the names of those among them that were opened
    given: Collection[str]  # all names that opened windows got


@dataclass(slots=True)
class _Seen:
    """What the clients' logs say of one span."""

    turns: int = 0
    unassigned: int = 0
    models: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # by account


def propose(
    database: Database,
    work: Work,
    readings: Sequence[MeterPoint],
    *,
    home: Home,
    settings: Settings,
    now: datetime,
) -> list[Proposal]:
    """Propose a window for all work since the epoch that no logged window holds, oldest first."""
    past = _past(database, work, readings, home=home, settings=settings, now=now)
    if past is None:
        return []
    names = names_of(
        past.spans,
        past.events,
        work.windows,
        epoch=past.epoch,
        opened=past.opened,
        given=past.given,
    )
    seen = _seen(database, past.spans)
    methodologies = read.methodologies(database)
    series = series_of(readings)
    ends = [move.until for move in past.moves]
    times = [event.at for event in past.events]
    found = []
    for place, (name, span) in enumerate(zip(names, past.spans, strict=True)):
        turns = seen[place]
        moves = [
            move
            for move in past.moves[
                bisect_left(ends, span.start_at) : bisect_left(ends, span.end_at)
            ]
            if move.since >= span.start_at - NEAR
        ]
        done = past.events[bisect_left(times, span.start_at) : bisect_left(times, span.end_at)]
        accounts = tuple(sorted({*turns.models, *(move.account for move in moves)}))
        starts = [one for one in past.starts if span.start_at <= one.at < span.end_at]
        started = methodologies_of(starts)
        said = started[0] if len(started) == 1 else None
        fits = None
        if accounts and not turns.unassigned and not started:
            fits = guessed(methodologies, accounts=accounts, models=turns.models)
        burn = _burn(name, span, accounts, series, settings=settings)
        measured = {one.account for one in burn if one.is_measured}
        found.append(
            Proposal(
                window=name,
                start_at=span.start_at,
                end_at=span.end_at,
                is_running=span.end_at > now,
                accounts=accounts,
                methodology=said or fits,
                is_guess=fits is not None,
                turns=turns.turns,
                turns_unassigned=turns.unassigned,
                commits=len({(event.repository, event.commit) for event in done}),
                starts=len(starts),
                moves=len(moves),
                burn=burn,
                is_opened=span in past.opened,
                methodologies_started=started,
                is_measurable=bool(accounts) and measured == set(accounts),
            )
        )
    return found


def count_waiting(
    database: Database,
    work: Work,
    readings: Sequence[MeterPoint],
    *,
    home: Home,
    settings: Settings,
    now: datetime,
) -> int:
    """Count the windows of the past that nobody has confirmed yet."""
    past = _past(database, work, readings, home=home, settings=settings, now=now)
    return sum(span.end_at <= now for span in past.spans) if past is not None else 0


def _past(
    database: Database,
    work: Work,
    readings: Sequence[MeterPoint],
    *,
    home: Home,
    settings: Settings,
    now: datetime,
) -> _Past | None:
    """Find when work was done; None where nothing shows any."""
    opened = [one for one in opened_windows(home) if one.start_at <= now]
    oldest = read.oldest_evidence(database)
    if oldest is None and not opened:
        return None
    epoch = epoch_of(settings, oldest=[oldest or opened[0].start_at])
    events = sorted(work.events, key=attrgetter("at"))
    # What was computed comes from the very requests that are signs of work themselves.
    real = [point for point in readings if not point.is_computed]
    moves = sorted(moves_of(real), key=attrgetter("until"))
    asked = stored.work_moments(database, since=min(epoch, now), until=now)
    moments = [*asked, *(event.at for event in events if event.at <= now)]
    seen = [move for move in moves if move.until <= now]
    starts = [one for one in items.starts(database) if one.at <= now]
    worked = sorted([*moments, *(move.until for move in seen), *(one.at for one in starts)])
    held = holding(opened, work.windows, worked, since=epoch, until=now)
    signs = signs_of([*moments, *(one.start_at for one in held)], seen)
    rest = spans_of(signs, [*work.windows, *held], since=epoch, until=now)
    names = {Span(one.start_at, one.end_at): one.window for one in held}
    return _Past(
        epoch=epoch,
        events=events,
        moves=seen,
        starts=starts,
        spans=sorted([*rest, *names]),
        opened=names,
        given={one.window for one in opened},
    )


def _seen(database: Database, spans: Sequence[Span]) -> Mapping[int, _Seen]:
    """Give what the clients' logs say of each span, by its place: how often which model was asked.

    A request belongs to an account where one alone can be meant; the others are counted apart.
    """
    # Here, as the report only counts the spans.
    from portfolio.estimate.ownership import TurnOwners
    from portfolio.ingest.owners import ownership

    owners = TurnOwners(ownership(database).claims())
    found: dict[int, _Seen] = defaultdict(_Seen)
    for one in stored.turns_in(database, spans):
        here = found[one.place]
        here.turns += one.turns
        account = owners.owner_of(
            model=one.model, folder=one.folder, session=one.session, at=one.first_at
        )
        if account is None:
            here.unassigned += one.turns
        else:
            here.models[account].add(one.model)
    return found


def _burn(
    name: str,
    span: Span,
    accounts: Sequence[str],
    series: Mapping[tuple[str, str], Mapping[Counting, Series]],
    *,
    settings: Settings,
) -> tuple[Burn, ...]:
    """Measure every pool of some accounts that was read near the span."""
    window = Window(window=name, start_at=span.start_at, end_at=span.end_at, methodology=None)
    near = tolerances(settings)
    burns = chain.from_iterable(
        (
            burn_of(window, account, pool, series=own, given=(), tolerances=near)
            for (owner, pool), own in sorted(series.items(), key=lambda one: one[0])
            if owner == account
        )
        for account in accounts
    )
    return tuple(
        burn
        for burn in burns
        if burn.is_measured or burn.before is not None or burn.after is not None
    )
