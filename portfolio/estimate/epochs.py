"""Epochs: moments from which an account's numbers are no longer of the kind that they were before.

A pool's unit is worth another amount of work after its cap changed, and after other models do the
work: windows before and after are no witnesses of one efficiency, so these *cut*: each side is a
row of its own. A price does not: cost at full use is told at the price in force, whenever a window
was worked. Nor does a reset out of turn, as the burn of that window is left out anyway.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from parsers.records import Unit
from portfolio.estimate.drift import Change
from portfolio.estimate.money import PlanOf
from portfolio.estimate.observations import Observation
from portfolio.estimate.pool_drift import PoolWindow
from portfolio.estimate.shares import Share
from portfolio.model import AccountSpan, Plan

Kind: TypeAlias = Literal[
    "cap-detected", "cap-changed", "price-changed", "promo", "model-changed", "reset-mid-cycle"
]
INSTANT: Final = timedelta.resolution
FEWEST_LED: Final = 4  # windows on each side of a change of models
ODD: Final = 10  # of so many windows one may be led by a model of the other side


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """What became different on an account, and when; `was` and `becomes` are for a sentence."""

    account: str
    pool: str | None  # None: it is of the account as a whole
    kind: Kind
    since: datetime  # UTC
    cuts: bool  # windows before and after belong to two rows
    was: str | float | None = None  # dollars a month, a cap, or the model that led; None: not told
    becomes: str | float | None = None
    unit: Unit | None = None  # of a cap
    change: Change | None = None  # what was detected


def cap_epochs(windows: Sequence[PoolWindow]) -> list[Epoch]:
    """Give where one pool's cap became another, as the catalogue or the provider says.

    Where a source states the cap, it was changed some time between two windows: the later one's
    start is taken. A change of plan is none, as its rows are told apart by plan.
    """
    found = []
    for before, after in pairwise(windows):
        if (before.plan, before.unit) != (after.plan, after.unit):
            continue
        is_said = after.cap_since not in (None, before.cap_since)
        if not is_said and (None in (before.cap, after.cap) or before.cap == after.cap):
            continue
        found.append(
            Epoch(
                account=after.account,
                pool=after.pool,
                kind="cap-changed",
                since=after.cap_since if is_said and after.cap_since else after.at,
                cuts=after.is_priced,
                was=before.cap,
                becomes=after.cap,
                unit=after.unit,
            )
        )
    return found


def detected(account: str, pool: str, changes: Sequence[Change], *, cuts: bool) -> list[Epoch]:
    """Give the changes that a pool's own windows tell: only of the priced pool do they cut rows."""
    return [
        Epoch(
            account=account,
            pool=pool,
            kind="cap-detected",
            since=change.since,
            cuts=cuts,
            change=change,
        )
        for change in changes
    ]


def price_epochs(
    spans: Sequence[AccountSpan], *, plan_of: PlanOf, since: datetime, until: datetime
) -> list[Epoch]:
    """Give where the price of a plan became another while an account was on it.

    A lower price that the user said from a day on is a promo: the catalogue has the list price.
    """
    found = []
    for span in spans:
        plan = plan_of(span.plan)
        if plan is None:
            continue
        for at in sorted(_priced_from(plan)):
            if not (since < at < until and span.holds_at(at)):
                continue
            was, is_assumed = plan.price_at(at - INSTANT)
            becomes, _ = plan.price_at(at)
            if was is None or becomes is None or is_assumed or was.usd_month == becomes.usd_month:
                continue
            is_promo = becomes.is_own and becomes.usd_month < was.usd_month
            found.append(
                Epoch(
                    account=span.account,
                    pool=None,
                    kind="promo" if is_promo else "price-changed",
                    since=at,
                    cuts=False,
                    was=was.usd_month,
                    becomes=becomes.usd_month,
                )
            )
    return found


def _priced_from(plan: Plan) -> set[datetime]:
    return {fact.since for fact in plan.prices if fact.billing == "monthly" and fact.since}


def model_epochs(account: str, leads: Sequence[tuple[datetime, str]]) -> list[Epoch]:
    """Give where the models that do an account's work changed for good.

    A window is led by the model with most of its dollars. Models changed for good at a window where
    those that lead before it do not lead from it on, and the other way round: at least four
    windows lie on each side, and at most one in ten of the shorter side's breaks the rule. Whoever
    goes back and forth between two models changes nothing.

    Args:
        account: Whose work it is.
        leads: When each window began, and the model that led it; oldest first.

    Example:
        >>> from datetime import UTC, timedelta
        >>> begin = datetime(2026, 11, 2, tzinfo=UTC)
        >>> names = ["old"] * 5 + ["new"] * 4
        >>> leads = [(begin + n * timedelta(days=1), name) for n, name in enumerate(names)]
        >>> [(one.since.day, one.was, one.becomes) for one in model_epochs("claude-a", leads)]
        [(7, 'old', 'new')]
    """
    names = [model for _, model in leads]
    edges = [0, *_splits(names, 0, len(names)), len(names)]
    return [
        Epoch(
            account=account,
            pool=None,
            kind="model-changed",
            since=leads[place][0],
            cuts=True,
            was=_mostly(names[before:place]),
            becomes=_mostly(names[place:after]),
        )
        for before, place, after in zip(edges, edges[1:], edges[2:], strict=False)
    ]


def _splits(names: Sequence[str], begin: int, end: int) -> list[int]:
    """Give the places at which the models change for good, by halving at the clearest one."""
    left: Counter[str] = Counter(names[begin : begin + FEWEST_LED])
    right = Counter(names[begin + FEWEST_LED : end])
    best: tuple[int, int] | None = None
    for place in range(begin + FEWEST_LED, end - FEWEST_LED + 1):
        breaking = sum(min(count, right[name]) for name, count in left.items())
        if breaking <= min(place - begin, end - place) // ODD and (
            best is None or breaking < best[0]
        ):
            best = (breaking, place)
        left[names[place]] += 1
        right[names[place]] -= 1
    if best is None:
        return []
    return [*_splits(names, begin, best[1]), best[1], *_splits(names, best[1], end)]


def _mostly(names: Sequence[str]) -> str:
    count = Counter(names)
    return min(count, key=lambda name: (-count[name], name))


def reset_epochs(observations: Sequence[Observation]) -> list[Epoch]:
    """Give the windows in which a meter fell though no reset was due."""
    found: dict[tuple[str, str, datetime], Epoch] = {}
    for observation in observations:
        for burn in observation.burns:
            if burn.status == "reset-unknown":
                at = observation.window.start_at
                found[burn.account, burn.pool, at] = Epoch(
                    account=burn.account,
                    pool=burn.pool,
                    kind="reset-mid-cycle",
                    since=at,
                    cuts=False,
                )
    return list(found.values())


def cut(shares: Sequence[Share], epochs: Sequence[Epoch]) -> list[Share]:
    """Say of each share since when its numbers are of one kind; None: since the first of its plan.

    What came before a change of plan is told apart by the plan already, and is no epoch of what
    came after.
    """
    edges: dict[str, set[tuple[datetime, str | None]]] = defaultdict(set)
    for epoch in epochs:
        if epoch.cuts:
            edges[epoch.account].add((epoch.since, epoch.pool))
    stays = _stays(shares) if edges else {}
    found = []
    for share in shares:
        at = share.observation.window.start_at
        before = [
            edge
            for edge, pool in edges.get(share.account, ())
            if stays[share.account, at] < edge <= at and pool in (None, share.pool)
        ]
        found.append(replace(share, epoch_since=max(before)) if before else share)
    return found


def _stays(shares: Sequence[Share]) -> dict[tuple[str, datetime], datetime]:
    """Give when the stay on one plan began that an account's window is part of."""
    stay: dict[str, tuple[str | None, datetime]] = {}
    found = {}
    for share in sorted(shares, key=lambda one: one.observation.window.start_at):
        at = share.observation.window.start_at
        if share.account not in stay or stay[share.account][0] != share.plan:
            stay[share.account] = (share.plan, at)
        found[share.account, at] = stay[share.account][1]
    return found
