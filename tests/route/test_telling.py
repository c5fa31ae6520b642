"""The cap that is blamed is one that binds: solved anew with more of it, the item has a place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portfolio.route.answer import Route
from portfolio.route.planning import plan
from portfolio.route.problem import Account, Problem, Window
from tests.route.made import DAY, account, items, method, part, week

ONE = method("a", part({"claude-a": {"week": 10, "5h": 10}}))
LARGE = method("large", part({"claude-a": {"week": 5, "5h": 5, "week:opus": 20}}))
IN_ORDER = method(
    "both",
    part({"claude-a": {"week": 10, "5h": 10}}, step="PLAN"),
    part({"codex-a": {"week": 10, "5h": 10}}),
)
# The planner works on the third day only; two of the builder's three windows are over by then. Its
# week holds two items and a half, so it is nearer to its cap than all windows together.
THIRD_DAY = (Window(start_min=540 + 2 * DAY, end_min=840 + 2 * DAY),)
LATE = replace(account(week=45, window=40), windows=THIRD_DAY)
BUILDER = account("codex-a", week=25, window=10)


def widened(problem: Problem, name: str, pool: str) -> Problem:
    def of(one: Account) -> Account:
        pools = (replace(p, cap=1000.0) if p.pool == pool else p for p in one.pools)
        return replace(one, pools=tuple(pools)) if one.account == name else one

    return replace(problem, accounts=tuple(map(of, problem.accounts)))


def blamed(route: Route) -> set[str | None]:
    return {one.binds for one in route.unassigned}


@pytest.mark.parametrize(
    ("problem", "binds", "others"),
    [
        pytest.param(
            week(items(6), [ONE], [account(week=65, window=20, opens=2)]),
            "5h claude-a",
            ["week claude-a"],
            id="windows",
        ),
        pytest.param(
            week(items(6), [ONE], [account(week=45, window=20, opens=4)]),
            "week claude-a",
            ["5h claude-a"],
            id="week",
        ),
        pytest.param(
            week(items(6), [LARGE], [account(window=60, opus=90)]),
            "week:opus claude-a",
            ["week claude-a", "5h claude-a"],
            id="scoped",
        ),
        pytest.param(
            week(items(2), [IN_ORDER], [LATE, BUILDER]),
            "5h codex-a",
            ["week codex-a", "week claude-a", "5h claude-a"],
            id="order",
        ),
        pytest.param(
            week(
                items(4),
                [method("a", part({"claude-a": {"week": 10, "5h": 10}, "codex-a": {"week": 10}}))],
                [account(window=10, opens=1), account("codex-a", week=15)],
            ),
            "week codex-a",
            [],
            id="nearest",
        ),
    ],
)
def test_with_more_of_the_cap_that_is_blamed_more_is_done_and_with_more_of_another_not(
    problem: Problem, binds: str, others: list[str]
) -> None:
    route = plan(problem, gap=0.0)

    assert blamed(route) == {binds}
    pool, name = binds.split()
    assert plan(widened(problem, name, pool), gap=0.0).worth > route.worth
    for other in others:
        pool, name = other.split()
        assert plan(widened(problem, name, pool), gap=0.0).worth == route.worth


def test_both_full_the_one_that_is_further_over_is_blamed() -> None:
    problem = week(items(6), [ONE], [account(week=49, window=20, opens=2)])

    assert blamed(plan(problem, gap=0.0)) == {"5h claude-a"}  # the week has .9 of an item left
    assert blamed(plan(widened(problem, "claude-a", "5h"), gap=0.0)) == {"week claude-a"}


def test_steps_in_order_that_no_window_is_left_for_are_late_where_no_pool_is_to_blame() -> None:
    early = replace(account("codex-a"), windows=(Window(start_min=540, end_min=840),))
    free = method(
        "both", part({"claude-a": {"week": 1}}, step="PLAN"), part({"codex-a": {"week": 1}})
    )

    (left,) = plan(week(items(1), [free], [replace(LATE, pools=early.pools), early])).unassigned

    assert (left.reason, left.binds) == ("due", None)
