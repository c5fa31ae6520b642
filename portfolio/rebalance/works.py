"""Make works of turns and meters: whole minutes, one work for each account and scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.rebalance.history import minute_of
from portfolio.rebalance.work import Work

if TYPE_CHECKING:
    from portfolio.rebalance.work import FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The turns of one account and scope, oldest first, and what it did elsewhere."""

    account: str
    provider: str
    scope: str | None
    minutes: IntArray  # (turns,)
    usd: FloatArray  # (turns,)
    credits_high: FloatArray  # (turns,)
    credits_low: FloatArray  # (turns,)
    burn: Mapping[str, FloatArray]  # by pool: (turns,)
    elsewhere: Mapping[str, Sequence[tuple[datetime, float]]] = field(default_factory=dict)
    elsewhere_usd: Sequence[tuple[datetime, float]] = ()


def work_of(done: Done) -> Work:
    """Sum what was done minute by minute.

    What was done elsewhere is taken to need as many credits for a dollar as what was done here.
    """
    import numpy as np

    own = done.minutes
    away = [minute_of(at) for told in done.elsewhere.values() for at, _ in told]
    away += [minute_of(at) for at, _ in done.elsewhere_usd]
    every = np.sort(np.concatenate([own, np.array(away, dtype=np.int64)]))
    minutes = every[np.diff(every, prepend=-1) != 0]  # np.unique takes ten times as long
    here = np.searchsorted(minutes, own)
    elsewhere_usd = _events(minutes, done.elsewhere_usd)
    usd = _summed(here, done.usd, len(minutes))
    credit_sums = [
        _summed(here, kind, len(minutes)) for kind in (done.credits_high, done.credits_low)
    ]
    whole = float(usd.sum())
    high, low = (
        one + elsewhere_usd * (float(one.sum()) / whole if whole > 0 else 0.0)
        for one in credit_sums
    )
    pools = {*done.burn, *done.elsewhere}
    return Work(
        account=done.account,
        provider=done.provider,
        scope=done.scope,
        minutes=minutes,
        usd=usd + elsewhere_usd,
        elsewhere_usd=elsewhere_usd,
        burn={
            pool: _summed(here, done.burn.get(pool, np.zeros(len(own))), len(minutes))
            + _events(minutes, done.elsewhere.get(pool, ()))
            for pool in sorted(pools)
        },
        credits_high=high,
        credits_low=low,
    )


def _summed(places: IntArray, amounts: FloatArray, size: int) -> FloatArray:
    import numpy as np

    return np.bincount(places, amounts, size).astype(np.float64, copy=False)


def _events(minutes: IntArray, events: Sequence[tuple[datetime, float]]) -> FloatArray:
    import numpy as np

    # Below zero a meter fell by rounding: nobody worked less than nothing.
    events = [(moment, amount) for moment, amount in events if amount > 0]
    at = np.array([minute_of(moment) for moment, _ in events], dtype=np.int64)
    amounts = np.array([amount for _, amount in events], dtype=np.float64)
    return _summed(np.searchsorted(minutes, at), amounts, len(minutes))
