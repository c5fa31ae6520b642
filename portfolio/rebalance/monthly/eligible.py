"""Which methods may be used for which sizes: those that surely ship often enough."""

from __future__ import annotations

from portfolio.rebalance.monthly.plan import LeftOut
from portfolio.rebalance.monthly.problem import Method, MonthlyProblem


def is_eligible(method: Method, size: int, *, floor: float) -> bool:
    """Tell whether a method's lower bound of success for a size reaches the floor."""
    low = method.success_low[size]
    return floor <= 0 or (low is not None and low >= floor)


def left_out(problem: MonthlyProblem) -> tuple[LeftOut, ...]:
    """Name the methods that are below the floor, each with the size for which it is out."""
    return tuple(
        LeftOut(
            method=method.method,
            size=size,
            success_low=method.success_low[place],
            floor=problem.quality_floor,
        )
        for method in problem.methods
        for place, size in enumerate(problem.sizes)
        if not is_eligible(method, place, floor=problem.quality_floor)
    )
