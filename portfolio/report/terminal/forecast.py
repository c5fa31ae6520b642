"""Print what the week to come should bring, how the forecasts did, and what a feature costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta, tzinfo

from portfolio.estimate.interval import Interval
from portfolio.estimate.usual import FEWEST, UsualCost
from portfolio.estimate.week_forecast import Calibration, Scored
from portfolio.report.answers.forecast import ForecastAnswer, ScoredWeek, UsualCosts
from portfolio.report.layout import Page
from portfolio.report.text import amount, day, plural, usd

BASES = {
    "within-week-t": "provisional: within-week variation only",
    "one-step-moderated": "provisional: two weeks tell little of how weeks differ",
    "none": "no range: that takes two days with features or two windows, at least",
}
A_DAY = timedelta(days=1)


def weeks(forecast: ForecastAnswer | None, usual: UsualCosts | None, page: Page) -> None:
    """Print the forecast of the week, the last one beside what came, and the usual range."""
    if forecast is not None:
        page.say("")
        _forecast(forecast, page)
        if forecast.last is not None:
            _last(forecast.last, page)
        if forecast.calibration.scored:
            page.say(_calibration(forecast.calibration, forecast.calibration_cost))
    if usual is not None:
        _usual("paid for a feature", usual.paid_per_feature_usd, page)
        _usual("a feature at full use", usual.cost_per_feature_usd, page)


def _forecast(forecast: ForecastAnswer, page: Page) -> None:
    found = forecast.features
    page.say(
        f"{_span(forecast, page.zone)}, from {plural(forecast.weeks, 'whole week')} before it:"
        f" {_about(found)}"
    )
    for what, cost in (
        ("paid for each", forecast.paid_per_feature_usd),
        ("each at full use", forecast.cost_per_feature_usd),
    ):
        if cost is not None and (cost.point is not None or cost.low is not None):
            page.say(f"  {what}: {_cost(cost)}")
    if forecast.made_at is None:
        page.say("  Not kept yet: portfolio sync keeps it, and once the week is over it is scored.")


def _span(forecast: ForecastAnswer, zone: tzinfo) -> str:
    begins, ends = forecast.begins_at.astimezone(zone), forecast.ends_at - A_DAY
    return f"Forecast of the week {begins.day} {begins:%b} to {day(ends, zone)}"


def _about(features: Interval) -> str:
    told = f"about {plural(round(features.point or 0), 'feature')}"
    if features.low is not None and features.high is not None:
        told += f"; {_level(features)} range {features.low:.0f} to {features.high:.0f}"
    basis = BASES.get(features.method)
    return f"{told} ({basis})." if basis else f"{told}."


def _level(claimed: Interval | Calibration) -> str:
    return f"{100 * claimed.level:.0f} %"


def _cost(cost: Interval) -> str:
    point = "" if cost.point is None else f"about {usd(cost.point)}, "
    if cost.low is None:
        told = "no range yet"
    elif cost.high is None:
        told = f"at least {usd(cost.low)} (a week without any may come)"
    else:
        told = f"{usd(cost.low)} to {usd(cost.high)}"
    return point + told


def _last(last: ScoredWeek, page: Page) -> None:
    told = [_score("features", last.features, amount)]
    costs = (
        ("paid for each", last.paid_per_feature_usd),
        ("at full use", last.cost_per_feature_usd),
    )
    told += [
        _score(what, scored, usd)
        for what, scored in costs
        if scored is not None and scored.status in ("ok", "no-features")
    ]
    page.say(f"The week before: {'; '.join(told)}.")


def _score(what: str, scored: Scored, write: Callable[[float | None], str]) -> str:
    outcome = "none shipped" if scored.outcome is None else write(scored.outcome)
    found = scored.forecast
    if scored.is_inside is None or found.low is None:
        return f"{what} {outcome}"
    expected = (
        f"at least {write(found.low)}"
        if found.high is None
        else f"{write(found.low)} to {write(found.high)}"
    )
    return f"{what} {outcome}, {'inside' if scored.is_inside else 'OUTSIDE'} {expected}"


def _calibration(features: Calibration, cost: Calibration) -> str:
    told = (
        f"So far {features.inside} of {plural(features.scored, 'week')} lay inside the"
        f" {_level(features)} range of features"
    )
    if cost.scored:
        told += f", {cost.inside} of {cost.scored} inside that of the cost at full use"
    return f"{told}."


def _usual(what: str, cost: UsualCost, page: Page) -> None:
    """Say how far the newest week is from the usual, by the plain marks and by its own range."""
    if cost.usual_usd is None or cost.status == "no-burn":
        return
    told = f"Last whole week, {what}: "
    if cost.newest_usd is None or cost.change is None:
        told += "nothing shipped"
    else:
        mark = 5 if cost.mark is None else round(100 * cost.mark)
        told += (
            f"{usd(cost.newest_usd)}, {round(100 * cost.change):+d} % against the usual"
            f" {usd(cost.usual_usd)}: {'under' if cost.mark is None else 'over'} the {mark} % mark"
        )
    if cost.is_usual is None or cost.low_usd is None or cost.high_usd is None:
        page.say(f"{told}; a usual range takes {FEWEST} weeks before it, there are {cost.weeks}.")
        return
    lies = "within" if cost.is_usual else "OUTSIDE"
    page.say(f"{told}, {lies} your usual range ({usd(cost.low_usd)} to {usd(cost.high_usd)}).")
