"""The checker: a true plan passes, and each way to tamper with one is caught."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from portfolio.route.answer import Assignment, Route, WindowUse
from portfolio.route.checking import faults
from portfolio.route.planning import plan
from portfolio.route.problem import Problem
from tests.route.made import DAY, account, items, method, part, week

BOTH = method(
    "both",
    part({"claude-a": {"week": 10, "5h": 20}}, step="PLAN"),
    part({"codex-a": {"week": 10, "5h": 20}}),
)
ALONE = method("alone", part({"claude-a": {"week": 30, "5h": 20}}), share=0.5)
PROBLEM = week(
    [
        *items(2, due_min=2 * DAY, methods=frozenset({"both"}), name="web"),
        *items(3, methods=frozenset({"alone"})),
    ],
    [BOTH, ALONE],
    [account(window=60, resets=2 * DAY), account("codex-a", window=60)],
)
ROUTE = plan(PROBLEM)


def test_a_true_plan_holds() -> None:
    assert len(ROUTE.assignments) == 4
    assert faults(PROBLEM, ROUTE) == ()


def changed(change: Callable[[Assignment], Assignment], *, method: str = "both") -> Route:
    at = next(place for place, one in enumerate(ROUTE.assignments) if one.method == method)
    done = list(ROUTE.assignments)
    done[at] = change(done[at])
    return replace(ROUTE, assignments=tuple(done))


def moved(one: Assignment, start: int, *, at: int = 0) -> Assignment:
    parts = list(one.parts)
    uses = tuple(replace(use, start_min=start) for use in parts[at].uses)
    parts[at] = replace(parts[at], uses=uses)
    return replace(one, parts=tuple(parts))


def cut(one: Assignment) -> Assignment:
    use = one.parts[0].uses[0]
    halved = WindowUse(start_min=use.start_min, burn={"week": 5.0, "5h": 10.0})
    return replace(one, parts=(replace(one.parts[0], uses=(halved,)), *one.parts[1:]))


TAMPERED = {
    "not exactly once": replace(ROUTE, assignments=ROUTE.assignments[1:]),
    "no item of the problem": changed(lambda one: replace(one, item="api.9")),
    "unknown item or method": changed(lambda one: replace(one, method="c")),
    "is not allowed": changed(lambda one: replace(one, method="alone")),
    "parts are missing": changed(lambda one: replace(one, parts=one.parts[:1])),
    "does not do this": changed(lambda one: replace(one, parts=one.parts[::-1])),
    "takes 5.0 of week": changed(cut),
    "after it is due": changed(lambda one: moved(one, 540 + 2 * DAY)),
    "out of order": changed(lambda one: moved(one, 540 + DAY)),
    "no window can be opened": changed(lambda one: moved(one, 700)),
    "another use": replace(
        ROUTE, pools=tuple(replace(one, planned=one.planned + 1) for one in ROUTE.pools)
    ),
    "windows told": replace(ROUTE, windows=()),
    "told is": replace(ROUTE, worth=ROUTE.worth + 1),
    "more than its bound": replace(ROUTE, bound=1.0),
}


@pytest.mark.parametrize("said", sorted(TAMPERED))
def test_a_tampered_plan_is_caught(said: str) -> None:
    assert any(said in fault for fault in faults(PROBLEM, TAMPERED[said]))


def with_less(pool: str) -> Problem:
    accounts = tuple(
        replace(
            one,
            pools=tuple(
                replace(each, reserve=95 if pool == "week" else 55) if each.pool == pool else each
                for each in one.pools
            ),
        )
        for one in PROBLEM.accounts
    )
    return replace(PROBLEM, accounts=accounts)


@pytest.mark.parametrize("pool", ["week", "5h"])
def test_a_plan_past_a_cap_is_caught(pool: str) -> None:
    told = faults(with_less(pool), ROUTE)

    assert any(fault.startswith(f"{pool} ") and "is past the cap" in fault for fault in told)


def test_a_plan_under_the_quality_floor_is_caught() -> None:
    told = faults(replace(PROBLEM, floor=0.6), ROUTE)

    assert any("under the quality floor" in fault for fault in told)


def test_work_that_goes_on_over_a_reset_is_caught() -> None:
    def over(one: Assignment) -> Assignment:
        uses = tuple(
            WindowUse(start_min=at, burn={"week": 30.0, "5h": 20.0})
            for at in (540 + DAY, 540 + 2 * DAY)
        )
        return replace(one, parts=(replace(one.parts[0], uses=uses),))

    told = faults(PROBLEM, changed(over, method="alone"))

    assert any("goes on over a reset" in fault for fault in told)


def test_a_plan_up_to_the_cap_is_past_it_where_the_meter_may_hide_half_a_point() -> None:
    ways = [method("a", part({"claude-a": {"week": 25}}))]
    full = week(items(4), ways, [account()])
    pools = tuple(replace(one, rounding=0.5) for one in full.accounts[0].pools)
    rounded = replace(full, accounts=(replace(full.accounts[0], pools=pools),))

    assert faults(full, plan(full)) == ()
    assert any("week claude-a" in one for one in faults(rounded, plan(full)))
    assert len(plan(rounded).assignments) == 3
