"""The benchmark of forecasts, on few histories: its worlds, and what the ranges hold in them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.forecast import HIGH, LOW, SPARSE, WORLDS, World, alarms, draw, holds, measure
from portfolio.estimate.interval import Interval

REPS = 600
TWO_ERRORS = 2 * math.sqrt(0.8 * 0.2 / REPS)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_four_weeks_hold_what_they_claim(world: World) -> None:
    cell = measure(world, 4, REPS, seed=3)

    assert LOW - TWO_ERRORS <= cell.cost <= HIGH + TWO_ERRORS
    assert LOW - TWO_ERRORS <= cell.features <= HIGH + TWO_ERRORS
    assert cell.cost_95 >= 0.91


def test_one_week_does_not_see_the_moods_that_its_windows_share() -> None:
    assert measure(WORLDS[2], 1, REPS, seed=3).cost < 0.7


def test_a_week_like_the_others_seldom_leaves_the_usual_range() -> None:
    found = alarms(WORLDS[0], 4, REPS, seed=3)

    assert found.false < 0.025 < found.false_moving


def test_worlds_have_the_rate_that_is_stated() -> None:
    for world, features in ((WORLDS[0], 24), (WORLDS[2], 24), (SPARSE[0], 3), (SPARSE[1], 1)):
        shipped, burn = draw(world, 3, 4_000, np.random.default_rng(5))

        assert shipped.sum(axis=2).mean() == pytest.approx(features, rel=0.03)
        assert burn.mean() == pytest.approx(world.burn, rel=0.02)


@pytest.mark.parametrize(
    ("low", "high", "value", "expected"),
    [
        (1, 2, 1.0, 1),
        (1, 2, 2.1, 0),
        (1, None, math.inf, 1),
        (1, 2, math.inf, 0),
        (None, None, 1, 0),
    ],
)
def test_a_range_holds_its_ends_and_an_open_one_all_above(
    low: float | None, high: float | None, value: float, expected: int
) -> None:
    found = Interval(point=None, low=low, high=high, level=0.8, method="weekly-t", status="ok")

    assert holds(found, value) == bool(expected)
