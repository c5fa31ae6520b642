"""The rows of the report: efficiency and cost of each account, methodology and plan."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Final, Literal, TypeAlias

from portfolio.estimate.cycles import RESOLUTION
from portfolio.estimate.interval import (
    History,
    Interval,
    cost,
    efficiencies,
    success_rate,
)
from portfolio.estimate.money import ALWAYS
from portfolio.estimate.observations import Observation
from portfolio.estimate.precision import features_missing
from portfolio.estimate.resample import RngFor
from portfolio.estimate.shares import Share

By: TypeAlias = Literal["account", "methodology", "provider"]

PRECISIONS: Final = (0.3, 0.2, 0.1)
A_WEEK: Final = timedelta(weeks=1)
PACE_OVER: Final = 8 * A_WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """How many features are missing for the interval to be ± a share of the point."""

    within: float  # 0.3 for ±30 %
    features: int
    weeks: float | None = None  # at the pace of the last eight weeks; None: nothing shipped in them


@dataclass(frozen=True, slots=True, kw_only=True)
class EfficiencyRow:
    """What a shipped feature takes, on one account and methodology or joined over several."""

    account: str | None
    methodology: str | None
    provider: str | None
    plan: str | None
    pool: str | None  # None where pools are joined
    unit: str  # the pool's unit; usd where accounts, plans or providers are joined
    windows: int
    features_shipped: int
    features_attempted: int
    features_reverted: int
    prototypes: int
    burn: float  # in `unit`
    efficiency: Interval  # features per `unit`
    cost_per_feature_usd: Interval | None  # at full use of the cap; None: price or cap unknown
    paid_per_feature_usd: float | None
    paid_status: str  # ok, account-level, no-features or price-unknown
    success_rate: Interval
    missing: tuple[Missing, ...]
    notes: tuple[str, ...]  # price-assumed, computed
    guessed: int = 0  # windows whose methodology was guessed and never confirmed
    epoch_since: datetime | None = None  # UTC; None: the first epoch, or several joined
    paid_per_feature_range: Interval | None = None  # where `paid_per_feature_usd` is the account's


@dataclass(frozen=True, slots=True)
class _Group:
    """The shares of one row."""

    shares: Sequence[Share]
    is_joined: bool  # over accounts, plans or pools: counted in dollars
    epoch_since: datetime | None


def rows_of(
    shares: Sequence[Share],
    *,
    by: By | None,
    zone: tzinfo,
    rng_for: RngFor,
    until: datetime,
) -> list[EfficiencyRow]:
    """Estimate every row: a row for each account, methodology and plan, or joined by one of them.

    Rows of accounts are cut at their epochs. Those that join accounts are not: each account has its
    own, and what they burned is told in dollars.

    Args:
        shares: What each account did in each window, oldest first.
        by: What to keep apart; None for account, methodology and plan.
        zone: The zone whose days group the windows.
        rng_for: Gives the source of chance of all rows with so many windows or days, so that a new
            row leaves the others' intervals as they were.
        until: UTC; the pace of each row is that of the eight weeks before.
    """
    groups = []
    for group in _groups(shares, by):
        kept = _whole_windows(group, by) if group.is_joined else group.shares
        if kept:
            groups.append(replace(group, shares=kept))
    windows = [_Windows.of(group, zone) for group in groups]
    estimated = efficiencies(
        [
            History(
                shipped=one.shipped,
                burn=one.burn,
                days=one.days,
                resolution=_resolution(group, len(one.seen)),
            )
            for group, one in zip(groups, windows, strict=True)
        ],
        rng_for=rng_for,
    )
    return [
        _row(group, one, by, interval, until)
        for group, one, interval in zip(groups, windows, estimated, strict=True)
    ]


def _whole_windows(group: _Group, by: By | None) -> list[Share]:
    """Keep the windows whose whole burn is known in dollars.

    Where the part of one account is not known, the features cannot be set against the burn of the
    others: burn and features are left out together.
    """
    broken = {
        share.observation.window.window
        for share in group.shares
        if share.burn_usd is None
        or (by == "methodology" and share.unmeasured)
        or (by == "provider" and share.unmeasured & {share.provider, ""})
    }
    return [share for share in group.shares if share.observation.window.window not in broken]


def _groups(shares: Sequence[Share], by: By | None) -> Iterable[_Group]:
    keys: dict[str, Callable[[Share], Hashable]] = {
        "account": lambda share: share.account,
        "methodology": lambda share: share.observation.window.methodology or "",
        "provider": lambda share: share.provider,
    }
    key = keys[by] if by else _kind
    found: dict[tuple[Hashable, datetime | None], list[Share]] = {}
    for share, since in zip(shares, _epochs(shares, by), strict=True):
        found.setdefault((key(share), since), []).append(share)
    for name, since in sorted(found, key=lambda one: (repr(one[0]), one[1] or ALWAYS)):
        group = found[name, since]
        units = {(share.plan, *_counted_in(share)) for share in group}
        is_joined = by in ("methodology", "provider") or len(units) > 1
        yield _Group(group, is_joined, since)


def _epochs(shares: Sequence[Share], by: By | None) -> Iterator[datetime | None]:
    """Give the epoch of the row that each share is part of.

    A row of an account joins its plans; so what came after another plan is of the last epoch there.
    """
    last: dict[str, datetime | None] = {}
    for share in shares:
        if by == "account":
            last[share.account] = share.epoch_since or last.get(share.account)
            yield last[share.account]
        else:
            yield share.epoch_since if by is None else None


def _kind(share: Share) -> Hashable:
    """Name what may not be mixed: account, methodology, plan, pool, unit and cap."""
    methodology = share.observation.window.methodology or ""
    return (share.account, methodology, share.plan or "", *_counted_in(share))


def _counted_in(share: Share) -> tuple[str | float, ...]:
    """Name the unit a burn is counted in: a percentage point of another cap is another unit."""
    since = () if share.cap_since is None else (share.cap_since.isoformat(),)
    return (share.pool, share.unit, share.cap or 0.0, *since)


@dataclass(frozen=True, slots=True)
class _Windows:
    """The windows of a row, in the order they were worked."""

    seen: Sequence[Sequence[Observation]]  # of one window several, where accounts are joined
    shipped: list[int]
    burn: list[float]  # in the unit of the row
    days: list[int]  # in the user's zone

    @classmethod
    def of(cls, group: _Group, zone: tzinfo) -> _Windows:
        # A provider's accounts may have been in two parts of one window: they are one window here.
        windows: dict[str, list[Observation]] = {}
        burn: dict[str, float] = {}
        for share in group.shares:
            name = share.observation.window.window
            seen = windows.setdefault(name, [])
            if share.observation not in seen:
                seen.append(share.observation)
            amount = share.burn_usd if group.is_joined else share.burn
            burn[name] = burn.get(name, 0.0) + (amount or 0.0)
        shipped = [sum(len(one.work.shipped) for one in seen) for seen in windows.values()]
        days = [seen[0].window.start_at.astimezone(zone).toordinal() for seen in windows.values()]
        return cls(list(windows.values()), shipped, list(burn.values()), days)

    @property
    def begun(self) -> list[datetime]:
        """Give when each began."""
        return [seen[0].window.start_at for seen in self.seen]

    def missing(self, until: datetime) -> Iterator[Missing]:
        """Say what each precision takes, in features and in weeks like the last eight."""
        pace = self._pace(until)
        for width in PRECISIONS:
            features = features_missing(self.shipped, self.burn, half_width=width, days=self.days)
            yield Missing(within=width, features=features, weeks=features / pace if pace else None)

    def _pace(self, until: datetime) -> float:
        """Give the features a week of late; a row that is younger than eight weeks has its own."""
        begun = self.begun
        since = max(until - PACE_OVER, min(begin for begin in begun))
        late = sum(n for n, begin in zip(self.shipped, begun, strict=True) if begin >= since)
        return late / max(1.0, (until - since) / A_WEEK)


def _row(
    group: _Group,
    windows: _Windows,
    by: By | None,
    estimated: Interval,
    until: datetime,
) -> EfficiencyRow:
    shares = group.shares
    first = shares[0]
    dollars = 1.0 if group.is_joined else first.usd_per_unit
    works = [observation.work for seen in windows.seen for observation in seen]
    reverted = _distinct(work.reverted for work in works)
    return EfficiencyRow(
        account=first.account if by in (None, "account") else None,
        methodology=first.observation.window.methodology if by in (None, "methodology") else None,
        provider=_shared({share.provider for share in shares}),
        plan=_shared({share.plan for share in shares}),
        pool=None if group.is_joined else first.pool,
        unit="usd" if group.is_joined else first.unit,
        windows=len(windows.seen),
        features_shipped=sum(windows.shipped),
        features_attempted=_distinct(work.attempted for work in works),
        features_reverted=reverted,
        prototypes=_distinct(work.prototypes for work in works),
        burn=sum(windows.burn),
        efficiency=estimated,
        cost_per_feature_usd=None if dollars is None else cost(estimated, dollars),
        paid_per_feature_usd=None,
        paid_status="account-level",
        success_rate=success_rate(sum(windows.shipped), reverted),
        missing=tuple(windows.missing(until)),
        notes=_notes(shares),
        guessed=sum(seen[0].window.is_guess for seen in windows.seen),
        epoch_since=group.epoch_since,
    )


def _notes(shares: Sequence[Share]) -> tuple[str, ...]:
    """Say what a row rests on that is no fact: a price taken backwards, a meter nobody read."""
    marks = {
        "price-assumed": any(share.is_assumed for share in shares),
        "computed": any(share.is_computed for share in shares),
    }
    return tuple(note for note, holds in marks.items() if holds)


def _resolution(group: _Group, windows: int) -> float:
    """Give the meter's step in the unit of the row; of several meters, as one with their error.

    Each meter rounds by itself, so the squares of their steps add up within a window.
    """
    if not group.is_joined:
        return RESOLUTION[group.shares[0].unit]
    steps = [RESOLUTION[share.unit] * (share.usd_per_unit or 0.0) for share in group.shares]
    return math.hypot(*steps) / math.sqrt(windows)


def _shared(values: set[str] | set[str | None]) -> str | None:
    return next(iter(values)) if len(values) == 1 else None


def _distinct(groups: Iterable[Sequence[str]]) -> int:
    return len({item for group in groups for item in group})
