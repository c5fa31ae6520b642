"""The one thing to do, of the five lines of `portfolio` without a command."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date

from portfolio.report.answers.keep import KeepRow, WatchedRow
from portfolio.report.text import POOL_NAMES, percent, plural, safe, usd

WEEKS_TO_JUDGE = 4  # complete weeks of readings, before a plan can be called dead weight


def todo_line(
    *,
    weeks_read: int,
    waiting: int,
    plans: Sequence[KeepRow] = (),
    missed: Sequence[WatchedRow] = (),
) -> str:
    """Say the one thing to do; without enough weeks, what would make one sayable.

    Args:
        weeks_read: Complete weeks of readings, of the account with most.
        waiting: Proposed windows that nobody has confirmed.
        plans: What giving up each plan would have meant; none where nobody asked.
        missed: Cancelled plans for want of which a week was blocked.
    """
    if missed:
        gone = missed[0]
        name = f"{safe(gone.account)} ({safe(gone.plan)})" if gone.plan else safe(gone.account)
        return (
            f"To do: subscribe to {name} again; since it was cancelled every plan left stood at a"
            f" cap at once in {plural(gone.weeks_blocked, 'week')} (portfolio keep)."
        )
    if (best := advised(plans)) is not None:
        others = {row.account for row in plans} - {best.account}
        return _give_up(best, others)
    if waiting:
        return (
            f"To do: confirm {plural(waiting, 'past window')} of work, so that"
            f" {'its' if waiting == 1 else 'their'} features and what they took are counted"
            " (portfolio windows)."
        )
    if weeks_read < WEEKS_TO_JUDGE:
        return (
            f"To do: nothing yet; to judge whether a plan is dead weight takes {WEEKS_TO_JUDGE}"
            f" complete weeks of meter readings, there {'is' if weeks_read == 1 else 'are'}"
            f" {weeks_read}."
        )
    return _nothing(plans)


def advised(plans: Sequence[KeepRow]) -> KeepRow | None:
    """Give the change that saves most of those that can be made; None: none can."""
    known = [row for row in plans if row.verdict == "cancel" and row.saving_usd_month is not None]
    return max(known, key=lambda row: row.saving_usd_month or 0.0, default=None)


def _nothing(plans: Sequence[KeepRow]) -> str:
    """Say what may come to be done, as far as the weeks so far tell."""
    early = [row for row in plans if row.verdict == "early-looks-safe" and row.saving_usd_month]
    if early:
        best = max(early, key=lambda row: row.saving_usd_month or 0.0)
        return (
            f"To do: nothing yet; {_given_up(best)} looks safe so far and would save"
            f" {usd(best.saving_usd_month)} a month: {best.weeks} weeks of 8 are there"
            " (portfolio keep)."
        )
    watched = [row for row in plans if row.watch_until is not None and row.to is None]
    if watched:
        first = min(watched, key=lambda row: (row.watch_until or "", -(row.saving_usd_month or 0)))
        on = date.fromisoformat(first.watch_until or "")
        return (
            f"To do: nothing yet; whether {safe(first.account)} ({safe(first.plan)}) is needed can"
            f" be told from {on.day} {on:%b} on (portfolio keep)."
        )
    return "To do: nothing; every plan is needed, or too little is known (portfolio keep)."


def _given_up(row: KeepRow) -> str:
    name = f"{safe(row.account)} ({safe(row.plan)})"
    return f"cancelling {name}" if row.to is None else f"taking {name} down to {safe(row.to)}"


def _give_up(row: KeepRow, others: AbstractSet[str]) -> str:
    """Advise one change: its saving, its risk and its day."""
    name = f"{safe(row.account)} ({safe(row.plan)})"
    what = f"cancel {name}" if row.to is None else f"take {name} down to {safe(row.to)}"
    renews = ""
    if row.renews_on is not None:
        on = date.fromisoformat(row.renews_on)
        renews = f"; it renews on {on.day} {on:%b}"
    left = (
        safe(row.to) if row.to else "the other plans" if len(others) > 1 else safe("".join(others))
    )
    sure = f"95 % sure: in at most {percent(row.blocked_share_high)}"
    if row.fullest_share is not None:
        pool = f"{POOL_NAMES.get(row.fullest_pool or '', '')} room".strip()
        sure += f"; the fullest would have taken {percent(row.fullest_share)} of the {pool}"
    return (
        f"To do: {what}, which saves {usd(row.saving_usd_month)} a month: {left} would have hit a"
        f" cap in none of {row.weeks} weeks ({sure}){renews} (portfolio keep)."
    )
