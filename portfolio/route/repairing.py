"""Take everything off a few accounts and plan these anew, with what waits, in their windows.

The model of all accounts counts what stretches hold, not in which window; of a few accounts, what
the windows really have left is known, and the search is short.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final, TypeAlias

from portfolio.route.constraints import rows_of
from portfolio.route.filling import first_plan, ranked_ways
from portfolio.route.groups import Group
from portfolio.route.layout import Column, Layout, Way, laid_out
from portfolio.route.model import relaxed
from portfolio.route.placing import Held, Placement, Rooms, Taken, placed
from portfolio.route.searching import searched
from portfolio.route.stretches import Stretch

TOGETHER: Final = 4  # accounts
NODES: Final = 5  # of the search of one company
GOLDEN: Final = 0.6180339887498949  # its multiples lie nowhere near each other, modulo 1
WITHIN: Final = 1e-6
SURELY: Final = 0.9  # of a worth: what is missing is less, whatever ties add

Seat: TypeAlias = tuple[int, int]  # group, place in it


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    """Where in a layout something is found."""

    orders: Mapping[str, tuple[int, int]]  # by item: its class, its place there
    ways: Mapping[tuple[int, str], Way]  # by class and method
    columns: Mapping[tuple[str, int, int, int], Column]  # by way, part, group, stretch

    @classmethod
    def of(cls, layout: Layout) -> _Index:
        """Look through a layout once."""
        return cls(
            orders={
                item.item: (of, place)
                for of, one in enumerate(layout.classes)
                for place, item in enumerate(one.items)
            },
            ways={(way.of, way.method.method): way for way in layout.ways},
            columns={
                (way.name, part, column.group, column.stretch): column
                for way in layout.ways
                for part, columns in enumerate(way.parts)
                for column in columns
            },
        )


def repaired(placement: Placement, *, enough: float, tries: int) -> None:
    """Plan company after company of accounts anew, as long as something waits.

    Nothing gets worse: a company is left as it was where its plan is not worth as much. One that
    is worth as much is taken, as the next company may make more of it.

    Args:
        placement: What is to be repaired.
        enough: It ends where what is placed is worth so much.
        tries: It ends after so many companies.
    """
    layout = placement.layout
    seats = [
        (group, place) for group, some in enumerate(placement.rooms) for place in range(len(some))
    ]
    index = _Index.of(layout)
    total = math.fsum(one.worth * len(one.items) for one in layout.classes)
    least = min((one.worth for one in layout.classes), default=0.0)
    for _, company in zip(range(tries), companies(seats, TOGETHER), strict=False):
        if not placement.lost or total - placement.lost >= enough:
            break
        _anew(placement, company, index, least=least)


def companies(seats: Sequence[Seat], together: int) -> Iterator[tuple[Seat, ...]]:
    """Give a few at a time: each once a turn, with others in each turn.

    >>> found = companies([(0, 0), (1, 0), (2, 0), (3, 0)], 2)
    >>> [[group for group, _ in next(found)] for _ in range(4)]
    [[1, 3], [0, 2], [0, 1], [2, 3]]
    """
    if len(seats) <= together:
        yield tuple(seats)
        return
    for turn in count(1):
        ranks = [(GOLDEN * turn * (place + 1)) % 1.0 for place in range(len(seats))]
        order = sorted(range(len(seats)), key=lambda place: ranks[place])
        for at in range(0, len(order), together):
            yield tuple(seats[place] for place in order[at : at + together])


def _anew(placement: Placement, company: Sequence[Seat], index: _Index, *, least: float) -> None:
    before = placement.lost
    freed = _freed(placement, company)
    found = _planned(placement, company, freed, index, least=least)
    if found is None or found.lost > before + WITHIN:
        for held in freed:
            placement.hold(held)
        return
    placement.waiting = found.waiting
    for held in found.held.values():
        placement.hold(_seated(placement, held, company, index))


def _freed(placement: Placement, company: Sequence[Seat]) -> list[Held]:
    """Take off their accounts the items that no other account has a part of."""
    names = {placement.rooms[group][place].account for group, place in company}
    found = [
        one
        for one in placement.held.values()
        if all(taken.rooms.account in names for taken in one.taken)
    ]
    for held in found:
        placement.drop(held)
    return found


def _planned(
    placement: Placement,
    company: Sequence[Seat],
    freed: Sequence[Held],
    index: _Index,
    *,
    least: float,
) -> Placement | None:
    """Plan the accounts by themselves; None where nothing could be gained."""
    layout = _layout(placement, company, freed, index)
    rows = rows_of(layout)
    told = relaxed(layout, rows)
    worth = math.fsum(placement.layout.classes[one.way.of].worth for one in freed)
    if told.bound < worth + least - WITHIN:
        return None
    ranked = ranked_ways(layout, rows, told.prices)
    start = first_plan(layout, rows, told, ranked)
    # A plan that misses less than the least of an item's worth is as good as the best.
    gap = SURELY * least / max(told.bound, least)
    values, _ = searched(layout, rows, told, start, gap=gap, max_nodes=NODES)
    return placed(layout, values, ranked)


def _layout(
    placement: Placement, company: Sequence[Seat], freed: Sequence[Held], index: _Index
) -> Layout:
    """Lay out what waits and what was freed, on what is left of the accounts."""
    items = [list(some) for some in placement.waiting]
    for held in freed:
        items[held.way.of].append(held.item)
    classes = tuple(
        replace(one, items=tuple(sorted(some, key=lambda item: index.orders[item.item])))
        for one, some in zip(placement.layout.classes, items, strict=True)
    )
    groups = tuple(_alone(placement, group, place) for group, place in company)
    return laid_out(placement.layout.problem, classes, groups)


def _alone(placement: Placement, group: int, place: int) -> Group:
    whole, rooms = placement.layout.groups[group], placement.rooms[group][place]
    left = tuple(_left(stretch, rooms, at) for at, stretch in enumerate(rooms.stretches))
    account = whole.accounts[place]
    return Group(name=account.account, kind=whole.kind, accounts=(account,), stretches=(left,))


def _left(stretch: Stretch, rooms: Rooms, at: int) -> Stretch:
    """Give a stretch with the room that is left in it."""
    return replace(
        stretch,
        rooms=tuple(max(0.0, room) for room in rooms.windows[at]),
        cycles={
            pool: replace(cycle, room=max(0.0, rooms.cycles[pool, cycle.number]))
            for pool, cycle in stretch.cycles.items()
        },
    )


def _seated(placement: Placement, held: Held, company: Sequence[Seat], index: _Index) -> Held:
    """Give a place on a few accounts as one among all of them."""
    way = index.ways[held.way.of, held.way.method.method]
    columns, taken = [], []
    for part, (column, one) in enumerate(zip(held.columns, held.taken, strict=True)):
        group, place = company[column.group]
        columns.append(index.columns[way.name, part, group, column.stretch])
        rooms = placement.rooms[group][place]
        taken.append(Taken(rooms=rooms, at=one.at, burn=one.burn, shares=one.shares))
    return Held(way=way, columns=tuple(columns), item=held.item, taken=tuple(taken))
