"""Allocations that were kept, and what came of the last one."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from portfolio.estimate.money import MONTH, paid
from portfolio.report.answers.rebalance import LastMonth
from portfolio.store import decisions, read
from portfolio.store.decisions import ALL_ACCOUNTS, Decision

if TYPE_CHECKING:
    from portfolio.report.answers.rebalance import HoldRow, MonthFigures
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

KIND: Final[decisions.Kind] = "allocation"


class _Kept(NamedTuple):
    """One allocation as it was kept."""

    made_at: datetime
    until: datetime
    hold: dict[str, int]
    plans_usd: float
    api_usd: float | None
    features: float | None


def keep_allocation(
    database: Database,
    hold: Sequence[HoldRow],
    expected: MonthFigures,
    *,
    zone: tzinfo,
    rests_since: datetime,
    now: datetime,
) -> None:
    """Keep an allocation, the first that is made in a month of the calendar."""
    month = _month(now, zone)
    if any(_month(one.made_at, zone) == month for one in _kept(database, now=now)):
        return
    said = {
        "api_usd": expected.api_usd,
        "features": expected.features,
        "hold": {one.plan: one.count for one in hold},
        "plans_usd": expected.plans_usd,
    }
    answer = json.dumps(said, sort_keys=True)
    made = Decision(answer, now, now, now + MONTH, rests_since, now)
    decisions.add_decision(database, KIND, ALL_ACCOUNTS, made, now=now)


def last_month(
    database: Database,
    shipped_at: Sequence[datetime],
    *,
    catalogue: Catalogue,
    zone: tzinfo,
    now: datetime,
) -> LastMonth | None:
    """Set the newest allocation of an earlier month beside what came; None: there is none."""
    month = _month(now, zone)
    earlier = [one for one in _kept(database, now=now) if _month(one.made_at, zone) < month]
    if not earlier:
        return None
    one = earlier[-1]
    until = min(now, one.until)
    share = (until - one.made_at) / MONTH
    spans = read.account_spans(database)
    costs = [
        paid(account, spans, since=one.made_at, until=until, plan_of=catalogue.get).usd
        for account in sorted({span.account for span in spans})
    ]
    known = [usd for usd in costs if usd is not None]
    paid_usd = sum(known) if len(known) == len(costs) else None
    shipped = bisect_left(shipped_at, until) - bisect_left(shipped_at, one.made_at)
    held = Counter(span.plan for span in spans if span.holds_at(until))
    expected = one.plans_usd + (one.api_usd or 0.0)
    return LastMonth(
        made_at=one.made_at,
        since=one.made_at,
        until=until,
        is_over=until == one.until,
        plans_usd=one.plans_usd * share,
        api_usd=None if one.api_usd is None else one.api_usd * share,
        features=None if one.features is None else one.features * share,
        cost_per_feature_usd=expected / one.features if one.features else None,
        paid_usd=paid_usd,
        shipped=shipped,
        paid_per_feature_usd=paid_usd / shipped if paid_usd is not None and shipped else None,
        is_followed=held == Counter(one.hold),
    )


def _month(at: datetime, zone: tzinfo) -> tuple[int, int]:
    local = at.astimezone(zone)
    return local.year, local.month


def _kept(database: Database, *, now: datetime) -> list[_Kept]:
    """Give what was kept, oldest first, but for what no program of ours wrote."""
    found = []
    for one in decisions.decisions(database, KIND, ALL_ACCOUNTS, now=now):
        try:
            said: dict[str, Any] = json.loads(one.answer)
            hold = {str(plan): int(count) for plan, count in said["hold"].items()}
            api_usd, features = said["api_usd"], said["features"]
            found.append(
                _Kept(
                    one.made_at,
                    one.ends_at or one.made_at + MONTH,
                    hold,
                    float(said["plans_usd"]),
                    None if api_usd is None else float(api_usd),
                    None if features is None else float(features),
                )
            )
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            continue
    return sorted(found)
