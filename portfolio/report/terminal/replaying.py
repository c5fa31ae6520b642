"""Print the work of the past under other plans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import PurePath
from typing import Final

from portfolio.report.answers.replaying import BlockedPlace, Range, ReplayAnswer, SeatRow
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import amount, day, percent, safe, span, usd

MOST_SHOWN: Final = 10
WEEK: Final = timedelta(weeks=1)
THIN: Final = 0.3  # of the work; what was worked elsewhere is known by its meters alone


@render.register
def _(answer: ReplayAnswer, page: Page) -> None:
    if not answer.work_usd:
        page.say("No work of this time is known yet; portfolio sync takes in clients' logs.")
        return
    page.say(
        f"Your work since {day(answer.since, page.zone)}, {usd(answer.work_usd)} at API prices,"
        " under these plans, at best to at worst, as far as caps and conversions are known:"
    )
    weeks = (answer.until - answer.since) / WEEK
    page.say("")
    page.table(
        ("plan", "a month", "pool", "used", "expires a month", "hours a week at a cap"),
        [_cells(row, weeks) for row in answer.plans],
        right={1, 3, 4, 5},
    )
    page.say("")
    if any(not row.cycles for row in answer.plans):
        page.say("–: no week or month of that pool lies wholly in this time.")
    if not answer.overflow_usd.high and not answer.blocked_hours.high:
        page.say("Nothing would have been blocked, even with caps and conversions at their worst.")
    else:
        page.say(
            f"Every plan at a cap at once: {_hours(answer.blocked_hours)} in all. Work without"
            f" room: {_dollars(answer.overflow_usd)} at API prices."
        )
    for blocked in answer.blocked_spans[:MOST_SHOWN]:
        full = ", ".join(map(safe, blocked.pools))
        page.say(f"  {span(blocked.since, blocked.until, page.zone)} ({full})")
    if len(answer.blocked_spans) > MOST_SHOWN:
        page.say(f"  and {len(answer.blocked_spans) - MOST_SHOWN} more (--json lists all)")
    for scope in answer.blocked_scopes:
        page.say(f"For {safe(scope.scope)} alone: {_hours(scope.hours)} at a cap.")
    if answer.blocked_work:
        page.say("Blocked at worst:")
        page.table(
            ("repository", "branch or item", "API cost"),
            [_blocked(one) for one in answer.blocked_work[:MOST_SHOWN]],
            right={2},
        )
    if answer.work_usd and answer.elsewhere_usd > THIN * answer.work_usd:
        page.say(
            f"{percent(answer.elsewhere_usd / answer.work_usd)} of the work was done elsewhere than"
            " on this machine, by the meters; it is in these figures, but in no repository."
        )
    for one in answer.not_judged:
        what = "its work elsewhere" if one.reason == "elsewhere-unweighed" else "its pool"
        page.say(f"{safe(one.account)}: {what} ({safe(one.pool)}) is not in it: {safe(one.hint)}.")


def _cells(row: SeatRow, weeks: float) -> tuple[str, ...]:
    return (
        row.name,
        usd(row.price_usd_month),
        row.pool,
        _spread(row.used_share, percent),
        _spread(row.expired_usd_month, usd),
        _spread(row.full_hours, lambda hours: amount((hours or 0.0) / weeks)),
    )


def _hours(told: Range) -> str:
    return f"{_spread(told, amount)} hours"


def _dollars(told: Range) -> str:
    return _spread(told, usd)


def _spread(told: Range | None, write: Callable[[float | None], str]) -> str:
    if told is None:
        return "–"
    low, high = write(told.low), write(told.high)
    return low if low == high else f"{low} to {high}"


def _blocked(one: BlockedPlace) -> tuple[str, ...]:
    repository = PurePath(one.repository).name if one.repository else "(none)"
    return repository, one.item or one.branch or "", usd(one.usd)
