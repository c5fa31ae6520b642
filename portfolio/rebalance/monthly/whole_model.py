"""The whole model at once: every scenario's columns and rows beside the first stage.

It is the reference, and the only one for rules that join scenarios (chance, ceiling, CVaR).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from portfolio.rebalance.monthly import scenario_rows as rows
from portfolio.rebalance.monthly.draft import Draft, Sum, real, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portfolio.rebalance.monthly.buying import Buying
    from portfolio.rebalance.monthly.problem import Ceiling, Chance, Cvar, FloatArray, Options
    from portfolio.rebalance.monthly.uses import Uses

LOWEST: Final = "lowest"  # the variable of the lowest ceiling that can be held


@dataclass(slots=True)
class Whole:
    """The model in the making."""

    uses: Uses
    draft: Draft
    usd: Sum  # subscriptions over all months
    short: list[list[str]]  # by scenario: variables of features that are missing, months in order
    cost: list[Sum]  # by scenario: what is paid
    total: list[Sum]  # by scenario: what is minimised on average

    @property
    def scenarios(self) -> int:
        """Give how many scenarios there are."""
        return self.uses.problem.scenarios


def whole_of(buying: Buying, uses: Uses) -> Whole:
    """Write down the first stage and each scenario's second stage, without any option."""
    usd = Sum({})
    for spent in buying.usd:
        usd = usd.plus(spent)
    made = Whole(uses, buying.draft.copy(), usd, [], [], [])
    for scenario in range(made.scenarios):
        _scenario(made, buying, scenario)
    return made


def minimise_mean(made: Whole, options: Options) -> Draft:
    """Give the model that minimises the mean, with what the options ask for."""
    draft = made.draft
    if options.chance is not None:
        add_chance(made, options.chance)
    if options.ceiling is not None:
        add_ceiling(made, options.ceiling)
    weight = 1.0 - (options.cvar.weight if options.cvar else 0.0)
    for total in made.total:
        _minimise(draft, total, weight / made.scenarios)
    if options.cvar is not None:
        _add_cvar(made, options.cvar)
    return draft


def add_chance(made: Whole, chance: Chance) -> None:
    """Ask that demand is met, but for a little, in most scenarios."""
    problem = made.uses.problem
    missed = _binaries(made, "short")
    for scenario, name in enumerate(missed):
        sizes = len(problem.sizes)
        for month in range(problem.months):
            short = made.short[scenario][month * sizes : (month + 1) * sizes]
            wanted = float(problem.demand[scenario, month].sum())
            at = _at(scenario, month)
            made.draft.extend(rows.seldom_short(at, short, name, wanted, share=chance.short_share))
    made.draft.extend(rows.seldom("short", missed, share=chance.share))


def add_ceiling(made: Whole, ceiling: Ceiling) -> None:
    """Ask that a feature costs no more, in most scenarios."""

    def row(scenario: int, missed: str, large: float) -> None:
        made.draft.extend(
            rows.ceiling(
                f"s{scenario:04}",
                made.cost[scenario],
                made.short[scenario],
                _wanted(made, scenario),
                missed,
                usd=ceiling.usd_per_feature,
                large=large,
            )
        )

    least = _least_wanted(made, ceiling)
    within = Sum({}, ceiling.usd_per_feature * least)
    made.draft.extend(rows.plans_within(made.usd, within))
    _in_most(made, ceiling, row, plans_usd=within.number)


def add_lowest_ceiling(made: Whole, ceiling: Ceiling, *, known: float | None) -> None:
    """Ask for the lowest ceiling instead, with nothing missing where it holds.

    Args:
        made: Without anything that is minimised.
        ceiling: In how many scenarios it has to hold.
        known: One that can be held; None: none is known.
    """
    made.draft.variables[LOWEST] = real(known)
    made.draft.objective[LOWEST] = 1.0
    least = _least_wanted(made, ceiling)
    made.draft.extend(rows.plans_within(made.usd, Sum({LOWEST: least})))

    def row(scenario: int, missed: str, large: float) -> None:
        wanted = _wanted(made, scenario)
        at = f"s{scenario:04}"
        cost = made.cost[scenario]
        made.draft.extend(rows.lowest_ceiling(at, cost, wanted, missed, LOWEST, large=large))
        short = made.short[scenario]
        made.draft.extend(rows.seldom_short(at, short, missed, wanted, share=0.0))

    _in_most(made, ceiling, row, plans_usd=math.inf if known is None else known * least)


def add_full_service(made: Whole) -> None:
    """Ask that nothing is missing in the scenarios in which the ceiling holds."""
    for scenario in range(made.scenarios):
        missed = f"missed_ceiling_{scenario:04}"
        wanted = _wanted(made, scenario)
        short = made.short[scenario]
        made.draft.extend(rows.seldom_short(f"s{scenario:04}", short, missed, wanted, share=0.0))


def _in_most(
    made: Whole, ceiling: Ceiling, row: Callable[[int, str, float], None], *, plans_usd: float
) -> None:
    missed = _binaries(made, "ceiling")
    for scenario, name in enumerate(missed):
        row(scenario, name, _most_paid(made, scenario, plans_usd))
    made.draft.extend(rows.seldom("ceiling", missed, share=ceiling.share))


def _binaries(made: Whole, name: str) -> list[str]:
    missed = [f"missed_{name}_{scenario:04}" for scenario in range(made.scenarios)]
    made.draft.variables |= dict.fromkeys(missed, whole(1.0))
    return missed


def _least_wanted(made: Whole, ceiling: Ceiling) -> float:
    """Give the demand of a scenario in which the ceiling holds: one of them wants no more."""
    few = int((1 - ceiling.share) * made.scenarios + 1e-9)
    wanted = sorted(_wanted(made, scenario) for scenario in range(made.scenarios))
    return wanted[min(few, made.scenarios - 1)]


def _most_paid(made: Whole, scenario: int, plans_usd: float) -> float:
    """Bound what can be paid in a scenario: all plans there can be, tokens for all features."""
    problem = made.uses.problem
    plans = sum(offer.most * sum(offer.usd_by_month) for offer in problem.offers)
    if problem.budget_usd is not None:
        plans = min(plans, problem.budget_usd * problem.months)
    wanted = problem.demand[scenario].sum(axis=0)
    tokens = sum(
        wanted[column.size] * made.uses.api[scenario, place]
        for place, column in enumerate(made.uses.columns)
        if column.method is None
    )
    return float(min(plans, plans_usd) + tokens)


def _wanted(made: Whole, scenario: int) -> float:
    return float(made.uses.problem.demand[scenario].sum())


def _add_cvar(made: Whole, cvar: Cvar) -> None:
    """Minimise, too, eta + sum_s delta_s / ((1 - alpha) |S|)."""
    draft = made.draft
    level = "level"
    draft.variables[level] = real(low=-1e9)
    draft.objective[level] = cvar.weight
    for scenario, total in enumerate(made.total):
        over = f"over_{scenario:04}"
        draft.variables[over] = real()
        draft.objective[over] = cvar.weight / ((1 - cvar.level) * made.scenarios)
        draft.extend(rows.excess(f"s{scenario:04}", total, over, level))


def _minimise(draft: Draft, total: Sum, times: float) -> None:
    for name, value in total.terms.items():
        draft.objective[name] = draft.objective.get(name, 0.0) + times * value
    draft.number += times * total.number


def _at(scenario: int, month: int) -> str:
    return f"t{month + 1:02} s{scenario:04}"


def _scenario(made: Whole, buying: Buying, scenario: int) -> None:
    """Write down the second stage of a scenario."""
    problem = made.uses.problem
    cost, total = made.usd, made.usd
    missing: list[str] = []
    for month in range(problem.months):
        names = [_column(scenario, month, one) for one in range(len(made.uses.columns))]
        short = [f"short_{scenario:04}_{month:02}_{size}" for size in range(len(problem.sizes))]
        made.draft.variables |= dict.fromkeys([*names, *short], real())
        _month_rows(made, buying, scenario, month, names, short)
        api = made.uses.api[scenario]
        tokens = Sum({name: float(api[at]) for at, name in enumerate(names) if api[at]})
        cost = cost.plus(tokens)
        total = total.plus(tokens).plus(Sum(dict(zip(short, problem.short_usd, strict=True))))
        missing += short
    made.short.append(missing)
    made.cost.append(cost)
    made.total.append(total)


def _column(scenario: int, month: int, column: int) -> str:
    return f"done_{scenario:04}_{month:02}_{column:03}"


def _month_rows(
    made: Whole, buying: Buying, scenario: int, month: int, names: list[str], short: list[str]
) -> None:
    uses, problem, draft = made.uses, made.uses.problem, made.draft
    need = uses.need[scenario]
    at = _at(scenario, month)
    for size, word in enumerate(problem.sizes):
        done = [name for name, one in zip(names, uses.columns, strict=True) if one.size == size]
        wanted = float(problem.demand[scenario, month, size])
        draft.extend(rows.demand(at, word, done, short[size], wanted))
    for place, (vessel, pool) in enumerate(uses.pools):
        row = need[len(problem.sizes) + place]
        use = {name: float(row[n]) for n, name in enumerate(names) if row[n]}
        capacity = Sum({})
        for offer in uses.vessels[vessel].offers:
            working = buying.working[offer, month + 1]
            capacity = capacity.plus(working, float(uses.capacity[place, offer]))
        draft.extend(rows.pool(at, f"{uses.vessels[vessel].name} {pool}", use, capacity))
    if problem.budget_usd is not None:
        tokens = {name: float(need[-1, n]) for n, name in enumerate(names) if need[-1, n]}
        draft.extend(rows.spending(at, tokens, buying.usd[month], problem.budget_usd))


def amounts_of(made: Whole, values: Mapping[str, float]) -> FloatArray:
    """Read what a solution does, shape (scenarios, months, columns)."""
    import numpy as np

    problem = made.uses.problem
    columns = range(len(made.uses.columns))
    return np.array(
        [
            [[max(values[_column(s, t, c)], 0.0) for c in columns] for t in range(problem.months)]
            for s in range(problem.scenarios)
        ]
    ).reshape(problem.scenarios, problem.months, len(made.uses.columns))
