"""Plan a span: relax, round and fill, improve by the solver to a gap, place, check, tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from portfolio.route.answer import Route
from portfolio.route.checking import faults
from portfolio.route.constraints import Row, rows_of
from portfolio.route.filling import Ranked, first_plan, ranked_ways
from portfolio.route.layout import Layout, layout_of
from portfolio.route.model import Relaxed, built, costs_of, relaxed, slack_of
from portfolio.route.placing import Placement, placed
from portfolio.route.problem import Problem
from portfolio.route.relieving import reliefs
from portfolio.route.solving import solve
from portfolio.route.telling import left_over, pools_of, windows_of

GAP: Final = 5e-3  # of what the best plan could be worth
MAX_NODES: Final = 10  # of the search; up to some ten seconds of ten accounts and 200 items


def plan(problem: Problem, *, gap: float = GAP, max_nodes: int = MAX_NODES) -> Route:
    """Plan which item goes where and when, with what is left over and how good the plan is.

    The same problem gives the same plan: the search ends at a gap or a number of nodes, never at
    a time. Every plan is checked before it is given.

    Args:
        problem: Items, methods, accounts.
        gap: The plan may be worth this share less than the bound.
        max_nodes: The search ends after so many; then the gap that is left is told.

    Raises:
        ValueError: The plan breaks a cap or a deadline: a fault of the program.
    """
    route = _planned(problem, gap=gap, max_nodes=max_nodes)
    broken = faults(problem, route)
    if broken:
        raise ValueError(f"the plan does not hold: {'; '.join(broken[:5])}")
    return route


def _planned(problem: Problem, *, gap: float, max_nodes: int) -> Route:
    layout = layout_of(problem)
    rows = rows_of(layout)
    told = relaxed(layout, rows)
    ranked = ranked_ways(layout, rows, told.prices)
    values, bound = improved(layout, rows, told, ranked, gap=gap, max_nodes=max_nodes)
    placement = placed(layout, values, ranked)
    route = _told(placement, rows, ranked, bound=bound, gap=gap)
    worths = {one.item: one.worth for one in problem.items}
    left = [worths[one.item] for one in route.unassigned if one.reason == "cap"]
    if not left:
        return route
    return replace(
        route,
        relief=reliefs(problem, _dearest(layout, rows, told), worth=route.worth, left=left),
    )


def improved(
    layout: Layout,
    rows: tuple[Row, ...],
    told: Relaxed,
    ranked: Ranked,
    *,
    gap: float,
    max_nodes: int,
) -> tuple[Mapping[str, float], float]:
    """Search from the first plan; give the better one, and what no plan is worth more than."""
    start = first_plan(layout, rows, told, ranked)
    if not layout.ways:
        return start, 0.0
    found = solve(built(layout, rows), gap=gap, max_nodes=max_nodes, start=start)
    bound = told.bound
    if found.bound is not None:
        bound = min(bound, -found.bound + slack_of(layout))
    worths = [one.worth for one in layout.classes]
    if all(worth == int(worth) for worth in worths):
        bound = float(int(bound + 1e-6))
    costs = costs_of(layout)
    cost = sum(costs[name] * value for name, value in start.items())
    is_better = found.objective is not None and found.objective <= cost
    return (found.values if is_better else start), bound


def _told(
    placement: Placement, rows: tuple[Row, ...], ranked: Ranked, *, bound: float, gap: float
) -> Route:
    problem = placement.layout.problem
    worths = {one.item: one.worth for one in problem.items}
    done = sorted(placement.done, key=lambda one: (one.start_min, one.parts[0].account, one.item))
    worth = sum(worths[one.item] for one in done)
    away = max(0.0, bound - worth) / bound if bound > 0 else 0.0
    return Route(
        begin_at=problem.begin_at,
        span_min=problem.span_min,
        assignments=tuple(done),
        windows=windows_of(problem, done),
        pools=tuple(pools_of(problem, done)),
        unassigned=left_over(placement, rows, ranked),
        relief=(),
        worth=worth,
        bound=max(bound, worth),
        gap=away,
        status="proved" if away <= gap else "not-proved",
    )


def _dearest(layout: Layout, rows: tuple[Row, ...], told: Relaxed) -> list[str]:
    """Give the kinds of account whose caps are in the model, those with the dearest first."""
    kinds = {one.name: layout.groups[one.group].kind for one in layout.columns}
    worth: dict[str, float] = {}
    for row in rows:
        if row.kind == "cap":
            kind = kinds[row.terms[0][0]]
            worth[kind] = worth.get(kind, 0.0) + told.prices[row.name] * row.most
    return sorted(worth, key=lambda kind: (-worth[kind], kind))
