"""The guard: one more item starts only where every pool it draws on surely has room."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from portfolio.estimate.size_cues import Size
from portfolio.route.guard import (
    Bound,
    PoolNow,
    PoolRoom,
    Running,
    TookOne,
    bound_of_one,
    room_from,
    room_on,
    upper_together,
)

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = PoolNow(
    pool="week",
    used=0.5,
    rounding=0.0,
    standing="read",
    told_at=NOW - HOUR,
    resets_at=NOW + timedelta(days=2),
    cycle=timedelta(days=7),
    per_priced=1.0,
    is_short=False,
)
FIVE = replace(
    WEEK,
    pool="5h",
    used=0.0,
    resets_at=NOW + HOUR,
    cycle=5 * HOUR,
    per_priced=10.0,
    is_short=True,
)
ONE = Bound(mean=0.02, upper=0.05, common=0.1, items=12, basis="same-size")
SHARES = st.floats(0.001, 0.5)


def room(
    pool: PoolNow = WEEK, *running: Running, bound: Bound | None = ONE, reserve: float = 0.0
) -> PoolRoom:
    return room_on(pool, bound, running, reserve=reserve, now=NOW)


def runs(began_at: datetime, *, is_open: bool = True) -> Running:
    return Running(item="A", account=None, began_at=began_at, is_open=is_open, bound=ONE)


def test_the_bound_is_a_prediction_with_the_spread_pooled_over_sizes() -> None:
    small, medium = [0.01, 0.02, 0.04], [0.05, 0.09]
    took = [TookOne(share=one, size="S") for one in small]
    took += [TookOne(share=one, size="M") for one in medium]

    found = bound_of_one(took, "S")

    logs = [[math.log(one) for one in group] for group in (small, medium)]
    squares = 4 * 0.6**2
    for group in logs:
        squares += sum((log - sum(group) / len(group)) ** 2 for log in group)
    variance = squares / (4 + 2 + 1)
    reach = stats.t.ppf(0.95, 7) * math.sqrt(variance * (1 + 1 / 3))
    assert found is not None
    assert found.upper == pytest.approx(0.02 * math.exp(reach))  # the middle one is their mean
    assert found.mean == pytest.approx(0.02 * math.exp(variance / 2))
    assert (found.items, found.basis) == (3, "same-size")
    assert found.common == pytest.approx(1 / 4)


def test_without_items_of_its_size_others_tell_by_their_weights_and_less_surely() -> None:
    medium = [TookOne(share=0.03, size="M")] * 6

    large, own = bound_of_one(medium, "L"), bound_of_one(medium, "M")

    assert large is not None
    assert own is not None
    assert large.basis == "other-sizes"
    assert large.mean == pytest.approx(3 * own.mean)  # none tells the step: it is the usual one
    assert large.upper / large.mean > own.upper / own.mean


def test_items_without_a_size_tell_of_an_m_and_nothing_tells_nothing() -> None:
    unsized = bound_of_one([TookOne(share=0.03, size=None)] * 6, "M")
    sized = bound_of_one([TookOne(share=0.03, size="M")] * 6, "M")

    assert unsized is not None
    assert sized is not None
    assert unsized.basis == "other-work"
    assert unsized.upper > sized.upper
    assert bound_of_one([], "M") is None


@settings(max_examples=60, deadline=None)
@given(
    shares=st.lists(SHARES, min_size=1, max_size=9),
    sizes=st.lists(st.sampled_from(["S", "M", "L", None]), min_size=9, max_size=9),
    size=st.sampled_from(["S", "M", "L"]),
    factor=st.floats(0.1, 10),
)
def test_a_bound_lies_above_its_mean_and_scales_with_what_was_taken(
    shares: list[float], sizes: list[Size | None], size: Size, factor: float
) -> None:
    took = [TookOne(share=one, size=of) for one, of in zip(shares, sizes, strict=False)]
    bigger = [replace(one, share=one.share * factor) for one in took]

    found, scaled = bound_of_one(took, size), bound_of_one(bigger, size)

    assert found is not None
    assert scaled is not None
    assert 0 < found.mean <= found.upper
    assert scaled.upper == pytest.approx(found.upper * factor)
    assert 0 <= found.common <= 1


@given(uppers=st.lists(st.floats(0.03, 0.4), min_size=1, max_size=5), common=st.floats(0, 1))
def test_items_together_take_no_more_than_their_bounds_added_up(
    uppers: list[float], common: float
) -> None:
    bounds = [replace(ONE, upper=upper, common=common) for upper in uppers]

    together = upper_together(bounds)

    assert together <= sum(uppers) + 1e-12
    assert together >= upper_together(bounds[:-1]) + bounds[-1].mean - 1e-12
    assert upper_together(bounds[:1]) == pytest.approx(uppers[0])


@given(
    used=st.floats(0, 1.2),
    upper=st.floats(0.02, 0.9),
    reserve=st.floats(0, 1),
    count=st.integers(0, 4),
)
def test_whatever_starts_on_a_week_fits_into_the_cap_less_the_reserve(
    used: float, upper: float, reserve: float, count: int
) -> None:
    bound = replace(ONE, upper=upper)
    running = [runs(NOW - HOUR / 2)] * count

    found = room(replace(WEEK, used=used), *running, bound=bound, reserve=reserve)

    assert found.need is not None
    assert found.has_room == (used + found.need <= 1 - reserve + 1e-9)
    assert found.need >= upper
    if found.has_room:
        less = room(replace(WEEK, used=used / 2), *running[1:], bound=bound, reserve=reserve)
        assert less.has_room


def test_the_reserve_is_kept_and_the_rounding_of_the_meter_counts() -> None:
    nearly = replace(WEEK, used=0.9)

    assert room(nearly).has_room
    assert not room(nearly, reserve=0.06).has_room
    assert not room(replace(nearly, used=0.95, rounding=0.005)).has_room


def test_what_was_begun_since_the_reading_counts_done_or_not_and_earlier_while_it_runs() -> None:
    read_at = NOW - HOUR
    assert room(WEEK, runs(read_at + HOUR / 2)).running == 1
    assert room(WEEK, runs(read_at + HOUR / 2, is_open=False)).running == 1
    assert room(WEEK, runs(read_at - HOUR)).running == 1
    assert room(WEEK, runs(read_at - HOUR, is_open=False)).running == 0
    assert room(WEEK, runs(NOW - 6 * HOUR)).running == 0  # the meter tells of it by now
    assert room(WEEK, runs(NOW + HOUR)).running == 0


def test_an_old_reading_counts_what_was_begun_in_the_present_cycle_only() -> None:
    old = replace(FIVE, told_at=NOW - 20 * HOUR)

    assert room(old, runs(NOW - 4 * HOUR, is_open=False)).running == 1
    assert room(old, runs(NOW - 6 * HOUR, is_open=False)).running == 0


def test_a_pool_without_a_reading_has_room_unless_all_of_it_is_reserved() -> None:
    unread = replace(WEEK, used=None, standing="not-read", told_at=None, resets_at=None)

    assert room(unread).has_room
    assert not room(unread, reserve=1.0).has_room


def test_where_nothing_tells_what_an_item_takes_any_room_will_do() -> None:
    assert room(WEEK, bound=None).has_room
    assert room(WEEK, bound=None).need is None
    assert not room(replace(WEEK, used=1.0), bound=None).has_room
    assert not room(WEEK, bound=None, reserve=0.5).has_room
    assert room(replace(WEEK, pool="week:opus", per_priced=None)).need is None


def test_a_pool_that_such_work_never_moves_is_not_asked() -> None:
    scoped = replace(WEEK, pool="week:opus", used=1.0, per_priced=0.0)

    assert room(scoped).has_room


def test_an_item_larger_than_five_hours_begins_on_an_empty_pool_and_never_on_a_full_week() -> None:
    large = replace(ONE, upper=0.2)

    assert room(FIVE, bound=large).has_room
    assert room(FIVE, bound=large).is_too_large
    assert not room(replace(FIVE, used=0.01), bound=large).has_room
    assert not room(FIVE, runs(NOW - HOUR / 2), bound=large).has_room
    huge = room(replace(WEEK, used=0.0), bound=replace(ONE, upper=1.1))
    assert not huge.has_room
    assert room_from([huge]) is None  # no reset makes room for it


def test_room_comes_with_the_last_reset_of_the_full_pools() -> None:
    full, short = room(replace(WEEK, used=0.99)), room(replace(FIVE, used=0.9))
    unknown = replace(full, resets_at=None)

    assert room_from([full, short, room()]) == WEEK.resets_at
    assert room_from([short]) == FIVE.resets_at
    assert room_from([short, unknown]) is None
    assert room_from([room()]) is None
