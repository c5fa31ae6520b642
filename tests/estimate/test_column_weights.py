"""Turns as columns weigh what they weigh one by one."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
import pytest

from portfolio.estimate.column_sharing import microseconds
from portfolio.estimate.column_weights import by_cost, by_credits, is_peak
from portfolio.estimate.glm_credits import is_peak as is_one_peak
from portfolio.estimate.glm_credits import rates_of
from tests.estimate.one_by_one import Kinds, weights_by_cost, weights_by_credits

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
MODELS = ("glm-5.3", "z-ai/GLM-4.7[1m]", "glm-9-unheard", "claude-x")
SEEDS = range(40)


class Use(NamedTuple):
    at: datetime
    model: str
    tokens: tuple[int, int, int, int]
    cost_usd: Kinds | None


def drawn(rng: random.Random) -> list[Use]:
    """Draw turns; in some series none has a price, in some a kind of token is never used."""
    priced = rng.choice([0.0, 0.5, 1.0])
    scales = [rng.choice([0, 100, 5_000]) for _ in range(4)]
    models = rng.sample(MODELS, rng.randrange(1, 5))
    found = []
    for n in range(rng.randrange(30)):
        first, second, third, fourth = (rng.randrange(scale + 1) for scale in scales)
        cost = (first * 2e-6, second * 1e-5, third * 2e-7, fourth * 3e-6)
        known = cost if rng.random() < priced else None
        moment = MONDAY + timedelta(hours=7 * n, seconds=rng.randrange(3600))
        found.append(Use(moment, rng.choice(models), (first, second, third, fourth), known))
    return found


def tokens_of(uses: list[Use]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array([use.tokens for use in uses], dtype=np.int64).reshape(-1, 4).T


@pytest.mark.parametrize("seed", SEEDS)
def test_dollars_weigh_as_one_by_one(seed: int) -> None:
    uses = drawn(random.Random(seed))
    costs = [use.cost_usd or (math.nan,) * 4 for use in uses]

    weights, estimated = by_cost(
        tokens_of(uses), np.array(costs, dtype=np.float64).reshape(-1, 4).T
    )

    wanted = weights_by_cost(uses)
    assert weights.tolist() == pytest.approx(wanted.weights, rel=1e-12)
    assert estimated.tolist() == wanted.estimated


@pytest.mark.parametrize("seed", SEEDS)
def test_credits_weigh_as_one_by_one(seed: int) -> None:
    uses = drawn(random.Random(seed))

    found = by_credits(
        microseconds([use.at for use in uses]),
        tokens_of(uses),
        model=np.array([MODELS.index(use.model) for use in uses], dtype=np.int64),
        rates=[rates_of(model) for model in MODELS],
    )

    assert found.tolist() == pytest.approx(weights_by_credits(uses).weights, rel=1e-12)


def test_every_hour_of_a_week_is_at_peak_or_not_as_one_by_one() -> None:
    tick = timedelta(microseconds=1)
    hours = [MONDAY + n * timedelta(hours=1) for n in range(24 * 7)]
    times = [hour + by for hour in hours for by in (-tick, timedelta(0), tick)]

    assert is_peak(microseconds(times)).tolist() == [is_one_peak(moment) for moment in times]


def use(*tokens: int, cost: Kinds | None = None, model: str = "glm-5.3") -> Use:
    sent, answered, cached, written = tokens
    return Use(MONDAY, model, (sent, answered, cached, written), cost)


def costs(*uses: Use) -> tuple[list[float], list[bool]]:
    """Weigh by dollars."""
    known = np.array([one.cost_usd or (math.nan,) * 4 for one in uses], dtype=np.float64).T
    weights, estimated = by_cost(tokens_of(list(uses)), known)
    return weights.tolist(), estimated.tolist()


def test_a_turn_with_a_price_weighs_what_it_would_have_cost() -> None:
    free = use(1, 1, 1, 1, cost=(0, 0, 0, 0))

    found = costs(use(10, 20, 30, 40, cost=(1, 2, 3, 4)), free)

    assert found == ([10, 0], [False, False])


def test_a_turn_without_a_price_weighs_what_the_others_paid_for_each_kind_of_token() -> None:
    priced = use(100, 10, 1000, 50, cost=(100, 40, 10, 25))

    found = costs(priced, use(7, 2, 300, 4), use(0, 0, 0, 0))

    assert found == ([175, 7 * 1 + 2 * 4 + 300 * 0.01 + 4 * 0.5, 0], [False, True, True])


def test_a_kind_that_nothing_was_paid_for_weighs_by_the_usual_ratio() -> None:
    priced = use(100, 0, 0, 0, cost=(200, 0, 0, 0))

    assert costs(priced, use(0, 1, 0, 0))[0] == [200, 10]


def test_where_nothing_has_a_price_tokens_weigh_by_the_usual_ratio() -> None:
    assert costs(use(1, 0, 0, 0), use(0, 1, 0, 0), use(0, 0, 10, 0))[0] == [1, 5, 1]


def test_glm_weighs_by_its_credits_and_what_has_none_by_their_mean() -> None:
    """A thousand sent, 200 answered, 5,000 cached, off peak: 0.5 x (6.9 + 4.8 + 8.5) / 10."""
    uses = [use(1_000, 200, 5_000, 0)] * 2

    found = by_credits(
        microseconds([one.at for one in uses]),
        tokens_of(uses),
        model=np.array([0, 1]),
        rates=[rates_of("glm-5.3"), rates_of("glm-9-unheard-of")],
    )

    assert found.tolist() == pytest.approx([1.01, 1.01])
