"""The weekly model as PuLP has it, and what its relaxation says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from portfolio.route.constraints import Row
from portfolio.route.layout import Layout
from portfolio.route.solving import solve_relaxed

if TYPE_CHECKING:
    import pulp

TIE: Final = 1e-4  # of the least worth: all that cost and time may weigh against an item


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """The model solved as if items could be cut up."""

    values: Mapping[str, float]  # by variable
    bound: float  # no plan is worth more
    prices: Mapping[str, float]  # by row: worth of one more unit, 0 or more


def costs_of(layout: Layout) -> dict[str, float]:
    """Give what each variable adds to what is minimised: less worth, ties for the cheap and early.

    min −Σ w_k n_km + ε Σ y_kmPas (c_a u_kmP + t_s / 10), c scaled to 1 at most, t to the span
    """
    columns = list(layout.columns)
    dearest = max((one.dollars for one in columns), default=0.0) or 1.0
    least = TIE * min((one.worth for one in layout.classes), default=1.0)
    span = max(1, layout.problem.span_min)
    costs = {
        one.name: least * (one.dollars / dearest + one.soonest_min / span / 10) for one in columns
    }
    for way in layout.ways:
        worth = layout.classes[way.of].worth
        if len(way.parts) == 1:
            for column in way.parts[0]:
                costs[column.name] -= worth
        else:
            costs[way.name] = -worth
    return costs


def slack_of(layout: Layout) -> float:
    """Give the most that ties could add up to, which no bound on worth may leave out."""
    items = sum(len(one.items) for one in layout.classes)
    parts = max((len(way.parts) for way in layout.ways), default=1)
    return 1.1 * TIE * min((one.worth for one in layout.classes), default=1.0) * items * parts


def built(layout: Layout, rows: tuple[Row, ...]) -> pulp.LpProblem:
    """Build the model: variables by name, rows by name."""
    import pulp

    model = pulp.LpProblem("route", pulp.LpMinimize)
    variables = {}
    for way in layout.ways:
        if len(way.parts) > 1:
            most = len(layout.classes[way.of].items)
            variables[way.name] = model.add_variable(way.name, 0, most, cat=pulp.LpInteger)
    for column in layout.columns:
        variables[column.name] = model.add_variable(column.name, 0, column.most, cat=pulp.LpInteger)
    costs = costs_of(layout)
    model += pulp.lpSum(costs[name] * one for name, one in variables.items()), "worth"
    for place, row in enumerate(rows):
        total = pulp.lpSum(use * variables[name] for name, use in row.terms)
        model += (total == row.most if row.kind == "link" else total <= row.most), _name(place)
    return model


def relaxed(layout: Layout, rows: tuple[Row, ...]) -> Relaxed:
    """Solve the relaxation."""
    if not layout.ways:
        return Relaxed(values={}, bound=0.0, prices={row.name: 0.0 for row in rows})
    found = solve_relaxed(built(layout, rows))
    if found.objective is None:
        raise ValueError(f"a model that an empty plan solves is {found.status}")
    return Relaxed(
        values=found.values,
        bound=-found.objective + slack_of(layout),
        prices={row.name: max(0.0, -found.prices[_name(place)]) for place, row in enumerate(rows)},
    )


def _name(place: int) -> str:
    return f"r{place:06}"  # PuLP writes names anew that have blanks
