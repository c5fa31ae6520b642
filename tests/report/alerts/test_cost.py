from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portfolio.report.alerts.cost import cost_alerts
from tests.report.alerts.builders import usual_costs


@pytest.mark.parametrize(
    ("newest_usd", "is_usual", "most_usd", "is_told"),
    [
        (9.0, False, 0.0, True),  # outside the usual range, above
        (0.5, False, 0.0, False),  # below it
        (3.0, True, 0.0, False),
        (3.0, None, 0.0, False),  # too few weeks
        (3.0, True, 2.5, True),
        (9.0, False, 10.0, False),  # the threshold that is set rules alone
        (None, False, 1.0, False),  # nothing shipped
    ],
)
def test_a_cost_beyond_the_threshold_is_told(
    *, newest_usd: float | None, is_usual: bool | None, most_usd: float, is_told: bool
) -> None:
    usual = usual_costs(newest_usd=newest_usd, is_usual=is_usual)

    found = list(cost_alerts(usual, most_usd=most_usd))

    assert [one.about_at for one in found] == [datetime(2026, 11, 23, tzinfo=UTC)] * is_told


def test_before_there_is_a_whole_week_no_cost_is_told() -> None:
    assert list(cost_alerts(None, most_usd=1.0)) == []
