"""The weekly plan: closed forms by hand, what more capacity does, the same answer each time."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random

import pytest

from portfolio.route.planning import plan
from portfolio.route.problem import Method, Problem, Window
from portfolio.route.windows import openable
from tests.route.made import DAY, account, items, method, part, week
from tests.route.test_oracle import double, single


@pytest.mark.parametrize(("use", "share"), [(3.0, 1.0), (4 / 3, 0.8), (7.0, 0.9)])
def test_one_account_and_one_class_do_the_cap_over_what_an_item_takes(
    use: float, share: float
) -> None:
    ways = [method("a", part({"claude-a": {"week": use}}), share=share)]

    route = plan(week(items(90), ways, [account()]), gap=0.0)

    assert len(route.assignments) == min(90, math.floor(100 * share / use + 1e-9))
    assert route.status == "proved"


def test_three_quarters_of_a_feature_a_point_at_a_success_of_four_fifths_are_sixty_a_week() -> None:
    ways = [method("a", part({"claude-a": {"week": 1 / 0.75}}), share=0.8)]

    assert len(plan(week(items(80), ways, [account()])).assignments) == 60


def test_a_large_model_is_bound_by_the_smaller_of_its_two_pools() -> None:
    ways = [method("large", part({"claude-a": {"week": 4, "week:opus": 4}}), share=0.8)]

    route = plan(week(items(30), ways, [account(opus=50)]), gap=0.0)

    assert len(route.assignments) == math.floor(50 * 0.8 / 4)


def wider(problem: Problem) -> Problem:
    pools = [
        replace(one, pools=tuple(replace(p, cap=(p.cap or 0) * 1.3) for p in one.pools))
        for one in problem.accounts
    ]
    return replace(problem, accounts=tuple(pools))


def dearer(problem: Problem) -> Problem:
    def of(one: Method) -> Method:
        parts = tuple(
            replace(
                each,
                burn={
                    key: {pool: 1.3 * use for pool, use in burn.items()}
                    for key, burn in each.burn.items()
                },
            )
            for each in one.parts
        )
        return replace(one, parts=parts)

    return replace(problem, methods=tuple(of(one) for one in problem.methods))


@pytest.mark.parametrize("seed", range(8))
def test_more_capacity_never_ships_less_and_dearer_items_never_ship_more(seed: int) -> None:
    problem = (single if seed % 2 else double)(Random(1000 + seed))
    now, more, less = (plan(one, gap=0.0) for one in (problem, wider(problem), dearer(problem)))

    assert less.worth <= now.worth <= more.worth
    assert now.worth <= now.bound


def test_the_same_week_is_planned_alike_each_time_whatever_the_order_it_is_told_in() -> None:
    problem = single(Random(5))
    turned = replace(problem, accounts=problem.accounts[::-1], methods=problem.methods[::-1])

    assert plan(problem) == plan(problem)
    assert plan(turned).assignments == plan(problem).assignments


def test_one_more_account_brings_at_most_what_is_said() -> None:
    ways = [method("a", part({"claude-a": {"week": 30}}))]

    route = plan(week(items(9), ways, [account()]))

    (relief,) = route.relief
    # Of 30 points each, no account does more than three, whole or not.
    assert (len(route.assignments), relief.kind, relief.items_most) == (3, "claude-a", 3)
    assert relief.worth_most == pytest.approx(3, abs=0.01)


def test_what_expires_is_told_only_where_a_reset_comes() -> None:
    ways = [method("a", part({"claude-a": {"week": 30}}))]

    pools = plan(week(items(2), ways, [account(resets=2 * DAY)])).pools

    assert [(one.begins_min, one.planned, one.expires) for one in pools] == [
        (0, 60, 40),
        (2 * DAY, 0, None),
    ]


def test_of_two_accounts_that_would_do_the_cheaper_one_is_taken() -> None:
    ways = [method("a", part({"claude-a": {"week": 10}, "claude-b": {"week": 10}}))]
    dear = replace(account(), dollars={"week": 1.0})
    cheap = replace(account("claude-b"), dollars={"week": 0.1})

    route = plan(week(items(3), ways, [dear, cheap]), gap=0.0)

    assert {one.parts[0].account for one in route.assignments} == {"claude-b"}


def test_an_item_larger_than_a_window_goes_on_in_the_next() -> None:
    ways = [method("a", part({"claude-a": {"5h": 25}}))]

    route = plan(week(items(1), ways, [account(window=10)]))

    (placed,) = route.assignments[0].parts
    assert [(one.start_min, one.burn["5h"]) for one in placed.uses] == [
        (540, 10),
        (540 + DAY, 10),
        (540 + 2 * DAY, pytest.approx(5)),
    ]
    assert [one.planned for one in route.windows] == [10, 10, pytest.approx(5)]


def test_many_accounts_that_are_alike_are_pooled_and_told_one_by_one() -> None:
    names = [f"claude-{place:02}" for place in range(61)]
    does = part({name: {} for name in names})
    ways = [method("a", replace(does, burn={("S", "max"): {"week": 40}}))]
    accounts = [replace(account(name), kind="max") for name in names]

    route = plan(week(items(130), ways, accounts))

    assert len(route.assignments) == 122
    assert {one.binds for one in route.unassigned} == {"week max (61 accounts)"}
    assert route.relief[0].items_most >= 2


def test_no_items_or_no_accounts_are_an_empty_plan() -> None:
    ways = [method("a", part({"claude-a": {"week": 40}}))]

    assert plan(week([], ways, [account()])).assignments == ()
    assert [one.reason for one in plan(week(items(1), ways, [])).unassigned] == ["account"]


def test_a_day_of_eight_to_ten_hours_touches_two_windows_and_a_week_holds_33_whole_ones() -> None:
    days = [len(openable([(540, 540 + 60 * hours)])) for hours in (8, 9, 10)]
    whole = [one for one in openable([(0, 7 * DAY)]) if one.end_min - one.start_min == 300]

    assert days == [2, 2, 2]
    assert len(whole) == 33


def test_a_window_that_runs_already_is_the_first_and_the_next_begins_when_it_ends() -> None:
    assert openable([(0, 480)], open_until=120) == (
        Window(start_min=0, end_min=120, is_open=True),
        Window(start_min=120, end_min=420),
        Window(start_min=420, end_min=480),
    )


def test_work_in_a_window_keeps_to_the_longer_side_of_a_reset() -> None:
    assert [(one.start_min, one.end_min) for one in openable([(0, 300)], resets=[200])] == [
        (0, 200)
    ]
    assert [(one.start_min, one.end_min) for one in openable([(0, 300)], resets=[100])] == [
        (100, 300)
    ]
