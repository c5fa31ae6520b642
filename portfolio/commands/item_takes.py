"""What the finished items of the last weeks took of each account, and which items run now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from portfolio.commands.assigning import Assignment
from portfolio.commands.attempts import FINISHED, took_by_item
from portfolio.commands.sizing import Past, as_merged, records_of
from portfolio.commands.work import naming_of
from portfolio.estimate.money import usd_per_unit
from portfolio.estimate.shares import priced_pool, span_at
from portfolio.estimate.size_ruling import ruling_size
from portfolio.model import PP_CAP, AccountSpan, MeterPoint
from portfolio.route.guard import Bound, Running, TookOne, bound_of_one
from portfolio.store import items as stored

if TYPE_CHECKING:
    from portfolio.commands.work import Work
    from portfolio.estimate.size_cues import Size
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

LATELY: Final = timedelta(weeks=8)  # models, code and caps change
RUNS_AT_MOST: Final = timedelta(days=30)  # the longest cycle; of what began before meters tell


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTakes:
    """What items took, and how large they are."""

    by_account: Mapping[str, Sequence[TookOne]]
    sizes: Mapping[str, Size]
    main_account: Mapping[str, str]  # of items: where they were worked on, as turns tell
    capacity_usd: Mapping[str, float]  # dollars of a whole cycle of the priced pool

    def bound(self, account: str, size: Size) -> Bound | None:
        """Give what one item of a size takes of an account's priced pool."""
        return bound_of_one(self.by_account.get(account, ()), size)


def item_takes(
    database: Database,
    work: Work,
    points: Sequence[MeterPoint],
    spans: Sequence[AccountSpan],
    *,
    catalogue: Catalogue,
    now: datetime,
) -> ItemTakes:
    """Measure the items that were begun and finished in the last eight weeks.

    Args:
        database: Where all is stored.
        work: What was worked on.
        points: What meters showed in that time, oldest first.
        spans: Of all accounts.
        catalogue: The plans.
        now: What is known by now.
    """
    since = now - LATELY
    took = took_by_item(database, work, catalogue=catalogue, now=now, since=since, points=points)
    past = Past(items={one.item: one for one in work.items}, turns={}, naming=naming_of(database))
    sizes: dict[str, Size] = {}
    for item, records in as_merged(records_of(database), past).items():
        ruling = ruling_size(records, first_turn_at=past.began_at(item))
        if ruling is not None:
            sizes[item] = ruling.size
    capacity = _capacity_usd(points, spans, catalogue, now)
    found: dict[str, list[TookOne]] = defaultdict(list)
    mains = {item: main for item, own in took.items() if (main := own.main_account)}
    for one in work.items:
        account, began = mains.get(one.item), past.began_at(one.item)
        is_whole = one.outcome in FINISHED and (began is None or began >= since)
        if account in capacity and is_whole:
            share = took[one.item].whole_usd / capacity[account]
            found[account].append(TookOne(share=share, size=sizes.get(one.item)))
    return ItemTakes(by_account=found, sizes=sizes, main_account=mains, capacity_usd=capacity)


def _capacity_usd(
    points: Sequence[MeterPoint],
    spans: Sequence[AccountSpan],
    catalogue: Catalogue,
    now: datetime,
) -> dict[str, float]:
    """Give what a whole cycle of each account's priced pool is worth at the price in force."""
    read: dict[str, set[str]] = defaultdict(set)
    for point in points:
        read[point.account or ""].add(point.pool)
    found = {}
    for account in {span.account for span in spans}:
        span = span_at([span for span in spans if span.account == account], now)
        plan = catalogue.get(span.plan) if span else None
        price = plan.price_at(now)[0] if plan else None
        pool = priced_pool(plan, now, sorted(read[account]))
        if price is not None and pool is not None:
            usd = usd_per_unit(price.usd_month, pool=pool, unit="pp", cap=None)
            if usd:
                found[account] = usd * PP_CAP
    return found


def running_items(
    database: Database,
    work: Work,
    takes: ItemTakes,
    assigned: Sequence[Assignment],
    *,
    but: str | None,
    now: datetime,
) -> list[tuple[Running, Size]]:
    """Give the items that were started or drawn lately, without what they take.

    Args:
        database: Where starts are stored.
        work: What became of items.
        takes: Their sizes, and where they were worked on.
        assigned: Every assignment, oldest first.
        but: Not this one, which is asked for.
        now: What is known by now.
    """
    began: dict[str, datetime] = {}
    moments = [(one.item, one.at) for one in stored.starts(database)]
    moments += [(one.item, one.at) for one in assigned]
    for item, at in moments:
        if item != but and now - RUNS_AT_MOST <= at <= now:
            began[item] = max(at, began.get(item, at))
    accounts = {**takes.main_account, **{one.item: one.account for one in assigned}}
    done = {one.item for one in work.items if one.outcome in FINISHED}
    return [
        (
            Running(
                item=item,
                account=accounts.get(item),
                began_at=at,
                is_open=item not in done,
                bound=None,
            ),
            takes.sizes.get(item, "M"),
        )
        for item, at in sorted(began.items())
    ]
