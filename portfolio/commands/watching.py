"""`watch`: where things stand, again and again, with the store open only for the moment of a look.

What needs the store (what `next` and `race` say, whose a capture is) is asked now and then and
kept; pools and the open window come from small files each time, so that a new capture shows at
once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from portfolio.commands.next_item import (
    AskedNext,
    late_points,
    next_item,
    pools_by_account,
)
from portfolio.commands.opened_windows import opened_windows
from portfolio.commands.racing import race
from portfolio.errors import NoRoomError, StoreBusyError
from portfolio.estimate.pace import paces
from portfolio.ingest.owners import ownership
from portfolio.ingest.spool_glance import SpoolGlance, points_of
from portfolio.report.answers.watch import (
    WatchAnswer,
    WatchedNext,
    WatchedPool,
    WatchedRace,
    WatchedWindow,
)
from portfolio.settings import load
from portfolio.store import logins, read
from portfolio.store.opening import opened

if TYPE_CHECKING:
    from portfolio.estimate.ownership import Ownership
    from portfolio.estimate.pace import Pace
    from portfolio.ingest.spool_intake import Capture
    from portfolio.model import AccountLogin, AccountSpan, MeterPoint
    from portfolio.report.answers.racing import RaceAnswer
    from portfolio.route.guard import PoolNow
    from portfolio.settings import Home, Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

SETUP = "no account is open yet (portfolio account add NAME --provider P --plan ID)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the store told at one moment."""

    at: datetime
    spans: Sequence[AccountSpan]
    points: Sequence[MeterPoint]  # the newest of each pool, oldest first
    owner: Ownership
    links: Sequence[AccountLogin]
    next: WatchedNext | None  # None: no account is open
    race: WatchedRace


@dataclass(slots=True, kw_only=True)
class Watch:
    """One watch over a home."""

    home: Home
    catalogue: Catalogue
    seen: Seen | None = None
    held_by: str | None = None
    _glance: SpoolGlance = field(init=False)
    _shown: list[str] = field(default_factory=list)  # captures as the store was read last

    def __post_init__(self) -> None:
        self._glance = SpoolGlance(self.home)

    def look(self, *, wait_s: float, now: datetime) -> None:
        """Read the store, and close it again.

        Raises:
            StoreBusyError: Another command held it for all of `wait_s` seconds.
        """
        settings = load(self.home)
        captures = self._glance.captures(now=now)
        with opened(self.home.store_path, wait_s=wait_s) as database:
            self.seen = _seen(
                database,
                captures,
                home=self.home,
                settings=settings,
                catalogue=self.catalogue,
                now=now,
            )
        self._shown, self.held_by = [one.name for one in captures], None

    def glimpse(self, *, now: datetime) -> None:
        """Read the store if nobody else holds it; else go on with what it told before."""
        try:
            self.look(wait_s=0, now=now)
        except StoreBusyError as error:
            self.held_by = error.holder

    def has_news(self, *, now: datetime) -> bool:
        """Tell whether captures came, or were taken in, since the store was read."""
        return [one.name for one in self._glance.captures(now=now)] != self._shown

    def answer(self, *, now: datetime) -> WatchAnswer:
        """Say where things stand now; the store is not opened."""
        captures = self._glance.captures(now=now)
        seen = self.seen
        fresh = [points_of(one, seen.owner, seen.links) for one in captures] if seen else []
        return WatchAnswer(
            at=now,
            read_at=seen.at if seen else None,
            held_by=self.held_by,
            pools=_pools(seen, chain(*fresh), self.catalogue, now) if seen else (),
            captures=len(captures),
            captures_of_nobody=sum(any(one.account is None for one in own) for own in fresh),
            window=_window(self.home, now),
            next=seen.next if seen else None,
            next_lacks=SETUP if seen and seen.next is None else None,
            race=seen.race if seen else None,
        )


def watch_once(*, home: Home, catalogue: Catalogue, now: datetime) -> WatchAnswer:
    """Say where things stand now.

    Raises:
        StoreBusyError: Another command held the store for longer than the settings say.
    """
    watch = Watch(home=home, catalogue=catalogue)
    watch.look(wait_s=load(home).lock_wait_s, now=now)
    return watch.answer(now=now)


def _seen(
    database: Database,
    captures: Sequence[Capture],
    *,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    now: datetime,
) -> Seen:
    owner, links = ownership(database), logins.account_logins(database)
    fresh = [*chain(*(points_of(one, owner, links) for one in captures))]
    try:
        told = next_item(
            database,
            AskedNext(),
            home=home,
            settings=settings,
            catalogue=catalogue,
            fresh=fresh,
            now=now,
        )
    except NoRoomError:
        found = None
    else:
        found = WatchedNext(
            decision=told.decision, account=told.account, until=told.until, reason=told.reason
        )
    return Seen(
        at=now,
        spans=read.account_spans(database),
        points=_newest_of_each(late_points(database, catalogue, fresh=(), now=now)),
        owner=owner,
        links=links,
        next=found,
        race=_race(race(database, home=home, settings=settings, catalogue=catalogue, now=now)),
    )


def _newest_of_each(points: Iterable[MeterPoint]) -> list[MeterPoint]:
    """Give the newest reading of each pool in each unit, and the newest computed one."""
    newest = {(one.account, one.pool, one.unit, one.is_computed): one for one in points}
    return sorted(newest.values(), key=lambda one: one.read_at)


def _race(told: RaceAnswer) -> WatchedRace:
    chance = {one.arm: one.probability_best for one in told.arms}
    return WatchedRace(
        phase=told.phase,
        racing=sum(one.out_since is None and one.verdict != "gone" for one in told.arms),
        leader=told.leader,
        probability_best=chance.get(told.leader) if told.leader else None,
        winner=told.winner,
        next_thing=told.next_thing,
    )


def _pools(
    seen: Seen, fresh: Iterable[MeterPoint], catalogue: Catalogue, now: datetime
) -> tuple[WatchedPool, ...]:
    """Give the pools of every open account, the first to hit its cap first."""
    points = sorted([*seen.points, *fresh], key=lambda one: one.read_at)
    accounts = sorted({span.account for span in seen.spans if span.holds_at(now)})
    by_account = pools_by_account(points, accounts, seen.spans, catalogue=catalogue, now=now)
    known = {
        (one.account, one.pool): (place, one) for place, one in enumerate(paces(points, now=now))
    }
    rows = [
        (known.get((account, pool.pool)), account, pool)
        for account in accounts
        for pool in by_account[account]
    ]
    rows.sort(key=lambda row: row[0][0] if row[0] else len(known))
    return tuple(
        _pool(account, pool, pace[1] if pace else None, now) for pace, account, pool in rows
    )


def _pool(account: str, pool: PoolNow, pace: Pace | None, now: datetime) -> WatchedPool:
    elapsed = None
    if pool.cycle is not None and pool.resets_at is not None:
        elapsed = min(1.0, max(0.0, 1 - (pool.resets_at - now) / pool.cycle))
    return WatchedPool(
        account=account,
        pool=pool.pool,
        used=pool.used,
        standing=pool.standing,
        told_at=pool.told_at,
        resets_at=pool.resets_at,
        elapsed=elapsed,
        hits_at=pace.hits_at if pace else None,
        is_paced=pace is not None,
    )


def _window(home: Home, now: datetime) -> WatchedWindow | None:
    """Give the window that is open now, if one was opened."""
    for one in reversed(opened_windows(home)):
        if one.start_at <= now < one.end_at:
            return WatchedWindow(window=one.window, start_at=one.start_at, end_at=one.end_at)
    return None
