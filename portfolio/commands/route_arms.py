"""The ways a route may plan items: accounts alone and methodologies, with what they take."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from portfolio.commands.attempts import FINISHED, Finished
from portfolio.commands.item_takes import LATELY, ItemTakes
from portfolio.estimate.interval import success_rate
from portfolio.estimate.size_cues import SIZES
from portfolio.report.answers.route import ArmKind, NotPlanned, RouteNote, RouteTakes
from portfolio.route.guard import Bound, TookOne, bound_of_one
from portfolio.route.problem import WINDOW_POOL, Method, Part

if TYPE_CHECKING:
    from portfolio.commands.route_accounts import OpenAccount
    from portfolio.commands.work import Work
    from portfolio.estimate.size_cues import Size
    from portfolio.model import Methodology

METHODOLOGY: Final = (
    "methodology "  # begins the name of a method that is one; an account's has none
)
NOT_COUNTED: Final = frozenset({"twin", "prototype"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """What a route may choose from."""

    methods: tuple[Method, ...]
    alone: Mapping[str, str]  # by account: the method that is that account and no other
    only: frozenset[str]  # methods for what has to stay on an account, not for others
    takes: tuple[RouteTakes, ...]
    notes: tuple[RouteNote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """What the items of one arm took on one account of it, or on any of a kind."""

    accounts: tuple[OpenAccount, ...]
    steps: tuple[str, ...]
    took: Sequence[TookOne]


def planned_share(bound: Bound) -> float:
    """Give what each of many items is planned with: their mean, at the upper end of its interval.

    It is the part of the reach of one item's prediction that is the error of the mean, which all
    items share: what one takes more, another takes less.

    >>> planned_share(Bound(mean=1.0, upper=3.0, common=0.25, items=9, basis="same-size"))
    2.0
    """
    return bound.mean + (bound.upper - bound.mean) * math.sqrt(bound.common)


def arms_of(
    accounts: Sequence[OpenAccount],
    methodologies: Sequence[Methodology],
    *,
    work: Work,
    takes: ItemTakes,
    done: Sequence[Finished],
    floor: float,
    now: datetime,
) -> Arms:
    """Give every measured arm, and why the others are not planned.

    Args:
        accounts: Those that may be planned on.
        methodologies: All that were added.
        work: What became of items.
        takes: What finished items took, by account.
        done: Finished items with their methodologies.
        floor: The least share that is to ship, by its lower bound.
        now: What is known by now.
    """
    found = _Found(floor)
    late = [one for one in done if one.at >= now - LATELY]
    known = {one.account: one for one in accounts}
    for methodology in methodologies:
        _add_methodology(methodology, known, late, takes, found)
    kinds: dict[str, list[OpenAccount]] = defaultdict(list)
    for one in accounts:
        kinds[one.kind].append(one)
    for members in kinds.values():
        _add_accounts(members, work, takes, found)
    return Arms(
        methods=tuple(found.methods),
        alone=found.alone,
        only=frozenset(found.only),
        takes=tuple(found.takes),
        notes=tuple(found.notes),
    )


@dataclass(frozen=True, slots=True)
class _Outcomes:
    """What became of the finished items of one arm."""

    shipped: int
    others: int

    @property
    def low(self) -> float:
        """Give the lower bound of the share that ships."""
        return success_rate(self.shipped, self.others).low or 0.0

    @property
    def mean(self) -> float:
        """Give the share that is expected to ship: with few items nearer to one half."""
        return (self.shipped + 1) / (self.shipped + self.others + 2)


class _Found:
    """Arms, as they are found."""

    def __init__(self, floor: float) -> None:
        self.methods: list[Method] = []
        self.alone: dict[str, str] = {}
        self.only: list[str] = []
        self.takes: list[RouteTakes] = []
        self.notes: list[RouteNote] = []
        self.covered: dict[str, str] = {}
        """By item: the methodology of one account that it was done with."""
        self._floor = floor

    def add(self, method: str, name: str, parts: Sequence[_Measured], outcomes: _Outcomes) -> None:
        """Add an arm; no item gets one that has not shown the floor, which is told."""
        self.methods.append(_method(method, parts, outcomes))
        for part in parts:
            self.takes += _rows(name, part, outcomes.low)
        if outcomes.low < self._floor:
            self.notes += _notes(method, name, parts, "below-floor")


def _method(method: str, parts: Sequence[_Measured], outcomes: _Outcomes) -> Method:
    # A plan counts 1 / low attempts. What ships at the least is asked of quality; what an item
    # takes goes by what ships on average.
    low = outcomes.low
    return Method(
        method=method,
        parts=tuple(_part(part, times=low / outcomes.mean) for part in parts),
        success_low=dict.fromkeys(SIZES, low),
    )


def _add_methodology(
    methodology: Methodology,
    known: Mapping[str, OpenAccount],
    late: Sequence[Finished],
    takes: ItemTakes,
    found: _Found,
) -> None:
    name = methodology.methodology
    steps: dict[str, list[str]] = defaultdict(list)
    for step in methodology.steps:
        steps[step.account].append(step.step)
    if missing := [account for account in steps if account not in known]:
        told = f"portfolio methodology add {name} STEP=MODEL@ACCOUNT..."
        found.notes.append(_note(METHODOLOGY, name, "account-out", missing[0], told))
        return
    own = [one for one in late if one.methodologies == {name} and one.took.is_known]
    parts = [
        _Measured(
            accounts=(known[account],),
            steps=tuple(order),
            took=_took(own, known[account], takes),
        )
        for account, order in steps.items()
    ]
    if not all(part.took for part in parts):
        told = f"portfolio start ITEM --methodology {name}"
        found.notes.append(_note(METHODOLOGY, name, "never-measured", None, told))
        return
    if len(parts) == 1:
        found.covered |= {one.item.item: METHODOLOGY + name for one in own}
    shipped = sum(one.item.outcome == "shipped" for one in own)
    found.add(METHODOLOGY + name, name, parts, _Outcomes(shipped, len(own) - shipped))


def _took(items: Sequence[Finished], account: OpenAccount, takes: ItemTakes) -> list[TookOne]:
    """Give what some items took of an account's priced pool."""
    found = []
    for one in items:
        usd = sum(some for (by, _), some in one.took.usd.items() if by == account.account)
        if usd > 0:
            size = one.size or takes.sizes.get(one.item.item)
            found.append(TookOne(share=usd / account.capacity_usd, size=size))
    return found


def _add_accounts(
    members: Sequence[OpenAccount], work: Work, takes: ItemTakes, found: _Found
) -> None:
    """Add accounts of a kind: what an item took on one, it would have taken on any of them."""
    names = [one.account for one in members]
    took = [one for name in names for one in takes.by_account.get(name, ())]
    if not took:
        found.notes += [
            _note("", name, "never-measured", None, f"portfolio start ITEM --on {name}")
            for name in names
        ]
        return
    own = [
        one
        for one in work.items
        if takes.main_account.get(one.item) in names
        and one.outcome in FINISHED
        and one.kind not in NOT_COUNTED
    ]
    ways = {found.covered.get(one.item) for one in own}
    if len(names) == 1 and len(ways) == 1 and (way := ways.pop()) is not None:
        found.alone[names[0]] = way  # all that is known of the account is known of that way
        return
    shipped = sum(one.outcome == "shipped" for one in own)
    outcomes = _Outcomes(shipped, len(own) - shipped)
    kind = members[0].kind
    found.add(kind, names[0], [_Measured(accounts=tuple(members), steps=(), took=took)], outcomes)
    found.alone |= dict.fromkeys(names, kind)
    for one in members if len(members) > 1 else ():
        found.alone[one.account] = f"{kind} {one.account}"
        only = _Measured(accounts=(one,), steps=(), took=took)
        found.only.append(found.alone[one.account])
        found.methods.append(_method(found.alone[one.account], [only], outcomes))


def _bounds(part: _Measured) -> dict[Size, Bound]:
    return {size: bound for size in SIZES if (bound := bound_of_one(part.took, size))}


def _part(part: _Measured, *, times: float) -> Part:
    kind = part.accounts[0].kind
    # Accounts of a kind take alike; of what other pools fill by, the upper end is the highest.
    factors: dict[str, float] = {}
    for account in part.accounts:
        for pool in account.pools:
            if pool.now.per_priced is not None:
                one = pool.now.per_priced * pool.cap
                factors[pool.now.pool] = max(one, factors.get(pool.now.pool, 0.0))
        if account.fullest is not None:
            factors[WINDOW_POOL] = account.priced.cap
    return Part(
        steps=part.steps,
        accounts=frozenset(one.account for one in part.accounts),
        burn={
            (size, kind): {
                pool: times * planned_share(bound) * factor
                for pool, factor in factors.items()
                if factor > 0
            }
            for size, bound in _bounds(part).items()
        },
    )


def _rows(arm: str, part: _Measured, low: float) -> list[RouteTakes]:
    return [
        RouteTakes(
            arm=arm,
            account=part.accounts[0].account,
            size=size,
            pool=part.accounts[0].priced.now.pool,
            share=planned_share(bound),
            basis=bound.basis,
            items=bound.items,
            success_low=low,
        )
        for size, bound in _bounds(part).items()
    ]


def _note(
    method: str, name: str, reason: NotPlanned, needs: str | None, command: str | None
) -> RouteNote:
    kind: ArmKind = "methodology" if method.startswith(METHODOLOGY) else "account"
    return RouteNote(kind=kind, name=name, reason=reason, of=needs, command=command)


def _notes(
    method: str, name: str, parts: Sequence[_Measured], reason: NotPlanned
) -> list[RouteNote]:
    if method.startswith(METHODOLOGY):
        return [_note(method, name, reason, None, None)]
    return [_note(method, one.account, reason, None, None) for one in parts[0].accounts]
