"""The past as a replay needs it: what was worked, minute by minute, and what meters told of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.commands.account_history import AccountFacts, AccountHistory, account_history
from portfolio.commands.metering import meter_points
from portfolio.estimate.ownership import TurnOwners
from portfolio.estimate.turn_items import BranchCommit, TurnItems
from portfolio.ingest.owners import ownership
from portfolio.rebalance.history import History, Place, TurnPlaces, minute_of
from portfolio.store import read
from portfolio.store import spend as stored

if TYPE_CHECKING:
    from portfolio.model import AccountSpan, MeterPoint
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database
    from portfolio.store.spend import PlacedTurn


def history_of(
    database: Database, catalogue: Catalogue, *, since: datetime, now: datetime
) -> History:
    """Give all that is known from a moment on."""
    points: dict[str, list[MeterPoint]] = defaultdict(list)
    for point in meter_points(database, catalogue, now=now):
        if point.account is not None:
            points[point.account].append(point)
    turns: dict[str | None, list[PlacedTurn]] = defaultdict(list)
    owners = TurnOwners(ownership(database).claims())
    for turn in stored.turns(database, since=since, until=now):
        account = owners.owner_of(
            model=turn.model, folder=turn.folder, session=turn.session, at=turn.at
        )
        turns[account].append(turn)
    spans: dict[str, list[AccountSpan]] = defaultdict(list)
    for span in read.account_spans(database):
        spans[span.account].append(span)
    found = [
        account_history(
            AccountFacts(
                spans=own, points=points[account], turns=turns[account], since=since, until=now
            ),
            plan_of=catalogue.get,
        )
        for account, own in sorted(spans.items())
    ]
    every = [turn for one in turns.values() for turn in one]
    return History(
        begin=max(minute_of(since), _first(found, minute_of(now))),
        end=minute_of(now),
        held=tuple(one.held for one in found),
        works=tuple(work for one in found for work in one.works),
        turns=_places(found, _items(database)),
        unowned_usd=sum(sum(turn.cost_usd) for turn in turns[None] if turn.cost_usd is not None),
        unpriced_tokens=sum(sum(turn.tokens) for turn in every if turn.cost_usd is None),
    )


def _first(found: Sequence[AccountHistory], now: int) -> int:
    """Give the first minute of which anything is known."""
    told = [since for one in found for m in one.held.meters.values() for since, _ in m.known[:1]]
    worked = [int(work.minutes[0]) for one in found for work in one.works if len(work.minutes) > 0]
    return min([*told, *worked, now])


def _items(database: Database) -> TurnItems:
    return TurnItems(
        {sighting.item for sighting in read.tag_sightings(database)},
        map(BranchCommit._make, stored.branch_commits(database)),
        shared=stored.default_branches(database),
    )


def _places(found: Sequence[AccountHistory], items: TurnItems) -> TurnPlaces:
    """Say of every turn which work it is part of, and what it was for."""
    import numpy as np

    names: dict[Place, int] = {}
    works: list[int] = []
    minutes: list[int] = []
    places: list[int] = []
    usd: list[float] = []
    first = 0
    for one in found:
        for turn, place, cost in zip(one.turns, one.work_of_turn, one.usd, strict=True):
            item = items.item_of(turn.repository, turn.branch, turn.at)
            name = Place(turn.repository, turn.branch, item)
            works.append(first + place)
            minutes.append(minute_of(turn.at))
            places.append(names.setdefault(name, len(names)))
            usd.append(cost)
        first += len(one.works)
    return TurnPlaces(
        works=np.array(works, dtype=np.int64),
        minutes=np.array(minutes, dtype=np.int64),
        places=np.array(places, dtype=np.int64),
        usd=np.array(usd, dtype=np.float64),
        names=tuple(names),
    )
