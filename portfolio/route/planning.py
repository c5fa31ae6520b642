"""Plan a span: relax, round and fill, improve by the solver to a gap, place, check, tell."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from portfolio.route.answer import Route
from portfolio.route.checking import faults
from portfolio.route.constraints import Row, rows_of
from portfolio.route.filling import Ranked, first_plan, ranked_ways
from portfolio.route.layout import Layout, layout_of
from portfolio.route.model import Relaxed, relaxed
from portfolio.route.placing import Placement, placed
from portfolio.route.problem import Problem
from portfolio.route.relieving import reliefs
from portfolio.route.repairing import repaired
from portfolio.route.searching import searched, values_of, whole_bound
from portfolio.route.telling import left_over, pools_of, windows_of

GAP: Final = 5e-3  # of what the best plan could be worth
TRIES: Final = 40  # companies of accounts that are planned anew
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
    placement, bound = best_placed(layout, rows, told, ranked, gap=gap, max_nodes=max_nodes)
    route = _told(placement, ranked, bound=bound, gap=gap)
    worths = {one.item: one.worth for one in problem.items}
    left = [worths[one.item] for one in route.unassigned if one.reason == "cap"]
    if not left:
        return route
    return replace(
        route,
        relief=reliefs(problem, _dearest(layout, rows, told), worth=route.worth, left=left),
    )


def best_placed(
    layout: Layout,
    rows: tuple[Row, ...],
    told: Relaxed,
    ranked: Ranked,
    *,
    gap: float,
    max_nodes: int,
    tries: int = TRIES,
) -> tuple[Placement, float]:
    """Place the first plan and repair it; search the whole model where that is not enough.

    Give the better placement, and what no plan is worth more than.
    """
    worths = [one.worth for one in layout.classes]
    bound = whole_bound(told.bound, worths)
    total = math.fsum(one.worth * len(one.items) for one in layout.classes)
    best = placed(layout, first_plan(layout, rows, told, ranked), ranked)
    repaired(best, enough=bound * (1 - gap), tries=tries)
    is_near = total - best.lost >= bound * (1 - gap)
    if not layout.ways or not max_nodes or is_near:
        return best, bound
    start = values_of(layout, best.counts)
    values, bound = searched(layout, rows, told, start, gap=gap, max_nodes=max_nodes)
    if values is start:
        return best, bound
    other = placed(layout, values, ranked)
    repaired(other, enough=bound * (1 - gap), tries=tries)
    return (other if other.lost < best.lost else best), bound


def _told(placement: Placement, ranked: Ranked, *, bound: float, gap: float) -> Route:
    problem = placement.layout.problem
    worths = {one.item: one.worth for one in problem.items}
    told = (one.told() for one in placement.held.values())
    done = sorted(told, key=lambda one: (one.start_min, one.parts[0].account, one.item))
    worth = math.fsum(worths[one.item] for one in done)
    away = max(0.0, bound - worth) / bound if bound > 0 else 0.0
    return Route(
        begin_at=problem.begin_at,
        span_min=problem.span_min,
        assignments=tuple(done),
        windows=windows_of(problem, done),
        pools=tuple(pools_of(problem, done)),
        unassigned=left_over(placement, ranked),
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
