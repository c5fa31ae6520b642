"""How readings of one pool lie to each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.cycles import is_plain_rise, rises_on_one_cycle
from portfolio.model import MeterPoint

BEGAN = datetime(2026, 11, 3, 9, tzinfo=UTC)


@st.composite
def points(draw: st.DrawFn) -> MeterPoint:
    hours = st.integers(0, 3).map(lambda hours: BEGAN + timedelta(hours=hours))
    return MeterPoint(
        "id",
        "claude-a",
        "week",
        "pp",
        draw(st.sampled_from([0.0, 1.0, 2.0])),
        None,
        draw(hours),
        None,
        draw(st.none() | hours),
        draw(st.sampled_from(["panel", "statusline"])),
    )


@given(points(), points())
def test_of_two_readings_the_plain_case_is_told_as_of_many(
    first: MeterPoint, then: MeterPoint
) -> None:
    assert is_plain_rise(first, then) == rises_on_one_cycle([first, then])
