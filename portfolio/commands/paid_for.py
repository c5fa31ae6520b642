"""What was paid for: every account's money by part, week by week, and what each item took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from portfolio.commands.stay_spend import OwnTurns, own_turns, spent_in
from portfolio.estimate.money import MONTH, PlanOf, paid
from portfolio.estimate.paid_parts import (
    PARTS,
    PaidPart,
    PaidTime,
    PaidWeek,
    Part,
    parts_of,
    split,
)
from portfolio.estimate.paid_times import StayTime, times_of
from portfolio.estimate.window_work import WindowItems, window_items
from portfolio.settings import weeks_in

if TYPE_CHECKING:
    from portfolio.commands.placed_turns import PlacedTurns
    from portfolio.commands.reporting import Facts
    from portfolio.estimate.ledger import PaidStay
    from portfolio.settings import Settings


@dataclass(slots=True)
class PaidFor:
    """Where the money of a span went."""

    parts: list[PaidPart] = field(default_factory=list)
    """Of every account whose price is known, all of PARTS."""
    weeks: list[PaidWeek] = field(default_factory=list)
    """Those that are not zero, by account and week."""
    item_usd: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    """Dollars of capacity that every item took in the span, by account."""
    windows: set[str] = field(default_factory=set)
    """Logged windows no turn tells of, whose burn was shared over the items worked on in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the split of every account needs."""

    facts: Facts
    weeks: Sequence[datetime]  # when they begin, UTC
    parts: Mapping[str, Part]  # of every item
    windows: Mapping[str, list[WindowItems]]  # by account
    plan_of: PlanOf


def paid_for(
    facts: Facts, placed: PlacedTurns | None, *, settings: Settings, plan_of: PlanOf
) -> PaidFor:
    """Split what was paid for every account whose price is known; see `paid_parts`.

    Args:
        facts: Of the span.
        placed: The turns up to its end; None: there are none.
        settings: Where weeks begin.
        plan_of: Gives a plan by its id.
    """
    found = PaidFor()
    if facts.since >= facts.until:
        return found
    asked = _Asked(
        facts=facts,
        weeks=weeks_in(facts.since, facts.until, settings.zone, first_day=settings.week_start),
        parts=parts_of(facts.work.items),
        windows=window_items(facts.seen),
        plan_of=plan_of,
    )
    days = [begin.astimezone(settings.zone).date().isoformat() for begin in asked.weeks]
    known = {one.account for one in facts.ledger.accounts if one.paid_usd is not None}
    stays = (stay for stay in facts.ledger.stays if stay.span.account in known)
    for account, group in groupby(stays, key=lambda stay: stay.span.account):
        own = list(group)
        weeks = [dict.fromkeys(PARTS, 0.0) for _ in days]
        turns = own_turns(placed, account, own[0].span.provider, asked.parts)
        for stay in own:
            _add_stay(found, weeks, stay, turns, asked)
        found.parts += [
            PaidPart(account=account, part=part, usd=sum(week[part] for week in weeks))
            for part in PARTS
        ]
        found.weeks += [
            PaidWeek(account=account, week_start=day, part=part, usd=usd)
            for day, week in zip(days, weeks, strict=True)
            for part, usd in week.items()
            if usd > 0
        ]
    return found


def _add_stay(
    found: PaidFor,
    weeks: Sequence[dict[Part, float]],
    stay: PaidStay,
    turns: OwnTurns | None,
    asked: _Asked,
) -> None:
    """Split what one stay cost, and add it to its weeks and to its items."""
    account, meter = stay.span.account, stay.meter
    times = times_of(
        stay.stay,
        meter,
        weeks=asked.weeks,
        until=asked.facts.until,
        has_work=turns.has_any if turns else None,
    )
    costs = [
        paid(account, [stay.span], since=time.begin, until=time.end, plan_of=asked.plan_of).usd
        or 0.0
        for time in times
    ]
    worth = _worth(stay, times, costs)
    used: Sequence[Mapping[Part, float]] = [{} for _ in times]
    if meter is not None and worth is not None:
        windows = asked.windows.get(account, [])
        spent = spent_in(meter, times, worth, turns=turns, windows=windows, parts=asked.parts)
        used = spent.by_time
        found.windows |= {window.window for window in spent.windows}
        for item, usd in spent.by_item.items():
            own = found.item_usd[item]
            own[account] = own.get(account, 0.0) + usd
    told = _told(times, costs, used, is_measured=worth is not None)
    for time, parts in zip(times, told, strict=True):
        for part, usd in parts.items():
            weeks[time.week][part] += usd


def _told(
    times: Sequence[StayTime],
    costs: Sequence[float],
    used: Sequence[Mapping[Part, float]],
    *,
    is_measured: bool,
) -> list[dict[Part, float]]:
    """Split every cycle by itself, and give the parts of each piece of time."""
    found: list[dict[Part, float]] = []
    pieces = zip(times, costs, used, strict=True)
    for _, cycle in groupby(pieces, key=lambda piece: piece[0].cycle):
        found += split(
            [
                PaidTime(
                    paid_usd=cost,
                    used_usd=by_part,
                    rest=time.rest if is_measured else "unmeasured",
                )
                for time, cost, by_part in cycle
            ]
        )
    return found


def _worth(stay: PaidStay, times: Sequence[StayTime], costs: Sequence[float]) -> list[float] | None:
    """Give the dollars of one unit in each piece of time, at what its cycle cost.

    None where they are not known: no meter was read, or its cap is not known.
    """
    if stay.meter is None:
        return None
    found: list[float] = []
    pieces = zip(times, costs, strict=True)
    for _, cycle in groupby(pieces, key=lambda piece: piece[0].cycle):
        own = list(cycle)
        months = (own[-1][0].end - own[0][0].begin) / MONTH
        usd = stay.meter.worth_of(sum(cost for _, cost in own) / months, stay.stay.end)
        if usd is None:
            return None
        found += [usd] * len(own)
    return found
