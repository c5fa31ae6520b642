"""Accounts over all ways of working, and ways of working over all accounts."""

from __future__ import annotations

import math

import numpy as np
import pytest

from portfolio.race.arm import arm_of
from portfolio.race.factors import Effect, effects
from portfolio.race.facts import DrawnItem
from tests.race.worlds import DAY, MONDAY

ARMS = ("m@a", "m@b", "n@a", "n@b")
DEAR = {"a": 1.0, "b": 2.0, "m": 1.0, "n": 1.5}
CHANCES = {"m@a": 0.4, "m@b": 0.1, "n@a": 0.2, "n@b": 0.3}


def drawn(n: int, chances: dict[str, float]) -> list[DrawnItem]:
    rng = np.random.default_rng(5)
    found = []
    for number in range(n):
        name = str(rng.choice(list(chances), p=list(chances.values())))
        arm = arm_of(name)
        cost = DEAR[arm.account] * DEAR.get(arm.methodology, 1.0)
        at = MONDAY + number * DAY / 4
        found.append(
            DrawnItem(
                item=f"i{number}",
                arm=name,
                eligible=tuple(chances),
                probabilities=tuple(chances.values()),
                size="M",
                drawn_at=at,
                finished_at=at + DAY / 8,
                usd=cost * math.exp(rng.normal(0, 0.2)),
                is_shipped=True,
            )
        )
    return found


def test_each_factor_is_told_over_all_levels_of_the_other_however_unequal_the_draw() -> None:
    items = drawn(800, CHANCES)

    found = {one.factor: one for one in effects(items, dict.fromkeys(ARMS, MONDAY))}

    account, methodology = found["account"], found["methodology"]
    assert (account.level, account.beside) == ("b", "a")
    assert (methodology.level, methodology.beside) == ("n", "m")
    assert account.ratio.point == pytest.approx(2.0, rel=0.06)
    assert methodology.ratio.point == pytest.approx(1.5, rel=0.06)


def test_factors_drawn_alike_do_not_disturb_each_other() -> None:
    items = drawn(800, dict.fromkeys(ARMS, 0.25))

    found = {one.factor: one for one in effects(items, dict.fromkeys(ARMS, MONDAY))}

    assert found["account"].ratio.point == pytest.approx(2.0, rel=0.06)
    assert found["methodology"].ratio.point == pytest.approx(1.5, rel=0.06)
    ratio = found["account"].ratio
    assert ratio.low is not None
    assert ratio.high is not None
    assert ratio.low < 2.0 < ratio.high


def test_one_factor_alone_is_the_race_itself_and_nothing_is_said_of_it() -> None:
    items = drawn(80, {"a": 0.5, "b": 0.5})

    assert effects(items, {"a": MONDAY, "b": MONDAY}) == []
    assert effects([], {}) == []


def test_what_was_drawn_before_an_arm_began_anew_does_not_count() -> None:
    items = drawn(200, dict.fromkeys(ARMS, 0.25))
    late = [one for one in items if one.drawn_at >= MONDAY + 10 * DAY]

    anew = dict.fromkeys(ARMS, MONDAY + 10 * DAY)

    assert effects(items, anew) == effects(late, anew)
    assert isinstance(effects(items, anew)[0], Effect)
