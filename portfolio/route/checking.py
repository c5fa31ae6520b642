"""Check a route against its problem from nothing but the two: every cap, deadline and window.

It shares no code with the model, so that a fault of one is not a fault of both.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from portfolio.route.answer import Assignment, Placed, Route
from portfolio.route.problem import Account, Item, Method, Part, Pool, Problem

WITHIN: Final = 1e-6  # relative: sums of decimals, never a part of an item


def faults(problem: Problem, route: Route) -> tuple[str, ...]:
    """Say everything in which a route is not what it claims to be; empty where it holds."""
    return (
        *_items(problem, route),
        *_parts(problem, route),
        *_cycles(problem, route),
        *_windows(problem, route),
        *_figures(problem, route),
    )


def _items(problem: Problem, route: Route) -> Iterator[str]:
    """Let each item be whole: placed once or told as left over once."""
    told = Counter(one.item for one in route.assignments)
    told.update(one.item for one in route.unassigned)
    for item in problem.items:
        if told.pop(item.item, 0) != 1:
            yield f"{item.item}: not exactly once in the answer"
    yield from (f"{name}: no item of the problem" for name in told)


def _parts(problem: Problem, route: Route) -> Iterator[str]:
    """Let each placed item have an allowed method, all its parts, in order, in time, whole."""
    items = {one.item: one for one in problem.items}
    methods = {one.method: one for one in problem.methods}
    accounts = {one.account: one for one in problem.accounts}
    for one in route.assignments:
        item, method = items.get(one.item), methods.get(one.method)
        if item is None or method is None:
            yield f"{one.item}: unknown item or method"
            continue
        share = method.success_low.get(item.size, 0.0)
        if share <= 0 or share < problem.floor:
            yield f"{one.item}: {one.method} is under the quality floor"
        elif item.methods is not None and one.method not in item.methods:
            yield f"{one.item}: {one.method} is not allowed"
        elif len(one.parts) != len(method.parts):
            yield f"{one.item}: parts are missing"
        else:
            yield from _in_order(one, accounts)
            for part, placed in zip(method.parts, one.parts, strict=True):
                account = accounts.get(placed.account)
                if account is None or placed.account not in part.accounts:
                    yield f"{one.item}: {placed.account} does not do this"
                else:
                    yield from _part(problem, item, method, part, account, placed)


def _in_order(one: Assignment, accounts: Mapping[str, Account]) -> Iterator[str]:
    """Let no later part be in a window that is over when the one before is begun."""
    begun = 0
    for placed in one.parts:
        if not placed.uses:
            yield f"{one.item}: a part has no window"
            continue
        account = accounts.get(placed.account)
        ends = {w.start_min: w.end_min for w in account.windows} if account else {}
        if any(ends.get(use.start_min, math.inf) <= begun for use in placed.uses):
            yield f"{one.item}: steps are out of order"
        begun = max(begun, *(use.start_min for use in placed.uses))


def _part(
    problem: Problem, item: Item, method: Method, part: Part, account: Account, placed: Placed
) -> Iterator[str]:
    due = problem.span_min if item.due_min is None else min(item.due_min, problem.span_min)
    once = part.burn.get((item.size, account.kind))
    if once is None:
        yield f"{item.item}: {account.account} cannot do its size"
        return
    taken: dict[str, float] = defaultdict(float)
    for use in placed.uses:
        for pool, burn in use.burn.items():
            taken[pool] += burn
            if burn < 0:
                yield f"{item.item}: a negative use"
        if use.start_min >= due:
            yield f"{item.item}: after it is due"
    for pool in {*once, *taken}:
        need = once.get(pool, 0.0) / method.success_low[item.size]
        if abs(taken[pool] - need) > WITHIN * max(1.0, need):
            yield f"{item.item}: takes {taken[pool]} of {pool}, needs {need}"
    cycles = {_cycle_numbers(account, use.start_min) for use in placed.uses}
    if len(cycles) > 1:
        yield f"{item.item}: goes on over a reset"


def _cycle_numbers(account: Account, at: int) -> tuple[int, ...]:
    return tuple(_number(pool, at) for pool in account.pools if pool.pool != "5h")


def _number(pool: Pool, at: int) -> int:
    if pool.resets_min is None or at < pool.resets_min:
        return 0
    return 1 + (at - pool.resets_min) // pool.cycle_min


def _cycles(problem: Problem, route: Route) -> Iterator[str]:
    """Let no cycle of a pool be planned past what it has left, and the pools tell what is."""
    pools = {
        (account.account, pool.pool): pool
        for account in problem.accounts
        for pool in account.pools
        if pool.pool != "5h"
    }
    accounts = {one.account: one for one in problem.accounts}
    taken: dict[tuple[str, str, int], float] = defaultdict(float)
    for placed in _all_placed(route):
        account = accounts.get(placed.account)
        for pool in () if account is None else account.pools:
            if pool.pool != "5h":
                for use in placed.uses:
                    number = _number(pool, use.start_min)
                    taken[placed.account, pool.pool, number] += use.burn.get(pool.pool, 0.0)
    for (name, which, number), burned in taken.items():
        pool = pools[name, which]
        planned = burned + (pool.used + pool.rounding if number == 0 else 0.0)
        if pool.cap is not None and burned > WITHIN and _is_past(planned, pool.cap - pool.reserve):
            yield f"{which} {name}: {planned} is past the cap"
    told = {
        (one.account, one.pool, _number(pools[one.account, one.pool], one.begins_min)): one.planned
        for one in route.pools
        if (one.account, one.pool) in pools
    }
    for key in sorted({*taken, *told}):
        if abs(taken.get(key, 0.0) - told.get(key, 0.0)) > WITHIN * max(1.0, taken.get(key, 0.0)):
            yield f"{key[1]} {key[0]}: the answer tells another use"


def _is_past(use: float, cap: float) -> bool:
    return use > cap * (1 + WITHIN) + WITHIN


def _windows(problem: Problem, route: Route) -> Iterator[str]:
    """Let work be in windows that can be opened, none of which holds more than its cap."""
    taken: dict[tuple[str, int], float] = defaultdict(float)
    for placed in _all_placed(route):
        for use in placed.uses:
            taken[placed.account, use.start_min] += use.burn.get("5h", 0.0)
    accounts = {one.account: one for one in problem.accounts}
    for (name, start), burned in taken.items():
        account = accounts.get(name)
        windows = () if account is None else account.windows
        window = next((one for one in windows if one.start_min == start), None)
        if account is None or window is None:
            yield f"5h {name}: no window can be opened at {start}"
            continue
        pool = next((one for one in account.pools if one.pool == "5h"), None)
        if pool is None or pool.cap is None:
            continue
        room = pool.cap - pool.reserve
        if window.is_open:
            room -= pool.used + pool.rounding
        if _is_past(burned, max(0.0, room)):
            yield f"5h {name}: {burned} in the window at {start} is past the cap"
    told = {(one.account, one.start_min) for one in route.windows}
    if told != set(taken):
        yield "5h: the windows told are not those that are used"


def _figures(problem: Problem, route: Route) -> Iterator[str]:
    worth = {one.item: one.worth for one in problem.items}
    total = sum(worth.get(one.item, 0.0) for one in route.assignments)
    if abs(total - route.worth) > WITHIN * max(1.0, total):
        yield f"the items placed are worth {total}, told is {route.worth}"
    if route.worth > route.bound * (1 + WITHIN) + WITHIN:
        yield "the plan is worth more than its bound"


def _all_placed(route: Route) -> Iterator[Placed]:
    for one in route.assignments:
        yield from one.parts
