"""What can be done with the plans of a month: columns of features, and what each takes.

A column is a feature of a size, done by a method on the plans of a vessel, or paid per token. Rows
are the demand of a size, the pools of a vessel, and what is left of the budget.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from portfolio.rebalance.monthly.eligible import is_eligible
from portfolio.rebalance.monthly.vessels import Vessel, vessels_of

if TYPE_CHECKING:
    from portfolio.rebalance.monthly.problem import FloatArray, Method, MonthlyProblem


class Column(NamedTuple):
    """Features of one size, done in one way."""

    size: int
    method: int | None  # None: per token, by the cheapest method that may
    vessel: int | None


class PoolRow(NamedTuple):
    """A pool of a vessel."""

    vessel: int
    pool: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Uses:
    """All columns and rows of a month, and what each takes in each scenario."""

    problem: MonthlyProblem
    vessels: tuple[Vessel, ...]
    columns: tuple[Column, ...]
    pools: tuple[PoolRow, ...]
    need: FloatArray  # (scenarios, rows, columns): sizes, then pools, then the budget if there is
    api: FloatArray  # (scenarios, columns): dollars per token of a feature; 0 on plans
    capacity: FloatArray  # (pools, offers): units a month that one account adds

    @cached_property
    def worth(self) -> FloatArray:
        """Give what a feature of a column saves: it is not missing, but may cost tokens."""
        import numpy as np

        short = np.array(self.problem.short_usd)
        return short[[column.size for column in self.columns]] - self.api

    @property
    def has_budget(self) -> bool:
        """Tell whether the last row is the budget."""
        return self.problem.budget_usd is not None


def uses_of(problem: MonthlyProblem) -> Uses:
    """Lay out what can be done, of methods that reach the quality floor."""
    import numpy as np

    vessels = vessels_of(problem)
    columns = (*_on_plans(problem, vessels), *_per_token(problem))
    pools = tuple(PoolRow(v, pool) for v, vessel in enumerate(vessels) for pool in vessel.pools)
    sizes = len(problem.sizes)
    height = sizes + len(pools) + (problem.budget_usd is not None)
    need = np.zeros((problem.scenarios, height, len(columns)))
    api = np.zeros((problem.scenarios, len(columns)))
    for place, column in enumerate(columns):
        need[:, column.size, place] = 1.0
        if column.method is None:
            api[:, place] = _cheapest(problem, column.size)
            if problem.budget_usd is not None:
                need[:, -1, place] = api[:, place]
            continue
        method = problem.methods[column.method]
        for row, (vessel, pool) in enumerate(pools, start=sizes):
            if vessel == column.vessel and pool in method.use:
                need[:, row, place] = method.use[pool][:, column.size]
    return Uses(
        problem=problem,
        vessels=vessels,
        columns=columns,
        pools=pools,
        need=need,
        api=api,
        capacity=_capacity(problem, vessels, pools),
    )


def _on_plans(problem: MonthlyProblem, vessels: tuple[Vessel, ...]) -> list[Column]:
    return [
        Column(size, m, v)
        for size in range(len(problem.sizes))
        for m, method in enumerate(problem.methods)
        for v, vessel in enumerate(vessels)
        if vessel.provider == method.provider
        and is_eligible(method, size, floor=problem.quality_floor)
    ]


def _per_token(problem: MonthlyProblem) -> list[Column]:
    return [
        Column(size, None, None) for size in range(len(problem.sizes)) if _priced(problem, size)
    ]


def _priced(problem: MonthlyProblem, size: int) -> list[Method]:
    return [
        method
        for method in problem.methods
        if method.api_usd is not None and is_eligible(method, size, floor=problem.quality_floor)
    ]


def _cheapest(problem: MonthlyProblem, size: int) -> FloatArray:
    import numpy as np

    prices = [one.api_usd[:, size] for one in _priced(problem, size) if one.api_usd is not None]
    cheapest: FloatArray = np.min(prices, axis=0)
    return cheapest


def _capacity(
    problem: MonthlyProblem, vessels: tuple[Vessel, ...], pools: tuple[PoolRow, ...]
) -> FloatArray:
    import numpy as np

    capacity = np.zeros((len(pools), len(problem.offers)))
    for row, (vessel, pool) in enumerate(pools):
        for place in vessels[vessel].offers:
            capacity[row, place] = problem.offers[place].capacity[pool]
    return capacity
