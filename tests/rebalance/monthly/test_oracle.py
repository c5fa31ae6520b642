"""The program's plans cost what the best of all plans cost, tried one by one."""

from __future__ import annotations

import numpy as np
import pytest

from portfolio.rebalance.monthly.choosing import Choice, NoPlansError, choose, choose_whole
from portfolio.rebalance.monthly.problem import (
    Ceiling,
    Chance,
    Cvar,
    HeldAccount,
    Method,
    MonthlyProblem,
    Offer,
    Options,
    Promo,
)
from tests.rebalance.monthly.monthly_oracle import Asked, Oracle

NEARLY = Options(gap=1e-7)  # a bound from cuts never meets the cost to the last digit
FREE_SHARE = 0.5  # of the scenarios in which chance and ceiling need not hold


def made_problem(rng: np.random.Generator, *, months: int) -> MonthlyProblem:
    """Draw a small problem with anything that a problem can have."""
    providers = ("claude", "codex")[: 1 + int(rng.integers(2))]
    offers = tuple(
        _offer(rng, place, providers[place % len(providers)], months=months)
        for place in range(int(rng.integers(1, 4 if months == 1 else 3)))
    )
    scenarios, sizes = int(rng.integers(1, 4)), ("S", "M")[: 1 + int(rng.integers(2))]
    methods = tuple(
        _method(rng, f"way {place}", one, (scenarios, len(sizes)))
        for place, one in enumerate(rng.choice(providers, size=int(rng.integers(1, 4))).tolist())
    )
    usual = sum(offer.usd_by_month[0] for offer in offers)
    return MonthlyProblem(
        sizes=sizes,
        offers=offers,
        methods=methods,
        demand=rng.integers(0, 40, (scenarios, months, len(sizes))).astype(float),
        short_usd=tuple(rng.uniform(1, 12, len(sizes)).round(1).tolist()),
        quality_floor=float(rng.choice([0.0, 0.6])),
        budget_usd=float(rng.uniform(0.4, 2) * usual) if rng.random() < 0.3 else None,
    )


def _offer(rng: np.random.Generator, place: int, provider: str, *, months: int) -> Offer:
    price = float(rng.integers(10, 60))
    times = float(rng.integers(1, 4))
    most = int(rng.integers(1, 3))
    prices = [price * float(rng.choice([1.0, 1.0, 1.25])) for _ in range(months)]
    held = int(rng.integers(0, 2 if months > 1 else most + 1))
    return Offer(
        plan=f"plan {place}",
        provider=provider,
        usd_by_month=tuple(prices),
        capacity={"week": 30 * times, "opus": (12 if rng.random() < 0.5 else 9) * times},
        most=most,
        promo=Promo(usd_month=price / 2, months=int(rng.integers(1, 3)))
        if rng.random() < 0.3
        else None,
        minimum_months=int(rng.integers(1, 3)),
        is_upgrade_credited=bool(rng.random() < 0.7),
        held=tuple(
            HeldAccount(
                account=f"account {place} {number}",
                paid_share=float(rng.choice([0.0, 0.25, 0.5])),
                bound_months=int(rng.choice([0, 0, 1])),
                promo_months=int(rng.choice([0, 0, 1])),
            )
            for number in range(held)
        ),
    )


def _method(rng: np.random.Generator, name: str, provider: str, shape: tuple[int, int]) -> Method:
    lows = (None, 0.5, 0.7, 0.9)
    use = {"week": rng.uniform(0.5, 4, shape)}
    if rng.random() < 0.5:
        use["opus"] = rng.uniform(0.2, 2, shape)
    return Method(
        method=name,
        provider=provider,
        use=use,
        success_low=tuple(lows[int(one)] for one in rng.integers(0, 4, shape[1])),
        api_usd=rng.uniform(0.5, 8, shape) if rng.random() < 0.6 else None,
    )


def chosen(problem: MonthlyProblem, options: Options = NEARLY) -> Choice | None:
    """Give the program's choice; None: it says that there is none."""
    try:
        return choose(problem, options=options)
    except NoPlansError:
        return None


def mean_and_worst(totals: np.ndarray, cvar: Cvar) -> float:
    """Weigh the mean with the mean of the worst scenarios, the last of them in part."""
    worst = np.sort(totals)[::-1]
    left, tail = (1 - cvar.level) * len(worst), 0.0
    for total in worst:
        part = min(1.0, left)
        tail += part * total
        left -= part
    tail /= (1 - cvar.level) * len(worst)
    return float((1 - cvar.weight) * totals.mean() + cvar.weight * tail)


@pytest.mark.parametrize(("months", "problems"), [(1, 170), (2, 60)])
def test_the_choice_costs_what_the_best_of_all_plans_costs(months: int, problems: int) -> None:
    differing = []
    for seed in range(problems):
        problem = made_problem(np.random.default_rng([months, seed]), months=months)
        every = Oracle(problem=problem).totals()
        found = chosen(problem)
        if found is None or not len(every):
            differing += [seed] * (found is not None or bool(len(every)))
            continue
        best = float(every.mean(axis=1).min())
        told = float(found.outcome.total_usd.mean())
        if told != pytest.approx(best, abs=1e-4, rel=1e-6):
            differing.append(seed)

    assert differing == []


def test_the_whole_model_at_once_costs_the_same() -> None:
    for seed in range(25):
        problem = made_problem(np.random.default_rng([3, seed]), months=1)
        every = Oracle(problem=problem).totals()
        if len(every):
            found = choose_whole(problem, options=NEARLY)

            best = float(every.mean(axis=1).min())
            assert float(found.outcome.total_usd.mean()) == pytest.approx(best, abs=1e-4), seed


def test_with_cvar_the_worst_scenarios_count_as_much_as_was_asked() -> None:
    cvar = Cvar(weight=0.5, level=0.6)
    for seed in range(40):
        problem = made_problem(np.random.default_rng([4, seed]), months=1)
        every = Oracle(problem=problem).totals()
        if len(every):
            found = choose(problem, options=Options(gap=0.0, cvar=cvar))

            best = min(mean_and_worst(one, cvar) for one in every)
            told = mean_and_worst(found.outcome.total_usd, cvar)
            assert told == pytest.approx(best, abs=1e-4), seed


def best_where_some_may_miss(kept: np.ndarray, free: np.ndarray) -> float:
    """Give the least mean cost if the rows may be missed in some of the scenarios."""
    few = int((1 - FREE_SHARE) * kept.shape[1] + 1e-9)
    best = np.inf
    for own, other in zip(kept, free, strict=True):
        gains = own - other  # never below zero; infinite where the rows cannot be kept
        missed = np.argsort(-gains)[:few]
        best = min(best, float(np.where(np.isin(np.arange(len(own)), missed), other, own).mean()))
    return best


def test_a_chance_constraint_is_missed_in_as_few_scenarios_as_was_asked() -> None:
    chance = Chance(share=FREE_SHARE, short_share=0.05)
    compared = 0
    for seed in range(40):
        problem = made_problem(np.random.default_rng([5, seed]), months=1)
        oracle = Oracle(problem=problem)
        found = chosen(problem, Options(gap=0.0, chance=chance))
        if not oracle.firsts:
            assert found is None
            continue
        best = best_where_some_may_miss(
            oracle.totals(Asked(short_share=chance.short_share)), oracle.totals()
        )
        assert (found is None) == (not np.isfinite(best)), seed
        if found is not None:
            compared += 1
            told = float(found.outcome.total_usd.mean())
            assert told == pytest.approx(best, abs=1e-4), seed

    assert compared > 20


def test_a_ceiling_holds_in_as_many_scenarios_as_was_asked_with_nothing_missing() -> None:
    kept = 0
    for seed in range(40):
        rng = np.random.default_rng([6, seed])
        problem = made_problem(rng, months=1)
        ceiling = Ceiling(usd_per_feature=float(rng.uniform(0.5, 6)), share=FREE_SHARE)
        oracle = Oracle(problem=problem)
        found = chosen(problem, Options(gap=0.0, ceiling=ceiling))
        if not oracle.firsts:
            assert found is None
            continue
        best = best_where_some_may_miss(
            oracle.totals(Asked(short_share=0.0, usd_per_feature=ceiling.usd_per_feature)),
            oracle.totals(),
        )
        is_kept = bool(np.isfinite(best))
        if found is not None and found.allocation.ceiling is not None:
            assert found.allocation.ceiling.is_kept == is_kept, seed
        if not is_kept:
            best = best_where_some_may_miss(
                oracle.totals(), oracle.totals()
            )  # as if none was asked
        assert (found is None) == (not np.isfinite(best)), seed
        if found is not None:
            kept += is_kept
            told = float(found.outcome.total_usd.mean())
            assert told == pytest.approx(best, abs=1e-4), seed

    assert kept > 5
