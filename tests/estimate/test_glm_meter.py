"""The computed GLM meter, held against plain sums over the requests it was counted from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.estimate.burn import Burn
from portfolio.estimate.cycles import shown_since
from portfolio.estimate.glm_meter import Charge, computed_points
from portfolio.estimate.movement import movement, uses_of
from portfolio.estimate.ruling import stretches
from portfolio.model import COMPUTED, CYCLE, MeterPoint
from tests.estimate.builders import at, measure, point, window
from tests.estimate.one_by_one import WeighedTurn
from tests.estimate.shared import rises_in, shares_in

MINUTE = timedelta(minutes=1)
A_TICK = timedelta(microseconds=1)
UNTIL = 900.0  # hours

# Requests of three weeks in bursts, some at one moment; halves of credits, so that sums are exact.
MINUTES = st.one_of(st.integers(0, 30_000), st.integers(9_000, 9_700), st.integers(10_000, 10_400))
USED = st.tuples(MINUTES, st.integers(1, 400).map(lambda half: half / 2))
CHARGES = st.lists(USED, min_size=1, max_size=60).map(
    lambda found: [Charge(at(minute / 60), used) for minute, used in sorted(found)]
)
STARTS = st.one_of(MINUTES, MINUTES.map(lambda minute: minute - 301))


def computed(
    charges: Sequence[Charge], resets: Sequence[MeterPoint] = (), *, until: float = UNTIL
) -> list[MeterPoint]:
    return computed_points(
        "a",
        charges,
        resets=resets,
        cap_at=lambda pool, _: {"5h": 2000.0, "week": 10_000.0}[pool],
        until=at(until),
    )


def of(points: Sequence[MeterPoint], pool: str) -> list[MeterPoint]:
    return [one for one in points if one.pool == pool]


def used_in(charges: Sequence[Charge], since: datetime, until: datetime) -> float:
    return sum(charge.credits for charge in charges if since <= charge.at < until)


def ends_of_5h(charges: Sequence[Charge]) -> list[datetime]:
    """Walk along the requests as z.ai says it counts: a cycle begins with the first use."""
    ends: list[datetime] = []
    for charge in charges:
        if not ends or charge.at >= ends[-1]:
            ends.append(charge.at + timedelta(hours=5))
    return ends


def ends_of_weeks(anchor: datetime) -> list[datetime]:
    return [anchor + timedelta(days=7 * week) for week in range(-10, 20)]


def burn(charges: Sequence[Charge], start: int, pool: str, lasts: int = 300) -> Burn:
    begins, ends = start / 60, (start + lasts) / 60
    return measure(computed(charges), pool=pool, of=window(start=begins, end=ends))


@given(CHARGES, STARTS, st.sampled_from(["5h", "week"]), st.sampled_from([60, 300]))
def test_a_burn_is_the_sum_of_the_credits_in_the_window(
    charges: list[Charge], start: int, pool: str, lasts: int
) -> None:
    begins, ends = at(start / 60), at((start + lasts) / 60)
    resets = ends_of_5h(charges) if pool == "5h" else ends_of_weeks(charges[0].at)
    # A reset that nothing was used before, and so no cycle ended at, is none.
    inside = [reset for reset in resets if begins < reset < ends]

    found = burn(charges, start, pool, lasts)

    if begins < charges[0].at - timedelta(hours=5):
        assert found.burn in (None, used_in(charges, begins, ends))
    elif not inside:
        assert found.burn == used_in(charges, begins, ends)
        assert found.status == "ok" or begins in resets
    elif len(inside) == 1:  # the last value before a reset is known, so nothing is lost
        assert found.burn == used_in(charges, begins, ends)
    assert found.is_computed


@given(CHARGES, st.sampled_from(["5h", "week"]))
def test_the_points_tile_the_time_and_stand_at_what_was_used_before(
    charges: list[Charge], pool: str
) -> None:
    points = of(computed(charges), pool)

    for one, then in pairwise(points):
        assert timedelta(0) < shown_since(then) - one.read_at <= A_TICK
    assert shown_since(points[0]) == charges[0].at - CYCLE["5h"]
    assert points[-1].read_at == max(at(UNTIL), charges[-1].at)
    for one in points:
        since = one.resets_at - CYCLE[pool] if one.resets_at else one.read_at
        assert one.used == used_in(charges, since, one.read_at)


@given(CHARGES)
def test_cycles_of_five_hours_begin_with_the_first_use_after_the_last(
    charges: list[Charge],
) -> None:
    points = of(computed(charges), "5h")

    shown = dict.fromkeys(one.resets_at for one in points if one.resets_at is not None)
    assert list(shown) == ends_of_5h(charges)


@given(CHARGES, st.floats(-400, 900), st.integers(-2, 2))
def test_weeks_turn_when_a_real_reading_says_so_whole_weeks_away_too(
    charges: list[Charge], reset: float, weeks: int
) -> None:
    real = point(reset - 5, 40, reset + weeks * 168, unit="credits", source="glm-quota")

    shown = {one.resets_at for one in of(computed(charges, [real]), "week") if one.used > 0}

    assert shown <= {at(reset + 168 * week) for week in range(-12, 12)}


@given(CHARGES, STARTS, st.integers(1, 20_000), st.sampled_from(["5h", "week"]))
def test_it_moved_by_all_that_was_used_over_resets_too(
    charges: list[Charge], start: int, lasts: int, pool: str
) -> None:
    since, until = max(at(start / 60), charges[0].at), at((start + lasts) / 60)
    points = of(computed(charges), pool)

    found = movement(points, pool, since=since, until=until)

    assert found.moved == used_in(charges, since, until)
    assert found.known_share == pytest.approx(1.0 if until > since else 0.0)


@given(CHARGES, st.sampled_from(["5h", "week"]))
def test_shared_over_its_requests_each_gets_back_what_it_took(
    charges: list[Charge], pool: str
) -> None:
    points = of(computed(charges), pool)
    turns = [WeighedTurn(one.at, one.at, one.credits) for one in charges]

    rises, left = rises_in(points, pool, since=charges[0].at, until=at(UNTIL + 1))
    parts, elsewhere = shares_in(rises, turns)

    assert (left, elsewhere) == (0, 0)
    assert parts == pytest.approx(
        {one.at: used_in(charges, one.at, one.at + A_TICK) for one in charges}
    )


def quota(hours: float, used: float, resets: float | None = 168) -> MeterPoint:
    return point(hours, used, resets, unit="credits", cap=10_000, source="glm-quota")


ONE_A_MINUTE = [Charge(at(minute / 60), 1.0) for minute in range(600)]


def test_a_real_pair_beats_the_computed_one_and_the_two_are_never_mixed() -> None:
    counted = of(computed(ONE_A_MINUTE), "week")

    both = measure([*counted, quota(0, 50), quota(5, 900)], of=window())
    one_end = measure([*counted, quota(0, 50)], of=window())
    percent = measure([*counted, point(0, 1, 168), point(5, 9, 168)], of=window())
    fallen = measure([*counted, quota(0, 500), quota(5, 50)], of=window())

    assert (both.burn, both.is_computed) == (850, False)
    assert (one_end.before, one_end.burn, one_end.is_computed) == (0, 300, True)
    assert (percent.burn, percent.unit, percent.is_computed) == (8, "pp", False)
    assert (fallen.burn, fallen.is_computed) == (300, True)


def test_where_nothing_gives_a_burn_the_real_reason_is_told() -> None:
    early = [Charge(at(-50), 1.0)]
    counted = of(computed(early, until=-40), "week")

    found = measure([*counted, quota(0, 50)], of=window())

    assert (found.status, found.is_computed) == ("no-reading-after", False)


def test_real_readings_rule_the_time_they_tell_of_and_computed_ones_the_rest() -> None:
    counted = of(computed(ONE_A_MINUTE), "week")
    real = [quota(2, 1000, 160), quota(4, 1700, 160)]

    parts = stretches([*counted, *real], "week", since=at(0), until=at(10))
    found = movement([*counted, *real], "week", since=at(0), until=at(10))
    uses = uses_of([*counted, *real], "week", since=at(0), until=at(10))

    assert [(one.since, one.until) for one in parts] == [
        (at(0), at(2)),
        (at(2), at(4)),
        (at(4), at(10)),
    ]
    assert [{point.source for point in one.points} for one in parts] == [
        {COMPUTED},
        {"glm-quota"},
        {COMPUTED},
    ]
    assert found.moved == 120 + 700 + 360
    assert sum(used.amount for used in uses) == found.moved
    assert found.known_share == pytest.approx(1.0)


def test_one_real_reading_tells_of_its_whole_cycle_before_it() -> None:
    counted = of(computed(ONE_A_MINUTE), "week")

    found = movement([*counted, quota(6, 5000, 169)], "week", since=at(0), until=at(10))

    assert found.moved == 60 + 5000 + 240  # its cycle began an hour into the span


@settings(max_examples=40)
@given(CHARGES, st.lists(st.tuples(MINUTES, st.integers(0, 900)), min_size=1, max_size=8))
def test_no_stretch_holds_both_kinds_and_together_they_are_the_span(
    charges: list[Charge], read: list[tuple[int, int]]
) -> None:
    real = [quota(minute / 60, used, None) for minute, used in sorted(read)]
    points = sorted([*of(computed(charges), "week"), *real], key=lambda one: one.read_at)

    parts = stretches(points, "week", since=at(0), until=at(500))

    assert all(len({one.is_computed for one in part.points}) == 1 for part in parts)
    assert (parts[0].since, parts[-1].until) == (at(0), at(500))
    assert all(one.until == then.since for one, then in pairwise(parts))


def test_without_requests_there_is_no_meter() -> None:
    assert computed([]) == []


def test_a_cap_stands_beside_every_point_of_its_time() -> None:
    charges = [Charge(at(0), 1.0), Charge(at(200), 1.0)]

    points = computed_points(
        "a",
        charges,
        resets=[],
        cap_at=lambda pool, when: 5.0 if pool == "week" and when > at(100) else None,
        until=at(201),
    )

    assert {one.cap for one in of(points, "5h")} == {None}
    assert [one.cap for one in of(points, "week")][-1] == 5.0
