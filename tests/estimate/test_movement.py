from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.estimate.movement import Movement, movement, movements
from portfolio.model import COMPUTED, COMPUTED_UNIT, MeterPoint
from tests.estimate.builders import at, point
from tests.estimate.meters import TrueMeter, folded

SEEDS = st.integers(0, 1_000_000)


def moved(
    points: list[MeterPoint], *, pool: str = "week", since: float = 0, until: float = 100
) -> Movement:
    ordered = sorted(points, key=lambda point: point.read_at)
    return movement(ordered, pool, since=at(since), until=at(until))


def test_two_sources_that_round_apart_are_no_use() -> None:
    shown = [(12, "line"), (13, "panel")] * 20
    flapping = [point(hour, used, 150, source=name) for hour, (used, name) in enumerate(shown)]

    assert moved(flapping).moved == 0


def test_a_source_that_lags_behind_is_no_use() -> None:
    live = [point(hour, 50 + hour, 150) for hour in range(20)]
    inside = [point(hour + 0.5, 20, 150, source="cache") for hour in range(5, 12)]
    after = [point(hour + 0.5, 20, 150, source="cache") for hour in range(25, 28)]

    assert moved([*live, *inside]).moved == 19
    assert moved([*live, *after]).moved == 19


def test_a_session_that_shows_an_old_value_is_no_reset() -> None:
    live = [point(hour, 50 + hour, 150) for hour in range(20)]
    old = [point(hour + 0.9, 20, 150.1) for hour in range(2, 15)]
    older = [point(hour + 0.95, 5, 149.9) for hour in range(4, 9)]

    assert moved([*live, *old]).moved == 19
    assert moved([*live, *old, *older]).moved == 19


def test_a_meter_that_fell_and_stays_low_was_reset() -> None:
    assert moved([point(1, 60, 150), point(2, 2, 150), point(2.4, 50, 150)]).moved == 50
    assert moved([point(1, 60, 150), point(2, 2, 150), point(2.6, 61, 150)]).moved == 61
    assert moved([point(1, 60, 150), point(2, 2, 318), point(2.1, 61, 318)]).moved == 61


def test_a_source_takes_over_where_another_begins_or_ends() -> None:
    early = [point(hour, 2 * hour, 150, source="panel") for hour in range(5)]
    late = [point(hour, 2 * hour, 150, source="line") for hour in range(4, 40)]

    assert moved([*early, *late]).moved == 78


def test_a_meter_starts_anew_after_its_reset() -> None:
    readings = [point(0, 60, 50), point(49, 70, 50), point(60, 8, 218)]

    assert moved(readings).moved == 18


def test_what_was_used_before_the_first_reading_counts_if_its_cycle_began_in_the_span() -> None:
    assert moved([point(60, 8, 218)]).moved == 8
    assert moved([point(40, 8, 150)]).moved == 0


def test_the_reading_right_before_the_span_is_where_it_starts() -> None:
    assert moved([point(-2, 10, 150), point(-0.1, 20, 150), point(50, 25, 150)]).moved == 5
    assert moved([point(-3, 20, 150), point(9, 20, 150, held=-3), point(50, 25, 150)]).moved == 5
    assert moved([point(-2, 10, 150), point(40, 25, 150)]).moved == 0


def test_a_reset_that_moved_brings_no_use_of_its_own() -> None:
    assert moved([point(1, 40, 80), point(2, 45, 90)]).moved == 5


def test_a_reset_nobody_announced_starts_the_meter_anew() -> None:
    assert moved([point(1, 40, 80), point(2, 0, 80), point(3, 6, 80)]).moved == 6


def test_a_reading_after_its_own_reset_says_nothing() -> None:
    readings = [point(1, 40, 10), point(11, 40, 10, source="stale"), point(12, 3, 178)]

    assert moved(readings).moved == 3


def test_time_counts_as_known_where_the_cycle_around_it_was_read() -> None:
    assert moved([]).known_share == 0
    assert moved([point(10, 5, 150)]).known_share == 1  # from -18 to 150
    assert moved([point(10, 5, 60)], until=120).known_share == 0.5
    assert moved([point(10, 5), point(35, 6)]).known_share == 0.25


def test_weeks_without_any_reading_are_not_known() -> None:
    week = 168.0
    readings = [point(1, 5, week), point(9 * week + 1, 5, 10 * week)]

    assert moved(readings, until=10 * week).known_share == pytest.approx(0.2)


def test_a_span_without_length_is_not_known() -> None:
    assert moved([point(0, 5, 150)], until=0) == Movement(moved=0, known_share=0)


def drawn(seed: int, *, pool: str, sources: list[str], every: float) -> TrueMeter:
    """Draw two weeks of work in bursts, read all the time."""
    random = Random(seed)
    uses = sorted((random.uniform(0.1, 100), random.uniform(0.01, 0.6)) for _ in range(150))
    made = TrueMeter(pool=pool, uses=uses, is_rolling=pool == "5h", first_end=random.uniform(0, 90))
    for step in range(int(100 / every) + 1):
        made.read(step * every, random.choice(sources))
    return made


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.sampled_from(["week", "5h"]))
def test_it_is_the_true_use_when_the_meter_is_read_often(seed: int, pool: str) -> None:
    true = drawn(seed, pool=pool, sources=["exact"], every=0.05)

    found = moved(folded(true.points), pool=pool)

    assert found.moved == pytest.approx(true.used(0, 100), abs=3 if pool == "5h" else 1)
    assert found.moved <= true.used(0, 100) + 1e-6


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.sampled_from(["week", "5h"]), st.floats(0.2, 30))
def test_it_is_never_more_than_the_true_use_but_for_rounding(
    seed: int, pool: str, every: float
) -> None:
    true = drawn(seed, pool=pool, sources=["floors", "rounds", "exact"], every=every)

    found = moved(folded(true.points), pool=pool)

    cycles = len({true.cycle_end(when) for when, _ in true.uses})
    assert found.moved <= true.used(0, 100) + 1.5 * (cycles + 3)
    assert 0 <= found.known_share <= 1


@given(
    st.lists(
        st.tuples(
            st.floats(-20, 120),
            st.integers(0, 100),
            st.one_of(st.none(), st.floats(-30, 300)),
            st.sampled_from(["a", "b", "c"]),
        ),
        max_size=25,
    ),
    st.sampled_from(["week", "5h", "month", "else"]),
)
def test_whatever_was_read_the_share_known_lies_between_none_and_all(
    readings: list[tuple[float, int, float | None, str]], pool: str
) -> None:
    points = [point(hour, used, ends, source=name) for hour, used, ends, name in readings]

    found = moved(points, pool=pool)

    assert 0 <= found.known_share <= 1


@settings(max_examples=60, deadline=None)
@given(
    SEEDS, st.sampled_from(["week", "5h"]), st.floats(0.2, 12), st.sampled_from(["read", "both"])
)
def test_over_many_spans_it_is_that_over_each(
    seed: int, pool: str, every: float, kinds: str
) -> None:
    true = drawn(seed, pool=pool, sources=["floors", "rounds"], every=every)
    readings = folded(true.points)
    if kinds == "both":
        kind = [one.source for one in readings]
        kind[::7] = [COMPUTED] * len(kind[::7])
        readings = [
            one._replace(source=source, unit=COMPUTED_UNIT)
            for one, source in zip(readings, kind, strict=True)
        ]
    ordered = sorted(readings, key=lambda one: one.read_at)
    rng = Random(seed)
    begins = [rng.uniform(-10, 100) for _ in range(20)]
    spans = [(at(begin), at(begin + rng.uniform(0, 20))) for begin in begins]

    found = movements(ordered, pool, spans)

    assert found == [movement(ordered, pool, since=since, until=until) for since, until in spans]
