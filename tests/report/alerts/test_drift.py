from __future__ import annotations

import pytest

from portfolio.report.alerts.drift import drift_alerts
from portfolio.report.answers.drift import DriftRow
from tests.report.alerts.builders import DAY, NOW, drift_row


@pytest.mark.parametrize("factor", [1.11, 0.9])
def test_a_change_by_a_tenth_either_way_is_told(factor: float) -> None:
    found = list(drift_alerts([drift_row(factor)], least_share=0.1, now=NOW))

    assert [(one.subject, one.about_at) for one in found] == [("claude-a week", NOW - DAY)]


@pytest.mark.parametrize(
    "row",
    [
        drift_row(1.09),
        drift_row(0.92),
        drift_row(None),
        drift_row(2.0, status="steady"),
        drift_row(2.0, seen_at=NOW - 32 * DAY),  # no news
        drift_row(2.0, seen_at=NOW + DAY),
    ],
)
def test_a_small_an_old_or_no_change_is_not_told(row: DriftRow) -> None:
    assert list(drift_alerts([row], least_share=0.1, now=NOW)) == []


def test_zero_switches_it_off() -> None:
    assert list(drift_alerts([drift_row(2.0)], least_share=0, now=NOW)) == []
