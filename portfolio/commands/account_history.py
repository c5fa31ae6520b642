"""One account's past: its works, and what each of its meters told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

import portfolio.rebalance.works as making
from portfolio.commands.account_meters import MeterSeries, metered, series_of, unread
from portfolio.estimate.column_weights import by_cost, by_credits, credits_at
from portfolio.estimate.glm_credits import RATES, rates_of
from portfolio.estimate.money import ALWAYS, PlanOf
from portfolio.estimate.turn_burn import TurnBurn, turn_burn
from portfolio.model import is_scoped, priced_among
from portfolio.rebalance.history import Held, minute_of

if TYPE_CHECKING:
    from portfolio.model import AccountSpan, MeterPoint
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


def account_history(facts: AccountFacts, *, plan_of: PlanOf) -> AccountHistory:
    """Put an account's meters on its turns."""
    import numpy as np

    last = facts.spans[-1]
    plan = plan_of(last.plan)
    held_since = _on_last_plan_since(facts.spans)
    begin = max(facts.since, held_since or ALWAYS)
    series = series_of(facts.points, since=begin, until=facts.until)
    scopes = sorted({pool.partition(":")[2] for pool in series if is_scoped(pool)})
    kinds: list[str | None] = [None, *scopes]
    of_model = [kinds.index(_scope(model, scopes)) for model in facts.turns.models]
    work_of_turn = np.array(of_model, dtype=np.int64)[facts.turns.model]
    own = {kind: np.flatnonzero(work_of_turn == n) for n, kind in enumerate(kinds)}
    weights = _weights(facts.turns, last.provider)
    burns = _burns(series, facts, own, weights)
    meters = {
        pool: metered(pool, one, burns[pool], plan, since=begin, until=facts.until)
        for pool, one in series.items()
    }
    if begin > facts.since and any(point.read_at < begin for point in facts.points[:1]):
        # What its meters showed on another plan is of another size, and is left out.
        meters = {
            pool: replace(one, told_since=max(one.told_since or 0, minute_of(begin)))
            for pool, one in meters.items()
        }
    priced = priced_among({pool for pool in series if not is_scoped(pool)})
    return AccountHistory(
        held=Held(
            account=last.account,
            provider=last.provider,
            plan=last.plan,
            since=held_since,
            until=last.until,
            meters=meters | unread(plan, facts.until, meters),
            coverage=_coverage(burns[priced]) if priced else None,
        ),
        works=tuple(
            _work(last, kind, own[kind], facts.turns.at_us, weights, burns, priced)
            for kind in kinds
        ),
        at_us=facts.turns.at_us,
        spot=facts.turns.spot,
        work_of_turn=work_of_turn,
        usd=weights.usd,
    )


def _burns(
    series: Mapping[str, MeterSeries],
    facts: AccountFacts,
    own: Mapping[str | None, IntArray],
    weights: _Weights,
) -> dict[str, TurnBurn]:
    """Put each pool's burn on its turns: all of them, or those of its scope."""
    found = {}
    for pool, one in series.items():
        scope = pool.partition(":")[2]
        turns = own[scope] if scope else slice(None)
        found[pool] = turn_burn(
            one.uses,
            unit=one.points[-1].unit,
            at_us=facts.turns.at_us[turns],
            usd=weights.usd[turns],
            weights=weights.weights[turns],
            until=facts.until,
        )
    return found


def _on_last_plan_since(spans: Sequence[AccountSpan]) -> datetime | None:
    """Give since when an account is on the plan that it is on last, pauses included; None: ever."""
    since = spans[-1].since
    for span in reversed(spans):
        if span.plan != spans[-1].plan:
            break
        since = span.since
    return since


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
    burns: Mapping[str, TurnBurn],
    priced: str | None,
) -> Work:
    """Make the work of one scope; what was done elsewhere is of the pool's own scope.

    A pool without a scope has the burn of all turns, one with a scope that of its own.
    """
    burn: dict[str, FloatArray] = {}
    elsewhere = {}
    for pool, found in burns.items():
        of_pool = pool.partition(":")[2] or None
        if of_pool in (None, scope):
            burn[pool] = found.burn if of_pool is not None else found.burn[own]
        if of_pool == scope:
            elsewhere[pool] = found.elsewhere
    away_usd: list[tuple[datetime, float]] = []
    if scope is None and priced is not None:
        rate = burns[priced].usd_per_unit
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
