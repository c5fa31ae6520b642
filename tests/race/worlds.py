"""Drawn items of a small race, for the tests."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np

from portfolio.estimate.size_cues import SIZES
from portfolio.race.facts import DrawnItem

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def race(
    dear: dict[str, float],
    *,
    weeks: int,
    a_week: int = 12,
    ships: dict[str, float] | None = None,
    spread: float = 0.3,
    seed: int = 1,
) -> list[DrawnItem]:
    """Draw items of some arms in turn; each is begun and finished on one day."""
    rng = np.random.default_rng(seed)
    arms = tuple(dear)
    found = []
    for number in range(weeks * a_week):
        arm = arms[number % len(arms)]
        at = MONDAY + number // a_week * WEEK + (number % a_week) * 5 / a_week * DAY
        found.append(
            DrawnItem(
                item=f"i{number}",
                arm=arm,
                eligible=arms,
                probabilities=(1 / len(arms),) * len(arms),
                size=SIZES[number // len(arms) % 2],
                drawn_at=at,
                finished_at=at + DAY / 4,
                usd=dear[arm] * math.exp(rng.normal(0, spread)),
                is_shipped=bool(rng.random() < (ships or {}).get(arm, 1.0)),
            )
        )
    return found
