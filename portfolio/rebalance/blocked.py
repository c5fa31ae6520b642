"""What a replay says of time and work that found no room, and of what expired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portfolio.estimate.spans import both, joined
from portfolio.model import is_scoped, priced_among
from portfolio.rebalance.replay import BLOCKED

if TYPE_CHECKING:
    from portfolio.rebalance.history import History, Place
    from portfolio.rebalance.portfolio import Setup
    from portfolio.rebalance.replay import Replayed

Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatUse:
    """How much of one plan's priced pool was used in whole cycles."""

    seat: str
    plan: str
    pool: str
    cycles: int
    used_share: float | None  # 0 to 1 of the caps; None: no cycle lies wholly in the time
    full_minutes: int  # that any of its pools for all models stood at its cap


def blocked_spans(setup: Setup, replayed: Replayed, scope: str | None = None) -> Spans:
    """Give when every plan stood at a cap at once, as [since, until) minutes, oldest first.

    Args:
        scope: Models that have pools of their own, which count then too; None: only pools for all.
    """
    each = [_full_spans(setup, replayed, place, scope) for place in range(len(setup.seats))]
    if not each:
        return []
    found = each[0]
    for other in each[1:]:
        found = both(found, other)
    return found


def full_pools(setup: Setup, replayed: Replayed, minute: int) -> list[tuple[str, str]]:
    """Name the pools that stand at their cap in a minute, as (seat, pool)."""
    full = {one.quota for one in replayed.full if one.since <= minute < one.until}
    return [
        (setup.seats[quota.account].name, quota.pool)
        for place, quota in enumerate(setup.quotas)
        if place in full and not is_scoped(quota.pool)
    ]


def blocked_usd(history: History, replayed: Replayed) -> float:
    """Give the API dollars of work that found no room."""
    return sum(
        float(work.usd[fates == BLOCKED].sum())
        for work, fates in zip(history.works, replayed.fates, strict=True)
    )


def blocked_places(history: History, replayed: Replayed) -> dict[Place, float]:
    """Give the API dollars of turns that found no room by what they were for, most first."""
    import numpy as np

    turns = history.turns
    is_blocked = np.zeros(len(turns.works), dtype=np.bool_)
    for place, (work, fates) in enumerate(zip(history.works, replayed.fates, strict=True)):
        own = np.flatnonzero(turns.works == place) if (fates == BLOCKED).any() else ()
        if len(own):
            is_blocked[own] = fates[work.minutes.searchsorted(turns.minutes[own])] == BLOCKED
    sums = np.zeros(len(turns.names))
    np.add.at(sums, turns.places[is_blocked], turns.usd[is_blocked])
    found = {turns.names[n]: float(sums[n]) for n in np.argsort(-sums) if sums[n] > 0}
    return dict(found)


def seat_uses(setup: Setup, replayed: Replayed) -> list[SeatUse]:
    """Give what was used of each plan's priced pool, in the cycles that lie wholly in the time."""
    found = []
    for place, seat in enumerate(setup.seats):
        own = {n: quota for n, quota in enumerate(setup.quotas) if quota.account == place}
        pool = priced_among({quota.pool for quota in own.values() if not is_scoped(quota.pool)})
        if pool is None:
            continue
        cycles = [
            cycle
            for cycle in replayed.cycles
            if cycle.is_whole and cycle.quota in own and own[cycle.quota].pool == pool
        ]
        caps = sum(cycle.cap for cycle in cycles)
        full = _full_spans(setup, replayed, place)
        found.append(
            SeatUse(
                seat=seat.name,
                plan=seat.plan,
                pool=pool,
                cycles=len(cycles),
                # The last request of a cycle may end above its cap; no more than that is used.
                used_share=sum(min(one.used, one.cap) for one in cycles) / caps if caps else None,
                full_minutes=sum(until - since for since, until in full),
            )
        )
    return found


def _full_spans(setup: Setup, replayed: Replayed, place: int, scope: str | None = None) -> Spans:
    own = {
        n
        for n, quota in enumerate(setup.quotas)
        if quota.account == place
        and (not is_scoped(quota.pool) or quota.pool.partition(":")[2] == scope)
    }
    return joined((full.since, full.until) for full in replayed.full if full.quota in own)
