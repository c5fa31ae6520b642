"""Print what expired of each account, and whether a cancelled plan is missed."""

from __future__ import annotations

from collections.abc import Sequence

from portfolio.report.answers.keep import UnusedRow, WatchedRow
from portfolio.report.layout import Page
from portfolio.report.text import day, moment, percent, plural, safe, usd


def say_unused(rows: Sequence[UnusedRow], page: Page) -> None:
    """Print what was paid for and not used."""
    page.say("Use it or lose it: each plan's weeks (or months) that are over, as its meter showed:")
    page.table(
        ("account", "plan", "counted", "used", "expires a month", "hours a week at a cap"),
        [
            (
                row.account,
                row.plan,
                str(row.cycles),
                percent(row.used_share),
                usd(row.expired_usd_month),
                _hours(row.full_hours_week),
            )
            for row in rows
        ],
        right={2, 3, 4, 5},
    )
    untold = sum(row.cycles_untold for row in rows)
    if untold:
        page.say(
            f"Not counted: {untold} more whose end no reading tells, as there was work after the"
            " last one."
        )
    for row in rows:
        if row.is_computed:
            page.say(f"{safe(row.account)}: some of it counted from its requests, not read.")


def _hours(hours: float | None) -> str:
    """Write hours; a few minutes are never none."""
    if not hours:
        return "–" if hours is None else "0"
    return "<0.1" if hours < 0.1 else f"{hours:.1f}"


def watched_sentence(row: WatchedRow, page: Page) -> str:
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
    told = "no complete week since that all meters tell of"
    if row.weeks:
        told = f"no week blocked since ({plural(row.weeks, 'week')})"
    return f"{name}: {since} · {told}"
