"""Sharing over columns is sharing over turns."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import datetime, timedelta

import numpy as np
import pytest

from portfolio.estimate.column_sharing import microseconds, shared
from portfolio.estimate.spend import LAG, Rise
from tests.estimate.builders import at
from tests.estimate.one_by_one import WeighedTurn, shares_of

MINUTE = timedelta(minutes=1)
SERIES = 300


def drawn(rng: random.Random) -> tuple[list[Rise], list[WeighedTurn[int]]]:
    """Draw rises, one behind the other or apart, and turns at any time and on their edges."""
    moment, rises = at(0), []
    for _ in range(rng.randrange(40)):
        since = moment + rng.choice([0, 0, 3, 300]) * MINUTE
        stood = since + rng.choice([0, 0, 5, 40]) * MINUTE
        moment = stood + rng.choice([1, 7, 25, 90]) * MINUTE
        rises.append(Rise(since, stood, moment, rng.choice([0.3, 1.0, 2.0, 30.0]), 1.0))
    edges = [edge for rise in rises for edge in (rise.since, rise.stood_until, rise.until)] or [
        at(0)
    ]
    times = [
        rng.choice(edges) + rng.choice([-1, 0, 0, 1]) * rng.choice([timedelta(0), MINUTE, LAG])
        for _ in range(rng.randrange(150))
    ]
    weights = [0.0, 1.0, rng.random(), 40 * rng.random()]
    turns = [WeighedTurn(one, n, rng.choice(weights)) for n, one in enumerate(sorted(times))]
    return rises, turns


def one_by_one(
    rises: list[Rise], turns: list[WeighedTurn[int]]
) -> dict[tuple[datetime, int | None], float]:
    parts: dict[tuple[datetime, int | None], float] = defaultdict(float)
    for moment, key, amount in shares_of(rises, turns):
        parts[moment, key] += amount
    return parts


@pytest.mark.parametrize("seed", range(SERIES))
def test_each_rise_is_shared_over_its_turns_as_one_by_one(seed: int) -> None:
    rises, turns = drawn(random.Random(seed))
    wanted = one_by_one(rises, turns)

    found = shared(
        rises,
        microseconds([turn.at for turn in turns]),
        np.array([turn.weight for turn in turns], dtype=np.float64),
    )

    of_turns = {key: amount for (_, key), amount in wanted.items() if key is not None}
    assert found.burn.tolist() == pytest.approx(
        [of_turns.get(n, 0.0) for n in range(len(turns))], abs=1e-9
    )
    away = [(moment, amount) for (moment, key), amount in wanted.items() if key is None]
    assert [moment for moment, _ in found.elsewhere] == [moment for moment, _ in away]
    assert [amount for _, amount in found.elsewhere] == pytest.approx(
        [amount for _, amount in away], abs=1e-9
    )
    for rise in rises:
        own = [n for n, turn in enumerate(turns) if rise.since < turn.at <= rise.until]
        rest = sum(amount for moment, amount in found.elsewhere if moment == rise.until)
        assert all(found.rise[n] == rises.index(rise) for n in own if turns[n].weight > 0)
        assert sum(found.burn[own]) + rest == pytest.approx(rise.amount, abs=1e-9)


def test_the_drawn_series_reach_every_law_of_sharing() -> None:
    """Else equality would prove little: all on turns, all elsewhere, a step, a part, a rate."""
    seen: Counter[str] = Counter()
    for seed in range(SERIES):
        rises, turns = drawn(random.Random(seed))
        parts = one_by_one(rises, turns)
        for rise in rises:
            rest = parts.get((rise.until, None), 0.0)
            here = rise.amount - rest
            seen["here" if not rest else "elsewhere" if here < 1e-12 else "both"] += 1
            seen["by the rate"] += rest > 0 and here > 1e-12 and abs(here - rise.step) > 1e-9

    assert all(seen[law] > 50 for law in ("here", "elsewhere", "both", "by the rate")), seen
