"""Turn numbers of items into items with an account and windows, and fill what room is left."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Final, TypeAlias

from portfolio.route.answer import Assignment, Placed, WindowUse
from portfolio.route.filling import WITHIN, Ranked, is_in_order, paired
from portfolio.route.layout import Column, Layout, Way
from portfolio.route.problem import WINDOW_POOL, Item
from portfolio.route.stretches import Stretch

Order: TypeAlias = tuple[Way, tuple[Column, ...], Item]  # by which columns an item is to be done
TRIES: Final = 10
TRIED_ITEMS: Final = 20_000  # in all tries
OFFERS: Final = 200  # combinations of accounts that an item of several parts is offered


@dataclass(slots=True)
class Rooms:
    """What is left of one account's cycles and windows."""

    account: str
    stretches: Sequence[Stretch]
    cycles: dict[tuple[str, int], float]
    windows: list[list[float]]  # by stretch

    @classmethod
    def of(cls, account: str, stretches: Sequence[Stretch]) -> Rooms:
        """Start with nothing taken."""
        return cls(
            account=account,
            stretches=stretches,
            cycles={
                (pool, cycle.number): cycle.room
                for stretch in stretches
                for pool, cycle in stretch.cycles.items()
            },
            windows=[list(stretch.rooms) for stretch in stretches],
        )

    def take(self, at: int, burn: Mapping[str, float], due_min: int, *, after: int) -> Taken | None:
        """Take what one item needs in a stretch, in one window if any has the room.

        Where none has, the work goes on from window to window. None: there is no room for it.
        """
        stretch = self.stretches[at]
        for pool, use in burn.items():
            cycle = stretch.cycles.get(pool)
            if cycle is not None and not _holds(self.cycles[pool, cycle.number], use):
                return None
        shares = self._shares(at, burn.get(WINDOW_POOL, 0.0), due_min, after)
        if not shares:
            return None
        taken = Taken(rooms=self, at=at, burn=burn, shares=shares)
        taken.book(-1.0)
        return taken

    def lacks(
        self, at: int, burn: Mapping[str, float], due_min: int
    ) -> Iterator[tuple[str, float]]:
        """Give the pools that have no room for what one item needs in a stretch.

        Each with what is left of it, as a share of that need.
        """
        stretch = self.stretches[at]
        for pool, use in burn.items():
            cycle = stretch.cycles.get(pool)
            if cycle is not None and not _holds(self.cycles[pool, cycle.number], use):
                yield pool, self.cycles[pool, cycle.number] / use
        use = burn.get(WINDOW_POOL, 0.0)
        if use and not self._shares(at, use, due_min, 0):
            rooms = zip(stretch.windows, self.windows[at], strict=True)
            yield (
                WINDOW_POOL,
                math.fsum(one for window, one in rooms if window.is_usable_by(due_min)) / use,
            )

    def _shares(self, at: int, use: float, due_min: int, after: int) -> list[tuple[int, float]]:
        """Choose windows with the share of the work that is done in each; empty: no room."""
        rooms = self.windows[at]
        usable = [
            place
            for place, window in enumerate(self.stretches[at].windows)
            if window.is_usable_by(due_min) and window.end_min - after >= window.least_min
        ]
        for place in usable:
            if _holds(rooms[place], use):
                return [(place, 1.0)]
        shares, open_share = [], 1.0
        for place in usable:
            share = min(open_share, rooms[place] / use)
            if share > 1e-6:
                shares.append((place, share))
                open_share -= share
            if open_share <= WITHIN:
                return shares
        return []


@dataclass(slots=True, kw_only=True)
class Taken:
    """What a part of an item took of an account."""

    rooms: Rooms
    at: int
    burn: Mapping[str, float]
    shares: Sequence[tuple[int, float]]  # windows of the stretch

    def book(self, sign: float) -> None:
        """Take it off the rooms (-1), or give it back (1)."""
        stretch = self.rooms.stretches[self.at]
        for pool, use in self.burn.items():
            if pool in stretch.cycles:
                self.rooms.cycles[pool, stretch.cycles[pool].number] += sign * use
        for place, share in self.shares:
            used = share * self.burn.get(WINDOW_POOL, 0.0)
            self.rooms.windows[self.at][place] += sign * used

    @property
    def last_min(self) -> int:
        """Give when the last of its windows begins."""
        return self.rooms.stretches[self.at].windows[self.shares[-1][0]].start_min

    def told(self, steps: tuple[str, ...]) -> Placed:
        """Tell it as a part of the answer."""
        windows = self.rooms.stretches[self.at].windows
        uses = tuple(
            WindowUse(
                start_min=windows[place].start_min,
                burn={pool: use * share for pool, use in self.burn.items()},
            )
            for place, share in self.shares
        )
        return Placed(account=self.rooms.account, steps=steps, uses=uses)


def _holds(room: float, use: float) -> bool:
    return use <= room + WITHIN * max(1.0, use)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An item with its place."""

    way: Way
    columns: tuple[Column, ...]
    item: Item
    taken: tuple[Taken, ...]  # by part

    def told(self) -> Assignment:
        """Tell it as a part of the answer."""
        method = self.way.method
        parts = (one.told(part.steps) for one, part in zip(self.taken, method.parts, strict=True))
        return Assignment(item=self.item.item, method=method.method, parts=tuple(parts))


@dataclass(slots=True)
class Placement:
    """Which items have a place, and what is left of every account."""

    layout: Layout
    rooms: list[list[Rooms]]  # by group
    waiting: list[list[Item]]  # without a place, by class
    held: dict[str, Held] = field(default_factory=dict)  # by item
    # Rooms only shrink: an account that had none for a column's items has none for the next.
    full: dict[tuple[str, int], int] = field(default_factory=dict)

    @classmethod
    def of(cls, layout: Layout, waiting: Iterable[Sequence[Item]]) -> Placement:
        """Start with nothing placed."""
        rooms = [
            [
                Rooms.of(account.account, stretches)
                for account, stretches in zip(group.accounts, group.stretches, strict=True)
            ]
            for group in layout.groups
        ]
        return cls(layout=layout, rooms=rooms, waiting=[list(some) for some in waiting])

    @property
    def lost(self) -> float:
        """Give what the items are worth that have no place."""
        classes = self.layout.classes
        return math.fsum(
            one.worth * len(some) for one, some in zip(classes, self.waiting, strict=True)
        )

    @property
    def counts(self) -> Counter[str]:
        """Count the items of each column."""
        return Counter(column.name for one in self.held.values() for column in one.columns)

    def place(self, way: Way, columns: Sequence[Column], item: Item) -> bool:
        """Find an account in the group of each column, and windows in the order of the work."""
        taken: list[Taken] = []
        due = self.layout.classes[way.of].due_min
        for column in columns:
            found = self._taken(column, due, after=taken[-1].last_min if taken else 0)
            if found is None:
                for one in taken:
                    one.book(1.0)
                return False
            taken.append(found)
        held = Held(way=way, columns=tuple(columns), item=item, taken=tuple(taken))
        self.held[item.item] = held
        return True

    def hold(self, held: Held) -> None:
        """Let an item have a place that has room for it."""
        for one in held.taken:
            one.book(-1.0)
        self.held[held.item.item] = held

    def drop(self, held: Held) -> None:
        """Take an item off its place; it is not put with those that wait."""
        for one in held.taken:
            one.book(1.0)
        del self.held[held.item.item]

    def has_room(self, column: Column) -> bool:
        """Tell whether a column's items have room, if it were for that part alone."""
        found = self._taken(column, self.layout.classes[column.of].due_min, after=0)
        if found is not None:
            found.book(1.0)
        return found is not None

    def _taken(self, column: Column, due_min: int, *, after: int) -> Taken | None:
        group = self.rooms[column.group]
        for place in range(self.full.get((column.name, after), 0), len(group)):
            found = group[place].take(column.stretch, column.burn, due_min, after=after)
            if found is not None:
                return found
            self.full[column.name, after] = place + 1
        return None


def placed(layout: Layout, values: Mapping[str, float], ranked: Ranked) -> Placement:
    """Place the items that a solution counts, then those left over wherever there is room.

    What is due first is placed first, of that what is worth more. So every item finds room where
    a group is one account, but for the order of an item's parts, and of many accounts one may be
    full where all are not. Then all are placed anew, those without room first; the best try is
    kept.
    """
    orders = _by_due(layout, _orders(layout, values))
    counted = Counter(way.of for way, _, _ in orders)
    rest = [one.items[counted[of] :] for of, one in enumerate(layout.classes)]
    best = Placement.of(layout, [one.items for one in layout.classes])
    for _ in range(max(1, min(TRIES, TRIED_ITEMS // max(1, len(orders))))):
        placement = Placement.of(layout, rest)
        failed = [order for order in orders if not placement.place(*order)]
        for way, _, item in failed:
            placement.waiting[way.of].append(item)
        _fill(placement, ranked)
        if placement.lost < best.lost:
            best = placement
        if not failed:
            break
        again = {item.item for _, _, item in failed}
        orders = [*failed, *(order for order in orders if order[2].item not in again)]
    return best


def _orders(layout: Layout, values: Mapping[str, float]) -> list[Order]:
    """Give each item that is counted its way and columns."""
    by_class: dict[int, list[tuple[Way, tuple[Column, ...], int]]] = defaultdict(list)
    for way in layout.ways:
        for columns, many in paired(way, values, up=0.5).items():
            by_class[way.of].append((way, columns, many))
    return [order for of in sorted(by_class) for order in _named(layout, of, by_class[of])]


def _named(
    layout: Layout, of: int, some: Iterable[tuple[Way, tuple[Column, ...], int]]
) -> Iterator[Order]:
    """Give each place to an item: the earliest to what is due first."""
    items = iter(layout.classes[of].items)
    for way, columns, many in sorted(some, key=lambda one: (one[1][0].soonest_min, one[0].name)):
        for _ in range(many):
            yield way, columns, next(items)


def _by_due(layout: Layout, orders: Sequence[Order]) -> list[Order]:
    def rank(order: Order) -> tuple[int, float, int, float, str]:
        way, columns, item = order
        one = layout.classes[way.of]
        # What has to be over in a stretch, for the next part to be done in it, is due with it.
        due = min([one.due_min, *(column.latest_min for column in columns[1:])])
        takes = max(column.burn.get(WINDOW_POOL, 0.0) for column in columns)
        return (due, -one.worth, -len(columns), -takes, item.item)

    return sorted(orders, key=rank)


def _fill(placement: Placement, ranked: Ranked) -> None:
    """Offer what waits every way, those first that are worth most for what they take."""
    placement.full.clear()  # rooms were given back where a later part found none
    for number, parts in ranked:
        way = placement.layout.ways[number]
        waiting = placement.waiting[way.of]
        while waiting and _offered(placement, way, parts, waiting[0]):
            waiting.pop(0)


def _offered(placement: Placement, way: Way, parts: Sequence[Sequence[Column]], item: Item) -> bool:
    with_room = [[one for one in part if placement.has_room(one)] for part in parts]
    return any(
        is_in_order(columns) and placement.place(way, columns, item)
        for columns in islice(product(*with_room), OFFERS)
    )
