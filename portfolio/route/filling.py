"""A first plan without a search: round the relaxation down, fill up by what the caps are worth."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, TypeAlias

from portfolio.route.constraints import Row
from portfolio.route.layout import NO_LIMIT, Column, Layout, Way
from portfolio.route.model import Relaxed

# Ways by number, each with its columns by part: the best ways first, the cheapest columns first.
Ranked: TypeAlias = Sequence[tuple[int, tuple[tuple[Column, ...], ...]]]
Counts: TypeAlias = dict[tuple[Column, ...], int]  # a column for each part: how many items
WITHIN: Final = 1e-9  # relative: what sums of decimals may differ by


@dataclass(slots=True)
class Left:
    """What is left of every cap and of every class; it shrinks as items are taken."""

    caps: dict[str, float]  # by row
    uses: Mapping[str, Sequence[tuple[str, float]]]  # by column: row, what one item takes
    items: list[int]  # by class
    taken: dict[int, Counts] = field(default_factory=lambda: defaultdict(dict))  # by way

    @classmethod
    def of(cls, layout: Layout, rows: Sequence[Row]) -> Left:
        """Start with nothing taken."""
        uses: dict[str, list[tuple[str, float]]] = defaultdict(list)
        caps = {row.name: row.most for row in rows if row.kind == "cap"}
        for row in rows:
            if row.kind == "cap":
                for name, use in row.terms:
                    uses[name].append((row.name, use))
        return cls(caps=caps, uses=uses, items=[len(one.items) for one in layout.classes])

    def fits(self, columns: Sequence[Column]) -> int:
        """Count how many items of one way still fit."""
        needs: dict[str, float] = defaultdict(float)
        for one in columns:
            for row, use in self.uses.get(one.name, ()):
                needs[row] += use
        room = min(
            (
                math.floor(min(NO_LIMIT, self.caps[row] / use * (1 + WITHIN) + WITHIN))
                for row, use in needs.items()
                if use > 0
            ),
            default=NO_LIMIT,
        )
        return max(0, min(room, self.items[columns[0].of]))

    def take(self, way: int, columns: tuple[Column, ...], number: int) -> None:
        """Take some items of a way, as many as fit at most."""
        for one in columns:
            for row, use in self.uses.get(one.name, ()):
                self.caps[row] -= use * number
        self.items[columns[0].of] -= number
        self.taken[way][columns] = self.taken[way].get(columns, 0) + number

    def worth(self, layout: Layout) -> float:
        """Give what is taken is worth."""
        return math.fsum(
            layout.classes[layout.ways[way].of].worth * sum(counts.values())
            for way, counts in self.taken.items()
        )

    def values(self, layout: Layout) -> dict[str, float]:
        """Give what is taken as the variables of the model."""
        found: dict[str, float] = {column.name: 0.0 for column in layout.columns}
        for number, way in enumerate(layout.ways):
            counts = self.taken.get(number, {})
            if len(way.parts) > 1:
                found[way.name] = float(sum(counts.values()))
            for columns, many in counts.items():
                for one in columns:
                    found[one.name] += many
        return found


def first_plan(
    layout: Layout, rows: Sequence[Row], told: Relaxed, ranked: Ranked
) -> dict[str, float]:
    """Give the better of the relaxation rounded down and filled up, and a plan filled from none."""
    rounded, empty = Left.of(layout, rows), Left.of(layout, rows)
    for number, way in enumerate(layout.ways):
        for columns, many in paired(way, told.values, up=1e-6).items():
            rounded.take(number, columns, many)
    for left in (rounded, empty):
        fill(left, ranked)
    return max((rounded, empty), key=lambda left: left.worth(layout)).values(layout)


def paired(way: Way, values: Mapping[str, float], *, up: float) -> Counts:
    """Pair the parts of a way's items, what comes first with what comes first.

    Numbers are cut to whole ones; what cannot be paired in the order of the work is left out.
    """
    queues: list[list[list[int]]] = []
    for part in way.parts:
        order = sorted(
            range(len(part)), key=lambda at: (part[at].soonest_min, part[at].latest_min, at)
        )
        queues.append([[at, int(values[part[at].name] + up)] for at in order])
    found: Counts = {}
    heads = [0] * len(queues)
    while all(head < len(queue) for head, queue in zip(heads, queues, strict=True)):
        front = [queue[head] for head, queue in zip(heads, queues, strict=True)]
        many = min(count for _, count in front)
        columns = tuple(part[at] for part, (at, _) in zip(way.parts, front, strict=True))
        if many and is_in_order(columns):
            found[columns] = found.get(columns, 0) + many
        for place, one in enumerate(front):
            one[1] -= many
            heads[place] += one[1] == 0
    return found


def is_in_order(columns: Sequence[Column]) -> bool:
    """Tell whether each part can be done when the next is to be begun."""
    return all(before.soonest_min < after.latest_min for before, after in pairwise(columns))


def ranked_ways(layout: Layout, rows: Sequence[Row], prices: Mapping[str, float]) -> Ranked:
    """Rank ways by worth over what one item takes of each cap times what a unit of it is worth."""
    uses = Left.of(layout, rows).uses

    def price(column: Column) -> float:
        return math.fsum(prices[row] * use for row, use in uses.get(column.name, ()))

    found = []
    for number, way in enumerate(layout.ways):
        parts = tuple(
            tuple(sorted(part, key=lambda one: (price(one), one.soonest_min, one.name)))
            for part in way.parts
        )
        cost = math.fsum(price(part[0]) for part in parts)
        found.append((cost / layout.classes[way.of].worth, number, parts))
    return [(number, parts) for _, number, parts in sorted(found, key=lambda one: one[:2])]


def fill(left: Left, ranked: Ranked) -> None:
    """Take items way by way, each on the cheapest accounts that have room for all its parts."""
    for number, parts in ranked:
        while left.items[parts[0][0].of]:
            with_room = [[one for one in part if left.fits((one,))] for part in parts]
            columns = _with_room(left, with_room)
            if columns is None:
                break
            left.take(number, columns, left.fits(columns))


def _with_room(
    left: Left, parts: Sequence[Sequence[Column]], before: tuple[Column, ...] = ()
) -> tuple[Column, ...] | None:
    """Find the first column of each part, in order, that has room beside those of the others."""
    if not parts:
        return before
    for column in parts[0]:
        columns = (*before, column)
        if is_in_order(columns) and left.fits(columns):
            whole = _with_room(left, parts[1:], columns)
            if whole is not None:
                return whole
    return None
