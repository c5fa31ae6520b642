"""`keep`: for each plan held, whether the work of the past weeks would have fitted without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from portfolio.commands.histories import history_of
from portfolio.commands.keep_cancelled import watched_rows
from portfolio.commands.keep_loses import lost_with
from portfolio.commands.keep_options import Option, Trial, Tried
from portfolio.commands.keep_unused import Seen, seen_of, unused_rows
from portfolio.commands.keep_watch import watched_until
from portfolio.commands.metering import meter_points
from portfolio.estimate.renewal import next_renewal
from portfolio.rebalance.history import Held, History, moment_of
from portfolio.rebalance.verdict import SAFE, Judged, Limits, WeekLeft, choose_jointly, judge
from portfolio.rebalance.weeks import judged_weeks, priced_meter
from portfolio.report.answers.keep import Coverage, KeepAnswer, KeepRow, NotJudged
from portfolio.store import logins, read

if TYPE_CHECKING:
    from portfolio.model import Methodology
    from portfolio.rebalance.leaving import WeekMoved
    from portfolio.settings import Settings
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

WEEKS_BACK: Final = 26  # older habits say little of next month


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a row says besides the verdict."""

    seen: Mapping[str, Seen]  # by account
    renewals: dict[str, int]  # day of the month, by account
    methodologies: Sequence[Methodology]
    today: datetime  # in the user's zone


def keep(
    database: Database, *, settings: Settings, catalogue: Catalogue, now: datetime
) -> KeepAnswer:
    """Judge every plan held from what is stored."""
    return keep_stage(database, settings=settings, catalogue=catalogue, now=now).answer


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepStage:
    """What `keep` says, and what it would say of several plans given up at once."""

    history: History
    answer: KeepAnswer
    trial: Trial
    limits: Limits

    def together(self, accounts: Sequence[str]) -> Judged:
        """Judge giving up some accounts at once, with nothing in their place."""
        leaving = tuple(one for one in self.trial.held if one.account in accounts)
        saved = {
            row.account: row.saving_usd_month for row in self.answer.plans if row.change == "cancel"
        }
        option = Option(
            leaving=leaving,
            smaller=(None,) * len(leaving),
            saving_usd_month=sum(saved[one.account] or 0.0 for one in leaving),
        )
        return _judged(self.trial, self.trial.tried(option), self.limits)


def keep_stage(
    database: Database, *, settings: Settings, catalogue: Catalogue, now: datetime
) -> KeepStage:
    """Judge every plan held, and keep what it takes to judge more."""
    history = history_of(
        database, catalogue, settings=settings, since=now - timedelta(weeks=WEEKS_BACK), now=now
    )
    limits = Limits(
        least_saving_usd=settings.keep__least_saving_usd, most_risk=settings.keep__most_risk
    )
    seen = seen_of(history, meter_points(database, catalogue, now=now), catalogue=catalogue)
    told = Told(
        seen=seen,
        renewals=logins.renewal_days(database),
        methodologies=read.methodologies(database),
        today=now.astimezone(settings.zone),
    )
    trial = Trial(history, catalogue)
    tried = [trial.tried(option) for option in trial.options()]
    judged = [_judged(trial, one, limits) for one in tried]
    judged = _jointly(trial, tried, judged, limits)
    unjudged = {(one.seat, one.pool): one for each in tried for one in each.unjudged}
    answer = KeepAnswer(
        since=moment_of(history.begin),
        until=moment_of(history.end),
        plans=tuple(
            _row(one, verdict, history=history, told=told)
            for one, verdict in zip(tried, judged, strict=True)
        ),
        unused=tuple(unused_rows(history, seen)),
        watched=tuple(watched_rows(history, seen)),
        not_judged=tuple(
            NotJudged(account=one.seat, pool=one.pool, reason=one.reason, hint=one.hint)
            for one in unjudged.values()
        ),
        coverage=tuple(
            Coverage(account=held.account, coverage=held.coverage) for held in trial.held
        ),
        unowned_usd=history.unowned_usd,
        problems=(),
    )
    return KeepStage(history=history, answer=answer, trial=trial, limits=limits)


def _judged(trial: Trial, tried: Tried, limits: Limits) -> Judged:
    judged = judge(
        [
            WeekLeft(
                begin=week.begin, is_blocked=week.blocked_usd > 0, load_shares=week.load_shares
            )
            for week in _weeks_of(trial, tried)
        ],
        saving_usd_month=tried.option.saving_usd_month,
        limits=limits,
    )
    if tried.unmeasured is not None:
        return replace(judged, verdict="not-measured", reason=tried.unmeasured)
    if _is_last(trial, tried):
        return replace(judged, verdict="keep", reason="no-other-plan")
    return judged


def _weeks_of(trial: Trial, tried: Tried) -> Sequence[WeekMoved]:
    """Give the weeks that say something of a change; of the only plan they say that it is used."""
    return () if tried.unmeasured is not None or _is_last(trial, tried) else tried.weeks


def _is_last(trial: Trial, tried: Tried) -> bool:
    """Tell whether work would be left without any plan."""
    given_up = tried.option.smaller.count(None)
    return given_up == len(trial.held) and any(week.blocked_usd for week in tried.weeks)


def _jointly(
    trial: Trial, tried: Sequence[Tried], judged: Sequence[Judged], limits: Limits
) -> list[Judged]:
    """Judge changes that could be made together, so that none counts on another's room.

    Of an account the one that saves most is looked at: giving it up where that is safe, else the
    smaller plan. Where giving it up is no longer advised, the smaller plan is not either, untried.
    """
    by_name: dict[str, int] = {}
    for place, one in enumerate(tried):
        account = one.option.leaving[0].account
        if account not in by_name or judged[by_name[account]].verdict not in SAFE:
            by_name[account] = place

    def together(names: frozenset[str]) -> Judged:
        several = [tried[by_name[name]].option for name in sorted(names)]
        option = Option(
            leaving=tuple(one.leaving[0] for one in several),
            smaller=tuple(one.to for one in several),
            saving_usd_month=sum(one.saving_usd_month or 0.0 for one in several),
        )
        return _judged(trial, trial.tried(option), limits)

    chosen = choose_jointly(
        {name: judged[place] for name, place in by_name.items()},
        {name: tried[place].option.saving_usd_month or 0.0 for name, place in by_name.items()},
        together=together,
    )
    found = list(judged)
    for place, one in enumerate(tried):
        name = one.option.leaving[0].account
        beside = chosen[name]
        if place == by_name[name]:
            found[place] = beside
        elif judged[place].verdict in SAFE and beside.verdict == "either-or":
            found[place] = replace(
                judged[place], verdict="either-or", competes_with=beside.competes_with
            )
    return found


def _row(tried: Tried, judged: Judged, *, history: History, told: Told) -> KeepRow:
    option = tried.option
    held = option.leaving[0]
    day = told.renewals.get(held.account)
    return KeepRow(
        plan=held.plan or "",
        account=held.account,
        change=option.change,
        to=option.to.plan if option.to else None,
        saving_usd_month=option.saving_usd_month,
        weeks=judged.weeks,
        weeks_blocked=judged.weeks_blocked,
        blocked_share_high=judged.blocked_share_high,
        next_week_risk=judged.next_week_risk,
        fullest_share=judged.fullest_share,
        fullest_pool=judged.fullest_pool,
        verdict=judged.verdict,
        reason=judged.reason,
        competes_with=judged.competes_with,
        blocked_from=tuple(
            moment_of(week.begin) for week in tried.weeks if judged.weeks and week.blocked_usd > 0
        ),
        loses=_loses(held, history, told) if option.change == "cancel" else (),
        renews_on=next_renewal(day, told.today.date()).isoformat() if day else None,
        watch_until=_watch_until(judged, held, history, told),
    )


def _watch_until(judged: Judged, held: Held, history: History, told: Told) -> str | None:
    if judged.verdict != "watch":
        return None
    at = watched_until(history, held, _others(held, history), weeks=judged.weeks)
    return at.astimezone(told.today.tzinfo).date().isoformat() if at else None


def _loses(held: Held, history: History, told: Told) -> tuple[str, ...]:
    # What was overflow then is so whether or not anything can be said of going without.
    watched = [one for one in _others(held, history) if priced_meter(one) is not None]
    found = lost_with(
        held,
        history,
        seen=told.seen,
        methodologies=told.methodologies,
        weeks=[week.begin for week in judged_weeks(history, held, watched)],
    )
    return tuple(found)


def _others(held: Held, history: History) -> list[Held]:
    return [one for one in history.held if one.until is None and one is not held]
