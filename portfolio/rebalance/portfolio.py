"""The pools that follow from a choice of plans, and what each work takes of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from portfolio.model import PoolFact, cycle_of, is_scoped
from portfolio.rebalance.caps import capacity_of
from portfolio.rebalance.draws import Known, drawing_of
from portfolio.rebalance.edges import continued
from portfolio.rebalance.history import Held, History, moment_of
from portfolio.rebalance.quota import Quota
from portfolio.rebalance.seated_pool import Lack, NotKnownError, Reckoning, Seat, SeatedPool

if TYPE_CHECKING:
    from portfolio.model import Plan
    from portfolio.rebalance.work import IntArray, Work
    from portfolio.store.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Unjudged:
    """A pool that cannot be replayed, why, and the command that would change that."""

    seat: str
    pool: str
    reason: Lack
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """All that a replay of a history under a portfolio takes."""

    seats: tuple[Seat, ...]
    routes: tuple[tuple[int, ...], ...]
    """For each work of the history the places of the seats it may go to, best first: not to one of
    which nothing tells what the work would take there."""
    quotas: tuple[Quota, ...]
    unjudged: tuple[Unjudged, ...]


class _Found(NamedTuple):
    """What is known of a pool of a seat."""

    quota: Quota | None
    lack: NotKnownError | None  # what is missing for all of it, or for some work
    unplaced: frozenset[int]  # the works of which nothing tells what they would take
    told_since: int | None = None  # minute from which on its own account's meter tells of all work


def set_up(
    history: History,
    seats: Sequence[Seat],
    *,
    catalogue: Catalogue,
    reckoning: Reckoning,
    known: Known | None = None,
) -> Setup:
    """Give the pools of a portfolio and what each work takes of them.

    Args:
        history: What was worked and metered.
        seats: The plans.
        catalogue: Caps and multiples.
        reckoning: How what is not known for sure is taken.
        known: What works take, as far as it was worked out for other portfolios of this history.

    Raises:
        UnknownNameError: A plan is not in the catalogue.
    """
    quotas: list[Quota] = []
    unjudged: list[Unjudged] = []
    closed: set[tuple[int, int]] = set()  # (work, seat)
    is_as_it_was = _is_as_it_was(history, seats)
    for place, seat in enumerate(seats):
        plan = catalogue.plan(seat.plan)
        for fact in _facts(history, seat, plan):
            found = _first_known(
                [
                    SeatedPool(place=place, seat=seat, plan=plan, fact=fact, owner=owner)
                    for owner in _owners(history, seat, plan, fact.pool)
                ],
                history,
                catalogue=catalogue,
                reckoning=reckoning,
                is_as_it_was=is_as_it_was,
                known={} if known is None else known,
            )
            if found.quota is not None:
                quotas.append(found.quota)
            unjudged += _lacking(found, seat, fact.pool, history)
            if not is_scoped(fact.pool):
                closed |= {(work, place) for work in found.unplaced}
    providers = [catalogue.plan(seat.plan).provider for seat in seats]
    return Setup(
        seats=tuple(seats),
        routes=tuple(
            tuple(seat for seat in _route(work, seats, providers) if (n, seat) not in closed)
            for n, work in enumerate(history.works)
        ),
        quotas=tuple(quotas),
        unjudged=tuple(unjudged),
    )


def _lacking(found: _Found, seat: Seat, pool: str, history: History) -> Iterator[Unjudged]:
    """Say what is missing to replay a pool, or some of the work on it."""
    if found.lack is not None:
        lack = found.lack
        yield Unjudged(seat=seat.name, pool=pool, reason=lack.reason, hint=lack.hint)
    if found.told_since is not None and found.told_since > history.begin:
        since = moment_of(found.told_since)
        hint = f"from then on it was: portfolio replay --since {since:%Y-%m-%dT%H:%MZ}"
        yield Unjudged(seat=seat.name, pool=pool, reason="partly-read", hint=hint)


def _is_as_it_was(history: History, seats: Sequence[Seat]) -> bool:
    """Tell whether the seats are the very accounts that are held, on their very plans."""
    held = {(one.account, one.plan) for one in history.held if one.until is None}
    return held == {(seat.account, seat.plan) for seat in seats}


def _facts(history: History, seat: Seat, plan: Plan) -> list[PoolFact]:
    """Give a plan's pools, and those for some models that its own meter has besides."""
    told = plan.pools_at(moment_of(history.end))
    own = [one for one in history.held if (one.account, one.plan) == (seat.account, plan.plan)]
    beside = {
        pool: PoolFact(
            pool=pool,
            is_there=True,
            unit=meter.unit,
            cap=meter.cap,
            times=None,
            of=None,
            since=None,
            as_of="",
            source="its meter",
        )
        for held in own
        for pool, meter in held.meters.items()
        if is_scoped(pool) and not meter.is_unread
    }
    return [fact for _, fact in sorted({**beside, **told}.items())]


def _route(work: Work, seats: Sequence[Seat], providers: Sequence[str]) -> tuple[int, ...]:
    """Rank the seats for a work: its own account, then its own provider, then in their order."""
    return tuple(
        sorted(
            range(len(seats)),
            key=lambda place: (
                seats[place].account != work.account,
                providers[place] != work.provider,
                place,
            ),
        )
    )


def _owners(history: History, seat: Seat, plan: Plan, pool: str) -> Sequence[Held | None]:
    """Give the accounts whose meter may tell of a seat's pool: its own, those on the very plan.

    There are others of the provider after them, and nobody where no meter was read.
    """
    near = [one for one in history.held if one.provider == plan.provider]
    read = [one for one in near if pool in one.meters and not one.meters[pool].is_unread]
    read.sort(key=lambda one: (one.account != seat.account, one.plan != plan.plan))
    return read or [None]


def _first_known(
    pools: Sequence[SeatedPool],
    history: History,
    *,
    catalogue: Catalogue,
    reckoning: Reckoning,
    is_as_it_was: bool,
    known: Known,
) -> _Found:
    """Give the quota by the first meter that tells of it, or what the first one lacks."""
    lacking: list[NotKnownError] = []
    for pool in pools:
        try:
            held = capacity_of(pool, history, catalogue=catalogue, reckoning=reckoning)
        except NotKnownError as lack:
            lacking.append(lack)
            continue
        drawing = drawing_of(
            pool, history.works, times=held.times, reckoning=reckoning, known=known
        )
        cycle = cycle_of(pool.fact.pool)
        length = int(cycle.total_seconds()) // 60 if cycle else 0
        is_rolling = pool.fact.pool.partition(":")[0] == "5h"
        quota = Quota(
            account=pool.place,
            pool=pool.fact.pool,
            caps=held.caps,
            draws=drawing.draws,
            length=length if is_rolling else None,
            edges=_resets(pool, history, is_rolling=is_rolling, is_as_it_was=is_as_it_was),
        )
        own = pool.own_meter
        return _Found(quota, drawing.lack, drawing.unplaced, own.told_since if own else None)
    return _Found(None, lacking[0], frozenset())


def _resets(
    pool: SeatedPool, history: History, *, is_rolling: bool, is_as_it_was: bool
) -> IntArray:
    """Give when a pool is reset in any case: as its own account's was; a new one from the begin on.

    A rolling pool is so only where nothing else than what was done can have begun its cycles.
    """
    import numpy as np

    seen = pool.own_meter.edges if pool.own_meter is not None else np.zeros(0, dtype=np.int64)
    if is_rolling:
        inside = (seen >= history.begin) & (seen < history.end)
        return seen[inside] if is_as_it_was else np.zeros(0, dtype=np.int64)
    return continued(
        seen, pool.fact.pool, provider=pool.plan.provider, begin=history.begin, end=history.end
    )
