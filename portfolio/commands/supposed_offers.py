"""Plans that a file supposes: how large they are, or what a month of them ships."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from portfolio.commands.monthly_ground import (
    MORE,
    Ground,
    Offers,
    held_now,
    lacking,
    prices_of,
)
from portfolio.rebalance.monthly.problem import Method, Offer, Promo

if TYPE_CHECKING:
    from portfolio.ingest.what_if import SupposedPlan

SUPPOSED: Final = "month"  # the pool of a plan of which a file says what it ships


def add_supposed(
    ground: Ground, found: Offers, lacks: Mapping[str, str], *, scenarios: int
) -> None:
    """Offer the plans of which a file says how large they are, or what they ship."""
    for one in ground.what_if.plans:
        room = _supposed_room(ground, found, one, scenarios=scenarios)
        known = next((offer for offer in found.offers if offer.plan == one.plan), None)
        if room is None and known is not None:  # only its price and terms are supposed
            room = known.capacity
        prices = prices_of(ground, ground.catalogue.get(one.plan), one.plan)
        if room is None or prices is None:
            reason = "price-unknown" if prices is None else lacks.get(one.provider, "cap-unknown")
            found.not_judged.append(lacking(one.plan, one.provider, reason))
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
                held=tuple(held_now(ground, own) for own in held),
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
