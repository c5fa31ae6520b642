"""One account's past: its works, and what each of its meters told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

import portfolio.rebalance.works as making
from portfolio.estimate.column_weights import by_cost, by_credits, credits_at
from portfolio.estimate.glm_credits import RATES, rates_of
from portfolio.estimate.money import ALWAYS, PlanOf
from portfolio.estimate.movement import Used, followed, known_in, uses_in
from portfolio.estimate.resets import resets_of
from portfolio.estimate.turn_burn import TurnBurn, turn_burn
from portfolio.model import COMPUTED_UNIT, PP_CAP, is_scoped, priced_among
from portfolio.rebalance.history import Held, Metered, minute_of

if TYPE_CHECKING:
    from parsers.records import Unit
    from portfolio.model import AccountSpan, MeterPoint, Plan
    from portfolio.rebalance.work import FloatArray, IntArray, Work
    from portfolio.store.turn_columns import TurnColumns

DEAREST: Final = "glm-5.3"
MINUTE_US: Final = 60_000_000
CHEAPEST: Final = min(RATES, key=lambda model: RATES[model].output)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """What is stored of one account."""

    spans: Sequence[AccountSpan]  # every plan it was on, in order
    points: Sequence[MeterPoint]  # oldest first
    turns: TurnColumns
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountHistory:
    """One account as a replay needs it."""

    held: Held
    works: tuple[Work, ...]
    at_us: IntArray  # (turns,)
    spot: IntArray  # (turns,) where each was worked, by its place in the columns
    work_of_turn: IntArray  # (turns,) place in `works`
    usd: FloatArray  # (turns,)


@dataclass(frozen=True, slots=True)
class _Weights:
    """What each turn costs, weighs and takes."""

    usd: FloatArray
    weights: FloatArray  # beside each other, on this account's meter
    credits_high: FloatArray
    credits_low: FloatArray


@dataclass(frozen=True, slots=True)
class _Series:
    """The readings of one pool in one unit, and what they tell."""

    points: Sequence[MeterPoint]  # oldest first
    uses: Sequence[Used]
    known: Sequence[tuple[datetime, datetime]]  # when what was used is known


_Told: TypeAlias = dict[str, tuple[Metered, TurnBurn]]


def account_history(facts: AccountFacts, *, plan_of: PlanOf) -> AccountHistory:
    """Put an account's meters on its turns."""
    import numpy as np

    last = facts.spans[-1]
    plan = plan_of(last.plan)
    begin = max(facts.since, last.since or ALWAYS)
    series = _series(facts, begin)
    scopes = sorted({pool.partition(":")[2] for pool in series if is_scoped(pool)})
    kinds: list[str | None] = [None, *scopes]
    of_model = [kinds.index(_scope(model, scopes)) for model in facts.turns.models]
    work_of_turn = np.array(of_model, dtype=np.int64)[facts.turns.model]
    weights = _weights(facts.turns, last.provider)
    told: _Told = {}
    for pool, one in series.items():
        kind = kinds.index(pool.partition(":")[2] or None)
        own = np.flatnonzero(work_of_turn == kind) if kind else slice(None)
        burn = turn_burn(
            one.uses,
            unit=one.points[-1].unit,
            at_us=facts.turns.at_us[own],
            usd=weights.usd[own],
            weights=weights.weights[own],
            until=facts.until,
        )
        told[pool] = _metered(pool, one, burn, plan, begin, facts.until), burn
    meters = {pool: meter for pool, (meter, _) in told.items()}
    meters |= _unread(plan, facts.until, meters)
    priced = priced_among({pool for pool in told if not is_scoped(pool)})
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
        works=tuple(
            _work(
                last,
                kind,
                np.flatnonzero(work_of_turn == n),
                facts.turns.at_us,
                weights,
                told,
                priced,
            )
            for n, kind in enumerate(kinds)
        ),
        at_us=facts.turns.at_us,
        spot=facts.turns.spot,
        work_of_turn=work_of_turn,
        usd=weights.usd,
    )


def _series(facts: AccountFacts, begin: datetime) -> dict[str, _Series]:
    """Give the readings of each pool in the unit that is known best, as `meter_of` does."""
    found: dict[str, dict[Unit, list[MeterPoint]]] = defaultdict(lambda: defaultdict(list))
    for point in facts.points:
        if point.read_at >= begin:
            found[point.pool][point.unit].append(point)
    best: dict[str, _Series] = {}
    for pool, by_unit in sorted(found.items()):
        parts = {
            unit: followed(points, pool, since=begin, until=facts.until)
            for unit, points in by_unit.items()
        }
        spans = {unit: known_in(one, pool) for unit, one in parts.items()}
        known = {unit: _length(one) for unit, one in spans.items()}
        unit = max(
            by_unit,
            key=lambda unit: (
                bool(known[unit]) and not all(point.is_computed for point in by_unit[unit]),
                known[unit],
                unit != "pp",
            ),
        )
        if known[unit]:
            best[pool] = _Series(by_unit[unit], uses_in(parts[unit], pool), spans[unit])
    return best


def _length(spans: Sequence[tuple[datetime, datetime]]) -> timedelta:
    return sum((end - begin for begin, end in spans), timedelta())


def _scope(model: str, scopes: Sequence[str]) -> str | None:
    """Name the scoped pools that a model counts on, by its name."""
    return next((scope for scope in scopes if scope in model.lower()), None)


def _weights(turns: TurnColumns, provider: str) -> _Weights:
    import numpy as np

    costs, estimated = by_cost(turns.tokens, turns.cost_usd)
    # Where no turn has a price, what they weigh is no dollars.
    usd = costs if not estimated.all() else np.zeros(len(costs))
    if provider == "glm":
        rates = [rates_of(model) for model in turns.models]
        own = by_credits(turns.at_us, turns.tokens, model=turns.model, rates=rates)
        return _Weights(usd, own, own, own)
    high, low = (credits_at(turns.at_us, turns.tokens, RATES[one]) for one in (DEAREST, CHEAPEST))
    return _Weights(usd, costs, high, low)


def _metered(
    pool: str,
    series: _Series,
    burn: TurnBurn,
    plan: Plan | None,
    begin: datetime,
    until: datetime,
) -> Metered:
    import numpy as np

    points = series.points
    unit = points[-1].unit
    fact = plan.pools_at(until).get(pool) if plan else None
    stated = next((point.cap for point in reversed(points) if point.cap is not None), None)
    known = fact.cap if fact is not None and fact.unit == unit else None
    cap = PP_CAP if unit == "pp" else known if stated is None else stated
    edges = resets_of(points, series.uses, pool, since=begin)
    return Metered(
        pool=pool,
        unit=unit,
        cap=cap,
        edges=np.unique(np.array([minute_of(at) for at in edges], dtype=np.int64)),
        known=tuple((minute_of(one), minute_of(other)) for one, other in series.known),
        usd_per_unit=burn.usd_per_unit,
        told_since=minute_of(burn.untold_until) + 1 if burn.untold_until else None,
        is_computed=unit == COMPUTED_UNIT and any(point.is_computed for point in points),
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
            told_since=None,
            is_computed=False,
            is_unread=True,
        )
        for fact in facts
        if fact.pool not in read
    }


def _coverage(burn: TurnBurn) -> float | None:
    here = float(burn.burn[burn.is_told].sum())
    away = sum(amount for _, amount in burn.elsewhere)
    return here / (here + away) if here + away > 0 else None


def _work(
    span: AccountSpan,
    scope: str | None,
    own: IntArray,
    at_us: IntArray,
    weights: _Weights,
    told: _Told,
    priced: str | None,
) -> Work:
    """Make the work of one scope; what was done elsewhere is of the pool's own scope.

    A pool without a scope has the burn of all turns, one with a scope that of its own.
    """
    burn: dict[str, FloatArray] = {}
    elsewhere = {}
    for pool, (_, found) in told.items():
        of_pool = pool.partition(":")[2] or None
        if of_pool in (None, scope):
            burn[pool] = found.burn if of_pool is not None else found.burn[own]
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
            minutes=at_us[own] // MINUTE_US,
            usd=weights.usd[own],
            credits_high=weights.credits_high[own],
            credits_low=weights.credits_low[own],
            burn=burn,
            elsewhere=elsewhere,
            elsewhere_usd=away_usd,
        )
    )
