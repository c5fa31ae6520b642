"""Find the best plans by trying all: every first stage in turn, the second by SciPy's linprog.

Nothing of the program's model is used, only its records. A first stage is a walk through the
months, account by account; a second stage has a column for each size, method and plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_matrix

from portfolio.rebalance.monthly.problem import MonthlyProblem, Offer

FORBIDDEN_USD = 1e6  # for a unit of a row that is not kept: no answer has any


class Lot(NamedTuple):
    """One account as it comes into a month."""

    offer: int
    promo: int
    bound: int
    paid: float


class Month(NamedTuple):
    """What a month of a first stage costs, and the accounts it has to work with, by offer."""

    usd: float
    working: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Walked:
    """The months of a first stage so far."""

    months: tuple[Month, ...] = ()
    lots: tuple[Lot, ...] = ()
    left: frozenset[int] = frozenset()  # offers of which an account was left


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Rows that a second stage has to keep besides, where it is one of those that do."""

    short_share: float | None = None  # of the demand that may be missing
    usd_per_feature: float | None = None


@dataclass(kw_only=True)
class Oracle:
    """All first stages of a problem, and what each costs in each scenario."""

    problem: MonthlyProblem
    known: dict[tuple[int, Month, Asked], npt.NDArray[np.float64]] = field(default_factory=dict)

    @cached_property
    def firsts(self) -> list[tuple[Month, ...]]:
        """Give all first stages that keep to the budget, each once."""
        walks = [Walked(lots=_held(self.problem))]
        for month in range(self.problem.months):
            walks = [after for walk in walks for after in _months_after(self.problem, month, walk)]
        budget = self.problem.budget_usd
        every = {walk.months for walk in walks}
        return sorted(
            one
            for one in every
            if budget is None or all(month.usd <= budget + 1e-9 for month in one)
        )

    def totals(self, asked: Asked | None = None) -> npt.NDArray[np.float64]:
        """Give what each first stage costs in each scenario; infinite where a row is not kept."""
        rows = asked or Asked()
        wanted = {(place, month, rows) for one in self.firsts for place, month in enumerate(one)}
        missing = sorted(wanted - self.known.keys(), key=lambda one: (one[0], one[1]))
        if missing:
            self.known |= dict(zip(missing, _second_stages(self.problem, missing), strict=True))
        return np.array(
            [
                sum(month.usd + self.known[place, month, rows] for place, month in enumerate(one))
                for one in self.firsts
            ]
        )


def _held(problem: MonthlyProblem) -> tuple[Lot, ...]:
    return tuple(
        Lot(place, one.promo_months, one.bound_months, one.paid_share)
        for place, offer in enumerate(problem.offers)
        for one in offer.held
    )


def _price(offer: Offer, promo: int, month: int) -> float:
    usual = offer.usd_by_month[month]
    return min(usual, offer.promo.usd_month) if promo and offer.promo else usual


class Fate(NamedTuple):
    """What becomes of one account in a month."""

    usd: float
    working: tuple[tuple[int, float], ...]
    stays: Lot | None
    is_left: bool


def _fates(problem: MonthlyProblem, month: int, lot: Lot) -> Iterator[Fate]:
    """Keep an account, cancel it, or switch it to any plan of its provider."""
    offer = problem.offers[lot.offer]
    price = _price(offer, lot.promo, month)
    kept = Lot(lot.offer, max(lot.promo - 1, 0), max(lot.bound - 1, 0), 0.0)
    yield Fate((1 - lot.paid) * price, ((lot.offer, 1.0),), kept, is_left=False)
    if not lot.bound:
        yield Fate(0.0, ((lot.offer, lot.paid),), None, is_left=True)
    for place, to in enumerate(problem.offers):
        if place == lot.offer or to.provider != offer.provider:
            continue
        after = Lot(place, 0, kept.bound, 0.0)
        usd = to.usd_by_month[month]
        if usd > offer.usd_by_month[month]:
            credit = lot.paid * price if offer.is_upgrade_credited else 0.0
            yield Fate(usd - credit, ((place, 1.0),), after, is_left=True)
        elif not lot.bound:
            rest = 1 - lot.paid
            working = ((lot.offer, lot.paid), (place, rest))
            yield Fate(rest * usd, working, after, is_left=True)


def _months_after(problem: MonthlyProblem, month: int, walk: Walked) -> Iterator[Walked]:
    ways = [list(_fates(problem, month, lot)) for lot in walk.lots]
    adding = [range(offer.most + 1) for offer in problem.offers]
    for fates in product(*ways):
        left = walk.left | {
            lot.offer for lot, fate in zip(walk.lots, fates, strict=True) if fate.is_left
        }
        for added in product(*adding):
            after = _month(problem, month, replace(walk, left=left), fates, added)
            if after is not None:
                yield after


def _month(
    problem: MonthlyProblem,
    month: int,
    walk: Walked,
    fates: tuple[Fate, ...],
    added: tuple[int, ...],
) -> Walked | None:
    """Give the walk with a month more; None: there would be too many of a plan."""
    usd = sum(fate.usd for fate in fates)
    working = [0.0] * len(problem.offers)
    lots = [fate.stays for fate in fates if fate.stays is not None]
    for fate in fates:
        for place, share in fate.working:
            working[place] += share
    for place, (offer, count) in enumerate(zip(problem.offers, added, strict=True)):
        promo = offer.promo.months if offer.promo and place not in walk.left else 0
        usd += count * _price(offer, promo, month)
        working[place] += count
        new = Lot(place, max(promo - 1, 0), max(offer.minimum_months - 1, 0), 0.0)
        lots += [new] * count
        if sum(lot.offer == place for lot in lots) > offer.most:
            return None
    one = Month(round(usd, 9), tuple(round(share, 9) for share in working))
    return Walked(months=(*walk.months, one), lots=tuple(sorted(lots)), left=walk.left)


def _second_stages(
    problem: MonthlyProblem, wanted: list[tuple[int, Month, Asked]]
) -> list[npt.NDArray[np.float64]]:
    """Solve all second stages at once: they share nothing, so each is at its own best."""
    blocks = [
        _block(problem, scenario, *one) for one in wanted for scenario in range(problem.scenarios)
    ]
    cost = np.concatenate([one.cost for one in blocks])
    solved = linprog(
        cost,
        A_ub=block_diag([one.rows for one in blocks], format="csr"),
        b_ub=np.concatenate([one.limits for one in blocks]),
        method="highs",
    )
    assert solved.success, solved.message
    found, at = [], 0
    for one in blocks:
        own = solved.x[at : at + len(one.cost)]
        at += len(one.cost)
        is_kept = own[-1] < 1e-6
        found.append(float(own @ one.cost) if is_kept else np.inf)
    return list(np.array(found).reshape(len(wanted), problem.scenarios))


class Block(NamedTuple):
    """One second stage; its last column keeps what cannot be kept."""

    cost: npt.NDArray[np.float64]
    rows: csr_matrix
    limits: npt.NDArray[np.float64]


def _may(problem: MonthlyProblem, method: int, size: int) -> bool:
    low = problem.methods[method].success_low[size]
    return problem.quality_floor <= 0 or (low is not None and low >= problem.quality_floor)


def _block(problem: MonthlyProblem, scenario: int, place: int, month: Month, asked: Asked) -> Block:
    sizes, methods = range(len(problem.sizes)), range(len(problem.methods))
    usable = [(k, m) for k in sizes for m in methods if _may(problem, m, k)]
    on_plans = [
        (k, m, i)
        for k, m in usable
        for i, offer in enumerate(problem.offers)
        if offer.provider == problem.methods[m].provider
    ]
    tokens = {m: problem.methods[m].api_usd for m in methods}
    priced = [(k, usd) for k, m in usable if (usd := tokens[m]) is not None]
    api = [float(usd[scenario, k]) for k, usd in priced]
    n, g = len(on_plans), len(priced)
    width = n + g + len(sizes) + 1
    cost = np.array([0.0] * n + api + [*problem.short_usd, FORBIDDEN_USD])
    rows, limits = [], []

    def row(limit: float) -> npt.NDArray[np.float64]:
        rows.append(np.zeros(width))
        limits.append(limit)
        return rows[-1]

    wanted = problem.demand[scenario, place]
    made = [one[0] for one in on_plans] + [k for k, _ in priced]  # the size of each column
    for k in sizes:
        own = row(-float(wanted[k]))
        own[[at for at, size in enumerate(made) if size == k]] = -1.0
        own[n + g + k] = -1.0
    for i, offer in enumerate(problem.offers):
        for pool, holds in offer.capacity.items():
            own = row(holds * month.working[i])
            for at, (k, m, j) in enumerate(on_plans):
                if i == j and pool in problem.methods[m].use:
                    own[at] = problem.methods[m].use[pool][scenario, k]
    if problem.budget_usd is not None:
        row(problem.budget_usd - month.usd)[n : n + g] = api
    shorts = slice(n + g, n + g + len(sizes))
    if asked.short_share is not None:
        own = row(asked.short_share * float(wanted.sum()))
        own[shorts], own[-1] = 1.0, -1.0
    if asked.usd_per_feature is not None:
        own = row(asked.usd_per_feature * float(wanted.sum()) - month.usd)
        own[n : n + g], own[shorts], own[-1] = api, asked.usd_per_feature, -1.0
    return Block(cost, csr_matrix(np.array(rows)), np.array(limits))
