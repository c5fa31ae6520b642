"""`next`: say whether the next item may start now, and on which account."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from portfolio.commands.assigning import Assignment, assignments
from portfolio.commands.item_takes import LATELY, item_takes, running_items
from portfolio.commands.metering import computed_meters
from portfolio.commands.next_choice import Found, Wanted, chosen, judged
from portfolio.commands.sizing import history, past_of, predicted
from portfolio.commands.twin_offer import expiring_quota
from portfolio.commands.work import load_work
from portfolio.errors import NoRoomError, UnknownNameError
from portfolio.estimate.interval import FEWEST_SETTLED
from portfolio.estimate.pace import accounts_at_a_cap
from portfolio.estimate.shares import span_at
from portfolio.report.answers.next import NextAccount, NextAnswer, SizeFrom
from portfolio.route.guard import counts
from portfolio.route.pools_now import pools_now
from portfolio.store import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portfolio.commands.item_takes import ItemTakes
    from portfolio.commands.work import Work
    from portfolio.estimate.size_cues import Size
    from portfolio.model import AccountSpan, MeterPoint
    from portfolio.route.guard import PoolNow, Running
    from portfolio.settings import Home, Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedNext:
    """What is asked: which item, how large, where."""

    item: str | None = None
    size: Size | None = None
    on: str | None = None
    folder: Path | None = None  # of the checkout that a number is of


def next_item(
    database: Database,
    asked: AskedNext,
    *,
    home: Home,
    settings: Settings,
    catalogue: Catalogue,
    fresh: Sequence[MeterPoint] = (),
    now: datetime,
) -> NextAnswer:
    """Say whether an item may start, where, or when; nothing is written.

    An item that chance assigned stays where it was drawn: it waits. One that was chosen, or asked
    for with --on, is sent elsewhere where there is no room. Where several have room, those that
    are out of the race are left out; then what expires first unused, then what an item is cheapest
    on.

    Args:
        fresh: Readings that are not stored yet.

    Raises:
        UnknownNameError: There is no such open account.
        NoRoomError: There is no open account at all.
    """
    spans = read.account_spans(database)
    open_now = _open_accounts(spans, asked.on, now)
    points = late_points(database, catalogue, fresh=fresh, now=now)
    work = load_work(database, settings)
    takes = item_takes(database, work, points, spans, catalogue=catalogue, now=now)
    item, past = _item(database, asked), assignments(database, now=now)
    size, size_from = _size(database, work, asked, item, sizes=takes.sizes, now=now)
    running = running_items(database, work, takes, past, but=item, now=now)
    pools = pools_by_account(points, open_now, spans, catalogue=catalogue, now=now)
    accounts = _judged(pools, takes, running, size=size, settings=settings, now=now)
    wanted = _wanted(asked, item, past)
    full = accounts_at_a_cap(points, now=now)
    eligible = tuple(account for account in open_now if account not in full)
    if wanted.account is None and len(eligible) > 1 and _may_be_out(past):
        from portfolio.commands.race_facts import race_facts

        told = race_facts(database, home=home, settings=settings, catalogue=catalogue, now=now)
        racing = {one.arm.account for one in told.racers if one.arm.name not in told.out}
        eligible = tuple(account for account in eligible if account in racing) or eligible
    found = Found(
        item=item,
        size=size,
        size_from=size_from,
        accounts=accounts,
        eligible=eligible,
        expiring=tuple(expiring_quota(points, open_now, now=now)),
        running=_counted(running, pools, now),
    )
    return chosen(found, wanted, zone=settings.zone)


def _counted(
    running: Sequence[tuple[Running, Size]], pools: Mapping[str, Sequence[PoolNow]], now: datetime
) -> list[tuple[Running, Size]]:
    """Leave out what every meter that it moved already tells of."""
    return [
        (one, size)
        for one, size in running
        if any(
            counts(one, pool, now)
            for account, own in pools.items()
            if one.account in (None, account)
            for pool in own
        )
    ]


def accounts_with_room(
    database: Database,
    item: str,
    work: Work,
    *,
    size: Size,
    settings: Settings,
    catalogue: Catalogue,
    now: datetime,
) -> set[str]:
    """Give the open accounts on which an item of a size may start, as `next` says of each."""
    spans = read.account_spans(database)
    points = late_points(database, catalogue, fresh=(), now=now)
    takes = item_takes(database, work, points, spans, catalogue=catalogue, now=now)
    past = assignments(database, now=now)
    running = running_items(database, work, takes, past, but=item, now=now)
    open_now = sorted({span.account for span in spans if span.holds_at(now)})
    pools = pools_by_account(points, open_now, spans, catalogue=catalogue, now=now)
    told = _judged(pools, takes, running, size=size, settings=settings, now=now)
    return {one.account for one in told if one.has_room}


def _judged(
    pools: Mapping[str, Sequence[PoolNow]],
    takes: ItemTakes,
    running: Sequence[tuple[Running, Size]],
    *,
    size: Size,
    settings: Settings,
    now: datetime,
) -> tuple[NextAccount, ...]:
    return tuple(
        judged(account, own, takes, running, size=size, reserve=settings.reserve_for_me, now=now)
        for account, own in pools.items()
    )


def _open_accounts(spans: Sequence[AccountSpan], on: str | None, now: datetime) -> list[str]:
    """Give the open accounts, one of which is asked for."""
    found = sorted({span.account for span in spans if span.holds_at(now)})
    if not found:
        raise NoRoomError([])
    if on is not None and on not in found:
        raise UnknownNameError("account", on, known=found)
    return found


def late_points(
    database: Database, catalogue: Catalogue, *, fresh: Sequence[MeterPoint], now: datetime
) -> list[MeterPoint]:
    """Give what meters showed lately, oldest first; the rest of a long history is not read.

    Args:
        fresh: Readings that are not stored yet.
    """
    stored = read.recent_readings(database, since=now - LATELY)
    computed = computed_meters(database, catalogue, stored, now=now).points
    late = [point for point in computed if point.read_at >= now - LATELY]
    more = [*late, *fresh]
    return sorted([*stored, *more], key=lambda point: point.read_at) if more else stored


def pools_by_account(
    points: Sequence[MeterPoint],
    accounts: Sequence[str],
    spans: Sequence[AccountSpan],
    *,
    catalogue: Catalogue,
    now: datetime,
) -> Mapping[str, list[PoolNow]]:
    """Give where the pools of each account stand: those of its plan, and those that were read."""
    own: dict[str, list[MeterPoint]] = defaultdict(list)
    for point in points:
        own[point.account or ""].append(point)
    found = {}
    for account in accounts:
        span = span_at([span for span in spans if span.account == account], now)
        plan = catalogue.get(span.plan) if span else None
        names = plan.pools_at(now) if plan else {}
        found[account] = pools_now(own[account], list(names), since=now - LATELY, now=now)
    return found


def _item(database: Database, asked: AskedNext) -> str | None:
    """Give the id of what is asked for; a number is of the repository one stands in."""
    if asked.item is None or not asked.item.removeprefix("#").isdecimal():
        return asked.item
    from portfolio.commands.starting import name_of
    from portfolio.ingest.start_file import checkout_of

    place, _ = checkout_of(asked.folder or Path())
    return f"{name_of(database, place)}.{asked.item.removeprefix('#')}"


def _size(
    database: Database,
    work: Work,
    asked: AskedNext,
    item: str | None,
    *,
    sizes: Mapping[str, Size],
    now: datetime,
) -> tuple[Size, SizeFrom]:
    """Give the size to plan with: as asked, as fixed, as predicted, else the usual M."""
    if asked.size is not None:
        return asked.size, "--size"
    if item is None:
        return "M", "default"
    if item in sizes:
        return sizes[item], "recorded"
    past = past_of(database, work, until=now)
    thought = predicted(item, None, past, history(past), at=now)
    if thought.basis == "default":
        return "M", "default"
    return thought.size, "predicted"


def _wanted(asked: AskedNext, item: str | None, past: Sequence[Assignment]) -> Wanted:
    """Give the account that is asked for: by --on, else as the item was assigned."""
    if asked.on is not None:
        return Wanted(account=asked.on, by="--on")
    mine = [one for one in past if item is not None and one.item == item]
    if not mine:
        return Wanted(account=None, by=None)
    return Wanted(account=mine[-1].account, by=mine[-1].how)


def _may_be_out(past: Sequence[Assignment]) -> bool:
    """Tell whether the race may have eliminated anyone: that takes six finished draws of one."""
    counts = Counter(one.account for one in past if one.how == "drawn")
    return max(counts.values(), default=0) >= FEWEST_SETTLED
