"""Finished items of which it is known what every step would take on every arm."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from portfolio.race.step_items import Arm, Cell, StepItem

BEGIN = datetime(2026, 8, 3, tzinfo=UTC)
A, B, C = (Arm(f"model-{name}", f"account-{name}") for name in "abc")


def item(
    number: int,
    usd: Mapping[tuple[str, Arm], float],
    *,
    group: str = "feature M",
    is_shipped: bool = True,
    is_feature: bool = True,
    rest_usd: float = 0.0,
) -> StepItem:
    """Make one item."""
    return StepItem(
        item=f"A-{number:03d}",
        at=BEGIN + timedelta(hours=number),
        usd={Cell(step, arm): amount for (step, arm), amount in usd.items()},
        group=group,
        is_shipped=is_shipped,
        is_feature=is_feature,
        rest_usd=rest_usd,
    )


def worked(
    mappings: Sequence[Mapping[str, Arm]],
    truth: Mapping[tuple[str, Arm], float],
    *,
    ships: float = 1.0,
    spread: float = 0.2,
    seed: int = 1,
    times: float = 1.0,
) -> list[StepItem]:
    """Make an item for each mapping; its steps take what is true, but for chance."""
    rng = Random(seed)
    return [
        item(
            number,
            {
                (step, arm): times * truth[step, arm] * math.exp(rng.gauss(0, spread))
                for step, arm in mapping.items()
            },
            is_shipped=rng.random() < ships,
        )
        for number, mapping in enumerate(mappings)
    ]
