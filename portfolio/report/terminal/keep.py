"""Print which plan is dead weight."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from portfolio.report.answers.keep import KeepAnswer, KeepRow, NotJudged, UnusedRow, WatchedRow
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import amount, day, moment, percent, plural, safe, usd

VERDICTS: Final = {
    "cancel": "cancel",
    "early-looks-safe": "early: looks safe",
    "watch": "watch",
    "keep": "keep",
    "either-or": "either or",
    "not-measured": "not measured",
}
REASONS: Final = {
    "would-have-blocked": "work would have found no room",
    "too-close": "next week may not fit",
    "heavy-week": "its heaviest week would have left less than a tenth of the room",
    "saves-too-little": "saves too little to bother",
    "never-read": "nothing read its meter (portfolio doctor)",
    "no-rate": "nothing here tells what its work costs",
    "load-unknown": "how full the other plans would have been is not known",
    "cap-unknown": "how large its pools are is not known",
    "others-unknown": "how much room the others have is not known",
    "plan-unknown": "its plan or price is not known (portfolio account add)",
}
THIN: Final = 0.7  # of an account's burn; what is worked elsewhere is in the meter, not in the logs


@render.register
def _(answer: KeepAnswer, page: Page) -> None:
    if not answer.plans:
        page.say("No account is held whose plan could be left out (portfolio account list).")
        return
    page.say(
        "With a plan left out or a smaller one, would the work since"
        f" {day(answer.since, page.zone)} have fitted on the others?"
    )
    page.say("")
    page.table(
        ("account", "change", "saves", "weeks hit", "at most", "next week", "verdict"),
        [_cells(row) for row in answer.plans],
        right={2, 3, 4, 5},
    )
    page.say(
        "Saves: dollars a month. Weeks hit: in how many some work would have found no room. At"
        " most: how likely such a week is, with 95 % certainty. Next week: how likely its load is"
        " over a cap, by the weeks so far."
    )
    page.say("")
    for row in answer.plans:
        page.say(_sentence(row))
    for gone in answer.watched:
        page.say(_watched(gone, page))
    if answer.unused:
        page.say("")
        _unused(answer.unused, page)
    for one in answer.not_judged:
        page.say(_not_judged(one))
    for account, coverage in answer.coverage:
        if coverage is not None and coverage < THIN:
            page.say(
                f"{safe(account)}: only {percent(coverage)} of its burn was worked on this machine;"
                " the rest counts as the same kind of work."
            )


def _watched(row: WatchedRow, page: Page) -> str:
    """Say whether a plan that was given up is missed."""
    name = f"{safe(row.account)} ({safe(row.plan)})" if row.plan else safe(row.account)
    since = f"cancelled on {day(row.cancelled_at, page.zone)}"
    if row.first_blocked_at is not None:
        return (
            f"{name}: subscribe again · {since} · since then every plan left stood at a cap at once"
            f" in {plural(row.weeks_blocked, 'week')}, first on"
            f" {moment(row.first_blocked_at, page.zone)}"
        )
    if row.verdict == "not-measured":
        return (
            f"{name}: {since} · whether it is missed is not known, as nothing read the meter of"
            " every plan left (portfolio doctor)"
        )
    told = f"no week blocked since ({plural(row.weeks, 'week')})"
    return f"{name}: {since} · {told if row.weeks else 'no complete week since'}"


def _unused(rows: Sequence[UnusedRow], page: Page) -> None:
    """Print what was paid for and not used."""
    page.say("What the meters showed of the cycles that are over (use it or lose it):")
    page.table(
        ("account", "plan", "cycles", "used", "expires a month", "at a cap, hours a week"),
        [
            (
                row.account,
                row.plan,
                str(row.cycles),
                percent(row.used_share),
                usd(row.expired_usd_month),
                amount(row.full_hours_week),
            )
            for row in rows
        ],
        right={2, 3, 4, 5},
    )
    untold = sum(row.cycles_untold for row in rows)
    if untold:
        page.say(
            f"Without {plural(untold, 'cycle')} whose end no reading tells:"
            " there was work after the last one."
        )


def _change(row: KeepRow) -> str:
    return f"cancel {row.plan}".strip() if row.to is None else f"{row.plan} to {row.to}"


def _cells(row: KeepRow) -> tuple[str, ...]:
    return (
        row.account,
        _change(row),
        usd(row.saving_usd_month),
        f"{row.weeks_blocked} of {row.weeks}",
        percent(row.blocked_share_high),
        _risk(row.next_week_risk),
        VERDICTS.get(row.verdict, row.verdict),
    )


def _verdict(row: KeepRow) -> str:
    """Name the verdict, and the day up to which a plan is watched."""
    named = VERDICTS.get(row.verdict, row.verdict)
    return f"{named} until {_day(row.watch_until)}" if row.watch_until is not None else named


def _day(iso: str) -> str:
    on = date.fromisoformat(iso)
    return f"{on.day} {on:%b}"


def _risk(share: float | None) -> str:
    """Write a risk; a small one is never none."""
    return "<1%" if share is not None and share < 0.01 else percent(share)


def _sentence(row: KeepRow) -> str:
    """Say one row as a person would."""
    verdict = _verdict(row)
    told = [f"{safe(row.account)}, {safe(_change(row))}: {verdict}"]
    if row.saving_usd_month is not None:
        told.append(f"saves {usd(row.saving_usd_month)} a month")
    if row.competes_with:
        told.append("or instead of it " + " or ".join(map(safe, row.competes_with)) + ", not both")
    if row.reason is not None and row.verdict != "watch":
        told.append(REASONS.get(row.reason, row.reason))
    if row.weeks:
        told.append(
            f"{row.weeks_blocked} of {plural(row.weeks, 'week')} would have hit a cap"
            f" (a week blocked: at most {percent(row.blocked_share_high)} likely)"
        )
    if row.verdict == "watch":
        told.append("it takes four complete weeks with readings of every account to tell")
    if row.loses:
        told.append("you lose: " + ", ".join(map(safe, row.loses)))
    if row.renews_on is not None and row.verdict in ("cancel", "early-looks-safe", "either-or"):
        told.append(f"renews {_day(row.renews_on)}")
    return " · ".join(told)


def _not_judged(one: NotJudged) -> str:
    reason = {"cap-unknown": "its cap is not known", "never-read": "nothing read its meter"}.get(
        one.reason, "nothing here tells what work takes of it"
    )
    return (
        f"{safe(one.account)} is not counted as room for others, for its {safe(one.pool)} pool:"
        f" {reason} ({safe(one.hint)})."
    )
