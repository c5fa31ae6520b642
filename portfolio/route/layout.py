"""The columns of the weekly model: how many items of a class go which way, and on whose account.

The step-flow form: a way is a class done by a method; each part of it that one account does flows
to the accounts by itself, and only the numbers have to agree.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from portfolio.route.groups import Group, ItemClass, classes_of, groups_of
from portfolio.route.problem import WINDOW_POOL, Method, Part, Problem, Window
from portfolio.route.stretches import Stretch

NO_LIMIT: Final = 10**9  # items


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """How many items of a class have a part done by a group of accounts in one stretch."""

    name: str
    of: int  # the class
    group: int
    stretch: int
    begins_min: int  # the stretch, of the earliest account
    soonest_min: int  # when the last window that its work needs can begin at the earliest
    latest_min: int  # when the first one is to end at the latest
    burn: Mapping[str, float]  # of one item, all attempts, by pool
    dollars: float
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A class of items done by a method."""

    name: str  # of its own variable, how many go this way; used where it has several parts
    of: int  # the class
    method: Method
    parts: tuple[tuple[Column, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The classes, groups and ways of a problem."""

    problem: Problem
    classes: tuple[ItemClass, ...]
    groups: tuple[Group, ...]
    ways: tuple[Way, ...]

    @property
    def columns(self) -> Iterator[Column]:
        """Give the columns of all ways, in the order of their names."""
        return (column for way in self.ways for part in way.parts for column in part)


def layout_of(problem: Problem) -> Layout:
    """Lay out what could be done by whom."""
    return laid_out(problem, classes_of(problem), groups_of(problem))


def laid_out(problem: Problem, classes: tuple[ItemClass, ...], groups: tuple[Group, ...]) -> Layout:
    """Lay out what could be done by whom, of some classes by some groups."""
    ways: list[Way] = []
    number = 0
    for of, one in enumerate(classes):
        for method in sorted(problem.methods, key=lambda method: method.method):
            if not one.items or not does(method, one, problem.floor):
                continue
            parts = []
            for part in method.parts:
                found = tuple(_columns(number, of, one, method, part, groups))
                number += len(found)
                parts.append(found)
            if parts and all(parts):
                name = f"n{len(ways):06}"
                ways.append(Way(name=name, of=of, method=method, parts=tuple(parts)))
    return Layout(problem=problem, classes=classes, groups=groups, ways=tuple(ways))


def does(method: Method, one: ItemClass, floor: float) -> bool:
    """Tell whether a method may do a class: allowed, and it ships often enough."""
    share = method.success_low.get(one.size, 0.0)
    return (one.methods is None or method.method in one.methods) and share >= floor and share > 0


def _columns(
    number: int,
    of: int,
    one: ItemClass,
    method: Method,
    part: Part,
    groups: tuple[Group, ...],
) -> Iterator[Column]:
    attempts = method.attempts(one.size)
    for place, group in enumerate(groups):
        once = part.burn.get((one.size, group.kind))
        if once is None or group.accounts[0].account not in part.accounts:
            continue
        burn = {pool: use * attempts for pool, use in sorted(once.items()) if use > 0}
        prices = group.accounts[0].dollars
        for at in range(len(group.stretches[0])):
            some = [stretches[at] for stretches in group.stretches]
            times = [_times(each, burn.get(WINDOW_POOL, 0.0), one.due_min) for each in some]
            most = min(len(one.items), sum(_fits(each, burn, one.due_min) for each in some))
            if most:
                yield Column(
                    name=f"y{number:06}",
                    of=of,
                    group=place,
                    stretch=at,
                    begins_min=min(each.start_min for each in some),
                    soonest_min=min(soonest for soonest, _ in times),
                    latest_min=max(latest for _, latest in times),
                    burn=burn,
                    dollars=math.fsum(use * prices.get(pool, 0.0) for pool, use in burn.items()),
                    most=most,
                )
                number += 1


def _fits(stretch: Stretch, burn: Mapping[str, float], due_min: int) -> int:
    """Count how many items would fit if there were no others."""
    if not stretch.is_usable_by(due_min):
        return 0
    fits = math.inf
    for pool, use in burn.items():
        if pool == WINDOW_POOL:
            room = stretch.room_by(due_min)
        else:
            cycle = stretch.cycles.get(pool)
            room = math.inf if cycle is None else cycle.room
        fits = min(fits, room / use + 1e-9)
    return math.floor(min(fits, NO_LIMIT))


def _times(stretch: Stretch, use: float, due_min: int) -> tuple[int, int]:
    """Tell when work that fills some windows could be in its last one, and still in its first."""
    pairs = [
        (window, room)
        for window, room in zip(stretch.windows, stretch.rooms, strict=True)
        if window.is_usable_by(due_min)
    ]
    soonest = next((one.start_min for one, held in _held(pairs) if held >= use - 1e-9), None)
    latest = next((one.end_min for one, held in _held(pairs[::-1]) if held >= use - 1e-9), None)
    never = (stretch.end_min, stretch.start_min)
    return never if soonest is None or latest is None else (soonest, latest)


def _held(pairs: Sequence[tuple[Window, float]]) -> Iterator[tuple[Window, float]]:
    held = 0.0
    for window, room in pairs:
        held += room
        yield window, held
