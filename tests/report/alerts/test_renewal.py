from __future__ import annotations

import pytest

from portfolio.report.alerts.renewal import renewal_alerts
from portfolio.report.answers.keep import KeepRow
from tests.report.alerts.builders import NOW, keep_row


def told(row: KeepRow, *, most_days: float = 7.0) -> list[str]:
    return [one.text for one in renewal_alerts([row], most_days=most_days, today=NOW.date())]


def test_a_plan_to_be_cancelled_that_is_paid_again_within_the_days_is_told() -> None:
    assert told(keep_row(renews_on="2026-12-09")) == [
        "claude-a (claude-pro) is paid again on 9 Dec; to cancel it saves $20.00 a month."
    ]
    assert told(keep_row(renews_on="2026-12-02", to="claude-free")) == [
        "claude-a (claude-pro) is paid again on 2 Dec; to take it down to claude-free saves $20.00"
        " a month."
    ]


@pytest.mark.parametrize(
    "row",
    [
        keep_row(renews_on="2026-12-10"),
        keep_row(renews_on=None),
        keep_row(renews_on="2026-12-03", verdict="keep"),
        keep_row(renews_on="2026-12-03", verdict="either-or"),
    ],
)
def test_a_later_an_unknown_and_a_needed_renewal_are_not_told(row: KeepRow) -> None:
    assert told(row) == []


def test_zero_days_switch_it_off() -> None:
    assert told(keep_row(renews_on="2026-12-02"), most_days=0) == []
