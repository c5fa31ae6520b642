from __future__ import annotations

from datetime import UTC, timedelta

from portfolio.estimate.pace import Pace
from portfolio.report.alerts.unused import unused_alerts
from tests.report.alerts.builders import DAY, NOW, pace

SOON = NOW + 1.4 * DAY  # four fifths of the week are over


def told(*found: Pace, share: float = 0.5, hours: float = 48.0) -> list[str]:
    return [
        alert.text
        for alert in unused_alerts(found, least_share=share, most_hours=hours, zone=UTC, now=NOW)
    ]


def test_a_week_used_by_two_fifths_after_four_expires_by_half() -> None:
    assert told(pace(None, share=0.4, resets_at=SOON)) == [
        "50% of claude-a's cap week expires unused Thu 3 Dec 21:36, if its use goes on as it does."
    ]


def test_what_expires_by_less_or_later_is_not_told() -> None:
    assert told(pace(None, share=0.41, resets_at=SOON)) == []
    assert told(pace(None, share=0.1, resets_at=NOW + 2.5 * DAY)) == []
    assert told(pace(None, share=0.4, resets_at=SOON), share=0) == []


def test_of_an_account_the_longest_cap_for_all_models_counts() -> None:
    five_hours = pace(None, share=0.0, pool="5h", resets_at=NOW + timedelta(hours=1))
    scoped = pace(None, share=0.0, pool="week:opus", resets_at=SOON)
    month = pace(None, share=0.9, pool="month", resets_at=SOON)

    assert told(five_hours, scoped) == []
    assert told(pace(None, share=0.1, resets_at=SOON), month) == []
    assert told(month, pace(None, share=0.1, resets_at=SOON)) == []
