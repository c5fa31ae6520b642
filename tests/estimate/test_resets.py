"""When a pool was reset."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from portfolio.estimate.cycles import has_not_begun, is_one_reset
from portfolio.estimate.movement import uses_of
from portfolio.estimate.resets import resets_of
from portfolio.model import MeterPoint

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
END = MONDAY + timedelta(days=60)


def point(minutes: float, used: float, resets_in: float | None, pool: str = "5h") -> MeterPoint:
    at = MONDAY + minutes * MINUTE
    return MeterPoint(
        id=f"{minutes}",
        account="a",
        pool=pool,
        unit="pp",
        used=used,
        cap=100.0,
        read_at=at,
        held_since=None,
        resets_at=None if resets_in is None else at + resets_in * MINUTE,
        source="made-up",
    )


def drawn(rng: random.Random, pool: str) -> list[MeterPoint]:
    """Draw readings whose resets wander and are often missing, and whose meter falls at will."""
    at, found = 0.0, []
    for _ in range(rng.randrange(60)):
        at += rng.choice([1.0, 4.0, 30.0, 200.0, 700.0])
        left = None if rng.random() < 0.4 else rng.choice([0.0, 3.0, 8.0, 60.0, 290.0, 5000.0])
        found.append(point(at, float(rng.randrange(12)), left, pool))
    return found


def compared_with_all(points: list[MeterPoint], pool: str, since: datetime) -> list[datetime]:
    """Say the law word for word: each moment beside every one that was found before it."""
    saying = [one for one in points if one.resets_at and not has_not_begun(one, pool)]
    said = {
        one.resets_at
        for n, one in enumerate(saying)
        if one.resets_at and all(later.read_at >= one.resets_at for later in saying[n + 1 : n + 2])
    }
    fell = {used.since for used in uses_of(points, pool, since=since, until=END) if used.is_anew}
    found: list[datetime] = []
    for at in [*sorted(said), *sorted(fell)]:
        if since <= at and all(not is_one_reset(at, known, pool) for known in found):
            found.append(at)
    return sorted(found)


@pytest.mark.parametrize("pool", ["5h", "week"])
@pytest.mark.parametrize("seed", range(150))
def test_a_reset_beside_its_neighbours_is_told_apart_as_beside_all(pool: str, seed: int) -> None:
    rng = random.Random(seed)
    points = drawn(rng, pool)
    since = MONDAY + rng.randrange(400) * MINUTE

    uses = uses_of(points, pool, since=since, until=END)

    found = resets_of(points, uses, pool, since=since)

    assert found == compared_with_all(points, pool, since)


def test_what_readings_say_of_their_reset_goes_before_a_fall_of_the_meter() -> None:
    points = [point(10, 5, 290), point(200, 7, 100), point(303, 1, None), point(310, 2, 290)]

    uses = uses_of(points, "5h", since=MONDAY + MINUTE, until=END)

    assert resets_of(points, uses, "5h", since=MONDAY + MINUTE) == [
        MONDAY + 300 * MINUTE,
        MONDAY + 600 * MINUTE,
    ]


def test_a_reset_that_moved_before_it_came_never_came() -> None:
    """At minute 60 it was to come at 300; at 120 it was to come at 360."""
    points = [point(60, 3, 240), point(120, 4, 240), point(400, 1, 260)]
    uses = uses_of(points, "5h", since=MONDAY, until=END)

    found = resets_of(points, uses, "5h", since=MONDAY)

    assert [(at - MONDAY) / MINUTE for at in found] == [0, 360, 660]
