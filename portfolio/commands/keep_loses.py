"""What an account is for besides its share of the work: steps, fallback, overflow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING

from portfolio.estimate.spans import both
from portfolio.rebalance.history import minute_of
from portfolio.rebalance.leaving import WEEK

if TYPE_CHECKING:
    from portfolio.commands.keep_unused import Seen
    from portfolio.model import Methodology
    from portfolio.rebalance.history import Held, History


def lost_with(
    held: Held,
    history: History,
    *,
    seen: Mapping[str, Seen],
    methodologies: Iterable[Methodology],
    weeks: Sequence[int],
) -> list[str]:
    """Say what would be lost with an account, as a person would.

    Args:
        held: The account.
        history: What is known.
        seen: What was seen of every account.
        methodologies: The ways of working, some of whose steps may be done on it.
        weeks: The minutes at which those weeks begin that the meters tell of.
    """
    found = sorted(
        {
            f"{step.step} in {one.methodology}"
            for one in methodologies
            for step in one.steps
            if step.account == held.account
        }
    )
    others = [one for one in history.held if one.until is None and one.account != held.account]
    overflowed = _overflow_weeks(held, history, others, seen=seen, weeks=weeks)
    if overflowed:
        found.append(f"overflow in {overflowed} of {len(weeks)} weeks")
    if others and all(one.provider != held.provider for one in others):
        found.append(f"{held.provider} as fallback")
    return found


def _overflow_weeks(
    held: Held,
    history: History,
    others: Sequence[Held],
    *,
    seen: Mapping[str, Seen],
    weeks: Sequence[int],
) -> int:
    """Count the weeks in which it was worked on while the others stood at a cap, all at once.

    Of several providers, those of its own are the ones that it takes overflow from. One that was
    never read is not known to have been full.
    """
    kin = [one for one in others if one.provider == held.provider] or others
    if not kin:
        return 0
    full = reduce(both, [seen[one.account].full for one in kin])
    spans = [(minute_of(since), minute_of(until)) for since, until in full]
    minutes = [work.minutes for work in history.works if work.account == held.account]
    return sum(
        any(
            own.searchsorted(max(since, week)) < own.searchsorted(min(until, week + WEEK))
            for own in minutes
            for since, until in spans
            if since < week + WEEK and week < until
        )
        for week in weeks
    )
