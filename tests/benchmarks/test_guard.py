"""The weeks of benchmarks/guard.py, each held against its own arithmetic."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.guard import WINDOWED, WORLDS, page, weeks_of
from benchmarks.guard_weeks import World, at_interval, at_mean, bound_seen, guarded, planned
from portfolio.route.guard import upper_together


def test_the_guard_starts_while_its_bound_fits_and_plans_run_up_to_the_cap() -> None:
    bound = bound_seen([0.1] * 12)
    takes = [0.1] * 12
    fits = int((1 - bound.upper) / 0.1 + 1e-9) + 1

    week = guarded(WORLDS[0], bound, takes)

    assert (week.planned, week.shipped, week.is_broken) == (fits, fits, False)
    over = planned(11, takes)
    assert (over.shipped, over.is_broken) == (10, True)
    assert guarded(WORLDS[0], bound, [0.1] * (fits - 1) + [0.99]).is_broken


def test_what_is_not_on_the_meter_yet_is_counted() -> None:
    bound = bound_seen([0.3] * 12)

    week = guarded(replace(WORLDS[0], at_once=3), bound, [0.3] * 3)

    assert upper_together([bound] * 2) < 1 < upper_together([bound] * 3)
    assert (week.planned, week.is_broken) == (2, False)


def test_the_plans_divide_the_cap_by_the_mean_and_by_its_upper_end() -> None:
    seen = [0.01, 0.03] * 6

    assert at_mean(seen) == 50
    # sd = .010445, t(11) = 2.201: .02 + .006636
    assert at_interval(seen) == 37


@pytest.mark.parametrize("world", [WORLDS[0], WINDOWED])
def test_the_guard_breaks_fewer_caps_than_the_mean_and_ships_nearly_as_much(world: World) -> None:
    guard, mean = (weeks_of(world, policy, 60, 3) for policy in ("guard", "mean"))

    assert guard.broken < 0.1 < mean.broken
    assert guard.shipped > 0.9 * mean.shipped


def test_every_world_and_policy_is_on_the_page() -> None:
    cells = [
        weeks_of(world, policy, 2, 1)
        for world in (*WORLDS, WINDOWED)
        for policy in ("guard", "mean", "interval")
    ]

    told = page(cells)

    assert all(f"| {world.name} |" in told for world in WORLDS[1:])
    assert told.count("**the guard**") == 2
