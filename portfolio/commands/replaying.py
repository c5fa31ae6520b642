"""`replay`: the work of the past weeks under any plans of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, get_args

from portfolio.commands.histories import history_of
from portfolio.commands.keep import WEEKS_BACK
from portfolio.errors import EmptySpanError, PlanNotJudgedError
from portfolio.model import is_scoped
from portfolio.rebalance.blocked import (
    blocked_places,
    blocked_spans,
    blocked_usd,
    full_pools,
    seat_uses,
)
from portfolio.rebalance.history import History, moment_of
from portfolio.rebalance.portfolio import set_up
from portfolio.rebalance.replay import replay as replayed_under
from portfolio.rebalance.seated_pool import Reckoning, Seat
from portfolio.rebalance.weeks import priced_meter
from portfolio.report.answers.keep import NotJudged
from portfolio.report.answers.replaying import (
    BlockedPlace,
    BlockedScope,
    BlockedSpan,
    Range,
    ReplayAnswer,
    SeatRow,
)

if TYPE_CHECKING:
    from portfolio.rebalance.portfolio import Setup
    from portfolio.rebalance.replay import Replayed
    from portfolio.settings import Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

HOUR: Final = 60  # minutes


def replay(
    database: Database,
    plans: Sequence[str],
    *,
    catalogue: Catalogue,
    settings: Settings,
    since: datetime | None,
    now: datetime,
) -> ReplayAnswer:
    """Replay what is stored under some plans.

    Raises:
        UnknownNameError: A plan is not in the catalogue.
        EmptySpanError: The span begins after now.
        PlanNotJudgedError: Of a plan so little is known that nothing can be said of the whole.
    """
    begin = since or now - timedelta(weeks=WEEKS_BACK)
    if begin >= now:
        raise EmptySpanError
    history = history_of(database, catalogue, settings=settings, since=begin, now=now)
    seats = _seats(history, plans, catalogue)
    outcomes = _outcomes(history, seats, catalogue)
    spans = {way: blocked_spans(*both) for way, both in outcomes.items()}
    hours = {way: _hours(own) for way, own in spans.items()}
    usd = {way: blocked_usd(history, both[1]) for way, both in outcomes.items()}
    worst = outcomes["tight"]
    return ReplayAnswer(
        since=moment_of(history.begin),
        until=moment_of(history.end),
        plans=tuple(_rows(outcomes, catalogue=catalogue, now=now)),
        work_usd=sum(float(work.usd.sum()) for work in history.works),
        blocked_hours=_range(hours),
        overflow_usd=_range(usd),
        blocked_spans=tuple(
            BlockedSpan(
                since=moment_of(start),
                until=moment_of(end),
                pools=tuple(" ".join(one) for one in full_pools(*worst, start)),
            )
            for start, end in spans["tight"]
        ),
        blocked_scopes=tuple(_scopes(history, outcomes, hours)),
        blocked_work=tuple(
            BlockedPlace(
                repository=place.repository, branch=place.branch, item=place.item, usd=cost
            )
            for place, cost in blocked_places(history, worst[1]).items()
        ),
        elsewhere_usd=sum(float(work.elsewhere_usd.sum()) for work in history.works),
        not_judged=tuple(
            NotJudged(account=one.seat, pool=one.pool, reason=one.reason, hint=one.hint)
            for one in worst[0].unjudged
        )
        + tuple(_unweighed(history, seats)),
        problems=(),
    )


def _outcomes(
    history: History, seats: Sequence[Seat], catalogue: Catalogue
) -> dict[Reckoning, tuple[Setup, Replayed]]:
    """Replay with what is not known for sure at its dearer end, in the middle, at its cheaper."""
    outcomes: dict[Reckoning, tuple[Setup, Replayed]] = {}
    for reckoning in get_args(Reckoning):
        setup = set_up(history, seats, catalogue=catalogue, reckoning=reckoning)
        for lack in setup.unjudged:
            if not is_scoped(lack.pool):
                raise PlanNotJudgedError(lack.seat, lack.pool, lack.reason, hint=lack.hint)
        found = replayed_under(
            [work.minutes for work in history.works],
            routes=setup.routes,
            quotas=setup.quotas,
            begin=history.begin,
            end=history.end,
        )
        outcomes[reckoning] = setup, found
    return outcomes


def _seats(history: History, plans: Sequence[str], catalogue: Catalogue) -> list[Seat]:
    """Give each plan the account that is on it, else another of its provider, each once."""
    left = [held for held in history.held if held.until is None]
    found: list[Seat] = []
    # Those on the very plan go first, so that no other plan takes their account.
    for is_exact in (True, False):
        for place, plan in enumerate(plans):
            provider = catalogue.plan(plan).provider
            if any(seat.name == _name(plans, place) for seat in found):
                continue
            own = [
                held
                for held in left
                if (held.plan == plan if is_exact else held.provider == provider)
            ]
            if own:
                left.remove(own[0])
            if own or not is_exact:
                account = own[0].account if own else None
                found.append(Seat(name=_name(plans, place), plan=plan, account=account))
    return sorted(
        found, key=lambda seat: [_name(plans, n) for n in range(len(plans))].index(seat.name)
    )


def _name(plans: Sequence[str], place: int) -> str:
    plan = plans[place]
    number = plans[: place + 1].count(plan)
    return plan if plans.count(plan) == 1 else f"{plan} #{number}"


def _hours(spans: Sequence[tuple[int, int]]) -> float:
    return sum(end - start for start, end in spans) / HOUR


def _scopes(
    history: History,
    outcomes: Mapping[Reckoning, tuple[Setup, Replayed]],
    of_all: Mapping[Reckoning, float],
) -> list[BlockedScope]:
    """Say of models with pools of their own when they were blocked, where that is longer."""
    found = []
    for scope in sorted({work.scope for work in history.works if work.scope is not None}):
        hours = {way: _hours(blocked_spans(*both, scope)) for way, both in outcomes.items()}
        if hours != of_all:
            found.append(BlockedScope(scope=scope, hours=_range(hours)))
    return found


def _range(by_reckoning: Mapping[Reckoning, float]) -> Range:
    low, point, high = sorted(by_reckoning.values())
    return Range(low=low, point=point, high=high)


def _rows(
    outcomes: Mapping[Reckoning, tuple[Setup, Replayed]], *, catalogue: Catalogue, now: datetime
) -> Iterator[SeatRow]:
    every = {way: seat_uses(*both) for way, both in outcomes.items()}
    for place, use in enumerate(every["middle"]):
        own = {way: uses[place] for way, uses in every.items()}
        price, _ = catalogue.plan(use.plan).price_at(now)
        shares = {way: one.used_share for way, one in own.items() if one.used_share is not None}
        used = _range(shares) if shares else None
        yield SeatRow(
            name=use.seat,
            plan=use.plan,
            price_usd_month=price.usd_month if price else None,
            pool=use.pool,
            cycles=use.cycles,
            used_share=used,
            expired_usd_month=_expired(price.usd_month, used) if price and used else None,
            full_hours=_range({way: one.full_minutes / HOUR for way, one in own.items()}),
        )


def _expired(price_usd: float, used: Range) -> Range:
    low, point, high = (price_usd * (1 - share) for share in (used.high, used.point, used.low))
    return Range(low=low, point=point, high=high)


def _unweighed(history: History, seats: Sequence[Seat]) -> Iterator[NotJudged]:
    """Name accounts whose work elsewhere is in no figure, as nothing tells what it would cost.

    On their own plan it is: there it takes what the meter showed.
    """
    own = {(seat.account, seat.plan) for seat in seats}
    for held in history.held:
        meter = priced_meter(held)
        if meter is None or meter.usd_per_unit is not None or (held.account, held.plan) in own:
            continue
        if held.coverage is not None and held.coverage < 1:
            yield NotJudged(
                account=held.account,
                pool=meter.pool,
                reason="elsewhere-unweighed",
                hint="what it worked on other machines would cost is not known",
            )
