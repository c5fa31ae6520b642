"""The search of the model from a plan that is known."""

from __future__ import annotations

from portfolio.route.constraints import rows_of
from portfolio.route.layout import layout_of
from portfolio.route.model import relaxed
from portfolio.route.searching import searched, values_of
from tests.route.made import account, items, method, part, week

WAYS = [
    method("alone", part({"claude-a": {"week": 30}})),
    method("both", part({"claude-a": {"week": 10}}, step="PLAN"), part({"codex-a": {"week": 50}})),
]


def test_a_search_gives_the_best_and_its_numbers_are_those_of_its_columns() -> None:
    layout = layout_of(week(items(9), WAYS, [account(), account("codex-a")]))
    rows = rows_of(layout)
    told = relaxed(layout, rows)
    nothing = values_of(layout, {})

    found, bound = searched(layout, rows, told, nothing, gap=0.0, max_nodes=10)

    # One in two parts leaves 90 of claude-a for three alone; no other way does more.
    assert sum(found[column.name] for way in layout.ways for column in way.parts[0]) == 4
    assert bound == 4
    counts = {name: int(many) for name, many in found.items()}
    assert values_of(layout, counts) == found
