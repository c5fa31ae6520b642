"""Which plan an account was on when, by what its provider called the plan at some moments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from portfolio.model import AccountSpan

# What a provider calls a login that pays for no plan.
UNPAID = frozenset({"free", "guest", "claude_free"})


def spans_by_plan(
    own: Sequence[AccountSpan], plans: Sequence[tuple[datetime, str | None]]
) -> list[AccountSpan]:
    """Give an account's spans anew: a span for every plan, from the moment it was seen.

    The first plan holds from the account's beginning on, as nobody knows of another. An account
    whose plan the user said, for any time, stays as it is.

    Args:
        own: Every span of one account, in order.
        plans: When which plan was seen, oldest first; None: none that the catalogue knows.
    """
    since, until = own[0].since, own[-1].until
    inside = [(at, plan) for at, plan in plans if until is None or at < until]
    if not inside or not may_change(own):
        return [*own]
    begun = [plan for at, plan in inside if since is not None and at <= since]
    first = begun[-1] if begun else inside[0][1]
    changes: list[tuple[datetime | None, str | None]] = [(since, first)]
    for at, plan in inside:
        if (since is None or at > since) and plan != changes[-1][1]:
            changes.append((at, plan))
    ends = [at for at, _ in changes[1:]] + [until]
    found = [
        replace(own[-1], span=place, plan=plan, since=begins, until=ends[place], plan_found=True)
        for place, (begins, plan) in enumerate(changes)
    ]
    # What there is too much of is left without a time of its own.
    end = changes[-1][0]
    too_many = [replace(one, since=end, until=end) for one in own[len(found) :]]
    return found + too_many if end is not None else found


def may_change(own: Sequence[AccountSpan]) -> bool:
    """Tell whether nobody said a plan of this account, and it was open all along."""
    return all(span.plan_found or span.plan is None for span in own) and all(
        one.until == after.since for one, after in pairwise(own)
    )
