"""What the weeks would have been like with a plan left out, or on a smaller one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from portfolio.model import CYCLE, cycle_of, is_scoped, priced_among
from portfolio.rebalance.replay import BLOCKED

if TYPE_CHECKING:
    from portfolio.rebalance.grid import Grid
    from portfolio.rebalance.history import History
    from portfolio.rebalance.portfolio import Setup
    from portfolio.rebalance.quota import Quota
    from portfolio.rebalance.replay import Replayed
    from portfolio.rebalance.work import FloatArray, IntArray

WEEK: Final = int(CYCLE["week"].total_seconds()) // 60  # minutes
NOTHING_MOVES: Final = "week"  # the pool of which nothing is used where nothing was worked
A_TRIFLE: Final = 0.01  # dollars; what is blocked of a week below it is rounding


class Week(NamedTuple):
    """Seven days that are judged."""

    begin: int  # minute
    end: int  # minute, not included


class WeekMoved(NamedTuple):
    """What one week would have been like."""

    begin: int  # minute
    blocked_usd: float  # of work that would have found no room, at API prices
    load_shares: Mapping[str, float]  # by pool: what would have been used of all there is of it


def weeks_moved(
    history: History,
    setup: Setup,
    replayed: Replayed,
    *,
    grid: Grid,
    moved: Sequence[bool],
    weeks: Sequence[Week],
) -> list[WeekMoved]:
    """Say of each week what found no room, and how near all the rest came to the caps.

    Args:
        moved: For each work whether it has to find room anew, rather than stay where it was.
        weeks: Those that are judged, oldest first.
    """
    import numpy as np

    blocked = np.zeros(len(grid.minutes))
    for place, work in enumerate(history.works):
        left = np.where(replayed.fates[place] == BLOCKED, work.usd, 0.0)
        blocked += grid.laid(place, left)
    cuts = grid.minutes.searchsorted([(week.begin, week.end) for week in weeks])
    shares: dict[str, FloatArray] = {}
    for pool, quotas in _shared_pools(setup).items():
        stays = [_load(quota, _staying(history, setup, quota, moved), grid) for quota in quotas]
        moves = [_load(quota, _moving(history, quota, moved), grid) for quota in quotas]
        spans = [_spans(quota, weeks, grid) for quota in quotas]
        kinds = [
            np.array([_in_spans(one, own) for one, own in zip(kind, spans, strict=True)])
            for kind in (stays, moves)
        ]
        each = _combined(*kinds)
        shares[pool] = each if quotas[0].length is None else _fullest(each, spans[0], weeks)
    idle = [work for work, is_moved in zip(history.works, moved, strict=True) if is_moved]
    if not shares and not any(
        work.usd.any() or any(map(np.any, work.burn.values())) for work in idle
    ):
        shares = {NOTHING_MOVES: np.zeros(len(weeks))}
    return [
        WeekMoved(
            week.begin,
            usd if (usd := float(blocked[begin:end].sum())) >= A_TRIFLE else 0.0,
            {pool: float(own[place]) for pool, own in shares.items()},
        )
        for place, (week, (begin, end)) in enumerate(zip(weeks, cuts, strict=True))
    ]


def _shared_pools(setup: Setup) -> dict[str, list[Quota]]:
    """Give the pools of a kind that every seat has: where one has none, the kind blocks nothing.

    Kinds are the rolling ones, the priced ones, which may be a week's beside a month's, and those
    for the same models.
    """
    kinds: dict[str, dict[int, Quota]] = defaultdict(dict)
    for seat in range(len(setup.seats)):
        own = {quota.pool: quota for quota in setup.quotas if quota.account == seat}
        priced = priced_among({pool for pool in own if not is_scoped(pool)})
        for pool, quota in own.items():
            if is_scoped(pool):
                kinds[pool][seat] = quota
            elif quota.length is not None:
                kinds["rolling"][seat] = quota
            elif pool == priced:
                kinds["priced"][seat] = quota
    return {
        "+".join(sorted({quota.pool for quota in kind.values()})): list(kind.values())
        for kind in kinds.values()
        if len(kind) == len(setup.seats)
    }


def _staying(history: History, setup: Setup, quota: Quota, moved: Sequence[bool]) -> list[int]:
    """Give the works that stay on the account that a pool is of."""
    account = setup.seats[quota.account].account
    return [w for w in quota.draws if not moved[w] and history.works[w].account == account]


def _moving(history: History, quota: Quota, moved: Sequence[bool]) -> list[int]:
    """Give the works that move; none where of some nothing tells what it would take there."""
    moving = [w for w, work in enumerate(history.works) if moved[w] and len(work.minutes)]
    if is_scoped(quota.pool):  # others do not count on it
        return [w for w in moving if w in quota.draws]
    return moving if all(w in quota.draws for w in moving) else []


class _Load(NamedTuple):
    """What some works take of a pool."""

    minutes: IntArray  # of the grid
    shares: FloatArray  # of the pool's least cap, in each
    scale: float  # how much of a cycle is looked at: a week's share of a month


def _load(quota: Quota, works: Sequence[int], grid: Grid) -> _Load:
    """Give what some works take of a pool in each minute."""
    import numpy as np

    cap = max(1, min(cap for _, cap in quota.caps))
    found = np.zeros(len(grid.minutes))
    for work in works:
        found += grid.laid(work, quota.draws[work] / cap)
    scale = 1.0 if quota.length is not None else WEEK / _minutes_of(quota.pool)
    return _Load(grid.minutes, found, scale)


def _spans(quota: Quota, weeks: Sequence[Week], grid: Grid) -> list[tuple[int, int]]:
    """Give the spans over which the use of a pool is added up, as [since, until) minutes.

    Of a rolling pool they are the cycles that anything worked would have begun. Of a week's they
    are its own cycles, each the one in which the middle of a judged week lies: what is not used of
    one is gone for the next. A month is weighed by its share that falls into a week.
    """
    if quota.length is not None:
        return _cycles(grid.minutes, quota.length)
    if _minutes_of(quota.pool) != WEEK or not len(quota.edges):
        return [(week.begin, week.end) for week in weeks]
    found = []
    for week in weeks:
        place = int(quota.edges.searchsorted(week.begin + WEEK // 2, "right"))
        begin = int(quota.edges[place - 1]) if place else week.begin
        found.append((begin, begin + WEEK))
    return found


def _cycles(minutes: IntArray, length: int) -> list[tuple[int, int]]:
    """Cut minutes into cycles, each begun by the first one after the last ended."""
    found = []
    place = 0
    while place < len(minutes):
        begin = int(minutes[place])
        found.append((begin, begin + length))
        place = int(minutes.searchsorted(begin + length))
    return found


def _in_spans(load: _Load, spans: Sequence[tuple[int, int]]) -> FloatArray:
    """Add up a load over each span."""
    import numpy as np

    upto = np.concatenate([[0.0], np.cumsum(load.shares)])
    begins, ends = load.minutes.searchsorted(np.array(spans, dtype=np.int64).reshape(-1, 2).T)
    found: FloatArray = (upto[ends] - upto[begins]) / load.scale
    return found


def _fullest(
    shares: FloatArray, spans: Sequence[tuple[int, int]], weeks: Sequence[Week]
) -> FloatArray:
    """Give the fullest of the cycles that begin in each week."""
    import numpy as np

    begins = np.array([begin for begin, _ in spans], dtype=np.int64)
    cuts = begins.searchsorted([(week.begin, week.end) for week in weeks])
    return np.array([shares[begin:end].max(initial=0.0) for begin, end in cuts])


def _minutes_of(pool: str) -> int:
    cycle = cycle_of(pool)
    return WEEK if cycle is None else int(cycle.total_seconds()) // 60


def _combined(stays: FloatArray, moves: FloatArray) -> FloatArray:
    """Give the share used of all caps together, each in how often it holds what moves.

    What stays takes its share of its own seat's cap. What moves may go to any seat, and takes of
    each cap another share. In a span in which nothing moves the seats weigh as they do in all
    spans together; where nothing ever does, nothing is asked of them.

    Args:
        stays: Shares of each seat's cap, shape (seats, spans).
        moves: What moves, as a share of each seat's cap if all went there, in the same shape; 0 for
            a seat to which it cannot go.
    """
    import numpy as np

    total = moves.sum(axis=1, keepdims=True)
    usual = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0) + np.zeros_like(moves)
    moving = (moves > 0).any(axis=0)
    can_hold = np.divide(1.0, moves, out=np.where(moving, 0.0, usual), where=moves > 0)
    every = can_hold.sum(axis=0)
    used = (stays * can_hold).sum(axis=0) + moving
    found: FloatArray = np.divide(used, every, out=np.zeros_like(every), where=every > 0)
    return found
