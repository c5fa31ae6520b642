"""Spend against a known truth: agents at once, a meter in whole percents, use elsewhere."""

from __future__ import annotations

import math
from collections import defaultdict
from random import Random
from typing import NamedTuple, TypeAlias

import pytest

from portfolio.model import MeterPoint
from tests.estimate.builders import at, point
from tests.estimate.one_by_one import WeighedTurn
from tests.estimate.shared import share_out

Key: TypeAlias = tuple[int, int, int]  # agent, day, half of it
SEEDS = range(15)


class Event(NamedTuple):
    """Something used at one moment: by a turn, or (without a key) elsewhere."""

    hours: float
    key: Key | None
    burn: float
    weight: float


class Outcome(NamedTuple):
    """How the shares compare with the truth."""

    right: float  # the share of the turns' burn that lies where it belongs
    found: float  # elsewhere, in pp
    true: float
    burn: float


def worked(random: Random, *, usd_per_pp: float, spread: float) -> list[Event]:
    """Let four agents work five days; models weigh on the meter otherwise than on the bill."""
    models = [math.exp(random.gauss(0, spread)) for _ in range(3)]
    found = []
    for day in range(5):
        for agent in range(4):
            for half in (0, 1):
                hours = 24 * day + 4 * half + agent / 9
                model, end = random.choice(models), hours + 3
                while hours < end:
                    model = random.choice(models) if random.random() < 0.3 else model
                    usd = random.lognormvariate(-1.6, 0.9)
                    burn = usd / usd_per_pp * model
                    found.append(Event(hours, (agent, day, half), burn, usd))
                    hours += random.uniform(0.05, 0.2)
    return found


def elsewhere(random: Random) -> list[Event]:
    """Use something elsewhere on most nights, and a little on most days."""
    found = []
    for day in range(5):
        if random.random() < 0.6:
            hours = 24 * day + random.uniform(10, 20)
            found.append(Event(hours, None, random.uniform(1, 8), 0))
        if random.random() < 0.6:
            hours = 24 * day + random.uniform(0, 8)
            found.append(Event(hours, None, random.uniform(0.3, 2), 0))
    return found


def outcome(seed: int, *, usd_per_pp: float, spread: float, has_elsewhere: bool) -> Outcome:
    random = Random(seed)
    events = worked(random, usd_per_pp=usd_per_pp, spread=spread)
    events += elsewhere(random) if has_elsewhere else []
    events.sort()
    points: list[MeterPoint] = []
    true: dict[Key | None, float] = defaultdict(float)
    whole = 0.0
    for event in events:
        whole += event.burn
        true[event.key] += event.burn
        if event.key is not None and (random.random() < 0.7 or event is events[-1]):
            points.append(point(event.hours + 1e-4, math.floor(whole), 166))
    turns = [WeighedTurn(at(one.hours), one.key, one.weight) for one in events if one.key]
    shared = share_out(points, turns, since=-24, until=168)
    right = sum(min(burn, shared.parts.get(key, 0)) for key, burn in true.items() if key)
    return Outcome(right / (whole - true[None]), shared.elsewhere, true[None], whole)


@pytest.mark.parametrize("usd_per_pp", [2.0, 0.5])
@pytest.mark.parametrize(("spread", "least"), [(0.0, 0.96), (0.4, 0.94), (0.7, 0.9)])
@pytest.mark.parametrize("has_elsewhere", [False, True])
def test_burn_lies_where_it_belongs_and_use_elsewhere_is_never_invented(
    usd_per_pp: float, spread: float, least: float, *, has_elsewhere: bool
) -> None:
    found = [
        outcome(seed, usd_per_pp=usd_per_pp, spread=spread, has_elsewhere=has_elsewhere)
        for seed in SEEDS
    ]

    assert sum(one.right for one in found) / len(found) >= least
    assert max((one.found - one.true) / one.burn for one in found) <= 0.02
    if has_elsewhere:  # what is not seen falls on turns beside it
        assert sum(one.found for one in found) >= 0.3 * sum(one.true for one in found)
