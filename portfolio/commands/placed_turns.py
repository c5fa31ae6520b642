"""All turns as columns, with whose each was and what it was for: read once, for all who ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from portfolio.store.turns import are_any

if TYPE_CHECKING:
    from portfolio.commands.work import Work
    from portfolio.estimate.turn_items import TurnItems
    from portfolio.store.opening import Database
    from portfolio.store.turn_columns import IntArray, TurnColumns

ALWAYS: Final = timedelta(days=3650)  # back from now: all turns that a store may hold
ON_NONE: Final = 0  # the number of what is on no item
UNOWNED: Final = -1  # the number of whom nobody knows


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedTurns:
    """Turns, oldest first; at least one."""

    turns: TurnColumns
    account: IntArray  # (turns,) number in `accounts`; UNOWNED: nobody knows whose
    accounts: Mapping[str, int]

    def of(self, account: str) -> IntArray:
        """Give the places of an account's turns, ascending."""
        import numpy as np

        return np.flatnonzero(self.account == self.accounts.get(account, UNOWNED - 1))

    def account_of(self, place: int) -> str | None:
        """Give whose a turn is; None where nobody knows."""
        number = int(self.account[place])
        return None if number == UNOWNED else list(self.accounts)[number]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedTurns(OwnedTurns):
    """The same, with what each was for."""

    item: IntArray  # (turns,) place in `items`
    items: Sequence[str]  # ids; the first is none


def placed_turns(
    database: Database, work: Work, *, until: datetime, since: datetime | None = None
) -> PlacedTurns | None:
    """Give the turns of a span; without its begin, all up to its end. None: there are none."""
    owned = owned_turns(database, since=since or until - ALWAYS, until=until)
    if owned is None:
        return None
    from portfolio.commands.turn_items import turn_items

    items, item = items_in(owned.turns, turn_items(database, work))
    return PlacedTurns(
        turns=owned.turns, item=item, items=items, account=owned.account, accounts=owned.accounts
    )


def owned_turns(database: Database, *, since: datetime, until: datetime) -> OwnedTurns | None:
    """Give the turns of a span with whose each was; None: there are none."""
    if not are_any(database):  # numpy, and all that tells whose turns are, take a while to load
        return None
    from portfolio.commands.histories import owners_of
    from portfolio.estimate.ownership import TurnOwners
    from portfolio.ingest.owners import ownership
    from portfolio.store.turn_columns import turn_columns

    turns = turn_columns(database, since=since, until=until)
    if not len(turns.at_us):
        return None
    account, accounts = owners_of(turns, TurnOwners(ownership(database).claims()))
    return OwnedTurns(turns=turns, account=account, accounts=accounts)


def items_in(turns: TurnColumns, items: TurnItems) -> tuple[list[str], IntArray]:
    """Say of every turn which item it was for, by number; ON_NONE is on none."""
    from portfolio.estimate.by_period import answers

    numbers: dict[str, int] = {"": ON_NONE}

    def standing(spot: int, at: datetime) -> tuple[datetime, int]:
        here = turns.spots[spot]
        until, item = items.standing(here.repository, here.branch, at)
        return until, numbers.setdefault(item or "", len(numbers))

    told = answers(turns.spot, turns.at_us, standing=standing)
    return list(numbers), told
