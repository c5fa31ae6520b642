"""The turns of each work item: when they began, and what they cost on which account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.commands.placed_turns import ON_NONE, UNOWNED, PlacedTurns, placed_turns
from portfolio.store.read import moment_of

if TYPE_CHECKING:
    from portfolio.commands.work import Work
    from portfolio.store.opening import Database
    from portfolio.store.turn_columns import IntArray, TurnColumns


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
    return by_item(placed_turns(database, work, until=until, since=since))


def by_item(placed: PlacedTurns | None) -> dict[str, ItemTurns]:
    """Give the turns of every item."""
    if placed is None:
        return {}
    import numpy as np

    turns, item, account, names = placed.turns, placed.item, placed.account, placed.items
    known: list[str | None] = [None, *placed.accounts]
    cost = np.nan_to_num(turns.cost_usd).sum(axis=0)
    unpriced = np.bincount(item, weights=np.isnan(turns.cost_usd).any(axis=0), minlength=len(names))
    width = len(known)
    usd = np.bincount(
        item * width + (account - UNOWNED), weights=cost, minlength=width * len(names)
    ).reshape(len(names), width)
    counts = np.bincount(item * width + (account - UNOWNED), minlength=width * len(names)).reshape(
        len(names), width
    )
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
