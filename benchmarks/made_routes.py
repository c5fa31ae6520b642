"""Make weeks to be routed: accounts part used, office hours, items that 90 % can be done of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from typing import Final

from portfolio.route.constraints import rows_of
from portfolio.route.layout import layout_of
from portfolio.route.model import relaxed
from portfolio.route.problem import Account, Item, Method, Part, Pool, Problem
from portfolio.route.windows import openable

BEGIN: Final = datetime(2026, 11, 30, tzinfo=UTC)  # a Monday
DAY: Final = 24 * 60
WEEK: Final = 7 * DAY
HOURS: Final = tuple((day * DAY + 9 * 60, day * DAY + 18 * 60) for day in range(5))
WINDOWS_A_WEEK: Final = 9  # a weekly pool holds as much as so many full windows
SERVABLE: Final = 0.9  # of the worth of all items, by the relaxation
SIZES: Final = {"S": 1.0, "M": 3.0, "L": 9.0}
SHARES: Final = (0.5, 0.35, 0.15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A made-up plan."""

    provider: str
    holds: float  # units of work a week: one S is one unit
    dollars: float  # a month
    has_opus: bool = False  # and a pool of half the week for the large model


KINDS: Final[Mapping[str, Kind]] = {
    "claude-small": Kind(provider="claude", holds=20, dollars=20),
    "claude-large": Kind(provider="claude", holds=95, dollars=100, has_opus=True),
    "codex-small": Kind(provider="codex", holds=24, dollars=20),
    "codex-large": Kind(provider="codex", holds=130, dollars=200),
    "glm-small": Kind(provider="glm", holds=40, dollars=15),
    "glm-large": Kind(provider="glm", holds=110, dollars=45),
}
# A method: by provider the steps, the work as a share of the item's, and whether the large model
# does it; then the share that ships, by size.
METHODS: Final = {
    "large-alone": ((("claude", 1.6, True),), (0.97, 0.93, 0.88)),
    "claude-alone": ((("claude", 1.0, False),), (0.95, 0.86, 0.72)),
    "codex-alone": ((("codex", 1.05, False),), (0.95, 0.88, 0.75)),
    "glm-alone": ((("glm", 1.1, False),), (0.9, 0.75, 0.5)),
    "claude-codex": ((("claude", 0.3, False), ("codex", 0.75, False)), (0.96, 0.9, 0.82)),
    "large-glm": ((("claude", 0.4, True), ("glm", 0.8, False)), (0.95, 0.88, 0.78)),
    "three": (
        (("claude", 0.25, False), ("glm", 0.7, False), ("codex", 0.2, False)),
        (0.96, 0.9, 0.84),
    ),
    "glm-codex": ((("glm", 0.8, False), ("codex", 0.25, False)), (0.94, 0.86, 0.74)),
}
FLOOR: Final = 0.6


def made_week(accounts: int, items: int, seed: int) -> Problem:
    """Make a week in which caps bind: items are as dear as makes `SERVABLE` of them servable."""
    rng = Random(f"{accounts} {items} {seed}")
    kinds = sorted(KINDS)
    held = tuple(_account(rng, kinds[place % len(kinds)], place) for place in range(accounts))
    efforts = {method: rng.uniform(0.85, 1.2) for method in METHODS}
    some = tuple(_item(rng, place) for place in range(items))
    scale = items / accounts / 20

    def week(scale: float) -> Problem:
        return Problem(
            begin_at=BEGIN,
            span_min=WEEK,
            items=some,
            methods=tuple(_method(name, held, efforts[name] / scale) for name in METHODS),
            accounts=held,
            floor=FLOOR,
        )

    total = sum(one.worth for one in some)
    low, high = scale / 16, scale * 16
    for _ in range(9):
        scale = (low * high) ** 0.5
        layout = layout_of(week(scale))
        if relaxed(layout, rows_of(layout)).bound < SERVABLE * total:
            low = scale
        else:
            high = scale
    return week(scale)


def _account(rng: Random, kind: str, place: int) -> Account:
    plan = KINDS[kind]
    resets = rng.randrange(60, WEEK, 60)
    spent = rng.uniform(0.0, 0.7) * (1 - resets / WEEK)
    pools = [
        Pool(pool="5h", unit="pp", cap=100, cycle_min=300),
        Pool(pool="week", unit="pp", cap=100, used=100 * spent, reserve=5, resets_min=resets),
    ]
    if plan.has_opus:
        pools.append(replace(pools[1], pool="week:opus", used=80 * spent))
    return Account(
        account=f"{kind}-{place:03}",
        kind=kind,
        pools=tuple(pools),
        windows=openable(HOURS, resets=(resets,)),
        dollars={"week": plan.dollars / 4.345 / 100},
    )


def _item(rng: Random, place: int) -> Item:
    return Item(
        item=f"api.{place:05}",
        size=rng.choices(tuple(SIZES), SHARES)[0],
        worth=rng.choices((1.0, 2.0, 4.0), (0.5, 0.3, 0.2))[0],
        due_min=rng.choices((2 * DAY, 4 * DAY, None), (0.15, 0.2, 0.65))[0],
    )


def _method(name: str, accounts: tuple[Account, ...], effort: float) -> Method:
    parts, shares = METHODS[name]
    return Method(
        method=name,
        success_low=dict(zip(SIZES, shares, strict=True)),
        parts=tuple(
            Part(
                steps=("BUILD",),
                accounts=frozenset(
                    one.account
                    for one in accounts
                    if KINDS[one.kind].provider == provider
                    and (KINDS[one.kind].has_opus or not is_large)
                ),
                burn={
                    (size, kind): _burn(KINDS[kind], work * share * effort, is_large=is_large)
                    for size, work in SIZES.items()
                    for kind in KINDS
                },
            )
            for provider, share, is_large in parts
        ),
    )


def _burn(plan: Kind, work: float, *, is_large: bool) -> Mapping[str, float]:
    week = 100 * work / plan.holds
    burn = {"5h": week * WINDOWS_A_WEEK, "week": week}
    return burn | ({"week:opus": 2 * week} if is_large else {})
