from __future__ import annotations

import pytest

from tests.estimate import builders
from tests.estimate.builders import measure, point, window

MINUTE = 1 / 60


# Over one cycle


def test_burn_is_after_minus_before() -> None:
    seen = measure([point(-0.1, 20, 30), point(5.1, 32, 30)])

    assert (seen.before, seen.after, seen.burn, seen.status) == (20, 32, 12, "ok")


def test_readings_without_a_reset_count_as_one_cycle_while_nothing_drops() -> None:
    assert measure([point(-0.1, 20), point(5.1, 32)]).burn == 12


def test_a_drop_of_one_is_rounding_and_stays_negative() -> None:
    assert measure([point(0, 13, 30), point(5, 12, 30)]).burn == -1
    assert measure([point(0, 13.3), point(5, 12.3)]).burn == pytest.approx(-1)


def test_a_larger_drop_with_the_same_reset_is_a_reset_nobody_announced() -> None:
    seen = measure([point(0, 13, 30), point(5, 11, 30)])

    assert (seen.burn, seen.status) == (None, "reset-unknown")
    assert measure([point(0, 13), point(5, 11)]).status == "reset-unknown"


def test_a_drop_in_the_middle_excludes_even_where_the_end_is_higher() -> None:
    seen = measure([point(0, 40, 90), point(2, 3, 90), point(5, 45, 90)])

    assert (seen.burn, seen.status) == (None, "reset-unknown")


def test_two_sources_that_round_apart_are_no_drop() -> None:
    readings = [point(0, 13, 90), point(2, 12, 90, source="line"), point(5, 14, 90)]

    assert measure(readings).burn == 1


@pytest.mark.parametrize(
    ("pool", "moved_hours", "status"),
    [
        ("week", 3.3, "ok"),  # 2 % of a week is 3.36 hours
        ("week", -3.3, "ok"),
        ("week", 3.4, "reset-unknown"),
        ("week", -3.4, "reset-unknown"),
        ("5h", 0.09, "ok"),  # 2 % of five hours is 6 minutes
        ("5h", 0.11, "reset-unknown"),
    ],
)
def test_a_reset_that_moved_is_the_same_up_to_two_percent_of_the_cycle(
    pool: str, moved_hours: float, status: str
) -> None:
    ends = {"week": 100, "5h": 4.9}[pool]
    length = {"week": 5.0, "5h": 2.0}[pool]
    readings = [point(0, 20, ends, pool=pool), point(length, 25, ends + moved_hours, pool=pool)]

    assert measure(readings, pool=pool, of=window(end=length)).status == status


def test_an_unused_meter_without_a_reset_belongs_to_the_next_cycle() -> None:
    assert measure([point(0, 0), point(5, 12, 160)]).burn == 12
    assert measure([point(0, 0, 168), point(5, 12, 160)]).burn == 12


def test_an_unused_five_hour_meter_does_not_hide_a_whole_cycle() -> None:
    began_at_work = [point(-0.4, 0, pool="5h"), point(5.1, 30, 5.5, pool="5h")]
    began_again = [point(-0.4, 0, pool="5h"), point(5.1, 30, 9.7, pool="5h")]
    ended_unseen = [point(-0.1, 0, pool="5h"), point(5.1, 0, pool="5h")]

    assert measure(began_at_work, pool="5h").burn == 30
    assert measure(began_again, pool="5h").status == "reset-inside"
    assert measure(ended_unseen, pool="5h").status == "reset-inside"


def test_an_idle_five_hour_meter_read_in_between_burned_nothing() -> None:
    idle = [point(hour, 0, pool="5h") for hour in (-0.1, 2, 5.1)]

    assert measure(idle, pool="5h").burn == 0


def test_plain_readings_of_a_used_cycle_lie_on_another_one_after_its_length() -> None:
    exact = [point(0, 20, pool="5h"), point(5, 35, pool="5h")]  # dated by their window
    longer = [point(-0.2, 20, pool="5h"), point(5.1, 35, pool="5h")]

    assert measure(exact, pool="5h").burn == 15
    assert measure(longer, pool="5h").status == "reset-inside"


# Over a reset


def test_a_reset_inside_is_split_at_the_last_reading_within_ten_minutes_before() -> None:
    readings = [point(0, 80, 3), point(3 - 9 * MINUTE, 88, 3), point(5, 4, 171)]

    seen = measure(readings)

    assert (seen.burn, seen.status) == (12, "reset-split")


def test_a_reset_inside_without_a_reading_right_before_excludes() -> None:
    readings = [point(0, 80, 3), point(3 - 11 * MINUTE, 88, 3), point(5, 4, 171)]

    assert measure(readings).status == "reset-inside"


def test_a_value_held_until_right_before_the_reset_splits_too() -> None:
    held = point(3 - 2 * MINUTE, 88, 3, held=1)

    assert measure([point(0, 80, 3), held, point(5, 4, 171)]).burn == 12


def test_the_reading_before_the_window_may_be_the_last_before_the_reset() -> None:
    readings = [point(-0.05, 80, 0.05), point(5, 4, 168)]

    assert measure(readings).burn == 4


def test_an_unused_meter_after_the_reset_splits() -> None:
    readings = [point(0, 80, 3), point(2.95, 88, 3), point(5, 0)]

    assert measure(readings).burn == 8


def test_nearly_nothing_used_before_a_reset_is_no_reason_to_ignore_it() -> None:
    assert measure([point(0, 1, 3), point(5, 0)]).status == "reset-inside"


def test_a_plain_reading_before_the_cycle_shown_after_lies_over_a_reset() -> None:
    readings = [point(0, 80), point(5, 4, 169)]  # began at hour 1

    assert measure(readings).status == "reset-inside"
    assert measure([*readings, point(0.95, 82)]).burn == 6


def test_a_reset_seen_only_in_the_middle_counts() -> None:
    middle = point(2.45, 30, 2.5, pool="5h")
    readings = [point(-0.1, 0, pool="5h"), middle, point(5.1, 35, 7.6, pool="5h")]

    assert measure(readings, pool="5h").burn == 65


def test_a_value_of_the_cycle_after_the_reset_may_not_fall_either() -> None:
    readings = [point(0, 80, 3), point(2.95, 88, 3), point(3.5, 30, 171), point(5, 4, 171)]

    assert measure(readings).status == "reset-unknown"


def test_two_resets_inside_exclude() -> None:
    ends = [1.0, 6.0, 11.0]
    readings = [
        point(0, 20, ends[0], pool="5h"),
        point(0.95, 22, ends[0], pool="5h"),
        point(5.9, 50, ends[1], pool="5h"),
        point(8, 10, ends[2], pool="5h"),
    ]

    assert measure(readings, pool="5h", of=window(end=8)).status == "reset-inside"


def test_a_provider_that_resets_before_the_moment_is_excluded() -> None:
    assert measure([point(0, 80, 90), point(5, 4, 171)]).status == "reset-unknown"
    assert measure([point(0, 80, 90), point(5, 0)]).status == "reset-unknown"
    assert measure([point(0, 80, 90), point(5, 85, 171)]).status == "reset-unknown"


# Which readings


@pytest.mark.parametrize(
    ("hour", "status"),
    [
        (-31 * MINUTE, "no-reading-before"),
        (-30 * MINUTE, "ok"),
        (10 * MINUTE, "ok"),
        (11 * MINUTE, "no-reading-before"),
    ],
)
def test_before_lies_from_thirty_minutes_before_the_start_to_ten_after(
    hour: float, status: str
) -> None:
    assert measure([point(hour, 20, 90), point(5, 25, 90)]).status == status


@pytest.mark.parametrize(
    ("hour", "status"),
    [
        (5 - 11 * MINUTE, "no-reading-after"),
        (5 - 10 * MINUTE, "ok"),
        (5 + 30 * MINUTE, "ok"),
        (5 + 31 * MINUTE, "no-reading-after"),
    ],
)
def test_after_lies_from_ten_minutes_before_the_end_to_thirty_after(
    hour: float, status: str
) -> None:
    assert measure([point(0, 20, 90), point(hour, 25, 90)]).status == status


def test_a_reading_outside_the_window_is_preferred_to_one_inside() -> None:
    readings = [point(hour, used, 90) for hour, used in ((-0.4, 20), (0.02, 21), (4.9, 30))]

    seen = measure([*readings, point(5.4, 31, 90)])

    assert (seen.before, seen.after) == (20, 31)


def test_the_newest_before_and_the_oldest_after_are_taken() -> None:
    readings = [point(hour, used, 90) for hour, used in ((-0.4, 20), (-0.1, 21), (5.1, 30))]

    seen = measure([*readings, point(5.4, 31, 90)])

    assert (seen.before, seen.after) == (21, 30)


def test_one_source_for_both_is_preferred_to_a_nearer_one() -> None:
    readings = [
        point(-0.3, 20, 90, source="line"),
        point(-0.1, 21, 90),
        point(5.2, 30, 90, source="line"),
    ]

    assert measure(readings).burn == 10


def test_captures_handed_over_come_first() -> None:
    readings = [
        point(0, 18, 90, name="mine"),
        point(0, 20, 90, source="line"),
        point(5, 30, 90, source="line"),
    ]

    assert measure(readings, handed=[builders.given("before", "mine")]).burn == 12


def test_a_reading_whose_cycle_is_over_says_nothing() -> None:
    assert measure([point(-0.4, 80, -0.1), point(5, 4, 167)]).status == "no-reading-before"
    stale = [point(0, 80, 3), point(2.95, 82, 3), point(4, 82, 3, source="stale")]
    assert measure([*stale, point(5, 4, 171)]).burn == 6


def test_counts_are_preferred_to_percent_and_percent_to_nothing() -> None:
    percent = [point(0, 20, 90), point(5, 25, 90)]
    counts = [point(hour, used, 90, unit="prompts", cap=400) for hour, used in ((0, 80), (5, 99))]

    both, one = measure([*percent, *counts]), measure([*percent, counts[0]])

    assert (both.unit, both.burn, both.cap) == ("prompts", 19, 400)
    assert (one.unit, one.burn) == ("pp", 5)


def test_a_run_of_equal_values_stands_anywhere_inside_it() -> None:
    readings = [point(-3, 20, 90), point(2, 20, 90, held=-3), point(5, 25, 90)]

    assert measure(readings).burn == 5


def test_one_run_over_the_whole_window_burned_nothing() -> None:
    assert measure([point(-1, 20, 90), point(6, 20, 90, held=-1)]).burn == 0
