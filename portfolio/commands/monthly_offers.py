"""What can be held next month: the plans of the catalogue, as far as their worth is known."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from portfolio.estimate.interval import success_rate
from portfolio.estimate.quality import is_below_floor
from portfolio.model import WEEKS_PER_MONTH
from portfolio.rebalance.feature_draws import FEWEST, use_drawn
from portfolio.rebalance.month_capacity import (
    Room,
    measured_room,
    scaled_room,
    starts_a_month,
)
from portfolio.rebalance.monthly.problem import HeldAccount, Method, Offer, Promo
from portfolio.report.answers.rebalance import PlanNotJudged

if TYPE_CHECKING:
    import numpy as np

    from portfolio.commands.keep import KeepStage
    from portfolio.commands.measured_months import MeasuredMonths
    from portfolio.ingest.what_if import SupposedPlan, WhatIf
    from portfolio.model import Plan
    from portfolio.rebalance.history import Held
    from portfolio.rebalance.monthly.problem import FloatArray
    from portfolio.settings import Settings
    from portfolio.store.catalogue import Catalogue

MONTH: Final = timedelta(days=7) * WEEKS_PER_MONTH
MORE: Final = 2  # accounts of a plan beside those that are held
SUPPOSED: Final = "month"  # the pool of a plan of which a file says what it ships
AS_BEFORE: Final = "as before"  # the pool of what is held and cannot be judged: features it did
UNKNOWN: Final = ("too-few-features", "no-rate")  # nothing speaks against going on as before
WHAT_IF: Final = "portfolio rebalance --what-if FILE with its figures"
HINTS: Final = {
    "never-measured": f"a trial: work on it for a week or two; or {WHAT_IF}",
    "too-few-features": f"{FEWEST} finished features on it; or {WHAT_IF}",
    "no-rate": "more days of work and readings of its meter: portfolio doctor",
    "cap-unknown": f"{WHAT_IF} (times and of, or features_month)",
    "below-floor": "more features that ship and stay; or a lower quality_floor in the settings",
    "counted-at-least": f"{WHAT_IF} (times and of), or a month on it",
    "pool-uncounted": "portfolio doctor says how that meter is read",
    "price-unknown": "portfolio plans set ID price_usd=N",
    "plan-unknown": "portfolio account add NAME --provider P --plan ID",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """How chance is drawn: as often, and from one seed for all portfolios."""

    scenarios: int
    seed: int

    def rng(self, what: str) -> np.random.Generator:
        """Give the source of chance of one thing, whatever else is drawn."""
        import numpy as np

        return np.random.default_rng([self.seed, zlib.crc32(what.encode())])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """All that offers are made from."""

    stage: KeepStage
    measured: MeasuredMonths
    catalogue: Catalogue
    settings: Settings
    what_if: WhatIf
    renewals: Mapping[str, int]  # day of the month on which an account is paid
    months: int
    now: datetime

    @property
    def held(self) -> tuple[Held, ...]:
        """Give the accounts that are held."""
        return self.stage.trial.held

    def price(self, plan: Plan | None, plan_id: str, *, month: int) -> float | None:
        """Give what a plan costs in a month from now on, the first being 1."""
        supposed = next((one for one in self.what_if.plans if one.plan == plan_id), None)
        if supposed is not None and supposed.price_usd is not None:
            return supposed.price_usd
        if plan_id in self.what_if.prices:
            return self.what_if.prices[plan_id]
        fact, _ = plan.price_at(self.now + (month - 1) * MONTH) if plan else (None, False)
        return fact.usd_month if fact else None


@dataclass(slots=True)
class Offers:
    """What can be held, and what each would ship."""

    offers: list[Offer] = field(default_factory=list)
    methods: list[Method] = field(default_factory=list)
    not_judged: list[PlanNotJudged] = field(default_factory=list)
    fixed: set[str] = field(default_factory=set)  # accounts that are held whatever comes


def offers_of(ground: Ground, around: FloatArray, *, chance: Chance) -> Offers:
    """Give every plan of which it is known what it costs and holds, and what features take."""
    found = Offers()
    rooms = _rooms(ground)
    lacks = _lacks(ground, rooms)
    for provider in sorted(rooms):
        if provider not in lacks:
            own = [_capped(room, ground.what_if) for room in rooms[provider]]
            found.methods.append(_method(ground, provider, own, around, chance=chance))
            for room in own:
                _offer(ground, found, room)
    _supposed(ground, found, lacks, scenarios=chance.scenarios)
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


def _method(
    ground: Ground, provider: str, rooms: Sequence[Room], around: FloatArray, *, chance: Chance
) -> Method:
    """Give what a shipped feature takes on a provider, with all that is worked around it."""
    import numpy as np

    own = use_drawn(
        ground.measured.attempts[provider],
        weights=ground.measured.size_weights,
        scenarios=chance.scenarios,
        rng=chance.rng(f"use {provider}"),
    )
    usd = own * around[:, np.newaxis]
    spread = max(room.spread for room in rooms)
    # How much a unit holds is not known for sure; what is drawn of it is put on what work takes.
    moved = np.exp(chance.rng(f"room {provider}").normal(0.0, 1.0, chance.scenarios) * spread)
    use = {}
    for pool in sorted({pool for room in rooms for pool in room.usd}):
        share = _scoped_share(ground, provider, pool)
        use[pool] = usd * share * moved[:, np.newaxis]
    success = success_rate(*ground.measured.kept_lost[provider])
    return Method(
        method=provider,
        provider=provider,
        use=use,
        success_low=(success.low,) * len(ground.measured.sizes),
        api_usd=usd,
    )


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
    prices = _prices(ground, plan, room.plan)
    held = [one for one in ground.held if one.plan == room.plan]
    if prices is None:
        found.not_judged.append(_lacking(room.plan, room.provider, "price-unknown"))
        return
    found.offers.append(
        Offer(
            plan=room.plan,
            provider=room.provider,
            usd_by_month=prices,
            capacity=dict(room.usd),
            most=len(held) + MORE,
            held=tuple(_held(ground, one) for one in held),
        )
    )
    if room.is_least:
        found.not_judged.append(_lacking(room.plan, room.provider, "counted-at-least"))
    if room.uncounted:
        found.not_judged.append(_lacking(room.plan, room.provider, "pool-uncounted"))


def _prices(ground: Ground, plan: Plan | None, plan_id: str) -> tuple[float, ...] | None:
    found = [ground.price(plan, plan_id, month=month) for month in range(1, ground.months + 1)]
    known = [one for one in found if one is not None]
    return tuple(known) if len(known) == len(found) else None


def _held(ground: Ground, held: Held, *, is_bound: bool = False) -> HeldAccount:
    """Give an account as it is held, from its next renewal on.

    Days that are paid for till then are left aside: a month of features would fit into a few of
    them by the sums of the model, and by no calendar.
    """
    return HeldAccount(account=held.account, bound_months=ground.months if is_bound else 0)


def _held_elsewhere(ground: Ground, offered: set[str]) -> dict[str, list[Held]]:
    """Give the accounts on plans that are not offered, by plan."""
    found: dict[str, list[Held]] = defaultdict(list)
    for held in ground.held:
        if held.plan not in offered:
            found[held.plan or ""].append(held)
    return found


def _fixed(ground: Ground, found: Offers, plan_id: str, held: Sequence[Held]) -> None:
    """Hold what cannot be judged: it is paid, and ships what it did."""
    found.fixed.update(one.account for one in held)
    prices = _prices(ground, ground.catalogue.get(plan_id), plan_id)
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
            held=tuple(_held(ground, one, is_bound=True) for one in held),
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
    return _lacking(plan_id, provider, reason)


def _lacking(plan_id: str, provider: str, reason: str) -> PlanNotJudged:
    return PlanNotJudged(plan=plan_id, provider=provider, reason=reason, hint=HINTS[reason])


def _supposed(ground: Ground, found: Offers, lacks: Mapping[str, str], *, scenarios: int) -> None:
    """Offer the plans of which a file says how large they are, or what they ship."""
    for one in ground.what_if.plans:
        room = _supposed_room(ground, found, one, scenarios=scenarios)
        known = next((offer for offer in found.offers if offer.plan == one.plan), None)
        if room is None and known is not None:  # only its price and terms are supposed
            room = known.capacity
        prices = _prices(ground, ground.catalogue.get(one.plan), one.plan)
        if room is None or prices is None:
            reason = "price-unknown" if prices is None else lacks.get(one.provider, "cap-unknown")
            found.not_judged.append(_lacking(one.plan, one.provider, reason))
            continue
        held = [own for own in ground.held if own.plan == one.plan]
        found.offers = [offer for offer in found.offers if offer.plan != one.plan]
        found.not_judged = [own for own in found.not_judged if own.plan != one.plan]
        found.offers.append(
            Offer(
                plan=one.plan,
                provider=one.provider,
                usd_by_month=prices,
                capacity=room,
                most=len(held) + MORE,
                promo=None
                if one.promo_usd is None or not one.promo_months
                else Promo(usd_month=one.promo_usd, months=one.promo_months),
                minimum_months=max(1, one.least_months),
                held=tuple(_held(ground, own) for own in held),
            )
        )


def _supposed_room(
    ground: Ground, found: Offers, one: SupposedPlan, *, scenarios: int
) -> Mapping[str, float] | None:
    """Give what a supposed plan holds, by pool; None: the file does not say."""
    if one.times is not None:
        beside = next((offer for offer in found.offers if offer.plan == one.of), None)
        if beside is None:
            return None
        return {pool: one.times * usd for pool, usd in beside.capacity.items()}
    if not one.features_month:
        return None
    method = next((own for own in found.methods if own.provider == one.provider), None)
    if method is None:
        method = _supposed_method(ground, one, scenarios=scenarios)
        found.methods.append(method)
    rates = [features * share for features, share in _month_use(ground, method, one.features_month)]
    whole = sum(rates) / len(rates)
    return dict.fromkeys(method.use, whole)


def _month_use(
    ground: Ground, method: Method, features: Mapping[str, float]
) -> Iterator[tuple[float, float]]:
    """Give the features of a full month and what one takes, by each size that is told."""
    use = max(method.use.values(), key=lambda one: float(one.mean())).mean(axis=0)
    sizes = ground.measured.sizes
    mix = ground.measured.mix
    at_mix = sum(float(use[place]) * mix[size] for place, size in enumerate(sizes))
    for size, count in features.items():
        yield count, float(use[sizes.index(size)]) if size in sizes else at_mix


def _supposed_method(ground: Ground, one: SupposedPlan, *, scenarios: int) -> Method:
    """Take a provider that nobody measured at its word: a month of the plan ships so many."""
    import numpy as np

    sizes, weights, mix = ground.measured.sizes, ground.measured.size_weights, ground.measured.mix
    mean = sum(weights[size] * mix[size] for size in sizes)
    known = {size: 1 / count for size, count in one.features_month.items() if size in sizes}
    told = [weights.get(size, mean) * n for size, n in one.features_month.items()]
    score = sum(told) / len(told)  # S-units that a month holds
    use = np.tile([known.get(size, weights[size] / score) for size in sizes], (scenarios, 1))
    return Method(
        method=one.provider,
        provider=one.provider,
        use={SUPPOSED: use},
        success_low=(1.0,) * len(sizes),
    )
