"""Whether a plan that was given up is missed: a week in which all that is left stood at a cap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING

from portfolio.estimate.cycle_use import Spans
from portfolio.estimate.money import WEEK
from portfolio.estimate.spans import both
from portfolio.rebalance.history import moment_of
from portfolio.rebalance.weeks import judged_weeks, priced_meter
from portfolio.report.answers.keep import WatchedRow

if TYPE_CHECKING:
    from datetime import datetime

    from portfolio.commands.keep_unused import Seen
    from portfolio.rebalance.history import Held, History


def watched_rows(history: History, seen: Mapping[str, Seen]) -> list[WatchedRow]:
    """Give a row for every plan that was given up in the time, and whether it is missed since."""
    left = [one for one in history.held if one.until is None]
    begin, now = moment_of(history.begin), moment_of(history.end)
    found = []
    for one in history.held:
        if one.until is None or not begin <= one.until <= now or _is_taken_anew(one, left):
            continue
        found.append(_row(one, one.until, history, left, seen))
    return found


def _is_taken_anew(closed: Held, left: Sequence[Held]) -> bool:
    """Tell whether the same plan was bought again, under whatever name."""
    return any(
        one.plan == closed.plan and one.since is not None and one.since >= closed.until
        for one in left
        if closed.until is not None
    )


def _row(
    closed: Held,
    at: datetime,
    history: History,
    left: Sequence[Held],
    seen: Mapping[str, Seen],
) -> WatchedRow:
    blocked = _blocked(at, left, seen)
    weeks = 0
    if left:
        whole = judged_weeks(history, left[0], left[1:])
        weeks = sum(moment_of(week.begin) >= at for week in whole)
    verdict = "subscribe-again" if blocked else "cancelled"
    is_read = bool(left) and all(priced_meter(one) is not None for one in left)
    return WatchedRow(
        account=closed.account,
        plan=closed.plan or "",
        cancelled_at=at,
        weeks=weeks,
        weeks_blocked=len({(since - at) // WEEK for since, _ in blocked}),
        first_blocked_at=blocked[0][0] if blocked else None,
        last_blocked_at=blocked[-1][1] if blocked else None,
        verdict=verdict if is_read or blocked else "not-measured",
    )


def _blocked(at: datetime, left: Sequence[Held], seen: Mapping[str, Seen]) -> Spans:
    """Give when every plan left stood at a cap at once; one never read may have had room."""
    if not left:
        return []
    full = reduce(both, [seen[one.account].full for one in left])
    return [(max(since, at), until) for since, until in full if until > at]
