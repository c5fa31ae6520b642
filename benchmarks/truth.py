"""What truly happened to a made-up user, and what truly would have without one of the plans."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.users import CAP, FIVE_HOURS, WEEK, WEEKS, MadeAccount
from portfolio.rebalance.quota import Quota
from portfolio.rebalance.replay import BLOCKED, replay
from portfolio.rebalance.work import MICRO, micro

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.users import BoolArray, FloatArray

END = WEEKS * WEEK
Spans = list[tuple[int, int]]


def blocked_weeks(user: Sequence[MadeAccount], leaving: MadeAccount) -> BoolArray:
    """Say of each whole week of an account whether some work finds no room without its plan.

    The works are replayed on what they truly weigh and what the others' pools truly hold. The
    replay is the program's own, which equals a minute-by-minute one (tests/rebalance).
    """
    others = [account for account in user if account is not leaving]
    quotas = [
        Quota(
            account=place,
            pool=pool,
            caps=((0, int(CAP) * MICRO),),
            draws={
                work: micro(own.burn(pool, account.minutes, account.usd * account.weight))
                for work, account in enumerate(user)
            },
            length=FIVE_HOURS if pool == "5h" else None,
            edges=_edges(own, pool),
        )
        for place, own in enumerate(others)
        for pool in own.usd_per_pp
    ]
    found = replay(
        [account.minutes for account in user],
        routes=[_route(account, others) for account in user],
        quotas=quotas,
        begin=0,
        end=END,
    )
    weeks = np.arange(leaving.phase, END - WEEK + 1, WEEK)
    lost = np.zeros(len(weeks))
    for account, fates in zip(user, found.fates, strict=True):
        cuts = account.minutes.searchsorted(np.append(weeks, weeks[-1] + WEEK))
        usd = np.concatenate([[0.0], np.cumsum(np.where(fates == BLOCKED, account.usd, 0.0))])
        lost += np.diff(usd[cuts])
    return np.asarray(lost > 0)


def _edges(account: MadeAccount, pool: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.arange(account.phase, END, WEEK) if pool == "week" else np.zeros(0, dtype=np.int64)


def _route(account: MadeAccount, others: Sequence[MadeAccount]) -> list[int]:
    """Rank accounts as the program does: the own one, then the own provider's."""
    return sorted(
        range(len(others)),
        key=lambda place: (
            others[place] is not account,
            others[place].provider != account.provider,
            place,
        ),
    )


def full_spans(account: MadeAccount, *, until: int) -> Spans:
    """Give when some pool of an account stood at its cap."""
    found: Spans = []
    for since, end in sorted(account.full):
        if found and since <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((since, end))
    return [(since, min(end, until)) for since, end in found if since < until]


def used_shares(account: MadeAccount, *, until: int) -> FloatArray:
    """Give what was used of the weekly pool in each whole cycle before a moment, oldest first."""
    ends = np.arange(account.phase, until + 1, WEEK)
    cuts = account.minutes.searchsorted(np.append(ends[:1] - WEEK, ends))
    used = account.used["week"]
    return np.array(
        [used[last - 1] / CAP if last > first else 0.0 for first, last in pairwise(cuts)]
    )
