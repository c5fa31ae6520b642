"""Print which plan is dead weight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Final

from portfolio.report.answers.keep import KeepAnswer, KeepRow, NotJudged
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.terminal.keep_unused import say_unused, watched_sentence
from portfolio.report.text import day, percent, plural, risk, safe, usd

VERDICTS: Final = {
    "cancel": "cancel",
    "early-looks-safe": "early: looks safe",
    "watch": "watch",
    "keep": "keep",
    "either-or": "not both",
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
    "no-other-plan": "there is no other plan",
    "others-unknown": "how much room the others have is not known",
    "cap-unknown": "how large the smaller plan's pools are is not known",
    "plan-unknown": "its plan or price is not known (portfolio account add)",
}
POOLS: Final = {"5h": "5-hour", "week": "weekly", "month": "monthly"}
LACKS: Final = {
    "cap-unknown": "how large its {pool} pool is",
    "never-read": "how full its {pool} pool is",
    "no-rate": "what work takes of its {pool} pool",
}
NOBODYS: Final = " and is known to be its own"
THIN: Final = 0.7  # of an account's burn; what is worked elsewhere is in the meter, not in the logs


@render.register
def _(answer: KeepAnswer, page: Page) -> None:
    if not answer.plans:
        page.say("No account is held whose plan could be left out (portfolio account list).")
    else:
        _plans(answer, page)
    for gone in answer.watched:
        page.say(watched_sentence(gone, page))
    if answer.unused:
        page.say("")
        say_unused(answer.unused, page)
    notes = notes_of(answer)
    if notes:
        page.say("")
    for note in notes:
        page.say(note)


def notes_of(answer: KeepAnswer) -> list[str]:
    """Say what could not be taken into account."""
    notes = [_not_judged(one) for one in answer.not_judged] + [
        f"{safe(one.account)}: only {percent(one.coverage)} of its burn was worked on this machine"
        f"{NOBODYS if answer.unowned_usd else ''}; the rest counts as the same kind of work."
        for one in answer.coverage
        if one.coverage is not None and one.coverage < THIN
    ]
    if answer.unowned_usd:
        notes.append(
            f"Requests of {usd(answer.unowned_usd)} at API prices could be several accounts', and"
            " are on none: portfolio account add NAME --folder DIR tells them apart."
        )
    return notes


def _plans(answer: KeepAnswer, page: Page) -> None:
    page.say(
        f"Would the work since {day(answer.since, page.zone)} have fitted without one of the plans,"
        " or with a smaller one?"
    )
    page.say("")
    page.table(
        ("account", "change", "verdict", "saves", "blocked", "at most", "next week"),
        [_cells(row) for row in answer.plans],
        right={3, 4, 5, 6},
    )
    if any(row.weeks for row in answer.plans):
        page.say(
            "Saves: dollars a month. Blocked: weeks in which the plans left would have hit a cap."
            " At most: how likely such a week is, with 95 % certainty. Next week: how likely the"
            " next one is to be blocked, by how full the weeks were."
        )
    page.say("")
    for row in answer.plans:
        if not _is_unmeasured_step(row):
            page.say(plan_sentence(row))
    if any(row.verdict == "watch" for row in answer.plans):
        page.say("Watch: it takes four complete weeks with readings of every account to tell.")
    for reason, rows in _unmeasured_steps(answer.plans).items():
        steps = ", ".join(f"{safe(row.account)} to {safe(row.to or '')}" for row in rows)
        page.say(f"Not measured: {steps} · {REASONS.get(reason, reason)}")


def _is_unmeasured_step(row: KeepRow) -> bool:
    return row.to is not None and row.verdict == "not-measured"


def _unmeasured_steps(rows: Sequence[KeepRow]) -> dict[str, list[KeepRow]]:
    """Give the smaller plans of which nothing can be said, by the reason."""
    found: dict[str, list[KeepRow]] = defaultdict(list)
    for row in rows:
        if _is_unmeasured_step(row):
            found[row.reason or ""].append(row)
    return found


def _cells(row: KeepRow) -> tuple[str, ...]:
    return (
        row.account,
        "cancel" if row.to is None else f"to {row.to}",
        verdict_of(row),
        usd(row.saving_usd_month),
        f"{row.weeks_blocked} of {row.weeks}" if row.weeks else "–",
        percent(row.blocked_share_high),
        risk(row.next_week_risk),
    )


def verdict_of(row: KeepRow) -> str:
    """Name the verdict; what can be done without of a smaller plan is only the larger one."""
    if row.verdict == "cancel" and row.to is not None:
        return "downgrade"
    return VERDICTS.get(row.verdict, row.verdict)


def _day(iso: str) -> str:
    on = date.fromisoformat(iso)
    return f"{on.day} {on:%b}"


def plan_sentence(row: KeepRow) -> str:
    """Say one row as a person would."""
    named = " to ".join(safe(plan) for plan in (row.plan, row.to) if plan)
    verdict = verdict_of(row)
    if row.watch_until is not None:
        verdict += f" until {_day(row.watch_until)}"
    told = [f"{safe(row.account)}{f' ({named})' if named else ''}: {verdict}"]
    if row.saving_usd_month is not None:
        what = "cancelling" if row.to is None else "the smaller plan"
        saves = "saves" if row.verdict == "cancel" else f"{what} would save"
        told.append(f"{saves} {usd(row.saving_usd_month)} a month")
    if row.competes_with:
        told.append("but only instead of " + " and ".join(map(safe, row.competes_with)))
    if row.reason is not None and row.verdict != "watch":
        told.append(REASONS.get(row.reason, row.reason))
    if row.weeks:
        left = "the others" if row.to is None else safe(row.to)
        hit = f"{left} would have hit a cap in {row.weeks_blocked} of {plural(row.weeks, 'week')}"
        # That all weeks do so at most always says nothing.
        bound = f" (95 % sure: in at most {percent(row.blocked_share_high)})"
        told.append(hit + bound * (row.weeks_blocked < row.weeks))
        if not row.weeks_blocked and (fullest := fullest_of(row)):
            told.append(f"the fullest week would have taken {fullest}")
    if row.loses:
        told.append("you lose: " + ", ".join(map(safe, row.loses)))
    if row.renews_on is not None and row.verdict in ("cancel", "early-looks-safe", "either-or"):
        told.append(f"renews {_day(row.renews_on)}")
    return " · ".join(told)


def fullest_of(row: KeepRow) -> str:
    """Say how near to a cap the heaviest week would have come; empty where that is not known."""
    if row.fullest_share is None:
        return ""
    pool = POOLS.get(row.fullest_pool or "", "")
    return f"{percent(row.fullest_share)} of the {pool} room".replace("  ", " ")


def _not_judged(one: NotJudged) -> str:
    pool, _, scope = one.pool.partition(":")
    named = f"{POOLS.get(pool, safe(pool))}{f' {safe(scope)}' if scope else ''}"
    lacks = LACKS.get(one.reason, LACKS["no-rate"]).format(pool=named)
    return (
        f"{safe(one.account)} is not counted as room for others, as it is not known {lacks}; what"
        f" would tell: {safe(one.hint)}."
    )
