"""What is asked once for a stretch of time is what would be answered at each of its moments."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta

import numpy as np
import pytest

from portfolio.estimate.by_period import answers
from portfolio.estimate.column_sharing import microseconds
from portfolio.estimate.ownership import TurnOwners
from portfolio.estimate.sightings import Claim
from portfolio.estimate.turn_items import BranchCommit, TurnItems
from portfolio.model import WorkStart
from tests.estimate.builders import at

TICK = timedelta(microseconds=1)
HALF_DAY = timedelta(hours=12)
ACCOUNTS = ("claude-a", "claude-b", None)
ASKERS = [("claude-opus-5", f, s) for f in ("/f", "/g") for s in ("s", "t")] + [("x-9", "/f", "s")]
SPOTS = [("api", "side"), ("api", "main"), ("api", "feat/A-1"), ("api", "none"), (None, None)]
ITEMS = ["A-1", "A-2", "B-1"]


@pytest.mark.parametrize("seed", range(100))
def test_owners_are_found_by_stretches_as_turn_by_turn(seed: int) -> None:
    rng = random.Random(seed)
    hours = [rng.randrange(40) for _ in range(12)]
    claims = [
        Claim(
            "claude",
            rng.choice(["/f", "/g", None]),
            rng.choice(["s", None, None]),
            at(rng.choice(hours)) if rng.random() < 0.8 else None,
            at(rng.choice(hours)) if rng.random() < 0.8 else None,
            rng.choice(ACCOUNTS),
        )
        for _ in range(rng.randrange(8))
    ]
    owners = TurnOwners(claims)
    times = sorted(at(rng.choice(hours)) + rng.choice([-1, 0, 1]) * TICK for _ in range(60))
    groups = [rng.randrange(len(ASKERS)) for _ in times]
    asked: Counter[int] = Counter()

    def owned(group: int, moment: datetime) -> str | None:
        model, folder, session = ASKERS[group]
        return owners.owner_of(model=model, folder=folder, session=session, at=moment)

    def standing(group: int, moment: datetime) -> tuple[datetime, int]:
        asked[group] += 1
        model, folder, session = ASKERS[group]
        until, owner = owners.standing(model=model, folder=folder, session=session, at=moment)
        return until, ACCOUNTS.index(owner)

    found = answers(np.array(groups, dtype=np.int64), microseconds(times), standing=standing)

    assert [ACCOUNTS[n] for n in found] == [owned(*one) for one in zip(groups, times, strict=True)]
    assert asked[4] <= 1  # nothing ever changes of a model that nobody sells


@pytest.mark.parametrize("seed", range(100))
def test_items_are_found_by_stretches_as_turn_by_turn(seed: int) -> None:
    rng = random.Random(seed)
    hours = [rng.randrange(60) for _ in range(8)]
    commits = [
        BranchCommit(
            "api",
            rng.choice(["side", "main"]),
            at(hour),
            frozenset(rng.sample(ITEMS, rng.choice([0, 1, 1, 2]))),
        )
        for hour in hours
    ]
    starts = [
        WorkStart("/api", rng.choice([*ITEMS, "new"]), "BUILD", None, branch, at(hour), "api")
        for branch, hour in zip(["side", "main", "main"], rng.choices(range(60), k=3), strict=True)
    ]
    hours += [(one.at - at(0)) // timedelta(hours=1) for one in starts]
    items = TurnItems(ITEMS, commits, starts=starts)
    names = [None, *ITEMS, "new"]
    edges = [at(hour) + by for hour in [*hours, 0] for by in (-HALF_DAY, timedelta(0), HALF_DAY)]
    times = sorted(rng.choice(edges) + rng.choice([-1, 0, 1]) * TICK for _ in range(80))
    groups = [rng.randrange(len(SPOTS)) for _ in times]

    def standing(group: int, moment: datetime) -> tuple[datetime, int]:
        until, item = items.standing(*SPOTS[group], moment)
        return until, names.index(item)

    found = answers(np.array(groups, dtype=np.int64), microseconds(times), standing=standing)

    asked = zip(groups, times, strict=True)
    assert [names[n] for n in found] == [items.item_of(*SPOTS[n], moment) for n, moment in asked]


def never_asked(group: int, moment: datetime) -> tuple[datetime, int]:
    raise AssertionError(group, moment)


def test_nothing_is_asked_where_there_are_no_moments() -> None:
    none = np.zeros(0, dtype=np.int64)

    assert answers(none, none, standing=never_asked).size == 0
