"""Small weeks for the tests of the route: one account, one class, and what a test changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from portfolio.route.problem import Account, Item, Method, Part, Pool, Problem, Window

BEGIN = datetime(2026, 11, 30, tzinfo=UTC)
DAY = 24 * 60
WEEK = 7 * DAY


def windows(number: int, *, every: int = DAY) -> tuple[Window, ...]:
    return tuple(
        Window(start_min=540 + place * every, end_min=840 + place * every)
        for place in range(number)
    )


def account(
    name: str = "claude-a",
    *,
    week: float = 100,
    window: float | None = None,
    opens: int = 3,
    resets: int | None = None,
    opus: float | None = None,
) -> Account:
    pools = [Pool(pool="week", unit="pp", cap=week, resets_min=resets)]
    if opus is not None:
        pools.append(Pool(pool="week:opus", unit="pp", cap=opus, resets_min=resets))
    if window is not None:
        pools.append(Pool(pool="5h", unit="pp", cap=window, cycle_min=300))
    return Account(account=name, kind=name, pools=tuple(pools), windows=windows(opens))


def part(burns: Mapping[str, Mapping[str, float]], *, size: str = "S", step: str = "BUILD") -> Part:
    """Make a part that each of some accounts does for what it burns there."""
    return Part(
        steps=(step,),
        accounts=frozenset(burns),
        burn={(size, name): burn for name, burn in burns.items()},
    )


def method(name: str, *parts: Part, share: float = 1.0, size: str = "S") -> Method:
    return Method(method=name, parts=parts, success_low={size: share})


def items(
    number: int,
    *,
    size: str = "S",
    worth: float = 1.0,
    due_min: int | None = None,
    methods: frozenset[str] | None = None,
    name: str = "api",
) -> tuple[Item, ...]:
    return tuple(
        Item(item=f"{name}.{place}", size=size, worth=worth, due_min=due_min, methods=methods)
        for place in range(number)
    )


def week(
    some: Sequence[Item], methods: Sequence[Method], accounts: Sequence[Account], floor: float = 0.0
) -> Problem:
    return Problem(
        begin_at=BEGIN,
        span_min=WEEK,
        items=tuple(some),
        methods=tuple(methods),
        accounts=tuple(accounts),
        floor=floor,
    )
