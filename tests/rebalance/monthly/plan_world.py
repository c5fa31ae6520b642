"""Small random problems of plans, and a brute force that knows nothing of models."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from portfolio.rebalance.monthly.packing import pack
from portfolio.rebalance.monthly.problem import (
    HeldAccount,
    Method,
    MonthlyProblem,
    Offer,
    Promo,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portfolio.rebalance.monthly.problem import FloatArray


def small(seed: int, *, months: int = 1, scenarios: int = 3) -> MonthlyProblem:
    """Make a problem of two providers, three plans and two sizes."""
    rng = np.random.default_rng(seed)
    offers = []
    for plan, provider, price in (("a-1", "a", 20), ("a-2", "a", 60), ("b-1", "b", 30)):
        held = tuple(
            HeldAccount(
                account=f"{plan}-{n}",
                paid_share=float(rng.choice([0.0, 0.25, 0.5])),
                bound_months=int(rng.choice([0, 0, 0, 1, 2])),
            )
            for n in range(int(rng.integers(0, 2)))
        )
        size = price * rng.uniform(2, 4)
        offers.append(
            Offer(
                plan=plan,
                provider=provider,
                usd_by_month=tuple(price + 10.0 * rng.integers(0, 2, months)),
                capacity={"week": size, "5h": size * rng.choice([0.9, 1.1])}
                if rng.random() < 0.7
                else {"week": size},
                most=2,
                promo=Promo(usd_month=price / 2, months=1) if rng.random() < 0.3 else None,
                minimum_months=int(rng.choice([1, 1, 2])),
                is_upgrade_credited=bool(rng.random() < 0.7),
                held=held,
            )
        )
    has_api = rng.random() < 0.6
    methods = []
    for name, provider in (("a x", "a"), ("a y", "a"), ("b x", "b")):
        use = rng.uniform(3, 12, (scenarios, 2)) * np.array([1.0, 2.5])
        api = use * rng.uniform(0.4, 1.2) if has_api else None
        methods.append(
            Method(
                method=name,
                provider=provider,
                use={"week": use, "5h": use * rng.uniform(0.8, 1.2, (scenarios, 1))},
                success_low=(float(rng.uniform(0.4, 1)), None if rng.random() < 0.2 else 0.9),
                api_usd=api,
            )
        )
    return MonthlyProblem(
        sizes=("S", "L"),
        offers=tuple(offers),
        methods=tuple(methods),
        demand=rng.uniform(0, 20, (scenarios, months, 2)),
        short_usd=(8.0, 20.0),
        quality_floor=0.5,
        budget_usd=float(rng.uniform(150, 250)) if rng.random() < 0.3 else None,
    )


class Account(NamedTuple):
    """One account in the brute force."""

    plan: int
    promo: int
    bound: int
    paid: float


@dataclass
class _Month:
    """What a month of decisions leads to."""

    usd: float
    working: list[float]
    accounts: tuple[Account, ...]
    lost: frozenset[int]  # plans of which one was left


Accounts: TypeAlias = tuple[Account, ...]
Point: TypeAlias = tuple[int, float, tuple[float, ...]]  # month, dollars, what can be worked with
Path: TypeAlias = tuple[float, Accounts, frozenset[int], tuple[Point, ...]]


def brute_force(problem: MonthlyProblem) -> float:
    """Give the least mean cost over all that can be done with each single account."""
    begin = tuple(
        sorted(
            Account(place, one.promo_months, one.bound_months, one.paid_share)
            for place, offer in enumerate(problem.offers)
            for one in offer.held
        )
    )
    paths: list[Path] = [(0.0, begin, frozenset(), ())]
    for month in range(problem.months):
        paths = _grown(problem, month, paths)
    points = sorted({point for path in paths for point in path[3]})
    worth = dict(zip(points, _costs(problem, points), strict=True))
    return float(min(path[0] + sum(worth[point] for point in path[3]) for path in paths))


def _grown(problem: MonthlyProblem, month: int, paths: list[Path]) -> list[Path]:
    grown: dict[tuple[Accounts, frozenset[int], tuple[Point, ...]], float] = {}
    for usd, accounts, lost, points in paths:
        for one in _months(problem, month, accounts, lost):
            if problem.budget_usd is not None and one.usd > problem.budget_usd + 1e-9:
                continue
            point = (month, round(one.usd, 9), tuple(round(w, 9) for w in one.working))
            key = one.accounts, one.lost, (*points, point)
            grown[key] = min(grown.get(key, np.inf), usd + one.usd)
    return [(usd, accounts, lost, points) for (accounts, lost, points), usd in grown.items()]


def _months(
    problem: MonthlyProblem, month: int, accounts: Accounts, lost: frozenset[int]
) -> list[_Month]:
    found = []
    offers = range(len(problem.offers))
    for decided in product(*([None, -1, *offers] for _ in accounts)):
        start = _decided(problem, month, accounts, decided, lost)
        if start is None:
            continue
        for added in product(*(range(offer.most + 1) for offer in problem.offers)):
            one = _added(problem, month, start, added)
            if one is not None:
                found.append(one)
    return found


def _price(problem: MonthlyProblem, account: Account, month: int) -> float:
    offer = problem.offers[account.plan]
    return offer.promo.usd_month if account.promo and offer.promo else offer.usd_by_month[month]


def _decided(
    problem: MonthlyProblem,
    month: int,
    accounts: Accounts,
    decided: tuple[int | None, ...],
    lost: frozenset[int],
) -> _Month | None:
    made = _Month(0.0, [0.0] * len(problem.offers), (), lost)
    for account, to in zip(accounts, decided, strict=True):
        price = _price(problem, account, month)
        if to is None:
            made.usd += (1 - account.paid) * price
            made.working[account.plan] += 1
            made.accounts += (account,)
            continue
        if to == account.plan:
            return None
        made.lost |= {account.plan}
        if to == -1:
            if account.bound:
                return None
            made.working[account.plan] += account.paid
            continue
        offer, other = problem.offers[account.plan], problem.offers[to]
        if other.provider != offer.provider:
            return None
        new = other.usd_by_month[month]
        if new > offer.usd_by_month[month]:
            made.usd += new - (account.paid * price if offer.is_upgrade_credited else 0)
            made.working[to] += 1
        else:
            if account.bound:
                return None
            made.usd += (1 - account.paid) * new
            made.working[account.plan] += account.paid
            made.working[to] += 1 - account.paid
        made.accounts += (Account(to, 0, account.bound, 0.0),)
    return made


def _added(
    problem: MonthlyProblem, month: int, start: _Month, added: tuple[int, ...]
) -> _Month | None:
    made = _Month(start.usd, list(start.working), start.accounts, start.lost)
    for plan, count in enumerate(added):
        offer = problem.offers[plan]
        promo = offer.promo.months if offer.promo and plan not in made.lost else 0
        for _ in range(count):
            account = Account(plan, promo, offer.minimum_months, 0.0)
            made.usd += _price(problem, account, month)
            made.working[plan] += 1
            made.accounts += (account,)
        if sum(one.plan == plan for one in made.accounts) > offer.most:
            return None
    made.accounts = tuple(
        sorted(
            Account(one.plan, max(one.promo - 1, 0), max(one.bound - 1, 0), 0.0)
            for one in made.accounts
        )
    )
    return made


def _costs(problem: MonthlyProblem, points: list[Point]) -> FloatArray:
    """Give what each point costs beyond its plans, on average; every plan has its own rows."""
    eligible = [
        (m, k)
        for m, method in enumerate(problem.methods)
        for k in range(2)
        if (low := method.success_low[k]) is not None and low >= problem.quality_floor
    ]
    columns = [
        (m, k, i)
        for m, k in eligible
        for i, offer in enumerate(problem.offers)
        if offer.provider == problem.methods[m].provider
    ]
    tokens = [(m, k) for m, k in eligible if problem.methods[m].api_usd is not None]
    pools = [(i, pool) for i, offer in enumerate(problem.offers) for pool in offer.capacity]
    scenarios = problem.scenarios
    need = np.zeros((scenarios, 3 + len(pools), len(columns) + len(tokens)))
    worth = np.zeros((scenarios, len(columns) + len(tokens)))
    for c, (m, k, i) in enumerate(columns):
        worth[:, c], need[:, k, c] = problem.short_usd[k], 1
        for r, (plan, pool) in enumerate(pools):
            if plan == i and pool in problem.methods[m].use:
                need[:, 3 + r, c] = problem.methods[m].use[pool][:, k]
    for c, (m, k) in enumerate(tokens, start=len(columns)):
        api = problem.methods[m].api_usd
        assert api is not None
        worth[:, c], need[:, k, c] = problem.short_usd[k] - api[:, k], 1
        need[:, 2, c] = api[:, k]
    limit = np.zeros((len(points), scenarios, 3 + len(pools)))
    for n, (month, usd, working) in enumerate(points):
        limit[n, :, :2] = problem.demand[:, month]
        limit[n, :, 2] = 1e9 if problem.budget_usd is None else problem.budget_usd - usd
        for r, (plan, pool) in enumerate(pools):
            limit[n, :, 3 + r] = working[plan] * problem.offers[plan].capacity[pool]
    saved = pack(
        np.tile(worth, (len(points), 1)),
        np.tile(need, (len(points), 1, 1)),
        limit.reshape(-1, 3 + len(pools)),
    ).worth.reshape(len(points), scenarios)
    missing = (problem.demand @ np.array(problem.short_usd)).mean(axis=0)
    costs: FloatArray = missing[[point[0] for point in points]] - saved.mean(axis=1)
    return costs


def offer(plan: str, usd: float, week: float, **fields: Any) -> Offer:
    """Make a plan of provider `a` with one pool; two can be held at most."""
    months = fields.pop("months", 1)
    told = {"provider": "a", "usd_by_month": (usd,) * months, "most": 2} | fields
    return Offer(plan=plan, capacity={"week": week}, **told)


def problem(
    *offers: Offer,
    demand: Sequence[Sequence[float]],
    use: Sequence[float] = (1.0,),
    api_usd: float | None = None,
    short_usd: float = 1000.0,
    **fields: Any,
) -> MonthlyProblem:
    """Make a problem of one size and one method on provider `a`.

    Args:
        offers: The plans.
        demand: Features, by scenario and month.
        use: Of the week a feature, by scenario, or one for all.
        api_usd: A feature.
        short_usd: A missing feature.
        fields: Of the problem.
    """
    scenarios = len(demand)
    uses = np.array(use if len(use) == scenarios else [use[0]] * scenarios, dtype=float)
    method = Method(
        method="m",
        provider="a",
        use={"week": uses[:, None]},
        success_low=(0.9,),
        api_usd=None if api_usd is None else np.full((scenarios, 1), api_usd),
    )
    return MonthlyProblem(
        **{
            "sizes": ("S",),
            "offers": offers,
            "methods": (method,),
            "demand": np.array(demand, dtype=float)[:, :, None],
            "short_usd": (short_usd,),
            **fields,
        }
    )


def held(name: str = "a-1", **fields: Any) -> HeldAccount:
    """Make an account that is held now."""
    return HeldAccount(account=name, **fields)
