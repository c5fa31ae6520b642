"""What the page says of the four things one decides: cheapest, keep or cancel, caps, the race."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, tzinfo
from typing import Final, NamedTuple

from portfolio.estimate.interval import Interval
from portfolio.estimate.ledger import AccountPaid
from portfolio.estimate.pool_burn import PoolBurn
from portfolio.report.answers.keep import KeepAnswer, KeepRow
from portfolio.report.answers.page import PageAnswer
from portfolio.report.charts.burn import pool_name
from portfolio.report.charts.chart import Cell, chance, count, dollars, share
from portfolio.report.terminal.keep import REASONS, verdict_of
from portfolio.report.text import day, moment, plural, safe, usd
from portfolio.report.todo import advised

TONES: Final = {
    "cancel": "act",
    "downgrade": "act",
    "early: looks safe": "soon",
    "not both": "soon",
    "watch": "soon",
}
MOST_NAMED: Final = 3
AT_FULL_USE: Final = "at full use"


class Priced(NamedTuple):
    """What was paid for each feature of one subscription."""

    account: str
    features: Cell
    each: Cell
    low: Cell
    high: Cell


class Decided(NamedTuple):
    """What `keep` says of one plan."""

    account: str
    change: str
    verdict: str
    tone: str
    saving: Cell
    blocked: Cell
    weeks: Cell
    at_most: Cell
    fullest: Cell
    fullest_pool: str  # what it is of
    next_week: Cell
    left: str  # whose caps those are
    renews: str
    more: str


class Paced(NamedTuple):
    """Where one pool goes."""

    account: str
    pool: str
    used: Cell
    full_at: str
    is_hit: bool
    fresh_at: str


def priced(answer: PageAnswer) -> list[Priced]:
    """Give what was paid for each feature, the least first."""
    return [
        Priced(
            account=safe(one.account),
            features=count(one.features_shipped),
            each=dollars(one.paid_per_feature_usd),
            low=dollars(_low(one.paid_per_feature_range)),
            high=dollars(_high(one.paid_per_feature_range)),
        )
        for one in _known(answer)
    ]


def cheapest(answer: PageAnswer) -> str:
    """Say which subscription costs least for a feature so far, and how sure that is."""
    if answer.race.winner is not None:
        return f"{safe(answer.race.winner)} has won the race: chance assigned the work."
    known = _known(answer)
    if not known:
        return "No subscription has shipped a feature whose price is known yet."
    first = known[0]
    told = f"{safe(first.account)} so far, {usd(first.paid_per_feature_usd)} a feature"
    return f"{told}. {_settled(first, known[1:])}"


def measures(answer: PageAnswer, texts: Sequence[str]) -> str:
    """Tell the two costs apart, where the page speaks of both; else say nothing."""
    speaks = any(AT_FULL_USE in text for text in texts)
    speaks |= any(row.cost_per_feature_usd is not None for row in answer.report.efficiency)
    if not speaks:
        return ""
    return (
        "These are the dollars you paid, unused capacity included: they decide what to keep. “At"
        " full use”, elsewhere on this page, is another cost: of a feature if the whole cap were"
        " used, which tells where more work would be cheapest. A plan that is mostly unused can be"
        " dear by the first and cheap by the second."
    )


def _known(answer: PageAnswer) -> list[AccountPaid]:
    known = [one for one in answer.report.accounts if one.paid_per_feature_usd is not None]
    return sorted(known, key=lambda one: one.paid_per_feature_usd or 0.0)


def _low(found: Interval | None) -> float | None:
    return found.low if found else None


def _high(found: Interval | None) -> float | None:
    return found.high if found else None


def _settled(first: AccountPaid, others: Sequence[AccountPaid]) -> str:
    if not others:
        return "No other subscription has shipped one to compare."
    high = _high(first.paid_per_feature_range)
    near = [
        safe(one.account)
        for one in others
        if high is None or (low := _low(one.paid_per_feature_range)) is None or low <= high
    ]
    if near:
        return f"Not settled: {_few(near)} may cost as little."
    return (
        "The ranges do not overlap, so chance alone does not explain it; but whoever chose which"
        " account does what may have given the hard work to the others."
    )


def advice(answer: KeepAnswer) -> str:
    """Say what to give up and by when, or that there is nothing."""
    best = advised(answer.plans)
    if best is not None:
        by = f"Before {_day(best.renews_on)}, when it renews: " if best.renews_on else "Now: "
        what = "cancel" if best.to is None else f"take down to {safe(best.to)}"
        return (
            f"{by}{what} {safe(best.account)} ({safe(best.plan)}). It saves"
            f" {usd(best.saving_usd_month)} a month.{_with_it(best, answer.plans)}"
        )
    if not any(row.weeks for row in answer.plans):
        return "Not known yet: too little was measured to say that a plan can go."
    return "Nothing yet: each plan is needed, or too little is known of it."


def _with_it(best: KeepRow, plans: Sequence[KeepRow]) -> str:
    """Name what can be given up besides, and what all of it saves."""
    most: dict[str, float] = {}
    for row in plans:
        if row.verdict == "cancel" and row.saving_usd_month is not None:
            most[row.account] = max(most.get(row.account, 0.0), row.saving_usd_month)
    others = [safe(account) for account in most if account != best.account]
    if not others:
        return ""
    return f" {_few(others)} can go too: together {usd(sum(most.values()))} a month."


def _few(names: Sequence[str]) -> str:
    """Name a few, and say how many more there are."""
    *first, last = names
    if len(names) > MOST_NAMED:
        return f"{', '.join(names[:MOST_NAMED])} and {len(names) - MOST_NAMED} more"
    return f"{', '.join(first)} and {last}" if first else last


def judged(answer: KeepAnswer, zone: tzinfo) -> str:
    """Say on how much work that rests."""
    weeks = max((row.weeks for row in answer.plans), default=0)
    if not weeks:
        return ""
    told = f"Judged on {plural(weeks, 'whole week')} of work since {day(answer.since, zone)}"
    return f"{told}: would it have fitted into the plans that are left?"


def decisions(answer: KeepAnswer) -> list[Decided]:
    """Give what to do about each plan, what saves most first.

    Steps to a smaller plan are left out where the plan can go as a whole, or nothing is measured.
    """
    gone = {row.account for row in answer.plans if row.to is None and row.verdict == "cancel"}
    rows = [
        row
        for row in answer.plans
        if row.to is None or (row.verdict != "not-measured" and row.account not in gone)
    ]
    rows.sort(key=lambda row: -(row.saving_usd_month or 0.0))
    order = ("act", "soon", "calm")
    accounts = list(dict.fromkeys(row.account for row in answer.plans))
    return sorted((_decided(row, accounts) for row in rows), key=lambda one: order.index(one.tone))


def _decided(row: KeepRow, accounts: Sequence[str]) -> Decided:
    verdict = verdict_of(row)
    others = [safe(one) for one in accounts if one != row.account]
    left = others[0] if len(others) == 1 else "the other plans"
    return Decided(
        account=safe(row.account),
        change=f"cancel {safe(row.plan)}" if row.to is None else f"go down to {safe(row.to)}",
        verdict=f"this or {_named(row.competes_with)}" if row.competes_with else verdict,
        tone=TONES.get(verdict, "calm"),
        saving=dollars(row.saving_usd_month),
        blocked=count(row.weeks_blocked),
        weeks=count(row.weeks),
        at_most=share(row.blocked_share_high),
        fullest=share(row.fullest_share),
        fullest_pool=f"{pool_name(row.fullest_pool)} room" if row.fullest_pool else "room",
        next_week=chance(row.next_week_risk),
        left=left if row.to is None else safe(row.to),
        renews=_day(row.renews_on),
        more=_more(row),
    )


def _more(row: KeepRow) -> str:
    """Say what the figures of a plan do not: why it is kept, and what is lost with it."""
    told = []
    if row.reason is not None:
        told.append(REASONS.get(row.reason, row.reason))
    if row.loses:
        told.append(f"you lose {_named(row.loses)}")
    if row.watch_until is not None:
        told.append(f"it can be told from {_day(row.watch_until)} on")
    said = "; ".join(told)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _named(names: Sequence[str]) -> str:
    return " and ".join(map(safe, names))


def _day(iso: str | None) -> str:
    if iso is None:
        return "not known"
    on = date.fromisoformat(iso)
    return f"{on.day} {on:%b %Y}"


def next_race(answer: PageAnswer) -> str:
    """Say how to find out which account is cheaper, and what that waits for."""
    best = advised(answer.keep.plans)
    if best is None or best.to is not None:
        return answer.race.next_thing
    next_thing = answer.race.next_thing
    return f"If you keep {safe(best.account)}: {next_thing[:1].lower()}{next_thing[1:]}"


def paces(burns: Sequence[PoolBurn], zone: tzinfo) -> list[Paced]:
    """Give where each pool stands whose present cycle is known; the next to be full is first."""
    found = []
    for one in burns:
        pace = one.pace
        if pace is None:
            continue
        full_at = "not before it is fresh"
        if pace.share_used >= 1:
            full_at = "used up"
        elif pace.hits_at is not None:
            full_at = moment(pace.hits_at, zone)
        found.append(
            Paced(
                account=safe(pace.account),
                pool=pool_name(pace.pool),
                used=share(pace.share_used),
                full_at=full_at,
                is_hit=pace.hits_at is not None,
                fresh_at=moment(pace.resets_at, zone),
            )
        )
    return found


def next_cap(found: Sequence[Paced], burns: Sequence[PoolBurn], zone: tzinfo) -> str:
    """Say when the next cap is hit, or why that is not known."""
    if found:
        first = found[0]
        named = f"{first.account}'s {first.pool} cap"
        if first.full_at == "used up":
            return f"{named} is used up until {first.fresh_at}."
        none = "None of those that were read, at this pace."
        told = f"{named}, {first.full_at}." if first.is_hit else none
        unread = [f"{safe(one.account)}'s {pool_name(one.pool)}" for one in burns if not one.pace]
        return told + (f" Not read since its reset: {_few(unread)}." if unread else "")
    read = [point.at for one in burns for point in one.points]
    if not read:
        return "Not known: no meter was ever read (portfolio doctor says how to)."
    return (
        f"Not known: every meter was reset since it was last read, {moment(max(read), zone)}"
        " (portfolio doctor says how each can be read)."
    )
