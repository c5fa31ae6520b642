"""What a placement leaves of every pool and window, and which cap kept each other item out."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

from portfolio.route.answer import Assignment, OpenedWindow, PoolPlan, Reason, Unassigned
from portfolio.route.constraints import cap_name
from portfolio.route.filling import Ranked
from portfolio.route.layout import Column, Layout, does
from portfolio.route.placing import Placement
from portfolio.route.problem import WINDOW_POOL, Account, Problem
from portfolio.route.stretches import cycles_of, room_of


def pools_of(problem: Problem, done: Sequence[Assignment]) -> Iterator[PoolPlan]:
    """Tell of every cycle of every longer pool what is planned of it."""
    taken: dict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
    for one in done:
        for part in one.parts:
            for use in part.uses:
                for pool, burn in use.burn.items():
                    taken[part.account, pool].append((use.start_min, burn))
    for account in sorted(problem.accounts, key=lambda one: one.account):
        for held in sorted(account.pools, key=lambda one: one.pool):
            if held.pool == WINDOW_POOL:
                continue
            some = taken[account.account, held.pool]
            for cycle in cycles_of(held, problem.span_min):
                end = math.inf if cycle.resets_min is None else cycle.resets_min
                yield PoolPlan(
                    account=account.account,
                    pool=held.pool,
                    unit=held.unit,
                    begins_min=cycle.begins_min,
                    resets_min=cycle.resets_min,
                    used=0.0 if cycle.number else held.used,
                    planned=math.fsum(use for at, use in some if cycle.begins_min <= at < end),
                    reserve=held.reserve,
                    cap=held.cap,
                )


def windows_of(problem: Problem, done: Sequence[Assignment]) -> tuple[OpenedWindow, ...]:
    """Tell the windows that are worked in."""
    taken: dict[tuple[str, int], list[float]] = defaultdict(list)
    for one in done:
        for part in one.parts:
            for use in part.uses:
                burn = use.burn.get(WINDOW_POOL, 0.0)
                taken[part.account, use.start_min].append(burn)
    found = [
        _opened(account, start, window.end_min, room_of(account, window), some)
        for account in problem.accounts
        for window in account.windows
        for start, some in [(window.start_min, taken.get((account.account, window.start_min)))]
        if some
    ]
    return tuple(sorted(found, key=lambda one: (one.start_min, one.account)))


def _opened(
    account: Account, start: int, end: int, room: float, some: Sequence[float]
) -> OpenedWindow:
    return OpenedWindow(
        account=account.account,
        start_min=start,
        end_min=end,
        items=len(some),
        planned=None if account.pool(WINDOW_POOL) is None else math.fsum(some),
        cap=room if math.isfinite(room) else None,
    )


def left_over(placement: Placement, ranked: Ranked) -> tuple[Unassigned, ...]:
    """Tell why each item that waits has no place, in the order of the items."""
    layout = placement.layout
    reasons: dict[str, tuple[Reason, str | None]] = {}
    for of, waiting in enumerate(placement.waiting):
        if waiting:
            reasons |= dict.fromkeys((item.item for item in waiting), _why(placement, of, ranked))
    return tuple(
        Unassigned(item=one.item, reason=reasons[one.item][0], binds=reasons[one.item][1])
        for one in layout.problem.items
        if one.item in reasons
    )


def _why(placement: Placement, of: int, ranked: Ranked) -> tuple[Reason, str | None]:
    """Blame a cap without which the item would have a place, if there is one.

    It is looked for on the way that the fewest caps are in, and of these it is the one furthest
    over. Where each step has room by itself, there is none left in a window after the one before.
    """
    ways = [parts for _, parts in ranked if parts[0][0].of == of]
    if not ways:
        return _never(placement.layout, of), None
    lacking = [[lack for part in parts for lack in _least(placement, part)] for parts in ways]
    fewest = min(range(len(ways)), key=lambda place: len(lacking[place]))
    if lacking[fewest]:
        return "cap", min(lacking[fewest])[1]
    last = ways[fewest][-1][0]
    if WINDOW_POOL not in last.burn:
        return "due", None
    return "cap", _named(placement.layout, last, WINDOW_POOL)


def _least(placement: Placement, part: Sequence[Column]) -> list[tuple[float, str]]:
    """Give the caps that one part lacks room of, where it lacks the least: what is left, the name.

    What is left is a share of what the part needs.
    """
    due = placement.layout.classes[part[0].of].due_min
    best: list[tuple[float, str]] | None = None
    for column in part:
        for rooms in placement.rooms[column.group]:
            lacks = rooms.lacks(column.stretch, column.burn, due)
            some = sorted((left, _named(placement.layout, column, pool)) for pool, left in lacks)
            if best is None or _rank(some) < _rank(best):
                best = some
    return best or []


def _rank(lacks: Sequence[tuple[float, str]]) -> tuple[int, float]:
    return len(lacks), -min((left for left, _ in lacks), default=0.0)


def _named(layout: Layout, column: Column, pool: str) -> str:
    group = layout.groups[column.group]
    if pool == WINDOW_POOL:
        return cap_name(pool, group.name, column.stretch)
    return cap_name(pool, group.name, group.stretches[0][column.stretch].cycles[pool].number)


def _never(layout: Layout, of: int) -> Reason:
    """Say why no account could do an item of a class, were all of them free."""
    one, problem = layout.classes[of], layout.problem
    methods = [method for method in problem.methods if does(method, one, problem.floor)]
    if not methods:
        return "method"
    kinds = {account.account: account.kind for account in problem.accounts}
    if not any(
        all(
            any((one.size, kinds.get(name, "")) in part.burn for name in part.accounts)
            for part in method.parts
        )
        for method in methods
    ):
        return "account"
    usable = any(
        stretch.is_usable_by(one.due_min)
        for group in layout.groups
        for stretches in group.stretches
        for stretch in stretches
    )
    return "size" if usable else "due"
