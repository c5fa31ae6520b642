"""Search the model from a plan that is known: HiGHS, to a gap or a number of nodes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from portfolio.route.constraints import Row
from portfolio.route.layout import Layout
from portfolio.route.model import Relaxed, built, costs_of, slack_of
from portfolio.route.solving import solve


def searched(
    layout: Layout,
    rows: tuple[Row, ...],
    told: Relaxed,
    start: Mapping[str, float],
    *,
    gap: float,
    max_nodes: int,
) -> tuple[Mapping[str, float], float]:
    """Give a better plan, or the one it starts from, and what no plan is worth more than."""
    if not layout.ways:
        return start, 0.0
    found = solve(built(layout, rows), gap=gap, max_nodes=max_nodes, start=start)
    bound = told.bound
    if found.bound is not None:
        bound = min(bound, -found.bound + slack_of(layout))
    costs = costs_of(layout)
    cost = math.fsum(costs[name] * value for name, value in start.items())
    is_better = found.objective is not None and found.objective <= cost
    return (found.values if is_better else start), whole_bound(
        bound, [one.worth for one in layout.classes]
    )


def whole_bound(bound: float, worths: Sequence[float]) -> float:
    """Round a bound down where every worth is whole.

    >>> whole_bound(12.7, [1.0, 4.0]), whole_bound(12.7, [0.5, 4.0])
    (12.0, 12.7)
    """
    return float(int(bound + 1e-6)) if all(one == int(one) for one in worths) else bound


def values_of(layout: Layout, counts: Mapping[str, int]) -> dict[str, float]:
    """Give items counted by column as the variables of the model."""
    found = {column.name: float(counts.get(column.name, 0)) for column in layout.columns}
    for way in layout.ways:
        if len(way.parts) > 1:
            found[way.name] = sum(found[column.name] for column in way.parts[0])
    return found
