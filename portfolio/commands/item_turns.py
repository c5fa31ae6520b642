"""The turns of each work item: when they began, and what they cost on which account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from portfolio.store.read import moment_of
from portfolio.store.turns import are_any

if TYPE_CHECKING:
    from portfolio.commands.work import Work
    from portfolio.store.opening import Database
    from portfolio.store.turn_columns import FloatArray, IntArray, TurnColumns

ALWAYS: Final = timedelta(days=3650)  # back from now: all turns that a store may hold
ON_NONE = 0  # the number of what is on no item


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTurns:
    """The turns of one item."""

    first_at: datetime  # UTC
    last_at: datetime
    branch: str | None  # of the first; None: on none, or not known
    session: str | None  # of the first, if it had worked on no other item; None: it had
    is_priced: bool  # the prices of all are known
    usd: Mapping[str | None, float]  # at API prices, by account; None: nobody knows whose

    @property
    def account(self) -> str | None:
        """Give the account that most of it was done on; None where that is not known."""
        return max(self.usd, key=lambda one: self.usd[one])


def item_turns(
    database: Database, work: Work, *, until: datetime, since: datetime | None = None
) -> dict[str, ItemTurns]:
    """Give the turns of every item in a span; without its begin, all up to its end."""
    if not are_any(database):  # numpy, and all that tells whose turns are, take a while to load
        return {}
    from portfolio.store.turn_columns import turn_columns

    turns = turn_columns(database, since=since or until - ALWAYS, until=until)
    return _by_item(turns, database, work) if len(turns.at_us) else {}


def _by_item(turns: TurnColumns, database: Database, work: Work) -> dict[str, ItemTurns]:
    import numpy as np

    names, item = _items(turns, database, work)
    known, usd, counts = _usd_by_account(turns, item, database, items=len(names))
    unpriced = np.bincount(item, weights=np.isnan(turns.cost_usd).any(axis=0), minlength=len(names))
    began = _beginnings(turns, item)
    order = np.argsort(item, kind="stable")
    begins = np.searchsorted(item[order], np.arange(len(names) + 1))
    found = {}
    for number, name in enumerate(names):
        own = turns.at_us[order[begins[number] : begins[number + 1]]]
        if number != ON_NONE and len(own):
            found[name] = ItemTurns(
                first_at=moment_of(int(own[0])),
                last_at=moment_of(int(own[-1])),
                branch=turns.spots[int(turns.spot[order[begins[number]]])].branch,
                session=began.get(int(order[begins[number]])),
                is_priced=not unpriced[number],
                usd={
                    known[place]: float(usd[number, place])
                    for place in np.flatnonzero(counts[number]).tolist()
                },
            )
    return found


def _beginnings(turns: TurnColumns, item: IntArray) -> dict[int, str]:
    """Give the place of each session's first turn on any item, with the session's name."""
    import numpy as np

    numbers: dict[str, int] = {}
    of_asker = [numbers.setdefault(one.session, len(numbers)) for one in turns.askers]
    names = list(numbers)
    places = np.flatnonzero(item != ON_NONE)
    session = np.array(of_asker, dtype=np.int64)[turns.asker[places]]
    first = np.full(len(names), -1, dtype=np.int64)
    first[session[::-1]] = places[::-1]  # the last that is written stays: the oldest
    return {place: name for name, place in zip(names, first.tolist(), strict=True) if place >= 0}


def _usd_by_account(
    turns: TurnColumns, item: IntArray, database: Database, *, items: int
) -> tuple[list[str | None], FloatArray, IntArray]:
    """Give the accounts (None: nobody knows whose), and dollars and turns by item and account."""
    import numpy as np

    from portfolio.commands.histories import UNOWNED, owners_of
    from portfolio.estimate.ownership import TurnOwners
    from portfolio.ingest.owners import ownership

    account, accounts = owners_of(turns, TurnOwners(ownership(database).claims()))
    shape = items, 1 + len(accounts)
    place = item * shape[1] + (account - UNOWNED)
    cost = np.nan_to_num(turns.cost_usd).sum(axis=0)
    usd = np.bincount(place, weights=cost, minlength=shape[0] * shape[1])
    counts = np.bincount(place, minlength=shape[0] * shape[1])
    return [None, *accounts], usd.reshape(shape).astype(float), counts.reshape(shape).astype(int)


def _items(turns: TurnColumns, database: Database, work: Work) -> tuple[list[str], IntArray]:
    """Say of every turn which item it was for, by number; ON_NONE is on none."""
    from portfolio.commands.turn_items import turn_items
    from portfolio.estimate.by_period import answers

    items = turn_items(database, work)
    numbers: dict[str, int] = {"": ON_NONE}

    def standing(spot: int, at: datetime) -> tuple[datetime, int]:
        until, item = items.standing(*turns.spots[spot], at)
        return until, numbers.setdefault(item or "", len(numbers))

    told = answers(turns.spot, turns.at_us, standing=standing)
    return list(numbers), told
