"""Sentences about drift and epochs."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final

from parsers.records import Unit
from portfolio.estimate.drift import FEWEST, Change
from portfolio.estimate.epochs import Epoch
from portfolio.estimate.interval import Interval
from portfolio.estimate.pool_drift import PoolDrift, Status
from portfolio.report.text import amount, plural, safe, usd

ADJECTIVES: Final = {"week": "weekly", "5h": "5-hour", "month": "monthly"}
REASONS: Final[dict[Status, str]] = {
    "no-tokens": "no tokens (portfolio sync reads the clients' logs)",
    "price-unknown": "no API price is known of its models",
    "computed": "counted from the logs themselves, not read from a meter",
    "too-few": f"fewer than {FEWEST} windows whose tokens and burn are known",
}
ONE_OF: Final[dict[Unit, str]] = {
    "pp": "1 %",
    "prompts": "1 prompt",
    "credits": "1 credit",
    "usd": "$1",
}


def cap_name(account: str, pool: str) -> str:
    """Name a pool's cap: the weekly cap on claude-a.

    >>> cap_name("claude-a", "week")
    'weekly cap on claude-a'
    """
    return f"{ADJECTIVES.get(pool, pool)} cap on {safe(account)}"


def change_sentence(account: str, pool: str, change: Change, *, zone: tzinfo) -> str:
    """Say how much more or less a cap buys, since when, and how soon that was seen."""
    return (
        f"Your {cap_name(account, pool)} buys {_how_much(change)} since about"
        f" {_day(change.since, zone)}, seen after {plural(change.windows, 'window')}."
    )


def _how_much(change: Change) -> str:
    """Say a factor as a percentage of more or less, with its bounds in brackets."""
    point, low, high = (
        round(100 * ((bound or 0.0) - 1))
        for bound in (change.factor.point, change.factor.low, change.factor.high)
    )
    sign, word = (-1, "less") if point < 0 else (1, "more")
    near, far = sorted((sign * low, sign * high))
    return f"{sign * point} % {word} ({near} to {far} %)"


def buys_sentence(account: str, pool: str, unit: Unit, bought: Interval) -> str:
    """Say what work one unit of a pool holds, at API prices."""
    return (
        f"{ONE_OF[unit]} of the {cap_name(account, pool)} is {usd(bought.point)} of work at API"
        f" prices ({usd(bought.low)} to {usd(bought.high)})."
    )


def status_sentence(drift: PoolDrift) -> str:
    """Say that no silent change of a cap is seen, or why it cannot be."""
    cap = cap_name(drift.account, drift.pool)
    if drift.status == "steady":
        return f"Your {cap} buys what it did, over {plural(drift.told_by, 'window')}."
    return f"Cannot see whether your {cap} changes: {REASONS[drift.status]}."


def epoch_sentence(epoch: Epoch, *, zone: tzinfo) -> str:
    """Say what became different."""
    since = _day(epoch.since, zone)
    account = safe(epoch.account)
    if epoch.kind == "cap-detected" and epoch.change is not None:
        return change_sentence(epoch.account, epoch.pool or "", epoch.change, zone=zone)
    if epoch.kind == "cap-changed":
        return f"The {cap_name(epoch.account, epoch.pool or '')} is another since {since}" + (
            f": {_size(epoch, epoch.becomes)} instead of {_size(epoch, epoch.was)}."
            if epoch.was is not None and epoch.becomes is not None
            else ", by the catalogue of plans."
        )
    if epoch.kind == "model-changed":
        return (
            f"Work on {account} is done by {safe(str(epoch.becomes))} since {since}, before by"
            f" {safe(str(epoch.was))}."
        )
    if epoch.kind == "reset-mid-cycle":
        pool = ADJECTIVES.get(epoch.pool or "", safe(epoch.pool or ""))
        return f"The {pool} meter of {account} fell on {since} though no reset was due."
    promo = " (a promo)" if epoch.kind == "promo" else ""
    return (
        f"The plan of {account} costs {_usd(epoch.becomes)} instead of {_usd(epoch.was)} a month"
        f" since {since}{promo}."
    )


def _size(epoch: Epoch, cap: str | float | None) -> str:
    return f"{amount(cap if isinstance(cap, float) else None)} {epoch.unit}"


def _usd(price: str | float | None) -> str:
    return usd(price if isinstance(price, float) else None)


def _day(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%B %Y}"
