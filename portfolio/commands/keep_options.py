"""The changes `keep` looks at, and what the past weeks would have been like after each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from portfolio.model import is_scoped
from portfolio.rebalance.draws import Known
from portfolio.rebalance.grid import Grid, grid_of
from portfolio.rebalance.history import Held, History, moment_of
from portfolio.rebalance.leaving import WeekMoved, weeks_moved
from portfolio.rebalance.portfolio import Setup, Unjudged, set_up
from portfolio.rebalance.replay import replay
from portfolio.rebalance.seated_pool import Seat
from portfolio.rebalance.weeks import judged_weeks, priced_meter

if TYPE_CHECKING:
    from portfolio.model import Plan
    from portfolio.report.answers.keep import Change
    from portfolio.store.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A change: the accounts whose work has to find room anew, and the smaller plans, if any."""

    leaving: tuple[Held, ...]
    smaller: tuple[Plan | None, ...]  # of each; None: it is given up
    saving_usd_month: float | None  # None: a price is not known

    @property
    def to(self) -> Plan | None:
        """Give the smaller plan of the first."""
        return self.smaller[0]

    @property
    def change(self) -> Change:
        """Tell what is done with the first."""
        return "cancel" if self.to is None else "downgrade"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What the weeks would have been like after a change."""

    option: Option
    weeks: tuple[WeekMoved, ...]  # judged; where nothing can be said of them, those looked at
    unmeasured: str | None  # slug: why nothing can be said of it
    unjudged: tuple[Unjudged, ...]  # pools that could not be counted as room


@dataclass(frozen=True)
class Trial:
    """Tries changes on one history; what is not known for sure is taken at its dearer end."""

    history: History
    catalogue: Catalogue
    _known: Known = field(default_factory=dict)  # what works take, for every option

    @cached_property
    def grid(self) -> Grid:
        """Give the minutes in which anything was worked."""
        return grid_of(self.history.works)

    @cached_property
    def held(self) -> tuple[Held, ...]:
        """Give the accounts that are still held."""
        return tuple(one for one in self.history.held if one.until is None)

    def options(self) -> list[Option]:
        """Give every plan left out, and every next smaller one, by account."""
        found = []
        for one in self.held:
            price = self._price(self.catalogue.get(one.plan))
            found.append(Option(leaving=(one,), smaller=(None,), saving_usd_month=price))
            smaller = self._next_smaller(one, price)
            if smaller is not None and price is not None:
                saving = price - (self._price(smaller) or 0.0)
                found.append(Option(leaving=(one,), smaller=(smaller,), saving_usd_month=saving))
        return found

    def tried(self, option: Option) -> Tried:
        """Replay the past without what an option gives up."""
        leaving = {one.account for one in option.leaving}
        unmeasured = next((why for one in option.leaving if (why := self._lacks(one))), None)
        staying = [one for one in self.held if one.account not in leaving]
        # Of an account that nobody watched, nobody knows how much room it has.
        watched = [one for one in staying if priced_meter(one) is not None]
        seats = [_seat(one) for one in watched if self.catalogue.get(one.plan) is not None]
        smaller = [
            Seat(name=one.account, plan=to.plan, account=one.account)
            for one, to in zip(option.leaving, option.smaller, strict=True)
            if to is not None
        ]
        seats += smaller
        setup, unjudged = self._set_up(tuple(seats))
        kept = {seat.account for seat in setup.seats}
        for seat in smaller:
            if seat.account not in kept:
                lack = next(one.reason for one in unjudged if one.seat == seat.name)
                unmeasured = unmeasured or lack
        # Where nothing tells what work would take, an account is no room, read or not.
        shut = {one.seat for one in unjudged}
        others = [one for one in staying if one.account in kept - shut]
        weeks = () if unmeasured else self._weeks(option, setup, others)
        unwatched = [_unwatched(one) for one in staying if priced_meter(one) is None]
        closed = [one for one in (*unjudged, *unwatched) if one.seat not in leaving]
        if closed and any(week.blocked_usd for week in weeks):
            unmeasured = "others-unknown"
        return Tried(
            option=option,
            weeks=tuple(weeks),
            unmeasured=unmeasured,
            unjudged=tuple(closed),
        )

    def _weeks(self, option: Option, setup: Setup, others: Sequence[Held]) -> list[WeekMoved]:
        weeks = judged_weeks(self.history, option.leaving[0], [*option.leaving[1:], *others])
        if not weeks:
            return []
        leaving = {one.account for one in option.leaving}
        has_seat = {seat.account for seat in setup.seats} - leaving
        held = {one.account for one in self.held} - leaving
        # Those that stay on an account of which too little is known neither move nor make room.
        apart = [
            work.account in held and work.account not in has_seat for work in self.history.works
        ]
        alone = (len(setup.seats),)  # an account without a pool has room for everything
        replayed = replay(
            [work.minutes for work in self.history.works],
            routes=[
                alone if is_apart else route
                for route, is_apart in zip(setup.routes, apart, strict=True)
            ],
            quotas=setup.quotas,
            begin=self.history.begin,
            end=self.history.end,
        )
        moved = [
            work.account not in has_seat and not is_apart
            for work, is_apart in zip(self.history.works, apart, strict=True)
        ]
        return weeks_moved(self.history, setup, replayed, grid=self.grid, moved=moved, weeks=weeks)

    def _set_up(self, seats: tuple[Seat, ...]) -> tuple[Setup, tuple[Unjudged, ...]]:
        """Give the pools of the seats that all is known of; the others make no room for anybody."""
        unjudged: list[Unjudged] = []
        left = seats
        while True:
            setup = set_up(
                self.history,
                left,
                catalogue=self.catalogue,
                reckoning="tight",
                known=self._known,
            )
            # A scoped pool stands beside the one for all models, which is the larger worry.
            # Work that no reading tells of lies in no week that is judged.
            told = [
                one
                for one in setup.unjudged
                if not is_scoped(one.pool) and one.reason != "partly-read"
            ]
            lacking = [one for one in told if one.reason != "no-rate"]
            unjudged += told
            if not lacking:
                return setup, tuple(unjudged)
            names = {one.seat for one in lacking}
            left = tuple(seat for seat in left if seat.name not in names)

    def _lacks(self, one: Held) -> str | None:
        """Give the slug of what is missing to say anything of an account."""
        if self.catalogue.get(one.plan) is None:
            return "plan-unknown"
        meter = priced_meter(one)
        if meter is None:
            return "never-read"
        own = [work for work in self.history.works if work.account == one.account]
        burned = sum(float(work.burn[meter.pool].sum()) for work in own if meter.pool in work.burn)
        has_usd = any(work.usd.any() for work in own)
        # What was worked elsewhere weighs nothing where nothing tells what a unit holds.
        is_short = meter.usd_per_unit is None and one.coverage is not None and one.coverage < 1
        return "no-rate" if burned > 0 and (is_short or not has_usd) else None

    def _price(self, plan: Plan | None) -> float | None:
        price, _ = plan.price_at(moment_of(self.history.end)) if plan else (None, False)
        return price.usd_month if price else None

    def _next_smaller(self, one: Held, price: float | None) -> Plan | None:
        """Give the dearest of the provider's cheaper plans that has pools now."""
        now = moment_of(self.history.end)
        cheaper = [
            (own, plan)
            for plan in self.catalogue
            if plan.provider == one.provider
            and (own := self._price(plan)) is not None
            and price is not None
            and own < price
            and plan.pools_at(now)
        ]
        return max(cheaper, key=lambda pair: pair[0], default=(0.0, None))[1]


def _seat(held: Held) -> Seat:
    return Seat(name=held.account, plan=held.plan or "", account=held.account)


def _unwatched(held: Held) -> Unjudged:
    return Unjudged(seat=held.account, pool="week", reason="never-read", hint="portfolio doctor")
