"""The five lines of `portfolio` without a command, as sentences without jargon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from portfolio.estimate.pace import Pace
from portfolio.report.answers.keep import UnusedRow
from portfolio.report.answers.reporting import ReportAnswer
from portfolio.report.answers.tokens import MonthOfTokens
from portfolio.report.paid_text import PART_NAMES, in_cents, sums
from portfolio.report.text import POOL_NAMES, day, moment, percent, plural, safe, usd

WEEKS_FOR_RANGE = 3  # complete weeks with features, before "usual" means anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What one week brought and cost."""

    shipped: int
    paid_usd: float | None

    @property
    def per_feature_usd(self) -> float | None:
        """Give what was paid for each feature; None where nothing shipped or no price is known."""
        return self.paid_usd / self.shipped if self.paid_usd is not None and self.shipped else None


def shipped_line(this: Week, before: list[Week], *, has_repo: bool) -> str:
    """Say what was shipped this week and what it cost, against the usual range."""
    if not has_repo:
        return (
            "This week: no repository is registered, so no feature is known"
            " (portfolio init --repo DIR)."
        )
    told = f"This week: {plural(this.shipped, 'feature')} shipped so far"
    if not this.shipped:
        told = "This week: no feature shipped yet"
    if this.paid_usd is None:
        what = ("one costs", "it cost", "they cost")[min(this.shipped, 2)]
        return f"{told}; what {what} needs every account's plan (portfolio account add)."
    told += f" for {usd(this.paid_usd)}" if this.shipped else f", {usd(this.paid_usd)} paid so far"
    if this.per_feature_usd is not None:
        told += f", {usd(this.per_feature_usd)} each"
    usual = [week.per_feature_usd for week in before if week.per_feature_usd is not None]
    if len(usual) < WEEKS_FOR_RANGE:
        return (
            f"{told}; a usual range needs {WEEKS_FOR_RANGE} earlier weeks with features, there"
            f" {'is' if len(usual) == 1 else 'are'} {len(usual)}."
        )
    return f"{told}; usual over a whole week is {usd(min(usual))} to {usd(max(usual))} each."


def money_line(answer: ReportAnswer, month: MonthOfTokens | None, *, zone: tzinfo) -> str:
    """Say where the money went; the parts add up to what was paid.

    Where nothing is split yet, say what the plans cost and the tokens are worth.
    """
    if not answer.accounts:
        return "Money: no account is known yet (portfolio account add NAME --provider P --plan ID)."
    if not answer.paid_split and month is not None:
        return _worth_line(month)
    if answer.since is None:
        return (
            "Money: no meter was read yet, so no share can be told (portfolio read FILE, or"
            " portfolio sync)."
        )
    if not answer.paid_split:
        return "Money: no account's plan and price are known yet (portfolio account add)."
    parts = sums(answer.paid_split)
    told = ", ".join(
        f"{usd(cents)} {PART_NAMES[part]}" for part, cents in in_cents(parts) or [("shipped", 0.0)]
    )
    whole = usd(sum(parts.values()))
    unknown = [safe(one.account) for one in answer.accounts if one.paid_usd is None]
    lacking = f" (without {', '.join(unknown)}: plan or price unknown)" if unknown else ""
    return f"Money since {day(answer.since, zone)}: {whole} paid = {told}{lacking}."


def _worth_line(month: MonthOfTokens) -> str:
    """Set the plans beside the same tokens at API prices, as far as both are known."""
    plans, tokens = month.total.paid_usd_month, month.total.tokens_usd_month
    if plans is None or tokens is None:
        worth = month.month.cost_usd
        told = "are not priced" if worth is None else f"would cost {usd(worth)} at API prices"
        lacking = "no account's plan and price are known yet (portfolio account add)"
        return f"Money: a month's tokens {told}; {lacking}."
    whose = ", ".join(safe(account) for account in month.total.accounts)
    least = "at least " if month.total.status == "at-least" else ""
    return (
        f"Money: a month of {whose} is {usd(plans)}; the same tokens at API prices are"
        f" {least}{usd(tokens)} (portfolio tokens). Where it went is told once a meter was read."
    )


def cap_line(paces: list[Pace], *, unused: Sequence[UnusedRow] = (), zone: tzinfo) -> str:
    """Say which cap bites next at the pace of the present cycle, and whether that is usual."""
    if not paces:
        return (
            "Next cap: no fresh meter reading tells, with its reset (portfolio read FILE, or paste"
            " one into portfolio read -)."
        )
    first = paces[0]
    pool, _, scope = first.pool.partition(":")
    name = (
        f"{safe(first.account)}'s {POOL_NAMES.get(pool, pool)} cap{f' for {scope}' * bool(scope)}"
    )
    fresh = f"fresh again {moment(first.resets_at, zone)}"
    fresh += " (counted from this machine's logs)" * first.is_computed
    used = f"{percent(first.share_used)} used"
    if first.share_used >= 1:
        return f"Next cap: {name} is used up; {fresh}."
    if first.hits_at is None:
        return f"Next cap: none at this pace; nearest is {name}, {used}, {fresh}."
    usual = _usual(first.account, unused)
    return f"Next cap: {name} at this pace {moment(first.hits_at, zone)}; {used}, {fresh}{usual}."


def _usual(account: str, unused: Sequence[UnusedRow]) -> str:
    """Say how long an account usually stands at a cap, where that is an hour a week or more."""
    hours = next((row.full_hours_week for row in unused if row.account == account), None)
    return (
        f"; usually {plural(round(hours), 'hour')} a week at a cap" if hours and hours >= 1 else ""
    )
