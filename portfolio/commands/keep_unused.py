"""What expired of each account in whole cycles, and how long it stood at a cap, by its meters.

It is told from what the meters themselves showed, not from a replay: that is what happened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from portfolio.estimate.account_spend import Meter, Stay, meter_of
from portfolio.estimate.cycle_use import (
    CycleUsed,
    Spans,
    cycles_used,
    full_spans,
    hours_in,
    tells_end,
)
from portfolio.estimate.money import ALWAYS, MONTH, WEEK
from portfolio.estimate.spans import joined
from portfolio.model import PP_CAP, is_scoped
from portfolio.rebalance.history import moment_of
from portfolio.report.answers.keep import UnusedCycle, UnusedRow

if TYPE_CHECKING:
    from portfolio.model import MeterPoint, Plan
    from portfolio.rebalance.history import Held, History
    from portfolio.store.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen of one account on the plan it is on last."""

    held: Held
    meter: Meter | None  # of the priced pool; None: never read
    points: Sequence[MeterPoint]
    full: Spans  # when any of its pools for all models stood at its cap


def seen_of(
    history: History, points: Iterable[MeterPoint], *, catalogue: Catalogue
) -> dict[str, Seen]:
    """Follow the meters of every account, by its name."""
    by_account: dict[str, list[MeterPoint]] = defaultdict(list)
    for point in points:
        by_account[point.account or ""].append(point)
    now = moment_of(history.end)
    found = {}
    for held in history.held:
        begin = max(moment_of(history.begin), held.since or ALWAYS)
        stay = Stay(held.account, held.plan, begin, min(held.until or now, now))
        own = [one for one in by_account[held.account] if begin <= one.read_at <= stay.end]
        plan = catalogue.get(held.plan)
        found[held.account] = Seen(
            held=held,
            meter=meter_of(stay, own, plan_of=catalogue.get) if stay.begin < stay.end else None,
            points=own,
            full=_full(own, plan, until=stay.end),
        )
    return found


def _full(points: Sequence[MeterPoint], plan: Plan | None, *, until: datetime) -> Spans:
    """Give when any pool for all models stood at its cap; what was read goes before a count."""
    by_pool: dict[tuple[str, str], list[MeterPoint]] = defaultdict(list)
    real = {point.pool for point in points if not point.is_computed}
    for point in points:
        if not is_scoped(point.pool) and not (point.is_computed and point.pool in real):
            by_pool[point.pool, point.unit].append(point)
    facts = plan.pools_at(until) if plan else {}
    spans: Spans = []
    for (pool, unit), own in by_pool.items():
        fact = facts.get(pool)
        cap = fact.cap if fact is not None and fact.unit == unit else None
        spans += full_spans(own, cap=cap, until=until)
    return joined(spans)


def unused_rows(history: History, seen: Mapping[str, Seen]) -> list[UnusedRow]:
    """Give a row for every account held whose meter was read in a cycle that is over.

    Without a cap there is none: what was used of it is not known, nor whether it was full.
    """
    worked: dict[str, list[datetime]] = defaultdict(list)
    for work in history.works:
        worked[work.account] += map(moment_of, work.minutes.tolist())
    rows = []
    for account, own in seen.items():
        meter = own.meter
        if meter is not None and own.held.until is None and _cap(meter, meter.stay.end):
            row = _row(own, meter, sorted(worked[account]))
            rows += [row] if row.each else []
    return rows


def _row(seen: Seen, meter: Meter, worked_at: Sequence[datetime]) -> UnusedRow:
    own = [point for point in seen.points if (point.pool, point.unit) == (meter.pool, meter.unit)]
    cycles = cycles_used(own, meter.uses, since=meter.stay.begin, until=meter.stay.end)
    each = [_cycle(one, meter, seen.full, is_told=tells_end(one, worked_at)) for one in cycles]
    told = [one for one in each if one.used_share is not None]
    # What was used over one week's cap is no room taken from another's.
    shares = [min(1.0, one.used_share) for one in told if one.used_share is not None]
    expired = [one.unused_usd for one in told if one.unused_usd is not None]
    paid = [_paid(meter, one.begin, one.end) for one in told]
    known = [usd for usd in paid if usd is not None]
    months = sum((one.end - one.begin) / MONTH for one in told)
    weeks = sum((one.end - one.begin) / WEEK for one in each)
    return UnusedRow(
        account=seen.held.account,
        plan=seen.held.plan or "",
        pool=meter.pool,
        cycles=len(told),
        cycles_untold=len(each) - len(told),
        used_share=sum(shares) / len(shares) if shares else None,
        paid_usd_month=sum(known) / months if told and len(known) == len(told) else None,
        expired_usd_month=sum(expired) / months if told and len(expired) == len(told) else None,
        full_hours_week=sum(one.full_hours for one in each) / weeks if weeks else None,
        is_computed=meter.is_computed,
        each=tuple(each),
    )


def _cycle(cycle: CycleUsed, meter: Meter, full: Spans, *, is_told: bool) -> UnusedCycle:
    cap, paid = _cap(meter, cycle.begin), _paid(meter, cycle.begin, cycle.end)
    share = cycle.used / cap if is_told and cap else None
    return UnusedCycle(
        begin=cycle.begin,
        end=cycle.end,
        last_read_at=cycle.last_read_at,
        used_share=share,
        unused_usd=None if share is None or paid is None else max(0.0, 1 - share) * paid,
        full_hours=hours_in(full, cycle.begin, cycle.end),
    )


def _paid(meter: Meter, begin: datetime, end: datetime) -> float | None:
    """Give what a cycle cost; one that the provider reset early, up to there."""
    price, _ = meter.plan.price_at(begin) if meter.plan else (None, False)
    return price.usd_month * ((end - begin) / MONTH) if price else None


def _cap(meter: Meter, at: datetime) -> float | None:
    if meter.unit == "pp":
        return PP_CAP
    fact = meter.plan.pools_at(at).get(meter.pool) if meter.plan else None
    return meter.cap or (fact.cap if fact is not None and fact.unit == meter.unit else None)
