"""The words of the page: each is told by an answer, and none is computed here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, tzinfo
from typing import Final, NamedTuple

from portfolio.estimate.ledger import AccountPaid
from portfolio.estimate.pool_burn import PoolBurn
from portfolio.report.answers.keep import KeepAnswer, KeepRow
from portfolio.report.answers.page import PageAnswer
from portfolio.report.answers.reporting import LinesAnswer
from portfolio.report.charts.burn import pool_name
from portfolio.report.charts.chart import Cell, count, dollars, share
from portfolio.report.report_text import left_out
from portfolio.report.terminal.keep import notes_of, plan_sentence, verdict_of
from portfolio.report.text import moment, plural, safe, usd

TONES: Final = {
    "cancel": "act",
    "downgrade": "act",
    "early: looks safe": "soon",
    "either or": "soon",
    "watch": "soon",
}


class Line(NamedTuple):
    """One of the five lines, with what it begins with apart."""

    label: str
    text: str


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
    renews: str
    sentence: str


class Paced(NamedTuple):
    """Where one pool goes."""

    account: str
    pool: str
    used: Cell
    full_at: str
    is_hit: bool
    fresh_at: str


def lines(answer: LinesAnswer) -> list[Line]:
    """Part each line at its first colon."""
    found = []
    for line in answer.lines:
        label, colon, text = line.partition(": ")
        found.append(Line(label, text) if colon else Line("", line))
    return found


def lowest(answer: PageAnswer) -> str:
    """Say which subscription costs least for a feature so far, and how sure that is."""
    if answer.race.winner is not None:
        return f"{safe(answer.race.winner)} has won the race: chance assigned the work."
    known = [one for one in answer.report.accounts if one.paid_per_feature_usd is not None]
    known.sort(key=lambda one: one.paid_per_feature_usd or 0.0)
    if not known:
        return "No subscription has shipped a feature whose price is known yet."
    first = known[0]
    told = f"Lowest so far: {safe(first.account)}, {usd(first.paid_per_feature_usd)} a feature"
    return f"{told}{_sure(first)} {_settled(first, known[1:])}"


def _sure(one: AccountPaid) -> str:
    found = one.paid_per_feature_range
    if found is None or found.low is None:
        return " (how sure is told from four weeks on)."
    if found.high is None:
        return f" (95 % sure: at least {usd(found.low)})."
    return f" (95 % sure: {usd(found.low)} to {usd(found.high)})."


def _settled(first: AccountPaid, others: Sequence[AccountPaid]) -> str:
    if not others:
        return "No other subscription has one to compare."
    high = first.paid_per_feature_range.high if first.paid_per_feature_range else None
    near = [
        safe(one.account)
        for one in others
        if high is None
        or one.paid_per_feature_range is None
        or one.paid_per_feature_range.low is None
        or one.paid_per_feature_range.low <= high
    ]
    if near:
        more = f" and {len(near) - 3} more" if len(near) > 3 else ""
        return f"Not settled: {', '.join(near[:3])}{more} may cost as little."
    return "No other interval reaches it, but harder work may have gone to the others."


def decisions(answer: KeepAnswer) -> list[Decided]:
    """Give what to do about each plan, what is to be done first; the unmeasured steps are left."""
    rows = [row for row in answer.plans if row.to is None or row.verdict != "not-measured"]
    order = ("act", "soon", "calm")
    return sorted((_decided(row) for row in rows), key=lambda one: order.index(one.tone))


def _decided(row: KeepRow) -> Decided:
    verdict = verdict_of(row)
    return Decided(
        account=safe(row.account),
        change=f"cancel {safe(row.plan)}" if row.to is None else f"go down to {safe(row.to)}",
        verdict=verdict,
        tone=TONES.get(verdict, "calm"),
        saving=dollars(row.saving_usd_month),
        blocked=count(row.weeks_blocked),
        weeks=count(row.weeks),
        at_most=share(row.blocked_share_high),
        renews=_day(row.renews_on),
        sentence=plan_sentence(row),
    )


def _day(iso: str | None) -> str:
    if iso is None:
        return "not known"
    on = date.fromisoformat(iso)
    return f"{on.day} {on:%b %Y}"


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


class Gap(NamedTuple):
    """Things of one kind that are not known."""

    head: str
    lines: Sequence[str]


def unknown(answer: PageAnswer) -> list[Gap]:
    """Say what is not known, the most tempting mistake first."""
    last = answer.lines.lines[-1].partition(": ")[2]
    gaps = [
        Gap("Not shown by the data", [last] if last else []),
        Gap("Not known of plans and caps", [*_unread(answer), *_unpriced(answer)]),
        Gap("Not in the costs at full use", left_out(answer.report)),
        Gap("What keep or cancel could not count on", notes_of(answer.keep)),
        Gap("Not known of the work", _untold(answer)),
    ]
    return [gap for gap in gaps if gap.lines]


def _unread(answer: PageAnswer) -> list[str]:
    unread = [one for one in answer.burns if one.pace is None]
    names = ", ".join(f"{safe(one.account)}'s {pool_name(one.pool)} cap" for one in unread)
    return [f"Where {names} stands now: not read since its reset."] if unread else []


def _unpriced(answer: PageAnswer) -> list[str]:
    names = [safe(one.account) for one in answer.report.accounts if one.paid_usd is None]
    return [f"What {', '.join(names)} cost: plan or price unknown (portfolio account)."] * bool(
        names
    )


def _untold(answer: PageAnswer) -> list[str]:
    report = answer.report
    told = []
    if report.unnamed:
        told.append(
            f"Of which kind {plural(len(report.unnamed), 'merged change')} are; only features are"
            " counted (portfolio feature name)."
        )
    if report.forecast is None:
        told.append("What this week should bring: there is no whole week with work yet.")
    if not any(arm.attempts for arm in answer.race.arms):
        told.append("Which account is cheaper on like work: chance has assigned none yet.")
    if report.problems:
        told.append(
            f"What {plural(len(report.problems), 'line')} of logs, commits or meters mean: they"
            " could not be used (portfolio report --json lists all)."
        )
    return told
