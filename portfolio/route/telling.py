"""What a placement leaves of every pool and window, and which cap kept each other item out."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

from portfolio.route.answer import Assignment, OpenedWindow, PoolPlan, Reason, Unassigned
from portfolio.route.constraints import Row
from portfolio.route.filling import Left, Ranked
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


def left_over(placement: Placement, rows: Sequence[Row], ranked: Ranked) -> tuple[Unassigned, ...]:
    """Tell why each item that waits has no place, in the order of the items."""
    layout = placement.layout
    left = Left.of(layout, rows)
    for column in layout.columns:
        many = placement.counts.get(column.name, 0)
        for row, use in left.uses.get(column.name, ()) if many else ():
            left.caps[row] -= use * many
    reasons: dict[str, tuple[Reason, str | None]] = {}
    for of, waiting in enumerate(placement.waiting):
        if waiting:
            reasons |= dict.fromkeys(
                (item.item for item in waiting), _why(layout, of, left, ranked)
            )
    return tuple(
        Unassigned(item=one.item, reason=reasons[one.item][0], binds=reasons[one.item][1])
        for one in layout.problem.items
        if one.item in reasons
    )


def _why(layout: Layout, of: int, left: Left, ranked: Ranked) -> tuple[Reason, str | None]:
    parts = next((parts for _, parts in ranked if parts[0][0].of == of), None)
    if parts is None:
        return _never(layout, of), None
    # The part that is furthest from fitting is to blame, by the cap that it is furthest over.
    nearest = [max((_tightest(left, column) for column in part), default=None) for part in parts]
    _, row = min(one for one in nearest if one is not None)
    return ("cap", row.partition(" by ")[0]) if row else ("due", None)


def _tightest(left: Left, column: Column) -> tuple[float, str]:
    return min(
        ((left.caps[row] / use, row) for row, use in left.uses.get(column.name, ())),
        default=(math.inf, ""),
    )


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
