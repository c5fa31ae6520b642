"""From which day a change holds, and what is paid on it: the rest of a paid month is not lost."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portfolio.estimate.renewal import next_renewal


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """When a change holds, and what is paid for each account on that day."""

    on: date
    usd: float | None  # None: the day of its renewal is not known, so neither is the rest


def rest_of_month(day: int, today: date) -> float:
    """Give what is left of the month that is paid for, as a share of it.

    rest = days till the renewal / days from the last renewal to it; 0 on the day itself.

    >>> rest_of_month(20, date(2026, 12, 14))  # 6 of the 30 days from 20 Nov
    0.2
    """
    renews = next_renewal(day, today)
    before = renews.replace(day=1) - timedelta(days=1)
    last = before.replace(day=min(day, monthrange(before.year, before.month)[1]))
    return (renews - today).days / (renews - last).days


def upgraded(day: int | None, today: date, *, usd: float, to_usd: float, is_credited: bool) -> Bill:
    """Upgrade at once: rest × (dearer - cheaper); rest × dearer where nothing is credited.

    Args:
        day: Of the month, on which the account is paid; None: not known.
        today: When it is done.
        usd: What the plan held costs a month.
        to_usd: What the dearer one does.
        is_credited: What was paid and not used counts on the dearer plan.
    """
    if day is None:
        return Bill(on=today, usd=None)
    rest = rest_of_month(day, today) or 1.0  # on the day itself a whole month is paid
    is_due = next_renewal(day, today) == today
    return Bill(on=today, usd=rest * (to_usd - usd * (is_credited and not is_due)))


def downgraded(day: int | None, today: date, *, to_usd: float) -> Bill:
    """Downgrade as the paid month ends: until then the dearer one goes on."""
    if day is None:
        return Bill(on=today, usd=None)
    return Bill(on=next_renewal(day, today), usd=to_usd)


def cancelled(day: int | None, today: date) -> Bill:
    """Cancel before the renewal: what is paid for can be used till then."""
    return Bill(on=today if day is None else next_renewal(day, today), usd=0.0)


def added(ending: Sequence[date], today: date, *, usd: float) -> Bill:
    """Buy as the first of what is given up ends, as it holds room till then; else at once.

    Args:
        ending: The days on which accounts end that are given up or made smaller.
        today: When it is asked.
        usd: What the new one costs in its first month.
    """
    return Bill(on=min(ending, default=today), usd=usd)
