"""Each constraint of the monthly model: one choice that keeps to it, one that does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from portfolio.rebalance.monthly import buying_rows, scenario_rows
from portfolio.rebalance.monthly.draft import Row, Sum
from portfolio.rebalance.monthly.terms import Term
from tests.rebalance.monthly.plan_world import offer

PRO = offer("pro", 20.0, 10)
TERM = Term(0, 0)

CASES = [
    (
        buying_rows.balance(PRO, TERM, 2, "x", Sum({"stay": 1.0, "add": 1.0, "drop": -1.0})),
        "balance pro p00 b00 t02",
        {"x": 2, "stay": 2, "add": 1, "drop": 1},
        {"x": 3, "stay": 2, "add": 1, "drop": 1},
    ),
    (
        buying_rows.leaving(PRO, "h00", 1, ["drop", "move"], Sum({}, 2)),
        "leaving pro h00 t01",
        {"drop": 1, "move": 1},
        {"drop": 2, "move": 1},
    ),
    (
        buying_rows.minimum_term(PRO, "h00", 1, ["drop"]),
        "term pro h00 t01",
        {"drop": 0},
        {"drop": 1},
    ),
    (
        buying_rows.count(PRO, 1, "x", Sum({"new": 1.0, "old": 1.0})),
        "count pro t01",
        {"x": 2, "new": 1, "old": 1},
        {"x": 1, "new": 1, "old": 1},
    ),
    (buying_rows.most(PRO, 1, "x"), "most pro t01", {"x": 2}, {"x": 3}),
    (buying_rows.budget([Sum({"x": 20.0}, -5.0)], 35.0), "budget t01", {"x": 2}, {"x": 3}),
    (
        buying_rows.promo_once(PRO, 2, "again", "add"),
        "promo-once pro t02",
        {"again": 0, "add": 2},
        {"again": 1, "add": 1},
    ),
    (
        buying_rows.promo_left(PRO, 2, "again", ["drop"]),
        "promo-left pro t02",
        {"again": 1, "drop": 2},
        {"again": 0, "drop": 1},
    ),
    (
        buying_rows.promo_stays_lost(PRO, 2, "before", "again"),
        "promo-lost pro t02",
        {"before": 1, "again": 1},
        {"before": 1, "again": 0},
    ),
    (
        buying_rows.promo_most(PRO, ["add1", "add2"]),
        "promo-most pro",
        {"add1": 1, "add2": 1},
        {"add1": 2, "add2": 1},
    ),
    (
        scenario_rows.demand("t01 s0000", "S", ["on", "api"], "short", 9.0),
        "demand S t01 s0000",
        {"on": 5, "api": 3, "short": 1},
        {"on": 5, "api": 3, "short": 0},
    ),
    (
        scenario_rows.pool("t01 s0000", "00 week", {"on": 2.0}, Sum({"x": 10.0}, 5.0)),
        "pool 00 week t01 s0000",
        {"on": 12.5, "x": 2},
        {"on": 12.6, "x": 2},
    ),
    (
        scenario_rows.spending("t01 s0000", {"api": 3.0}, Sum({"x": 20.0}), 50.0),
        "spending t01 s0000",
        {"api": 10, "x": 1},
        {"api": 11, "x": 1},
    ),
    (
        scenario_rows.seldom_short("t01 s0000", ["short"], "z", 100.0, share=0.01),
        "short t01 s0000",
        {"short": 1, "z": 0},
        {"short": 2, "z": 0},
    ),
    (
        scenario_rows.seldom("short", [f"z{n}" for n in range(20)], share=0.9),
        "seldom short",
        {"z0": 1, "z1": 1},
        {"z0": 1, "z1": 1, "z2": 1},
    ),
    (
        scenario_rows.ceiling("s0000", Sum({"x": 20.0}), ["h"], 50.0, "z", usd=0.8, large=100.0),
        "ceiling s0000",
        {"x": 2, "h": 0, "z": 0},  # $40 for 50
        {"x": 2, "h": 1, "z": 0},  # $40 for 49
    ),
    (
        scenario_rows.plans_within(Sum({"x": 20.0}), Sum({"low": 50.0})),
        "plans within the ceiling",
        {"x": 2, "low": 0.8},
        {"x": 2, "low": 0.7},
    ),
    (
        scenario_rows.lowest_ceiling("s0000", Sum({"x": 20.0}), 50.0, "z", "low", large=100.0),
        "lowest s0000",
        {"x": 2, "low": 0.8, "z": 0},
        {"x": 2, "low": 0.7, "z": 0},
    ),
    (
        scenario_rows.excess("s0000", Sum({"x": 20.0}), "over", "level"),
        "excess s0000",
        {"x": 2, "level": 30, "over": 10},
        {"x": 2, "level": 30, "over": 9},
    ),
]


@pytest.mark.parametrize(("rows", "name", "feasible", "infeasible"), CASES)
def test_a_row_holds_or_not(
    rows: Iterable[Row],
    name: str,
    feasible: Mapping[str, float],
    infeasible: Mapping[str, float],
) -> None:
    (row,) = list(rows)

    assert row.name == name
    assert row.holds(feasible)
    assert not row.holds(infeasible)


def test_a_bad_scenario_is_let_off() -> None:
    (row,) = scenario_rows.ceiling("s", Sum({"x": 20.0}), [], 50.0, "z", usd=0.1, large=100.0)

    assert row.holds({"x": 2, "z": 1})
    assert not row.holds({"x": 2, "z": 0})
