"""What can be held next month: the plans of the catalogue, as far as their worth is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from portfolio.commands.monthly_ground import (
    MORE,
    Chance,
    Ground,
    Offers,
    held_now,
    lacking,
    prices_of,
)
from portfolio.commands.supposed_offers import add_supposed
from portfolio.estimate.interval import success_rate
from portfolio.estimate.quality import is_below_floor
from portfolio.rebalance.feature_draws import FEWEST
from portfolio.rebalance.month_capacity import (
    Room,
    measured_room,
    scaled_room,
    starts_a_month,
)
from portfolio.rebalance.monthly.problem import Method, Offer
from portfolio.rebalance.pooled_draws import draw_pooled
from portfolio.report.answers.rebalance import PlanNotJudged

if TYPE_CHECKING:
    from portfolio.ingest.what_if import WhatIf
    from portfolio.rebalance.history import Held
    from portfolio.rebalance.monthly.problem import FloatArray

AS_BEFORE: Final = "as before"  # the pool of what is held and cannot be judged: features it did
UNKNOWN: Final = ("too-few-features", "no-rate")  # nothing speaks against going on as before


def offers_of(ground: Ground, around: FloatArray, *, chance: Chance) -> Offers:
    """Give every plan of which it is known what it costs and holds, and what features take."""
    found = Offers()
    rooms = _rooms(ground)
    lacks = _lacks(ground, rooms)
    judged = {
        provider: [_capped(room, ground.what_if) for room in rooms[provider]]
        for provider in sorted(rooms)
        if provider not in lacks
    }
    found.methods += _methods(ground, judged, around, chance=chance)
    for own in judged.values():
        for room in own:
            _offer(ground, found, room)
    add_supposed(ground, found, lacks, scenarios=chance.scenarios)
    offered = {offer.plan for offer in found.offers}
    elsewhere = _held_elsewhere(ground, offered)
    for provider in sorted({own[0].provider for own in elsewhere.values()}):
        if found.methods and lacks.get(provider) in UNKNOWN:
            _goes_on(ground, found, provider, scenarios=chance.scenarios)
    for plan_id, held in elsewhere.items():
        _fixed(ground, found, plan_id, held)
        found.not_judged.append(_not_judged(ground, plan_id, held[0].provider, lacks))
    named = offered | {one.plan for one in found.not_judged}
    for plan in ground.catalogue:
        if plan.plan not in named and plan.pools_at(ground.now):
            found.not_judged.append(_not_judged(ground, plan.plan, plan.provider, lacks))
    return found


def usable_providers(ground: Ground) -> set[str]:
    """Give the providers of which it is known what a feature takes there."""
    rooms = _rooms(ground)
    return set(rooms) - set(_lacks(ground, rooms))


def _rooms(ground: Ground) -> dict[str, list[Room]]:
    """Give what plans hold, by provider: those held as measured, the others beside them."""
    starts = starts_a_month(ground.stage.history)
    measured: dict[str, dict[str, Room]] = defaultdict(dict)
    for held in ground.held:
        room = measured_room(held, starts=starts)
        if room is None:
            continue
        known = measured[held.provider].get(room.plan)
        # Of two accounts on one plan the one whose meter tells most speaks for both.
        if known is None or room.spread < known.spread:
            measured[held.provider][room.plan] = room
    found: dict[str, list[Room]] = {}
    for provider, own in measured.items():
        rooms = [own[plan] for plan in sorted(own)]
        for plan in ground.catalogue:
            if plan.provider != provider or plan.plan in own:
                continue
            room = scaled_room(
                plan, rooms, catalogue=ground.catalogue, history=ground.stage.history
            )
            found.setdefault(provider, []).extend([room] if room else [])
        found.setdefault(provider, []).extend(rooms)
    return found


def _lacks(ground: Ground, rooms: Mapping[str, object]) -> dict[str, str]:
    """Say of each provider that cannot be judged why."""
    found = {}
    providers = {plan.provider for plan in ground.catalogue}
    for provider in providers | {held.provider for held in ground.held}:
        attempts = ground.measured.attempts.get(provider, ())
        success = success_rate(*ground.measured.kept_lost.get(provider, (0, 0)))
        if not any(held.provider == provider for held in ground.held) and not attempts:
            found[provider] = "never-measured"
        elif len(attempts) < FEWEST or not any(one.is_shipped for one in attempts):
            found[provider] = "too-few-features"
        elif provider not in rooms:
            found[provider] = "no-rate"
        elif is_below_floor(success, ground.settings.quality_floor):
            found[provider] = "below-floor"
    return found


def _capped(room: Room, what_if: WhatIf) -> Room:
    usd = {
        pool: usd * what_if.caps.get((room.plan, pool), what_if.caps.get((room.plan, ""), 1.0))
        for pool, usd in room.usd.items()
    }
    return replace(room, usd=usd)


def _methods(
    ground: Ground, judged: Mapping[str, Sequence[Room]], around: FloatArray, *, chance: Chance
) -> list[Method]:
    """Give what a shipped feature takes on each provider: they and the sizes tell of each other."""
    if not judged:
        return []
    import numpy as np

    drawn = draw_pooled(
        [ground.measured.attempts[provider] for provider in judged],
        weights=ground.measured.size_weights,
        scenarios=chance.scenarios,
        rng=chance.rng("use"),
    )
    return [
        _method(
            ground,
            provider,
            rooms,
            drawn.usd[:, place] * around[:, np.newaxis],
            success_low=tuple(float(low) for low in drawn.success_low[place]),
            chance=chance,
        )
        for place, (provider, rooms) in enumerate(judged.items())
    ]


def _method(
    ground: Ground,
    provider: str,
    rooms: Sequence[Room],
    usd: FloatArray,
    *,
    success_low: tuple[float, ...],
    chance: Chance,
) -> Method:
    """Give what a shipped feature takes on a provider, with all that is worked around it."""
    import numpy as np

    spread = max(room.spread for room in rooms)
    # How much a unit holds is not known for sure; what is drawn of it is put on what work takes.
    moved = np.exp(chance.rng(f"room {provider}").normal(0.0, 1.0, chance.scenarios) * spread)
    use = {}
    for pool in sorted({pool for room in rooms for pool in room.usd}):
        share = _scoped_share(ground, provider, pool)
        use[pool] = usd * share * moved[:, np.newaxis]
    return Method(method=provider, provider=provider, use=use, success_low=success_low, api_usd=usd)


def _scoped_share(ground: Ground, provider: str, pool: str) -> float:
    """Give the share of a provider's work that counts on a pool."""
    scope = pool.partition(":")[2]
    if not scope:
        return 1.0
    works = [work for work in ground.stage.history.works if work.provider == provider]
    every = sum(float(work.usd.sum()) for work in works)
    own = sum(float(work.usd.sum()) for work in works if work.scope == scope)
    return own / every if every else 1.0


def _offer(ground: Ground, found: Offers, room: Room) -> None:
    """Offer a plan, or say that its price is not known."""
    plan = ground.catalogue.get(room.plan)
    prices = prices_of(ground, plan, room.plan)
    held = [one for one in ground.held if one.plan == room.plan]
    if prices is None:
        found.not_judged.append(lacking(room.plan, room.provider, "price-unknown"))
        return
    found.offers.append(
        Offer(
            plan=room.plan,
            provider=room.provider,
            usd_by_month=prices,
            capacity=dict(room.usd),
            most=len(held) + MORE,
            held=tuple(held_now(ground, one) for one in held),
        )
    )
    if room.is_least:
        found.not_judged.append(lacking(room.plan, room.provider, "counted-at-least"))
    if room.uncounted:
        found.not_judged.append(lacking(room.plan, room.provider, "pool-uncounted"))


def _held_elsewhere(ground: Ground, offered: set[str]) -> dict[str, list[Held]]:
    """Give the accounts on plans that are not offered, by plan."""
    found: dict[str, list[Held]] = defaultdict(list)
    for held in ground.held:
        if held.plan not in offered:
            found[held.plan or ""].append(held)
    return found


def _fixed(ground: Ground, found: Offers, plan_id: str, held: Sequence[Held]) -> None:
    """Hold what cannot be judged: it is paid, and ships what it did."""
    prices = prices_of(ground, ground.catalogue.get(plan_id), plan_id)
    if prices is None:
        return
    provider = held[0].provider
    own = [one for one in ground.held if one.provider == provider]
    pools = next((one.use for one in found.methods if one.provider == provider), {})
    capacity = dict.fromkeys(pools, 0.0)
    if set(pools) == {AS_BEFORE}:
        capacity = {AS_BEFORE: ground.measured.features_month(provider) / len(own)}
    found.offers.append(
        Offer(
            plan=plan_id,
            provider=provider,
            usd_by_month=prices,
            capacity=capacity,
            most=len(held),
            held=tuple(held_now(ground, one, is_bound=True) for one in held),
        )
    )


def _goes_on(ground: Ground, found: Offers, provider: str, *, scenarios: int) -> None:
    """Let what is held and cannot be judged ship as many features as it did, and no more."""
    import numpy as np

    sizes = ground.measured.sizes
    if provider in {one.provider for one in found.methods}:
        return
    if ground.measured.features_month(provider) > 0:
        found.methods.append(
            Method(
                method=provider,
                provider=provider,
                use={AS_BEFORE: np.ones((scenarios, len(sizes)))},
                success_low=(1.0,) * len(sizes),
            )
        )


def _not_judged(
    ground: Ground, plan_id: str, provider: str, lacks: Mapping[str, str]
) -> PlanNotJudged:
    reason = lacks.get(provider, "cap-unknown")
    if not plan_id:
        reason = "plan-unknown"
    elif (
        reason != "never-measured"
        and ground.price(ground.catalogue.get(plan_id), plan_id, month=1) is None
    ):
        reason = "price-unknown"
    return lacking(plan_id, provider, reason)
