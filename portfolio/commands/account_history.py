"""One account's past: its works, and what each of its meters told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

import portfolio.rebalance.works as making
from portfolio.estimate.glm_credits import RATES, credits_of
from portfolio.estimate.money import ALWAYS, PlanOf
from portfolio.estimate.movement import known_spans
from portfolio.estimate.resets import resets_of
from portfolio.estimate.turn_burn import TurnBurn, turn_burn
from portfolio.estimate.turn_weights import weights_by_cost, weights_by_credits
from portfolio.model import PP_CAP, is_scoped, priced_among
from portfolio.rebalance.history import Held, Metered, minute_of

if TYPE_CHECKING:
    from parsers.records import Unit
    from portfolio.model import AccountSpan, MeterPoint, Plan
    from portfolio.rebalance.work import Work
    from portfolio.store.spend import PlacedTurn

DEAREST: Final = "glm-5.3"
CHEAPEST: Final = min(RATES, key=lambda model: RATES[model].output)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """What is stored of one account."""

    spans: Sequence[AccountSpan]  # every plan it was on, in order
    points: Sequence[MeterPoint]  # oldest first
    turns: Sequence[PlacedTurn]  # oldest first
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountHistory:
    """One account as a replay needs it."""

    held: Held
    works: tuple[Work, ...]
    turns: Sequence[PlacedTurn]
    work_of_turn: tuple[int, ...]  # place in `works`
    usd: tuple[float, ...]  # of each turn


@dataclass(frozen=True, slots=True)
class _Weights:
    """What each turn costs, weighs and takes."""

    usd: list[float]
    weights: list[float]  # beside each other, on this account's meter
    credits_high: list[float]
    credits_low: list[float]


_Told: TypeAlias = dict[str, tuple[Metered, TurnBurn, list[int]]]


def account_history(facts: AccountFacts, *, plan_of: PlanOf) -> AccountHistory:
    """Put an account's meters on its turns."""
    last = facts.spans[-1]
    plan = plan_of(last.plan)
    begin = max(facts.since, last.since or ALWAYS)
    series = _series(facts, begin)
    scopes = sorted({pool.partition(":")[2] for pool in series if is_scoped(pool)})
    scope_of = [_scope(turn.model, scopes) for turn in facts.turns]
    weights = _weights(facts.turns, last.provider)
    told: _Told = {}
    for pool, points in series.items():
        scope = pool.partition(":")[2] or None
        own = [n for n, one in enumerate(scope_of) if scope is None or one == scope]
        burn = turn_burn(
            points,
            pool,
            unit=points[-1].unit,
            times=[facts.turns[n].at for n in own],
            usd=[weights.usd[n] for n in own],
            weights=[weights.weights[n] for n in own],
            since=begin,
            until=facts.until,
        )
        told[pool] = _metered(pool, points, burn, plan, begin, facts.until), burn, own
    meters = {pool: meter for pool, (meter, _, _) in told.items()}
    meters |= _unread(plan, facts.until, meters)
    priced = priced_among({pool for pool in told if not is_scoped(pool)})
    kinds: list[str | None] = [None, *scopes]
    return AccountHistory(
        held=Held(
            account=last.account,
            provider=last.provider,
            plan=last.plan,
            since=last.since,
            until=last.until,
            meters=meters,
            coverage=_coverage(told[priced][1]) if priced else None,
        ),
        works=tuple(_work(last, kind, scope_of, facts, weights, told, priced) for kind in kinds),
        turns=facts.turns,
        work_of_turn=tuple(kinds.index(one) for one in scope_of),
        usd=tuple(weights.usd),
    )


def _series(facts: AccountFacts, begin: datetime) -> dict[str, list[MeterPoint]]:
    """Give the readings of each pool in the unit that is known best, as `meter_of` does."""
    found: dict[str, dict[Unit, list[MeterPoint]]] = defaultdict(lambda: defaultdict(list))
    for point in facts.points:
        if point.read_at >= begin:
            found[point.pool][point.unit].append(point)
    best: dict[str, list[MeterPoint]] = {}
    for pool, by_unit in sorted(found.items()):
        known = {
            unit: _length(known_spans(points, pool, since=begin, until=facts.until))
            for unit, points in by_unit.items()
        }
        unit = max(
            by_unit,
            key=lambda unit: (
                bool(known[unit]) and not all(point.is_computed for point in by_unit[unit]),
                known[unit],
                unit != "pp",
            ),
        )
        if known[unit]:
            best[pool] = by_unit[unit]
    return best


def _length(spans: Sequence[tuple[datetime, datetime]]) -> timedelta:
    return sum((end - begin for begin, end in spans), timedelta())


def _scope(model: str, scopes: Sequence[str]) -> str | None:
    """Name the scoped pools that a model counts on, by its name."""
    return next((scope for scope in scopes if scope in model.lower()), None)


def _weights(turns: Sequence[PlacedTurn], provider: str) -> _Weights:
    costs, estimated = weights_by_cost(turns)
    # Where no turn has a price, what they weigh is no dollars.
    usd = costs if not all(estimated) else [0.0] * len(turns)
    taken = [(_credits(turn, DEAREST), _credits(turn, CHEAPEST)) for turn in turns]
    if provider != "glm":
        return _Weights(usd, costs, [one for one, _ in taken], [one for _, one in taken])
    own = weights_by_credits(turns).weights
    return _Weights(usd, own, own, own)


def _credits(turn: PlacedTurn, model: str) -> float:
    sent, answered, cached, written = turn.tokens
    found = credits_of(
        model,
        input_tokens=sent,
        output_tokens=answered,
        cache_read_tokens=cached,
        cache_write_tokens=written,
        at=turn.at,
    )
    return found or 0.0


def _metered(
    pool: str,
    points: Sequence[MeterPoint],
    burn: TurnBurn,
    plan: Plan | None,
    begin: datetime,
    until: datetime,
) -> Metered:
    import numpy as np

    unit = points[-1].unit
    fact = plan.pools_at(until).get(pool) if plan else None
    stated = [point.cap for point in points if point.cap is not None]
    known = fact.cap if fact is not None and fact.unit == unit else None
    cap = PP_CAP if unit == "pp" else stated[-1] if stated else known
    edges = resets_of(points, pool, since=begin, until=until)
    spans = known_spans(points, pool, since=begin, until=until)
    return Metered(
        pool=pool,
        unit=unit,
        cap=cap,
        edges=np.unique(np.array([minute_of(at) for at in edges], dtype=np.int64)),
        known=tuple((minute_of(one), minute_of(other)) for one, other in spans),
        usd_per_unit=burn.usd_per_unit,
        is_computed=any(point.is_computed for point in points),
    )


def _unread(plan: Plan | None, until: datetime, read: dict[str, Metered]) -> dict[str, Metered]:
    """Give the pools that the plan has and no reading tells of."""
    import numpy as np

    facts = plan.pools_at(until).values() if plan else ()
    return {
        fact.pool: Metered(
            pool=fact.pool,
            unit=fact.unit,
            cap=PP_CAP if fact.unit == "pp" else fact.cap,
            edges=np.zeros(0, dtype=np.int64),
            known=(),
            usd_per_unit=None,
            is_computed=False,
            is_unread=True,
        )
        for fact in facts
        if fact.pool not in read
    }


def _coverage(burn: TurnBurn) -> float | None:
    here = sum(one for one, is_told in zip(burn.burn, burn.is_told, strict=True) if is_told)
    away = sum(amount for _, amount in burn.elsewhere)
    return here / (here + away) if here + away > 0 else None


def _work(
    span: AccountSpan,
    scope: str | None,
    scope_of: Sequence[str | None],
    facts: AccountFacts,
    weights: _Weights,
    told: _Told,
    priced: str | None,
) -> Work:
    """Make the work of one scope; what was done elsewhere is of the pool's own scope."""
    own = [n for n, one in enumerate(scope_of) if one == scope]
    burn: dict[str, list[float]] = {}
    elsewhere = {}
    for pool, (_, found, turns) in told.items():
        of_pool = pool.partition(":")[2] or None
        if of_pool in (None, scope):
            by_turn = dict(zip(turns, found.burn, strict=True))
            burn[pool] = [by_turn[n] for n in own]
        if of_pool == scope:
            elsewhere[pool] = found.elsewhere
    away_usd: list[tuple[datetime, float]] = []
    if scope is None and priced is not None:
        rate = told[priced][1].usd_per_unit
        unit_usd = rate.point if rate is not None and rate.point is not None else 0.0
        away_usd = [(at, amount * unit_usd) for at, amount in elsewhere[priced]]
    return making.work_of(
        making.Done(
            account=span.account,
            provider=span.provider,
            scope=scope,
            times=[facts.turns[n].at for n in own],
            usd=[weights.usd[n] for n in own],
            credits_high=[weights.credits_high[n] for n in own],
            credits_low=[weights.credits_low[n] for n in own],
            burn=burn,
            elsewhere=elsewhere,
            elsewhere_usd=away_usd,
        )
    )
