"""When a pool is reset where nobody saw it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.rebalance.edges import continued
from portfolio.rebalance.history import minute_of, moment_of

WEEK = 7 * 24 * 60
BEGIN = minute_of(datetime(2026, 6, 1, tzinfo=UTC))
SLACK = WEEK // 50


def weekly(*seen: float, end: float = 10.0) -> list[float]:
    """Give the resets of a weekly pool; all in weeks from the begin."""
    found = continued(
        np.array([BEGIN + round(one * WEEK) for one in seen], dtype=np.int64),
        "week",
        provider="claude",
        begin=BEGIN,
        end=BEGIN + round(end * WEEK),
    )
    return [round((edge - BEGIN) / WEEK, 2) for edge in found.tolist()]


def monthly(provider: str, *seen: datetime) -> list[str]:
    found = continued(
        np.array([minute_of(one) for one in seen], dtype=np.int64),
        "month",
        provider=provider,
        begin=minute_of(datetime(2025, 12, 15, tzinfo=UTC)),
        end=minute_of(datetime(2026, 6, 15, tzinfo=UTC)),
    )
    return [f"{moment_of(edge):%d %b %H:%M}" for edge in found.tolist()]


def test_resets_go_on_before_the_first_that_was_seen_and_up_to_the_end_included() -> None:
    assert weekly(1.0, end=2.3) == [0.0, 1.0, 2.0]
    assert weekly(1.5, end=3.0) == [0.5, 1.5, 2.5]
    assert weekly(2.0, end=3.0) == [0.0, 1.0, 2.0, 3.0]


def test_where_none_was_seen_one_is_at_the_begin() -> None:
    assert weekly(end=2.5) == [0.0, 1.0, 2.0]


def test_one_that_is_still_to_come_tells_when_the_cycle_before_it_began() -> None:
    assert weekly(1.0, 3.2, end=3.0) == [0.0, 1.0, 1.2, 2.2]


def test_a_gap_is_filled_from_its_end_as_a_cycle_began_one_length_before_its_reset() -> None:
    assert weekly(0.0, 1.4, end=1.5) == [0.0, 0.4, 1.4]
    assert weekly(0.0, 3.3, end=3.5) == [0.0, 0.3, 1.3, 2.3, 3.3]


def test_two_resets_within_one_cycle_stay_as_they_were_seen() -> None:
    assert weekly(0.0, 0.4, 1.0, end=1.5) == [0.0, 0.4, 1.0]


def test_a_reset_moved_by_an_hour_is_no_gap() -> None:
    assert weekly(0.0, 1.01, 2.0, end=2.5) == [0.0, 1.01, 2.0]
    assert weekly(0.0, 2.01, end=2.5) == [0.0, 1.01, 2.01]


def test_a_month_of_the_calendar_is_no_thirty_days() -> None:
    seen = datetime(2026, 3, 1, tzinfo=UTC)

    assert monthly("copilot", seen) == [
        f"01 {month} 00:00" for month in ("Jan", "Feb", "Mar", "Apr", "May", "Jun")
    ]
    assert monthly("codex", seen) == [
        f"{day} 00:00" for day in ("31 Dec", "30 Jan", "01 Mar", "31 Mar", "30 Apr", "30 May")
    ]


def test_short_months_are_reset_on_their_last_day() -> None:
    seen = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)

    assert monthly("cursor", seen) == [
        "31 Dec 09:30",
        "31 Jan 09:30",
        "28 Feb 09:30",
        "31 Mar 09:30",
        "30 Apr 09:30",
        "31 May 09:30",
    ]


def test_a_pool_of_no_known_cycle_is_refused() -> None:
    with pytest.raises(ValueError, match="decade"):
        continued(np.array([BEGIN]), "decade", provider="claude", begin=BEGIN, end=BEGIN + 1)


@given(
    seen=st.lists(st.integers(-2 * WEEK, 12 * WEEK), max_size=6, unique=True).map(sorted),
    length=st.integers(1, 12 * WEEK),
)
def test_no_cycle_is_longer_than_its_length_and_no_reset_seen_is_lost(
    seen: list[int], length: int
) -> None:
    edges = np.array([BEGIN + one for one in seen], dtype=np.int64)

    found = continued(edges, "week", provider="claude", begin=BEGIN, end=BEGIN + length).tolist()

    inside = [BEGIN + one for one in seen if 0 <= one < length]
    assert set(inside) <= set(found)
    assert found == sorted(set(found))
    ends = [BEGIN, *found, BEGIN + length]
    assert all(then - one <= WEEK + SLACK for one, then in pairwise(ends))
    # As few as can be: of three neighbours, none could be left out but for those seen.
    for one, between, then in zip(found, found[1:], found[2:], strict=False):
        assert between in inside or then - one > WEEK
