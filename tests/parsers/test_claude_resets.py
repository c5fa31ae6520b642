"""Reset times of Claude Code's `/usage`, in every spelling seen."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.claude_resets import REACH, reset_moment
from parsers.records import Occasion


def _occasion(read_at: str, zone: str = "UTC") -> Occasion:
    return Occasion(account=None, read_at=datetime.fromisoformat(read_at), zone=ZoneInfo(zone))


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Jul 10 at 2:59am (Europe/Prague)",
        "Jul 10, 2:59am (Europe/Prague)",
        "Jul 10, 2026, 2:59am (Europe/Prague)",
        "Jul 10 2026 at 2:59am (Europe/Prague)",
        "Jul 10 t 2:59am (Europe/Prague)",
        "Jul 10 a 2:59am (Europe/Prague)",
        "Jul 10 2:59am (Europe/Prague)",
        "Jul10at2:59am(Europe/Prague)",
        "Jul10t2:59am(Europe/Prague)",
        "Jul10,2:59am(Europe/Prague)",
        "Jul 10 at 2:59am (Europe/Prague))",
        "Jul 10 at 2:59am (Europe/Prague) · 50% more until Sep 13",
        "Jul 10, 12:59am (UTC)",
        "Jul 9 at 5:59pm",
        "Jul 9 at 5:59pm)",
    ],
)
def test_a_date_is_read_in_every_spelling(text: str) -> None:
    occasion = _occasion("2026-07-08T12:00:00Z", "America/Los_Angeles")

    assert reset_moment(text, occasion) == _at("2026-07-10T00:59")


@pytest.mark.parametrize(
    ("text", "resets_at"),
    [
        ("3pm", "2026-07-08T15:00"),
        ("12pm", "2026-07-08T12:00"),  # at the moment of the capture counts
        ("11:59am", "2026-07-09T11:59"),
        ("12am", "2026-07-09T00:00"),
        ("12:30am", "2026-07-09T00:30"),
        ("at 3pm", "2026-07-08T15:00"),
        ("6:30pm (Asia/Kolkata)", "2026-07-08T13:00"),
        ("5am (Pacific/Auckland)", "2026-07-08T17:00"),
    ],
)
def test_a_time_alone_is_the_next_such_time(text: str, resets_at: str) -> None:
    assert reset_moment(text, _occasion("2026-07-08T12:00:00Z")) == _at(resets_at)


def test_a_date_alone_is_its_midnight_where_the_capture_was_taken() -> None:
    occasion = _occasion("2025-11-22T12:00:00Z", "Europe/Vienna")

    assert reset_moment("Nov 27", occasion) == _at("2025-11-26T23:00")


@pytest.mark.parametrize(
    ("read_at", "text", "resets_at"),
    [
        ("2025-12-30T12:00:00Z", "Jan 2 at 5pm", "2026-01-02T17:00"),
        ("2026-01-02T12:00:00Z", "Dec 31 at 5pm", "2025-12-31T17:00"),
        ("2026-07-08T12:00:00Z", "Jul 16 at 12pm", "2026-07-16T12:00"),
        ("2026-07-08T12:00:00Z", "Jun 30 at 12pm", "2026-06-30T12:00"),
        ("2028-02-26T12:00:00Z", "Feb 29 at 5pm", "2028-02-29T17:00"),
        ("2026-07-08T12:00:00Z", "Jan 2, 2026, 5pm", "2026-01-02T17:00"),  # says its year: past
    ],
)
def test_a_date_without_a_year_is_the_nearest_to_the_capture(
    read_at: str, text: str, resets_at: str
) -> None:
    assert reset_moment(text, _occasion(read_at)) == _at(resets_at)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "tomorrow at 5am",
        "in 2h 30m",
        "13pm",
        "0am",
        "5:60pm",
        "15:59 (UTC)",
        "5am (Mars/Olympus)",
        "5am (America)",  # a folder of the zone database
        "5am (../UTC)",
        "5am (Asia/Cal cutta)",
        "5am (Asia/Calcutta",
        "5amish",
        "Jul 32 at 5am",
        "Feb 29 at 5am",
        "Jl 10 at 5am",
        "Jul10am",
        "Jul12:59am",  # Jul 1, 2:59am or Jul 12, :59am
        "Jul 10 later 5am",
        "Jul 16 at 12:01pm",  # over eight days ahead
        "Jun 30 at 11:59am",  # over eight days ago
        "Jan 8",
        "Jul 10, 2027, 5am",
        "٥am",
        "\u017fep 9 at 5am",  # a long s, which ignoring case would take for an S
    ],
)
def test_what_is_no_reset_we_know_is_none(text: str) -> None:
    assert reset_moment(text, _occasion("2026-07-08T12:00:00Z")) is None


def test_the_hour_that_comes_twice_in_autumn_is_the_next_of_the_two() -> None:
    between_both = _occasion("2026-11-01T06:10:00Z", "America/New_York")

    assert reset_moment("1:59am", between_both) == _at("2026-11-01T06:59")


def test_a_time_that_summer_time_leaps_over_is_that_of_the_next_day() -> None:
    before_the_leap = _occasion("2026-03-08T05:00:00Z", "America/New_York")

    assert reset_moment("2:30am", before_the_leap) == _at("2026-03-09T06:30")


@given(
    text=st.from_regex(
        r"((Jan|Feb|Jul|Dec) ?[0-9]{1,2}(, 20[0-9]{2})?)?( at|,)? ?"
        r"[0-9]{1,2}(:[0-9]{2})?[ap]m( \((UTC|Asia/Kolkata|Europe/Rome)\))?",
        fullmatch=True,
    ),
    read_at=st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_no_reset_lies_further_ahead_than_a_cycle(text: str, read_at: datetime) -> None:
    moment = reset_moment(text, Occasion(account=None, read_at=read_at, zone=UTC))

    assert moment is None or moment - read_at <= REACH
