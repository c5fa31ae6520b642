"""The constraints of the weekly model, a function each; what a row is named is what users are told.

In the formulas: n, how many items of class k go by method m; y, how many of these have part P done
by accounts a in stretch s; u, what one item takes of a pool at the upper end, all its attempts.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from portfolio.route.layout import Column, Layout
from portfolio.route.problem import WINDOW_POOL

Kind: TypeAlias = Literal["demand", "link", "order", "cap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One linear constraint: the terms add up to `most` at most (links: to it exactly)."""

    name: str
    kind: Kind
    terms: tuple[tuple[str, float], ...]  # variable, coefficient
    most: float


def demand(layout: Layout) -> Iterator[Row]:
    """Σ_m n_km ≤ N_k: no more items of a class than there are."""
    terms: dict[int, list[tuple[str, float]]] = defaultdict(list)
    for way in layout.ways:
        if len(way.parts) == 1:
            terms[way.of] += [(column.name, 1.0) for column in way.parts[0]]
        else:
            terms[way.of].append((way.name, 1.0))
    for of, some in terms.items():
        number = len(layout.classes[of].items)
        yield Row(name=f"items {of:04}", kind="demand", terms=tuple(some), most=number)


def linked(layout: Layout) -> Iterator[Row]:
    """Σ_as y_kmPas = n_km for each part P: every part of an item is done, by one account."""
    for way in layout.ways:
        if len(way.parts) == 1:
            continue
        for place, part in enumerate(way.parts):
            terms = [(way.name, -1.0), *((column.name, 1.0) for column in part)]
            name = f"part {way.name} {place}"
            yield Row(name=name, kind="link", terms=tuple(terms), most=0.0)


def in_order(layout: Layout) -> Iterator[Row]:
    """Σ_{s to be begun by t} y_kmPas ≤ Σ_{s done by t} y_kmQas, Q before P: steps in order.

    Q is done by t where the windows that it fills could be over or running by then.
    """
    for way in layout.ways:
        for place, (before, part) in enumerate(pairwise(way.parts)):
            last = max(column.soonest_min for column in before)
            for at in sorted({column.latest_min for column in part}):
                if at > last:
                    continue  # all of the part before could be done by then
                done = [(one.name, -1.0) for one in before if one.soonest_min < at]
                begun = [(one.name, 1.0) for one in part if one.latest_min <= at]
                name = f"order {way.name} {place} {at}"
                yield Row(name=name, kind="order", terms=(*done, *begun), most=0.0)


def cycle_caps(layout: Layout) -> Iterator[Row]:
    """Σ u_kmPr y_kmPas ≤ C_ar − used − reserve, s in one cycle: week, month and scoped pools.

    A pool that is reset within the span has a row for each of its cycles.
    """
    terms: dict[tuple[int, str, int], list[tuple[str, float]]] = defaultdict(list)
    rooms: dict[tuple[int, str, int], float] = {}
    for column in layout.columns:
        some = [one[column.stretch] for one in layout.groups[column.group].stretches]
        for pool, use in column.burn.items():
            if pool not in some[0].cycles:
                continue
            key = (column.group, pool, some[0].cycles[pool].number)
            terms[key].append((column.name, use))
            if key not in rooms:
                rooms[key] = math.fsum(one.cycles[pool].room for one in some)
    for group, pool, number in sorted(terms):
        key = (group, pool, number)
        if math.isfinite(rooms[key]):
            name = cap_name(pool, layout.groups[group].name, number)
            yield Row(name=name, kind="cap", terms=tuple(terms[key]), most=rooms[key])


def window_caps(layout: Layout) -> Iterator[Row]:
    """Σ_{k due by d} u_kmP,5h y_kmPas ≤ |W_as(d)| C5_a: what windows hold before each deadline.

    Nested: what is due later may use the windows before, what is due by d only those. As an item
    may go on in the next window, this is not only necessary but enough.
    """
    columns: dict[tuple[int, int], list[Column]] = defaultdict(list)
    for column in layout.columns:
        if WINDOW_POOL in column.burn:
            columns[column.group, column.stretch].append(column)
    for (group, stretch), some in sorted(columns.items()):
        held: float | None = None
        cut = [one[stretch] for one in layout.groups[group].stretches]
        dues = sorted({layout.classes[one.of].due_min for one in some}, reverse=True)
        for due in dues:
            room = math.fsum(one.room_by(due) for one in cut)
            if not math.isfinite(room) or room == held:
                continue  # a later deadline with the same windows says more
            held = room
            terms = tuple(
                (one.name, one.burn[WINDOW_POOL])
                for one in some
                if layout.classes[one.of].due_min <= due
            )
            name = f"{cap_name(WINDOW_POOL, layout.groups[group].name, stretch)} by {due}"
            yield Row(name=name, kind="cap", terms=terms, most=room)


def cap_name(pool: str, account: str, number: int) -> str:
    """Name a pool of an account, and its cycle if it is not the one that runs now.

    >>> cap_name("week", "claude-a", 0), cap_name("week", "claude-a", 1)
    ('week claude-a', 'week claude-a after reset 1')
    """
    return f"{pool} {account}" + (f" after reset {number}" if number else "")


ALL: Final[tuple[Callable[[Layout], Iterable[Row]], ...]] = (
    demand,
    linked,
    in_order,
    cycle_caps,
    window_caps,
)


def rows_of(layout: Layout) -> tuple[Row, ...]:
    """Give all rows, in the order of their names."""
    return tuple(sorted((row for each in ALL for row in each(layout)), key=lambda row: row.name))
