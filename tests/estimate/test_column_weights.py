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
from portfolio.estimate.turn_weights import Kinds, weights_by_cost, weights_by_credits

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
