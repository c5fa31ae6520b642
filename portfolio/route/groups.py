"""Items that are alike, and accounts that are alike: what the model counts instead of each one."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from portfolio.route.problem import Account, Item, Problem
from portfolio.route.stretches import Stretch, stretches_of

ONE_BY_ONE: Final = 60  # accounts; more are pooled by what they have in common
DAY_MIN: Final = 24 * 60
Key: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemClass:
    """Items for which the same plans are good, and worth the same."""

    size: str
    worth: float
    due_min: int  # the last moment that differs for any window; -1: no window is before it
    methods: frozenset[str] | None
    items: tuple[Item, ...]  # the earliest due first


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Accounts that burn alike and are reset on the same days; one alone, unless there are many."""

    name: str  # the account's, or the kind's with how many there are
    kind: str
    accounts: tuple[Account, ...]
    stretches: tuple[tuple[Stretch, ...], ...]  # of each account, as many for all


def classes_of(problem: Problem) -> tuple[ItemClass, ...]:
    """Put items together that differ in nothing a plan could turn on."""
    moments = sorted(
        {one.start_min + one.least_min for account in problem.accounts for one in account.windows}
    )
    found: dict[tuple[int, float, str, tuple[str, ...] | None], list[Item]] = defaultdict(list)
    for item in problem.items:
        due = problem.span_min if item.due_min is None else min(item.due_min, problem.span_min)
        place = bisect_right(moments, due)
        methods = None if item.methods is None else tuple(sorted(item.methods))
        bucket = moments[place - 1] if place else -1
        found[(bucket, -item.worth, item.size, methods)].append(item)
    return tuple(
        ItemClass(
            size=size,
            worth=-less,
            due_min=due,
            methods=None if methods is None else frozenset(methods),
            items=tuple(sorted(items, key=lambda one: _due(one, problem))),
        )
        for (due, less, size, methods), items in sorted(
            found.items(), key=lambda one: (*one[0][:3], one[0][3] or ())
        )
    )


def _due(item: Item, problem: Problem) -> int:
    return problem.span_min if item.due_min is None else item.due_min


def groups_of(problem: Problem) -> tuple[Group, ...]:
    """Give each account a group of its own, or pool those that are alike if there are many."""
    accounts = sorted(problem.accounts, key=lambda one: one.account)
    cut = {one.account: stretches_of(one, problem.span_min) for one in accounts}
    together: dict[Key, list[Account]] = defaultdict(list)
    if len(accounts) > ONE_BY_ONE:
        parts = [part.accounts for method in problem.methods for part in method.parts]
        for one in accounts:
            does = tuple(place for place, some in enumerate(parts) if one.account in some)
            together[(one.kind, _numbers(cut[one.account]), does)].append(one)
    else:
        together = {(one.account,): [one] for one in accounts}
    named = [(_name(some), some) for some in together.values()]
    return tuple(
        Group(
            name=name if [one for one, _ in named].count(name) == 1 else f"{name} {place}",
            kind=some[0].kind,
            accounts=tuple(some),
            stretches=tuple(cut[one.account] for one in some),
        )
        for place, (name, some) in enumerate(named)
    )


def _numbers(stretches: Sequence[Stretch]) -> Key:
    # The day too: what is reset on Tuesday can do little of what waits for a Friday's reset.
    return tuple(
        (
            one.start_min // DAY_MIN,
            *sorted((name, cycle.number) for name, cycle in one.cycles.items()),
        )
        for one in stretches
    )


def _name(accounts: Sequence[Account]) -> str:
    if len(accounts) == 1:
        return accounts[0].account
    return f"{accounts[0].kind} ({len(accounts)} accounts)"
