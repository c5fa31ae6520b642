from __future__ import annotations

from portfolio.report.alerts.quality import quality_alerts
from tests.report.alerts.builders import NOW, quality_row


def test_a_success_that_is_below_the_floor_by_its_upper_bound_is_told() -> None:
    rows = [
        quality_row(high=0.49),
        quality_row(high=0.2, account=None, methodology="solo"),
        quality_row(high=0.3, account=None),
    ]

    found = list(quality_alerts(rows, floor=0.5, now=NOW))

    assert [one.subject for one in found] == ["claude-a", "methodology solo", "all"]
    assert found[0].text == (
        "claude-a shipped 2 of 12 features: at most 49%, and the floor is 50%."
    )


def test_what_has_not_shown_the_floor_yet_is_not_told() -> None:
    rows = [quality_row(high=0.5), quality_row(high=None)]

    assert list(quality_alerts(rows, floor=0.5, now=NOW)) == []
