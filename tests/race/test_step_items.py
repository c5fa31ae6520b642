"""Items by the steps they were done in."""

from __future__ import annotations

import pytest

from portfolio.race.step_items import Usual
from tests.race.steps_made import A, B, C, item


def test_a_step_is_of_the_arm_that_did_nearly_all_of_it_and_else_of_none() -> None:
    one = item(1, {("BUILD", A): 8.0, ("BUILD", B): 2.0, ("TEST", A): 7.0, ("TEST", B): 3.0})

    assert (one.main("BUILD"), one.main("TEST"), one.main("PLAN")) == (A, None, None)
    assert one.shares("TEST") == {A: 0.7, B: 0.3}
    assert one.step_usd("BUILD") == 10.0


def test_who_does_a_step_now_is_who_did_most_of_the_last_five_and_of_as_many_the_newest() -> None:
    arms = [A] * 10 + [C, B, A, A, B]
    items = [item(number, {("BUILD", arm): 1.0}) for number, arm in enumerate(arms)]

    assert Usual.of(items).arms == {"BUILD": B}
    assert Usual.of(items[:-1]).arms == {"BUILD": A}


def test_steps_are_those_of_the_last_features_with_how_many_go_through_each() -> None:
    old = [item(number, {("SPEC", A): 1.0}) for number in range(5)]
    new = [
        item(
            5 + number,
            {("BUILD", A): 1.0} | ({("PLAN", B): 1.0} if number % 4 == 0 else {}),
            rest_usd=0.5,
        )
        for number in range(20)
    ]
    fix = item(40, {("FIX", A): 1.0}, is_feature=False)

    usual = Usual.of([*old, *new, fix])

    assert list(usual.steps.items()) == [("PLAN", 0.25), ("BUILD", 1.0)]
    assert usual.rest_usd == pytest.approx(0.5)
    assert Usual.of([]).steps == {}
