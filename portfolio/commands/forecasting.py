"""Forecasts of weeks: made once from the whole weeks before, kept, and scored when it is over."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from portfolio.commands.week_facts import Calendar, calendar_of, history_of
from portfolio.estimate.interval import Interval
from portfolio.estimate.usual import usual_cost
from portfolio.estimate.week_forecast import (
    WEEKS_BACK,
    WeekForecast,
    calibration,
    forecast_week,
    score_cost,
    score_features,
)
from portfolio.report.answers.forecast import ForecastAnswer, ScoredWeek, UsualCosts
from portfolio.store import decisions
from portfolio.store.decisions import ALL_ACCOUNTS, Decision

if TYPE_CHECKING:
    from portfolio.commands.reporting import Facts
    from portfolio.estimate.week_history import History, WeekSeen
    from portfolio.settings import Home, Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

SPAN: Final = timedelta(weeks=WEEKS_BACK)
HOURS_APART: Final = timedelta(days=1)  # local weeks are an hour longer or shorter twice a year


class Kept(NamedTuple):
    """A forecast that was kept."""

    made_at: datetime
    forecast: WeekForecast


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """All that the report says of weeks."""

    forecast: ForecastAnswer | None  # None: there is no whole week with work yet
    usual: UsualCosts | None


def keep_forecast(database: Database, home: Home, settings: Settings, *, now: datetime) -> None:
    """Make the forecast of this week and keep it; to be asked once a week, of two the first rules.

    It rests on whole weeks before this one, so nothing of the week itself is in it, on whatever
    day of it it is made.
    """
    from portfolio.commands.reporting import facts_of
    from portfolio.settings import data_folder
    from portfolio.store.catalogue import read_catalogue

    catalogue = read_catalogue(data_folder() / "plans.toml", own=home.plans_path)
    facts = facts_of(
        database,
        home=home,
        settings=settings,
        catalogue=catalogue,
        since=None,
        until=None,
        now=now,
    )
    calendar = calendar_of(settings)
    begins_at, ends_at = calendar.week(now)
    since = begins_at - SPAN - HOURS_APART
    history = history_of(facts, catalogue.get, since=since, until=begins_at)
    weeks = _whole_weeks(history, begins_at, calendar)
    paid_usd = history.week(begins_at, ends_at).paid_usd
    made = forecast_week(weeks, begins_at, ends_at, paid_usd=paid_usd)
    if made is not None:
        kept = Decision(_as_json(made), now, begins_at, ends_at, made.since, begins_at)
        decisions.add_decision(database, "forecast", ALL_ACCOUNTS, kept, now=now)


def outlook(
    database: Database, facts: Facts, *, settings: Settings, catalogue: Catalogue, now: datetime
) -> Outlook:
    """Give the forecast of this week, how those of whole weeks did, and what a feature costs."""
    calendar = calendar_of(settings)
    begins_at, ends_at = calendar.week(now)
    kept = [
        Kept(one.made_at, forecast)
        for one in decisions.decisions(database, "forecast", ALL_ACCOUNTS, now=now)
        if (forecast := _from_json(one)) is not None
    ]
    since = min([begins_at - SPAN - HOURS_APART, *(one.forecast.begins_at for one in kept)])
    history = history_of(facts, catalogue.get, since=since, until=begins_at)
    weeks = _whole_weeks(history, begins_at, calendar)
    own = next((one for one in kept if one.forecast.begins_at == begins_at), None)
    made = own.forecast if own else None
    if made is None and weeks:
        paid_usd = history.week(begins_at, ends_at).paid_usd
        made = forecast_week(weeks, begins_at, ends_at, paid_usd=paid_usd)
    scored = _scored(kept, history, calendar, now)
    return Outlook(
        forecast=_answer(made, own, scored, calendar) if made else None,
        usual=_usual(weeks, calendar) if weeks else None,
    )


def _whole_weeks(history: History, until: datetime, calendar: Calendar) -> list[WeekSeen]:
    """Give the whole weeks from that of the oldest work on."""
    oldest = history.begins_at
    if oldest is None:
        return []
    spans = calendar.whole_weeks(max(oldest, until - SPAN), until)
    return [history.week(*span) for span in spans]


def _scored(
    kept: list[Kept], history: History, calendar: Calendar, now: datetime
) -> list[ScoredWeek]:
    """Set each forecast of a week that is over beside what came, by what is known today."""
    found = []
    for made_at, forecast in kept:
        if forecast.ends_at > now:
            continue
        week = history.week(forecast.begins_at, forecast.ends_at)
        features, usd = week.burned_then.features, week.burned_then.exposure
        paid = forecast.paid_per_feature_usd
        found.append(
            ScoredWeek(
                week=calendar.name(forecast.begins_at),
                made_at=made_at,
                features=score_features(forecast.features, week),
                paid_per_feature_usd=score_cost(paid, usd=week.paid_usd, features=week.features)
                if paid
                else None,
                cost_per_feature_usd=score_cost(
                    forecast.cost_per_feature_usd, usd=usd, features=int(features)
                ),
            )
        )
    return found


def _answer(
    made: WeekForecast, own: Kept | None, scored: list[ScoredWeek], calendar: Calendar
) -> ForecastAnswer:
    before = calendar.name(calendar.week(made.begins_at - HOURS_APART)[0])
    return ForecastAnswer(
        week=calendar.name(made.begins_at),
        begins_at=made.begins_at,
        ends_at=made.ends_at,
        made_at=own.made_at if own else None,
        weeks=made.weeks,
        features=made.features,
        paid_per_feature_usd=made.paid_per_feature_usd,
        cost_per_feature_usd=made.cost_per_feature_usd,
        last=next((one for one in scored if one.week == before), None),
        calibration=calibration([one.features for one in scored]),
        calibration_cost=calibration([one.cost_per_feature_usd for one in scored]),
    )


def _usual(weeks: list[WeekSeen], calendar: Calendar) -> UsualCosts:
    return UsualCosts(
        week=calendar.name(weeks[-1].begins_at),
        paid_per_feature_usd=usual_cost([week.paid for week in weeks]),
        cost_per_feature_usd=usual_cost([week.burned_then for week in weeks]),
    )


def _as_json(made: WeekForecast) -> str:
    paid = made.paid_per_feature_usd
    said = {
        "weeks": made.weeks,
        "features": asdict(made.features),
        "paid_per_feature_usd": asdict(paid) if paid else None,
        "cost_per_feature_usd": asdict(made.cost_per_feature_usd),
    }
    return json.dumps(said, sort_keys=True)


def _from_json(kept: Decision) -> WeekForecast | None:
    """Read a forecast that was kept; None for one that no program of ours wrote (an import)."""
    if kept.begins_at is None or kept.ends_at is None or kept.rests_since is None:
        return None
    try:
        said = json.loads(kept.answer)
        paid = said["paid_per_feature_usd"]
        return WeekForecast(
            begins_at=kept.begins_at,
            ends_at=kept.ends_at,
            since=kept.rests_since,
            weeks=int(said["weeks"]),
            features=_interval(said["features"]),
            paid_per_feature_usd=None if paid is None else _interval(paid),
            cost_per_feature_usd=_interval(said["cost_per_feature_usd"]),
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _interval(said: dict[str, Any]) -> Interval:
    return Interval(
        point=said["point"],
        low=said["low"],
        high=said["high"],
        level=said["level"],
        method=str(said["method"]),
        status=str(said["status"]),
    )
