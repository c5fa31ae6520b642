"""Print the work of the past under other plans."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from portfolio.report.answers.replaying import BlockedPlace, Range, ReplayAnswer, SeatRow
from portfolio.report.layout import Page
from portfolio.report.terminal import render
from portfolio.report.text import amount, day, percent, safe, span, usd

MOST_SHOWN: Final = 10
THIN: Final = 0.3  # of the work; what was worked elsewhere is known by its meters alone


@render.register
def _(answer: ReplayAnswer, page: Page) -> None:
    if not answer.work_usd:
        page.say("No work of this time is known yet; portfolio sync takes in clients' logs.")
        return
    page.say(
        f"Your work since {day(answer.since, page.zone)}, {usd(answer.work_usd)} at API prices,"
        " under these plans:"
    )
    page.say("")
    page.table(
        ("plan", "a month", "pool", "used", "expires a month", "at a cap"),
        [_cells(row) for row in answer.plans],
        right={1, 3, 4, 5},
    )
    page.say("")
    if not answer.overflow_usd.high and not answer.blocked_hours.high:
        page.say("Nothing would have been blocked, even with caps and conversions at their worst.")
    else:
        page.say(
            f"Every plan at a cap at once: {_hours(answer.blocked_hours)}. Work without room:"
            f" {_dollars(answer.overflow_usd)} at API prices. (At best to at worst, as far as caps"
            " and conversions are known.)"
        )
    for blocked in answer.blocked_spans[:MOST_SHOWN]:
        page.say(f"  {span(blocked.since, blocked.until, page.zone)}")
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
        page.say(f"{safe(one.account)}: its {safe(one.pool)} pool is not in it ({safe(one.hint)}).")


def _cells(row: SeatRow) -> tuple[str, ...]:
    return (
        row.name,
        usd(row.price_usd_month),
        row.pool,
        percent(row.used_share) if row.cycles else "–",
        usd(row.expired_usd_month),
        f"{amount(row.full_hours)} h",
    )


def _hours(told: Range) -> str:
    low, high = amount(told.low), amount(told.high)
    return f"{low} hours" if low == high else f"{low} to {high} hours"


def _dollars(told: Range) -> str:
    low, high = usd(told.low), usd(told.high)
    return low if low == high else f"{low} to {high}"


def _blocked(one: BlockedPlace) -> tuple[str, ...]:
    repository = PurePath(one.repository).name if one.repository else "(none)"
    return repository, one.item or one.branch or "", usd(one.usd)
