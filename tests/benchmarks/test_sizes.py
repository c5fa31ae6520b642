"""The made-up items that the prediction of sizes is held against."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.sizes import (
    INSIDE,
    RULES,
    SHARES,
    always_m,
    another,
    by_history,
    by_words,
    draw,
    rank_correlation,
    score,
)
from portfolio.estimate.size_cues import SIZES


def test_classes_cost_1_3_9_and_are_as_frequent_as_stated() -> None:
    drawn = draw(np.random.default_rng(1), 20_000, 0.4)
    of_class = [
        [
            math.log(item.spend_usd)
            for item, size in zip(drawn.items, drawn.sizes, strict=True)
            if size == one
        ]
        for one in SIZES
    ]

    assert [len(logs) / 20_000 for logs in of_class] == pytest.approx(SHARES, abs=0.015)
    assert [float(np.mean(logs)) for logs in of_class] == pytest.approx(
        [math.log(2 * 3**step) for step in range(3)], abs=0.05
    )
    assert [float(np.std(logs)) for logs in of_class] == pytest.approx([INSIDE] * 3, abs=0.03)


def test_cues_tell_as_much_as_the_world_says() -> None:
    for told in (0.6, 0.0):
        items = draw(np.random.default_rng(2), 20_000, told).items
        pairs = [
            (math.log(item.cues.words), math.log(item.spend_usd))
            for item in items
            if item.cues.words
        ]

        assert np.corrcoef(np.array(pairs).T)[0, 1] == pytest.approx(told, abs=0.02)


def test_a_wrong_class_is_never_the_right_one() -> None:
    rng = np.random.default_rng(4)

    assert {another("M", rng) for _ in range(50)} == {"S", "L"}


def test_rank_correlation_knows_order_and_ties() -> None:
    up = np.array([1.0, 2.0, 9.0, 10.0])

    assert rank_correlation(up, up**3) == pytest.approx(1)
    assert rank_correlation(up, -up) == pytest.approx(-1)
    assert rank_correlation(np.ones(4), up) == 0
    # Ranks 1.5, 1.5, 3, 4 beside 1, 2, 3, 4: 4.5 / sqrt(4.5 · 5)
    assert rank_correlation(np.array([1.0, 1.0, 2.0, 3.0]), up) == pytest.approx(math.sqrt(0.9))


def test_own_history_predicts_better_than_words_alone_and_m_alone() -> None:
    ridge, words, middle = (
        score(rule, 0.6, 60, reps=20, seed=3) for rule in (by_history, by_words, always_m)
    )

    assert ridge.right > words.right > middle.right
    assert ridge.correlation > words.correlation > middle.correlation == 0
    assert ridge.opposite < words.opposite
    assert set(RULES.values()) == {by_history, by_words, always_m}
