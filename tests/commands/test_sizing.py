"""Sizes of items: what rules, and what the classes weigh by own spend."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from portfolio.commands import sizing
from portfolio.commands.features import show_feature
from portfolio.commands.work import load_work
from portfolio.estimate.class_weights import ClassWeights
from portfolio.estimate.size_cues import Size
from tests.size_world import BEGAN, DAY, HOUR, NOW, SETTINGS, Machine

if TYPE_CHECKING:
    from portfolio.store.opening import Database


@pytest.fixture
def machine(database: Database) -> Machine:
    return Machine(database)


def test_the_past_is_sized_after_the_fact_at_the_terciles_of_what_it_cost(machine: Machine) -> None:
    costs = [0.5, 1, 1, 2, 3, 4, 5, 8, 9, 20, 30, 40]
    machine.finish_many(costs)

    found = machine.sizes()

    assert len(found) == 12
    low, high = np.quantile(np.log(costs), (1 / 3, 2 / 3))
    for number, usd in enumerate(costs):
        size = "S" if math.log(usd) < low else "L" if math.log(usd) > high else "M"
        assert found[f"A-{number:02}"] == (size, "after-the-fact")


def test_under_twelve_finished_items_nothing_is_sized_by_dollars(machine: Machine) -> None:
    machine.finish_many([1.0] * 5 + [9.0] * 6)

    assert set(machine.sizes().values()) == {(None, None)}


def test_an_item_with_a_turn_of_unknown_price_has_no_cost_and_no_size(machine: Machine) -> None:
    machine.finish_many(range(1, 14))
    machine.work("feat/A-03", 1.0, BEGAN + 3 * DAY + HOUR, model="claude-unheard")

    found = machine.sizes()

    assert found["A-03"] == (None, None)
    assert sum(size is not None for size, _ in found.values()) == 12


def test_what_failed_or_is_open_tells_nothing_of_what_items_cost(machine: Machine) -> None:
    machine.finish("A-1", 2.0, BEGAN)
    machine.finish("A-2", 3.0, BEGAN)
    machine.say("A-2", "failed", at=BEGAN + DAY)
    machine.work("feat/A-3", 5.0, BEGAN)
    machine.say("A-3", "feature", at=BEGAN)
    past = sizing.past_of(machine.database, load_work(machine.database, SETTINGS), until=NOW)

    assert [(one.item, one.sized.spend_usd) for one in sizing.history(past)] == [("A-1", 2.0)]


def test_a_size_said_before_the_work_rules_and_one_said_later_is_after_the_fact(
    machine: Machine,
) -> None:
    machine.finish("A-1", 2.0, BEGAN)
    machine.finish("A-2", 2.0, BEGAN)
    machine.fix("A-1", "L", "said", BEGAN - HOUR)
    machine.fix("A-2", "L", "said", BEGAN + HOUR)

    assert machine.sizes() == {"A-1": ("L", "said"), "A-2": ("L", "after-the-fact")}
    shown = show_feature(machine.database, "A-1", settings=SETTINGS, now=NOW).feature
    assert (shown.size, shown.size_basis) == ("L", "said")


def test_work_without_turns_here_begins_with_its_word_or_commit_and_needs_no_turn(
    machine: Machine,
) -> None:
    machine.say("A-1", "feature", at=BEGAN)
    machine.fix("A-1", "S", "said", BEGAN)

    assert machine.sizes() == {"A-1": ("S", "said")}


def test_weights_are_learned_from_sizes_fixed_before_where_there_are_twelve(
    machine: Machine,
) -> None:
    costs: dict[Size, float] = {"S": 1.0, "M": 2.0, "L": 4.0}
    for size, usd in costs.items():
        machine.finish_many([usd] * 4, prefix=size)
        for number in range(4):
            machine.fix(f"{size}-{number:02}", size, "said", BEGAN - DAY)
    machine.finish_many([500.0] * 12, prefix="X")

    told = machine.listed().class_weights

    assert (told.items, told.is_fixed_before, told.S) == (12, True, 1.0)
    assert 2.0 < told.M < 2.3
    assert 4.0 < told.L < 5.0


def test_without_any_spend_the_weights_are_the_usual_and_nothing_is_said_of_them(
    machine: Machine,
) -> None:
    machine.say("A-1", "feature", "shipped", at=BEGAN)

    told = machine.listed().class_weights

    usual = ClassWeights()
    assert (told.M, told.L, told.items) == (usual.medium, usual.large, 0)
    assert (told.score_shipped, told.shipped_without_size) == (None, 1)
    assert "costs you" not in machine.printed()


def test_one_large_feature_weighs_about_what_three_medium_ones_do(machine: Machine) -> None:
    def score(*, split: bool) -> float:
        parts: list[tuple[str, Size]] = (
            [("N-1", "M"), ("N-2", "M"), ("N-3", "M")] if split else [("W-1", "L")]
        )
        for item, size in parts:
            machine.fix(item, size, "said", BEGAN)
            machine.say(item, "feature", "shipped", at=BEGAN + DAY)
        found = machine.listed().class_weights.score_shipped
        for item, _ in parts:
            machine.say(item, "failed", at=BEGAN + 2 * DAY)
        assert found is not None
        return found

    assert score(split=False) == score(split=True) == 9.0


def test_the_table_has_the_sizes_and_explains_what_is_after_the_fact(machine: Machine) -> None:
    machine.finish_many([0.5, 1, 1, 2, 3, 4, 5, 8, 9, 20, 30, 40])
    machine.fix("A-00", "M", "said", BEGAN - DAY)

    text = machine.printed()

    lines = {line.split()[0]: line.split() for line in text.splitlines() if line.strip()}
    assert lines["A-00"][3] == "M"
    assert lines["A-11"][3] == "L~"
    assert "~: sized after the fact" in text
    assert "An M costs you" in text
    assert "(from 12 items, some sized after the fact)." in text
    assert "The features shipped weigh as much as" in text
