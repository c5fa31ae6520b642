"""All turns as columns, with whose each was and what it was for: read once, for all who ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from portfolio.store.turns import are_any

if TYPE_CHECKING:
    from portfolio.commands.work import Work
    from portfolio.store.opening import Database
    from portfolio.store.turn_columns import IntArray, TurnColumns

ALWAYS: Final = timedelta(days=3650)  # back from now: all turns that a store may hold
ON_NONE: Final = 0  # the number of what is on no item
UNOWNED: Final = -1  # the number of whom nobody knows


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedTurns:
    """Turns, oldest first; at least one."""

    turns: TurnColumns
    item: IntArray  # (turns,) place in `items`
    items: Sequence[str]  # ids; the first is none
    account: IntArray  # (turns,) number in `accounts`; UNOWNED: nobody knows whose
    accounts: Mapping[str, int]

    def of(self, account: str) -> IntArray:
        """Give the places of an account's turns, ascending."""
        import numpy as np

        return np.flatnonzero(self.account == self.accounts.get(account, UNOWNED - 1))


def placed_turns(
    database: Database, work: Work, *, until: datetime, since: datetime | None = None
) -> PlacedTurns | None:
    """Give the turns of a span; without its begin, all up to its end. None: there are none."""
    if not are_any(database):  # numpy, and all that tells whose turns are, take a while to load
        return None
    from portfolio.commands.histories import owners_of
    from portfolio.estimate.ownership import TurnOwners
    from portfolio.ingest.owners import ownership
    from portfolio.store.turn_columns import turn_columns

    turns = turn_columns(database, since=since or until - ALWAYS, until=until)
    if not len(turns.at_us):
        return None
    items, item = _items(turns, database, work)
    account, accounts = owners_of(turns, TurnOwners(ownership(database).claims()))
    return PlacedTurns(turns=turns, item=item, items=items, account=account, accounts=accounts)


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
