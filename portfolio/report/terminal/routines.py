"""Print the summaries of the week and of the month: what is new first, then how it stands."""

from __future__ import annotations

from collections.abc import Sequence

from portfolio.report.answers.routines import (
    Figure,
    MonthlyAnswer,
    MonthPlan,
    RoutineAnswer,
    WeeklyAnswer,
    WeekRoute,
)
from portfolio.report.layout import Page
from portfolio.report.terminal import forecast, render
from portfolio.report.terminal.keep import VERDICTS as OF_A_PLAN
from portfolio.report.terminal.racing import VERDICTS
from portfolio.report.terminal.route import WHY
from portfolio.report.text import amount, moment, plural, safe, usd

UNCHANGED = ("keep", "watch", "not-measured")  # verdicts of `keep` that ask for nothing


@render.register
def _(answer: WeeklyAnswer, page: Page) -> None:
    _stands(answer, page, name=f"Week of {answer.week}")
    if answer.race is not None:
        page.say("")
        told = ", ".join(
            f"{safe(one.arm)} {VERDICTS.get(one.verdict, one.verdict)}{' (parked)' * one.is_parked}"
            for one in answer.race.arms
        )
        page.say(f"Race: {told}. {safe(answer.race.next_thing, longest=400)}")
    if answer.route is not None:
        page.say("")
        _route(answer.route, page)
    elif answer.route_missing is not None:
        page.say(f"No route for this week: {safe(answer.route_missing)}.")
    _ends(answer, page)


@render.register
def _(answer: MonthlyAnswer, page: Page) -> None:
    _stands(answer, page, name=answer.month)
    page.say("")
    if not answer.is_judged:
        page.say("Keep: too few weeks were read to judge a plan.")
    asked = [row for row in answer.keep if row.verdict not in UNCHANGED]
    if answer.is_judged and not asked:
        page.say("Keep: every plan, or too little is known (portfolio keep).")
    for row in asked:
        change = "without it" if row.to is None else f"on {safe(row.to)}"
        verdict = OF_A_PLAN.get(row.verdict, row.verdict)
        page.say(
            f"Keep: {safe(row.account)} ({safe(row.plan)}), {change}: {safe(verdict)};"
            f" {usd(row.saving_usd_month)} a month."
        )
    if answer.plan is not None and (answer.plan.actions or answer.plan.cost_usd):
        _plan(answer.plan, page)
    elif answer.plan_missing is not None:
        page.say(f"No allocation for next month: {safe(answer.plan_missing)}.")
    _ends(answer, page)


def _stands(answer: RoutineAnswer, page: Page, *, name: str) -> None:
    since = (
        "; the first run"
        if answer.last_run_at is None
        else f"; last run {moment(answer.last_run_at, page.zone)}"
    )
    page.say(f"{name}, as of {moment(answer.at, page.zone)}{since}.")
    page.say("")
    for line in answer.lines:
        page.say(line)
    forecast.weeks(answer.forecast, None, page)


def _ends(answer: RoutineAnswer, page: Page) -> None:
    """Say what changed, what is alarming, and what needs a yes: the last lines are read."""
    page.say("")
    if answer.last_run_at is not None and not answer.changes:
        page.say("Nothing changed since the last run.")
    for change in answer.changes:
        before, after = _figure(change.before), _figure(change.after)
        page.say(f"Changed: {safe(change.what)}: {before} → {after}")
    _list(
        "Alert",
        [(one.text, one.command, one.is_new) for one in answer.alerts],
        page,
    )
    _list("Needs your yes", [(f"{one.what}.", one.command, one.is_new) for one in answer.yes], page)
    if not answer.yes:
        page.say("Nothing needs your yes.")
    for sent in answer.sent:
        told = "sent to" if sent.is_taken else "NOT taken by"
        page.say(f"{plural(sent.alerts, 'alert')} {told} {safe(sent.address)}.")


def _list(name: str, rows: Sequence[tuple[str, str | None, bool]], page: Page) -> None:
    for text, command, is_new in rows:
        told = f" ({safe(command)})" if command else ""
        page.say(f"{name}{', new' * is_new}: {safe(text, longest=400)}{told}")


def _route(route: WeekRoute, page: Page) -> None:
    how = "decided" if route.is_kept else "decided just now"
    count = plural(len(route.assignments), "item")
    page.say(
        f"This week's route, {how} {moment(route.made_at, page.zone)}: {count} (portfolio route)."
    )
    for one in route.assignments:
        way = f" by {safe(one.methodology)}" if one.methodology else ""
        page.say(
            f"  {moment(one.start_at, page.zone)}: {safe(one.feature)} on {safe(one.account)}{way}"
        )
    for left in route.unassigned:
        why = WHY.get(left.reason, left.reason)
        page.say(f"  no place for {safe(left.feature)}: {safe(why)}")


def _plan(plan: MonthPlan, page: Page) -> None:
    features = "" if plan.features is None else f" for about {amount(plan.features)} features"
    page.say(f"Next month: {usd(plan.cost_usd)}{features} (portfolio rebalance).")
    for one in plan.actions:
        to = f" to {safe(one.to_plan)}" if one.to_plan else ""
        before = f", before {safe(one.before)}" if one.before else ""
        why = f": {safe(one.reason, longest=400)}" if one.reason else ""
        page.say(f"  {one.action} {one.count} × {safe(one.plan)}{to}{before}{why}")


def _figure(value: Figure | None) -> str:
    if value is None:
        return "–"
    return safe(value) if isinstance(value, str) else amount(float(value))
