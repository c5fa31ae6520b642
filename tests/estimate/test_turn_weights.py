from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import pytest

from portfolio.estimate.glm_credits import credits_of
from portfolio.estimate.turn_weights import Kinds, weights_by_cost, weights_by_credits
from tests.estimate.builders import at


class Use(NamedTuple):
    """What a turn used, as the store tells it."""

    at: datetime
    model: str
    tokens: tuple[int, int, int, int]
    cost_usd: Kinds | None


def use(*tokens: int, cost: Kinds | None = None) -> Use:
    sent, answered, cached, written = tokens
    model = "glm-5.3" if cost is None else "x"
    return Use(at(0), model, (sent, answered, cached, written), cost)


def test_a_turn_with_a_price_weighs_what_it_would_have_cost() -> None:
    free = use(1, 1, 1, 1, cost=(0, 0, 0, 0))

    found = weights_by_cost([use(10, 20, 30, 40, cost=(1, 2, 3, 4)), free])

    assert (found.weights, found.estimated) == ([10, 0], [False, False])


def test_a_turn_without_a_price_weighs_what_the_others_paid_for_each_kind_of_token() -> None:
    priced = use(100, 10, 1000, 50, cost=(100, 40, 10, 25))

    found = weights_by_cost([priced, use(7, 2, 300, 4), use(0, 0, 0, 0)])

    assert found.weights == [175, 7 * 1 + 2 * 4 + 300 * 0.01 + 4 * 0.5, 0]
    assert found.estimated == [False, True, True]


def test_a_kind_that_nothing_was_paid_for_weighs_by_the_usual_ratio() -> None:
    priced = use(100, 0, 0, 0, cost=(200, 0, 0, 0))

    assert weights_by_cost([priced, use(0, 1, 0, 0)]).weights == [200, 10]


def test_where_nothing_has_a_price_tokens_weigh_by_the_usual_ratio() -> None:
    found = weights_by_cost([use(1, 0, 0, 0), use(0, 1, 0, 0), use(0, 0, 10, 0)])

    assert found.weights == [1, 5, 1]


def test_glm_weighs_by_its_credits_and_what_has_none_by_their_mean() -> None:
    known = use(1_000, 200, 5_000, 0)
    weight = credits_of(
        "glm-5.3",
        input_tokens=1_000,
        output_tokens=200,
        cache_read_tokens=5_000,
        cache_write_tokens=0,
        at=at(0),
    )

    found = weights_by_credits([known, known._replace(model="glm-9-unheard-of")])

    assert found.weights == pytest.approx([weight, weight])
    assert found.estimated == [False, True]
