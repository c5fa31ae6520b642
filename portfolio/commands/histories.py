"""The past as a replay needs it: what was worked, minute by minute, and what meters told of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING

from portfolio.commands.account_history import (
    MINUTE_US,
    AccountFacts,
    AccountHistory,
    account_history,
)
from portfolio.commands.metering import meter_points
from portfolio.commands.placed_turns import UNOWNED
from portfolio.commands.turn_items import turn_items
from portfolio.commands.work import load_work
from portfolio.estimate.by_period import answers
from portfolio.estimate.ownership import TurnOwners
from portfolio.estimate.turn_items import TurnItems
from portfolio.ingest.owners import ownership
from portfolio.rebalance.history import History, Place, TurnPlaces, minute_of
from portfolio.store import read
from portfolio.store.turn_columns import turn_columns

if TYPE_CHECKING:
    from portfolio.model import AccountSpan, MeterPoint
    from portfolio.rebalance.work import IntArray
    from portfolio.settings import Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database
    from portfolio.store.turn_columns import Spot, TurnColumns


def history_of(
    database: Database,
    catalogue: Catalogue,
    *,
    settings: Settings,
    since: datetime,
    now: datetime,
) -> History:
    """Give all that is known from a moment on."""
    import numpy as np

    points: dict[str, list[MeterPoint]] = defaultdict(list)
    for point in meter_points(database, catalogue, now=now):
        if point.account is not None:
            points[point.account].append(point)
    turns = turn_columns(database, since=since, until=now)
    owned, accounts = owners_of(turns, TurnOwners(ownership(database).claims()))
    spans: dict[str, list[AccountSpan]] = defaultdict(list)
    for span in read.account_spans(database):
        if span.since is None or span.since <= now:  # else nobody knows of it yet
            is_open = span.until is not None and span.until > now
            spans[span.account].append(replace(span, until=None) if is_open else span)
    found = [
        account_history(
            AccountFacts(
                spans=own,
                points=points[account],
                turns=turns.at(np.flatnonzero(owned == accounts.get(account, UNOWNED - 1))),
                since=since,
                until=now,
            ),
            plan_of=catalogue.get,
        )
        for account, own in sorted(spans.items())
    ]
    cost = turns.cost_usd.sum(axis=0)  # not a number where no price is known
    return History(
        begin=max(minute_of(since), _first(found, minute_of(now))),
        end=minute_of(now),
        held=tuple(one.held for one in found),
        works=tuple(work for one in found for work in one.works),
        turns=_places(found, turns.spots, turn_items(database, load_work(database, settings))),
        unowned_usd=float(np.nansum(cost[owned == UNOWNED])),
        unpriced_tokens=int(turns.tokens[:, np.isnan(cost)].sum()),
    )


def _first(found: Sequence[AccountHistory], now: int) -> int:
    """Give the first minute of which anything is known."""
    told = [since for one in found for m in one.held.meters.values() for since, _ in m.known[:1]]
    worked = [int(work.minutes[0]) for one in found for work in one.works if len(work.minutes) > 0]
    return min([*told, *worked, now])


def owners_of(turns: TurnColumns, owners: TurnOwners) -> tuple[IntArray, dict[str, int]]:
    """Say whose every turn is, by number, and which number each account has."""
    accounts: dict[str, int] = {}

    def standing(asker: int, at: datetime) -> tuple[datetime, int]:
        until, account = owners.standing(**turns.askers[asker]._asdict(), at=at)
        known = UNOWNED if account is None else accounts.setdefault(account, len(accounts))
        return until, known

    return answers(turns.asker, turns.at_us, standing=standing), accounts


def _places(found: Sequence[AccountHistory], spots: Sequence[Spot], items: TurnItems) -> TurnPlaces:
    """Say of every turn which work it is part of, and what it was for."""
    import numpy as np

    names: dict[Place, int] = {}
    before = list(accumulate((len(one.works) for one in found), initial=0))
    none = np.zeros(0, dtype=np.int64)
    return TurnPlaces(
        works=np.concatenate(
            [none, *(n + one.work_of_turn for n, one in zip(before, found, strict=False))]
        ),
        minutes=np.concatenate([none, *(one.at_us // MINUTE_US for one in found)]),
        places=np.concatenate([none, *(_placed(one, spots, items, names) for one in found)]),
        usd=np.concatenate([np.zeros(0), *(one.usd for one in found)]),
        names=tuple(names),
    )


def _placed(
    one: AccountHistory, spots: Sequence[Spot], items: TurnItems, names: dict[Place, int]
) -> IntArray:
    """Say what every turn was for, by the place of its name; new names are put behind."""

    def standing(spot: int, at: datetime) -> tuple[datetime, int]:
        here = spots[spot]
        until, item = items.standing(here.repository, here.branch, at)
        return until, names.setdefault(Place(here.repository, here.branch, item), len(names))

    return answers(one.spot, one.at_us, standing=standing)
