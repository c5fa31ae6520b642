"""What the report says of weeks, in words."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portfolio.estimate.forecast import RatioWeek, cost_next, features_next, paid_next
from portfolio.estimate.usual import usual_cost
from portfolio.estimate.week_forecast import Calibration, Scored
from portfolio.report.answers.forecast import ForecastAnswer, ScoredWeek, UsualCosts
from portfolio.report.layout import Page, console_for
from portfolio.report.terminal import forecast

MONDAY = datetime(2026, 11, 9, tzinfo=UTC)


def counted(*features: int) -> list[RatioWeek]:
    return [RatioWeek(count, 1.0, [(count, 0.5), (0, 0.5)]) for count in features]


def expected(
    weeks: Sequence[RatioWeek], *, last: ScoredWeek | None = None, scored: int = 0
) -> ForecastAnswer:
    features = features_next(weeks)
    judged = Calibration(scored=scored, inside=scored, level=0.8)
    return ForecastAnswer(
        week="2026-11-09",
        begins_at=MONDAY,
        ends_at=MONDAY + timedelta(days=7),
        made_at=MONDAY,
        weeks=len(weeks),
        features=features,
        paid_per_feature_usd=paid_next(features, 6.0),
        cost_per_feature_usd=cost_next([RatioWeek(week.features, 2.0, ()) for week in weeks]),
        last=last,
        calibration=judged,
        calibration_cost=judged,
    )


def said(found: ForecastAnswer | None, usual: UsualCosts | None = None) -> str:
    file = io.StringIO()
    forecast.weeks(found, usual, Page(console_for(file, width=400), UTC, file=file))
    return file.getvalue()


def test_a_forecast_names_its_week_its_range_and_its_costs() -> None:
    shown = said(expected(counted(9, 12, 10)))

    assert shown.splitlines() == [
        "",
        "Forecast of the week 9 Nov to 15 Nov 2026, from 3 whole weeks before it: about 10"
        " features; 80 % range 8 to 14.",
        "  paid for each: about $0.58, $0.43 to $0.75",
        "  each at full use: about $0.19, $0.14 to $0.26",
    ]


def test_one_week_says_what_its_range_leaves_out() -> None:
    assert "(provisional: within-week variation only)" in said(expected(counted(9)))


def test_a_cost_without_an_upper_bound_says_at_least() -> None:
    shown = said(expected(counted(1, 3, 0, 1)))

    assert ", at least $1.20 (a week without any may come)\n" in shown


def test_what_was_never_kept_says_how_it_is() -> None:
    lost = replace(expected(counted(9, 12, 10)), made_at=None)

    assert "Not kept yet: portfolio sync keeps it" in said(lost)


def test_last_week_stands_beside_its_forecast() -> None:
    features = Scored(
        forecast=features_next(counted(9, 12, 10)),
        outcome=15,
        is_inside=False,
        log_error=0.4,
        status="ok",
    )
    nothing = Scored(
        forecast=cost_next([]), outcome=None, is_inside=None, log_error=None, status="no-burn"
    )
    last = ScoredWeek(
        week="2026-11-02",
        made_at=MONDAY,
        features=features,
        paid_per_feature_usd=None,
        cost_per_feature_usd=nothing,
    )

    shown = said(expected(counted(9, 12, 10), last=last, scored=9))

    assert "The week before: features 15, OUTSIDE 8 to 14.\n" in shown
    assert "So far 9 of 9 weeks lay inside the 80 % range of features, 9 of 9 inside that" in shown


@pytest.mark.parametrize(
    ("newest", "words"),
    [
        ((10, 11.2), "$1.12, +12 % against the usual $1.00: over the 10 % mark, within your usual"),
        ((10, 9.3), "$0.93, -7 % against the usual $1.00: over the 5 % mark, within your usual"),
        ((10, 9.99), "$1.00, +0 % against the usual $1.00: under the 5 % mark, within your usual"),
        ((10, 10.2), "$1.02, +2 % against the usual $1.00: under the 5 % mark, within your usual"),
        ((10, 40.0), "over the 10 % mark, OUTSIDE your usual range ($0."),
        ((0, 10.0), "nothing shipped, OUTSIDE your usual range ($0."),
    ],
)
def test_a_cost_is_told_by_the_plain_marks_and_by_its_range(
    newest: tuple[int, float], words: str
) -> None:
    steady = [RatioWeek(10, usd, ()) for usd in (9.0, 11.0, 10.0, 9.5, 1e4 / (9 * 11 * 9.5))]
    cost = usual_cost([*steady, RatioWeek(*newest, ())])
    idle = usual_cost([*steady, RatioWeek(0, 0.0, ())])

    shown = said(
        None, UsualCosts(week="2026-11-02", paid_per_feature_usd=cost, cost_per_feature_usd=idle)
    )

    assert shown.startswith("Last whole week, paid for a feature: ")
    assert words in shown
    assert "at full use" not in shown


def test_too_few_weeks_say_how_many_are_missing() -> None:
    few = usual_cost([RatioWeek(10, 10.0, ()), RatioWeek(10, 11.0, ())])

    shown = said(
        None, UsualCosts(week="2026-11-02", paid_per_feature_usd=few, cost_per_feature_usd=few)
    )

    assert shown.count("; a usual range takes 4 weeks before it, there are 1.\n") == 2


def test_nothing_known_says_nothing() -> None:
    assert said(None) == ""
