"""The benchmark's arithmetic over many years at a time is the program's own."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from benchmarks.race_years import (
    FLOOR,
    NEVER,
    Sums,
    World,
    Years,
    log_dearer,
    made_years,
    weeks_out,
)
from portfolio.estimate.size_cues import SIZES
from portfolio.race.elimination import Look, looks, replayed
from portfolio.race.facts import DrawnItem

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
WEEK = timedelta(days=7)
HARD = World(name="hard", ships=0.9, day_cv=0.5, own_week_sd=0.2, lost=0.1)
POOR = World(name="poor", ships=0.25)


def drawn_items(told: Years, year: int, arms: int) -> list[DrawnItem]:
    names = tuple("abcdef"[:arms])
    return [
        DrawnItem(
            item=str(place),
            arm=names[told.arm[year, place]],
            eligible=names,
            probabilities=(1 / arms,) * arms,
            size=SIZES[told.size[year, place]],
            drawn_at=MONDAY + int(told.week[place]) * WEEK + timedelta(minutes=place),
            finished_at=MONDAY + int(told.week[place]) * WEEK + timedelta(days=2),
            usd=math.exp(told.log_usd[year, place]),
            is_shipped=bool(told.is_shipped[year, place]),
        )
        for place in range(len(told.week))
        if told.arm[year, place] >= 0
    ]


@pytest.mark.parametrize(
    ("world", "arms", "times"), [(HARD, 3, 3.0), (HARD, 4, 0.4), (POOR, 3, 1.0)]
)
def test_the_benchmark_takes_out_the_same_arms_at_the_same_looks(
    world: World, arms: int, times: float
) -> None:
    rng = np.random.default_rng(4)
    told = made_years(world, arms, 3, rng, drawn=0.6, times=times)
    beaten, below = weeks_out(Sums.of(told, arms))

    for year in range(3):
        items = drawn_items(told, year, arms)
        seen = looks(items, [], week=MONDAY, now=MONDAY + 30 * WEEK)
        found = replayed(seen, floor=FLOOR)

        expected = {}
        for arm in range(arms):
            for verdict, weeks in (("eliminated", beaten), ("below-floor", below)):
                if weeks[year, arm] <= 30:
                    at = MONDAY + int(weeks[year, arm]) * WEEK
                    expected["abcdef"[arm]] = (verdict, at)
        assert {arm: (one.verdict, one.at) for arm, one in found.items()} == expected
    assert ((below if world is POOR else beaten) < NEVER).any()


def test_the_benchmark_has_the_evidence_of_the_program() -> None:
    told = made_years(World(name="plain"), 3, 2, np.random.default_rng(5), drawn=0.5)
    sums = Sums.of(told, 3)

    for year, week in ((0, 3), (0, 20), (1, 51)):
        items = drawn_items(told, year, 3)
        entries = looks(items, [], week=MONDAY, now=MONDAY + 2 * WEEK)[-1].entries
        look = Look.of(items, entries, MONDAY + (week + 1) * WEEK)
        for first, second in ((0, 1), (0, 2), (1, 2)):
            names = "abc"[first], "abc"[second]
            log_e = look.log_dearer(*names)
            expected = -math.inf if log_e is None else log_e
            assert log_dearer(sums, first, second)[0][year, week] == pytest.approx(expected)
