from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from portfolio.estimate.pace import Pace
from portfolio.report.alerts.cap_pace import cap_pace_alerts
from tests.report.alerts.builders import DAY, NOW, pace


def told(one: Pace, *, least_hours: float = 24.0) -> list[str]:
    return [
        alert.text for alert in cap_pace_alerts([one], least_hours=least_hours, zone=UTC, now=NOW)
    ]


def test_a_cap_used_up_two_days_before_its_reset_is_told_with_both_moments() -> None:
    assert told(pace(NOW + DAY)) == [
        "claude-a's cap week at this pace is used up Thu 3 Dec 12:00 (50% now); it is fresh again"
        " Sat 5 Dec 12:00."
    ]


def test_a_cap_that_is_used_up_is_told_as_such() -> None:
    assert told(pace(NOW - DAY, share=1.0)) == [
        "claude-a's cap week is used up; it is fresh again Sat 5 Dec 12:00."
    ]


@pytest.mark.parametrize(
    "one",
    [
        pace(None),
        pace(NOW + 2 * DAY + timedelta(hours=1)),  # 23 hours before its reset
        pace(NOW - 9 * DAY, share=1.0, resets_at=NOW + DAY / 2),
        pace(NOW - 5 * DAY, share=1.0, resets_at=NOW),
    ],
)
def test_a_cap_that_bites_late_or_never_is_not_told(one: Pace) -> None:
    assert told(one) == []


def test_zero_hours_switch_it_off() -> None:
    assert told(pace(NOW + DAY), least_hours=0) == []
