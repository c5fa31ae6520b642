"""A pool's drift: its windows, cut where it is known to have become another, charted."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NamedTuple, TypeAlias

from parsers.records import Unit
from portfolio.estimate.conversion import Burned, usd_per_unit
from portfolio.estimate.cycles import RESOLUTION
from portfolio.estimate.drift import FEWEST, Bought, Change, changes_of
from portfolio.estimate.interval import Interval
from portfolio.estimate.money import PlanOf
from portfolio.estimate.resample import grouped
from portfolio.estimate.shares import Share, cap_changed_at

Status: TypeAlias = Literal[
    "steady", "changed", "no-tokens", "price-unknown", "computed", "too-few"
]
SHORT: Final = "5h"  # what may change without a word, beside the priced pool


class Spent(NamedTuple):
    """What the turns of one account were in one window."""

    usd: float  # at API prices, of the turns whose price is known
    unpriced_tokens: int
    lead: str  # the model with most of the dollars
    by_model: tuple[tuple[str, float], ...] = ()  # dollars of each model


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolDrift:
    """Whether a unit of one pool buys what it always did, or why that cannot be seen."""

    account: str
    pool: str
    status: Status
    told_by: int  # windows whose tokens and burn are known
    changes: tuple[Change, ...]
    unit: Unit  # of the last window
    usd_per_unit: Interval | None  # API dollars, since the last change; None: too little tells


class PoolWindow(NamedTuple):
    """What one window burned of one pool, and under what."""

    account: str
    pool: str
    is_priced: bool  # rows are counted in this pool
    window: str
    at: datetime  # UTC; when the window began
    burn: float  # in `unit`
    plan: str | None
    unit: Unit
    cap: float | None  # None: pp, or not known
    cap_since: datetime | None  # UTC; when the catalogue says the cap changed last before this
    is_computed: bool  # counted from logs: what it buys says nothing of the cap

    @property
    def kind(self) -> Hashable:
        """Name what may not be mixed on one chart."""
        return (self.plan, self.unit, self.cap, self.cap_since, self.is_computed)


def pool_windows(
    shares: Sequence[Share], *, plan_of: PlanOf
) -> dict[tuple[str, str], list[PoolWindow]]:
    """Give every measured burn of priced pools, and of five hours where those were read.

    Args:
        shares: Oldest first, as the windows of each account and pool are, too.
        plan_of: Gives a plan by its id.
    """
    found: dict[tuple[str, str], list[PoolWindow]] = defaultdict(list)
    for share in shares:
        account, window = share.account, share.observation.window
        found[account, share.pool].append(
            PoolWindow(
                *(account, share.pool, True, window.window, window.start_at, share.burn),
                *(share.plan, share.unit, share.cap, share.cap_since, share.is_computed),
            )
        )
        for burn in share.observation.burns:
            if burn.pool != SHORT or burn.account != account or burn.burn is None:
                continue
            if share.pool == SHORT:
                continue
            is_pp = burn.unit == "pp"
            since = cap_changed_at(plan_of(share.plan), SHORT, window.start_at) if is_pp else None
            found[account, SHORT].append(
                PoolWindow(
                    *(account, SHORT, False, window.window, window.start_at, burn.burn),
                    *(share.plan, burn.unit, None if is_pp else burn.cap, since, burn.is_computed),
                )
            )
    return dict(sorted(found.items()))


def charts(windows: Sequence[PoolWindow], cuts: Iterable[datetime] = ()) -> list[list[PoolWindow]]:
    """Cut one pool's windows where it is known to have become another: plan, unit, cap or `cuts`.

    What is known needs no detecting, and a chart sets like against like.
    """
    edges = sorted(cuts)
    found: list[list[PoolWindow]] = []
    last: Hashable = None
    for one in windows:
        kind = (one.kind, bisect_right(edges, one.at))
        if not found or kind != last:
            found.append([])
        found[-1].append(one)
        last = kind
    return found


def drift_of(
    windows: Sequence[PoolWindow],
    spent: Mapping[tuple[str, str], Spent],
    *,
    cuts: Iterable[datetime] = (),
) -> PoolDrift:
    """Chart what one pool's windows bought.

    A window without tokens tells nothing, nor one that burned nothing or whose turns lack a price:
    it would seem to buy too little.

    Args:
        windows: Of one pool of one account, oldest first; one or more.
        spent: What each account's turns were, by window and account.
        cuts: Moments besides at which it is known to have become another.
    """
    told: list[list[Bought]] = []
    known: list[Bought] = []
    for chart in charts(windows, cuts):
        known = [
            Bought(one.at, did.usd, one.burn)
            for one in chart
            if (did := spent.get((one.window, one.account))) is not None
            and did.usd > 0
            and not did.unpriced_tokens
            and not one.is_computed
        ]
        told.append([one for one in known if one.burn > 0])
    changes = [change for chart in told for change in changes_of(chart)]
    return PoolDrift(
        account=windows[0].account,
        pool=windows[0].pool,
        status="changed" if changes else _status(windows, spent, told),
        told_by=sum(map(len, told)),
        changes=tuple(changes),
        unit=windows[-1].unit,
        usd_per_unit=_buys(
            [one for one in known if not changes or one.at >= changes[-1].since],
            step=RESOLUTION[windows[-1].unit],
        ),
    )


def _buys(known: Sequence[Bought], *, step: float) -> Interval | None:
    """Give the API dollars of one unit, over windows, or days from six days on.

    A window that burned nothing counts too: by rounding the next one has its part. The days are
    those of UTC; what a unit buys is the provider's doing.
    """
    usd, burn = grouped(
        [one.usd for one in known],
        [one.burn for one in known],
        days=[one.at.toordinal() for one in known],
    )
    total = math.fsum(burn)
    rounding = len(known) * (step / total) ** 2 / 6 if total > 0 else 0.0
    return usd_per_unit(map(Burned, usd, burn), rounding=rounding)


def _status(
    windows: Sequence[PoolWindow],
    spent: Mapping[tuple[str, str], Spent],
    told: Sequence[Sequence[Bought]],
) -> Status:
    """Say why no change is seen: there is none, or it could not be seen."""
    if max(map(len, told)) >= FEWEST:
        return "steady"
    if all(one.is_computed for one in windows):
        return "computed"
    known = [did for one in windows if (did := spent.get((one.window, one.account))) is not None]
    if not known:
        return "no-tokens"
    return "price-unknown" if all(did.unpriced_tokens for did in known) else "too-few"
