"""What one's own past tells of a month: features by size, what they took, and what was around."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from portfolio.commands.attempts import FINISHED, MAINLY
from portfolio.commands.keep import WEEKS_BACK
from portfolio.commands.sizing import past_of, records_of, sizes_of, weights_of
from portfolio.commands.week_facts import calendar_of
from portfolio.commands.work import load_work
from portfolio.estimate.size_cues import SIZES
from portfolio.model import WEEKS_PER_MONTH
from portfolio.rebalance.feature_draws import UNSIZED, Attempted
from portfolio.rebalance.history import History, minute_of, moment_of

if TYPE_CHECKING:
    from portfolio.commands.item_turns import ItemTurns
    from portfolio.estimate.class_weights import ClassWeights
    from portfolio.estimate.work import WorkItem
    from portfolio.settings import Settings
    from portfolio.store.opening import Database


class _Shipped(NamedTuple):
    """One shipped feature."""

    at: datetime
    size: str
    provider: str  # "": several, or not known


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekWorked:
    """One whole week."""

    begins_at: datetime
    shipped: Mapping[str, int]  # features, by size
    by_provider: Mapping[str, int]  # the same, by who mainly did them; "": several, or not known

    def shipped_by(self, providers: Collection[str]) -> int:
        """Count the features that some providers may have done."""
        return sum(n for by, n in self.by_provider.items() if not by or by in providers)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredMonths:
    """What the past tells."""

    weeks: tuple[WeekWorked, ...]  # whole ones, oldest first
    shipped_at: tuple[datetime, ...]  # of every feature
    attempts: Mapping[str, Sequence[Attempted]]  # by provider: mainly done there, and priced
    kept_lost: Mapping[str, tuple[int, int]]  # by provider: features shipped, failed or reverted
    straddled: int  # finished features that were done on several providers
    unpriced: int  # finished features of which it is not known what they took
    weights: ClassWeights

    @property
    def sizes(self) -> tuple[str, ...]:
        """Give the sizes that any feature had; with none at all, the unsized."""
        seen = {size for week in self.weeks for size, count in week.shipped.items() if count}
        seen |= {one.size for own in self.attempts.values() for one in own}
        return tuple(size for size in (*SIZES, UNSIZED) if size in seen) or (UNSIZED,)

    @property
    def counts(self) -> list[list[float]]:
        """Give the features of each whole week by size, oldest first."""
        return [[float(week.shipped.get(size, 0)) for size in self.sizes] for week in self.weeks]

    def features_month(self, provider: str) -> float:
        """Give the features that a provider mainly did, a month."""
        count = sum(week.by_provider.get(provider, 0) for week in self.weeks)
        return count / len(self.weeks) * WEEKS_PER_MONTH if self.weeks else 0.0

    @property
    def mix(self) -> dict[str, float]:
        """Give the share of each size among the features shipped; of what was tried without any."""
        total = Counter[str]()
        for week in self.weeks:
            total.update(week.shipped)
        if not total:
            total.update(one.size for own in self.attempts.values() for one in own)
        every = sum(total.values())
        sizes = self.sizes
        return {size: total[size] / every if every else 1 / len(sizes) for size in sizes}

    @property
    def size_weights(self) -> dict[str, float]:
        """Give what a feature of each size counts for; the unsized are like the others' mean."""
        own: dict[str, float] = {size: self.weights.of(size) for size in SIZES}
        mix = self.mix
        sized = sum(mix.get(size, 0.0) for size in SIZES)
        mean = sum(own[size] * mix.get(size, 0.0) for size in SIZES) / sized if sized else 1.0
        return {size: own.get(size, mean) for size in self.sizes}


def measured_months(
    database: Database, history: History, *, settings: Settings, now: datetime
) -> MeasuredMonths:
    """Measure the features of the last 26 weeks."""
    work = load_work(database, settings)
    past = past_of(database, work, until=now)
    sizes = sizes_of(past, records_of(database))
    since = now - timedelta(weeks=WEEKS_BACK)
    fixed = {name: one.size for name, one in sizes.items() if one.is_good_for_verdict}
    providers = {held.account: held.provider for held in history.held}
    attempts: dict[str, list[Attempted]] = defaultdict(list)
    ended: dict[str, list[bool]] = defaultdict(list)
    straddled = unpriced = 0
    shipped: list[_Shipped] = []
    for item in work.items:
        turns = past.turns.get(item.item)
        at = _finished_at(item, turns)
        if not item.is_feature or at is None or not since <= at < now:
            continue
        size = fixed.get(item.item, UNSIZED)
        is_shipped = item.outcome == "shipped"
        provider = _provider_of(turns, providers)
        if is_shipped:
            shipped.append(_Shipped(at, size, provider or ""))
        straddled += turns is not None and provider is None
        if provider is None:
            continue
        ended[provider].append(is_shipped)
        usd = past.cost_usd(item.item)
        unpriced += usd is None
        if usd is not None:
            attempts[provider].append(Attempted(size=size, usd=usd, is_shipped=is_shipped))
    weights, _ = weights_of(past, sizes)
    return MeasuredMonths(
        weeks=tuple(_weeks(shipped, history, settings=settings, now=now)),
        shipped_at=tuple(sorted(one.at for one in shipped)),
        attempts=attempts,
        kept_lost={name: (sum(own), len(own) - sum(own)) for name, own in ended.items()},
        straddled=straddled,
        unpriced=unpriced,
        weights=weights,
    )


def usd_by_week(
    history: History, weeks: Sequence[WeekWorked], *, providers: Collection[str]
) -> list[tuple[float, float]]:
    """Give the dollars at API prices of all work on some providers, and their features, by week."""
    found = []
    for week in weeks:
        begin = minute_of(week.begins_at)
        end = begin + 7 * 24 * 60
        usd = 0.0
        for work in history.works:
            if work.provider in providers:
                first, behind = work.minutes.searchsorted([begin, end])
                usd += float(work.usd[first:behind].sum())
        found.append((usd, float(week.shipped_by(providers))))
    return found


def _finished_at(item: WorkItem, turns: ItemTurns | None) -> datetime | None:
    """Give when an item was finished: shipped, else worked on last; None: it is not."""
    if item.outcome not in FINISHED:
        return None
    if item.shipped is not None:
        return item.shipped.at
    moments = [event.at for event in item.events] + [one.at for one in item.merges]
    moments += [turns.last_at] if turns else []
    return max(moments, default=None)


def _provider_of(turns: ItemTurns | None, providers: Mapping[str, str]) -> str | None:
    """Give the provider that did mainly all of an item; None: several, or not known."""
    usd: dict[str, float] = defaultdict(float)
    for account, took in turns.usd.items() if turns else ():
        usd[providers.get(account or "", "")] += took
    whole = sum(usd.values())
    return next((by for by, took in usd.items() if by and 0 < whole * MAINLY <= took), None)


def _weeks(
    shipped: Sequence[_Shipped], history: History, *, settings: Settings, now: datetime
) -> list[WeekWorked]:
    """Cut the features into whole weeks, from that of the oldest sign of work on."""
    if not shipped:
        return []
    oldest = now - timedelta(weeks=WEEKS_BACK)
    begin = max(oldest, min([moment_of(history.begin), *(one.at for one in shipped)]))
    found = []
    for since, until in calendar_of(settings).whole_weeks(begin, now):
        if since < oldest:
            continue
        own = [one for one in shipped if since <= one.at < until]
        found.append(
            WeekWorked(
                begins_at=since,
                shipped=dict(Counter(one.size for one in own)),
                by_provider=dict(Counter(one.provider for one in own)),
            )
        )
    return found
