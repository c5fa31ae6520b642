"""The worlds in which proposed mappings are measured."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from benchmarks.steps import (
    CLASSES,
    ITEM,
    MAPPINGS,
    SHARES,
    SHIPS,
    STEP,
    STEPS,
    TIMES,
    One,
    Truth,
    calibration,
    history,
    many,
    mappings_worked,
    row,
)


def test_what_a_mapping_truly_costs_is_what_items_take_on_average() -> None:
    rng = np.random.default_rng(3)
    truth = Truth.draw("additive", rng)
    mapping = (0, 1, 2, 0)

    logs = truth.logs_of(mapping) + rng.normal(0, ITEM, (200_000, 1))
    logs = logs + rng.choice(CLASSES, (200_000, 1), p=SHARES)
    usd = np.exp(logs + rng.normal(0, STEP, (200_000, len(STEPS)))).sum(axis=1).mean()

    ships = 1 / (1 + math.exp(-truth.odds_of(mapping)))
    assert truth.cost(mapping) == pytest.approx(usd / ships, rel=0.03)


def test_in_a_world_with_an_interaction_one_pair_of_cells_hangs_together() -> None:
    truth = Truth.draw("interaction", np.random.default_rng(1))
    assert truth.pair is not None
    (first, one), (second, other) = truth.pair

    moved = [
        mapping
        for mapping in MAPPINGS
        if truth.logs_of(mapping) != pytest.approx(truth.logs[range(len(STEPS)), mapping])
    ]

    assert set(moved) == {own for own in MAPPINGS if own[first] == one and own[second] == other}
    assert len(moved) == 9
    assert truth.times in (TIMES, 1 / TIMES)


def test_where_arms_are_alike_every_mapping_is_the_best() -> None:
    truth = Truth.draw("alike", np.random.default_rng(1))

    assert len({truth.cost(mapping) for mapping in MAPPINGS}) == 1
    assert truth.odds_of(MAPPINGS[0]) == SHIPS


def test_half_of_the_items_are_in_the_mapping_in_use_or_the_last_third_is() -> None:
    rng = np.random.default_rng(2)

    by_step = Counter(mappings_worked("by step", 40, rng))
    three = mappings_worked("three ways", 42, rng)

    assert by_step.most_common(1)[0][1] >= 20
    assert sorted(Counter(three).values()) == [14, 14, 14]
    assert len(set(three[-14:])) == 1
    assert {sum(a != b for a, b in zip(one, three[-1], strict=True)) for one in three} == {0, 2}


def test_items_are_made_of_every_step_and_the_same_seed_gives_the_same() -> None:
    def made() -> list[float]:
        rng = np.random.default_rng(4)
        items = history(Truth.draw("interaction", rng), "by step", 12, rng)
        return [usd for one in items for usd in one.usd.values()]

    assert len(made()) == 12 * len(STEPS)
    assert made() == made()


def test_rows_count_what_was_proposed_and_how_often_it_saves() -> None:
    kept = One(True, True, 0.0, 0.4, 0.8, 0.2, 0.3, True)  # noqa: FBT003
    found = [kept, kept._replace(saved=-0.1, is_in_best_3=False, regret=0.2, is_held=False)]
    stay = kept._replace(is_proposed=False)

    told = row("additive", "by step", 40, [*found, stay, stay])

    assert told == (
        "| additive, by step | 40 | 50.0 % | 75.0 % | 5.0 % | 40.0 % | 20.0 % | 10.0 % | 50.0 % |"
    )
    assert calibration("w", "x", [*found, stay]) == "| w, x | – | – | 50 % (2) | – | – |"


def test_proposals_are_much_better_than_the_mapping_in_use() -> None:
    found = many("additive", "by step", 40, 12, seed=1)

    assert np.mean([one.regret for one in found]) < 0.4 * np.mean([one.in_use for one in found])
