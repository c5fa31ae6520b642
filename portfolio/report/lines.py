"""The five lines of `portfolio` without a command, as sentences without jargon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from portfolio.estimate.pace import Pace
from portfolio.estimate.rows import EfficiencyRow
from portfolio.report.answers.keep import UnusedRow
from portfolio.report.answers.reporting import ReportAnswer
from portfolio.report.answers.tokens import MonthOfTokens
from portfolio.report.text import cents_that_add_up, day, moment, percent, plural, safe, usd

POOL_NAMES = {"5h": "5-hour", "week": "weekly", "month": "monthly"}
PART_NAMES = {
    "in-windows": "in logged windows",
    "outside-windows": "outside them or unplaced",
    "still-open": "still open",
    "expired": "expired unused at most",
    "unmeasured": "not measured",
}
ALWAYS_TOLD = ("in-windows", "outside-windows")
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
    told = f"This week: {plural(this.shipped, 'feature')} shipped"
    if this.paid_usd is None:
        return f"{told}; what they cost needs every account's plan (portfolio account add)."
    told += f" for {usd(this.paid_usd)}"
    if this.per_feature_usd is not None:
        told += f", {usd(this.per_feature_usd)} each"
    usual = [week.per_feature_usd for week in before if week.per_feature_usd is not None]
    if len(usual) < WEEKS_FOR_RANGE:
        return (
            f"{told}; a usual range needs {WEEKS_FOR_RANGE} earlier weeks with features, there"
            f" {'is' if len(usual) == 1 else 'are'} {len(usual)}."
        )
    return f"{told}; usual is {usd(min(usual))} to {usd(max(usual))} each."


def money_line(
    answer: ReportAnswer,
    month: MonthOfTokens | None,
    *,
    unused: Sequence[UnusedRow] = (),
    zone: tzinfo,
) -> str:
    """Say where the money went; the parts add up to what was paid.

    Before the first logged window, say what the plans cost, what of it expired as the meters showed
    and what the tokens are worth.
    """
    known = [account for account in answer.accounts if account.paid_usd is not None]
    if not answer.accounts:
        return "Money: no account is known yet (portfolio account add NAME --provider P --plan ID)."
    if answer.since is None and month is not None:
        return _worth_line(month, unused)
    if answer.since is None:
        return "Money: nothing is logged yet, so no share can be told (portfolio log-window)."
    if not known:
        return "Money: no account's plan and price are known yet (portfolio account add)."
    parts: dict[str, float] = dict.fromkeys(PART_NAMES, 0.0)
    for part in answer.paid_split:
        parts[part.part] += part.usd
    whole = sum(parts.values())
    rounded = cents_that_add_up(list(parts.values()))
    told = ", ".join(
        f"{usd(cents)} {PART_NAMES[part]}"
        for part, cents in zip(parts, rounded, strict=True)
        if cents > 0 or part in ALWAYS_TOLD
    )
    unknown = [account.account for account in answer.accounts if account.paid_usd is None]
    lacking = f" (without {', '.join(unknown)}: plan or price unknown)" if unknown else ""
    return f"Money since {day(answer.since, zone)}: {usd(whole)} paid = {told}{lacking}."


def _worth_line(month: MonthOfTokens, unused: Sequence[UnusedRow]) -> str:
    """Set the plans beside the same tokens at API prices, as far as both are known."""
    plans, tokens = month.total.paid_usd_month, month.total.tokens_usd_month
    if plans is None or tokens is None:
        worth = month.month.cost_usd
        told = "are not priced" if worth is None else f"would cost {usd(worth)} at API prices"
        lacking = "no account's plan and price are known yet (portfolio account add)"
        return f"Money: a month's tokens {told}; {lacking}."
    whose = ", ".join(safe(account) for account in month.total.accounts)
    least = "at least " if month.total.status == "at-least" else ""
    split = _split(plans, [row for row in unused if row.account in month.total.accounts])
    if split is not None:
        return (
            f"Money: a month of {whose} is {usd(plans)} = {split} (portfolio keep); the same tokens"
            f" at API prices are {least}{usd(tokens)}."
        )
    return (
        f"Money: a month of {whose} is {usd(plans)}; the same tokens at API prices are"
        f" {least}{usd(tokens)} (portfolio tokens). Where it went is told once windows are logged."
    )


def _split(plans_usd: float, unused: Sequence[UnusedRow]) -> str | None:
    """Share a month's price into what was used, what expired and what no meter tells of."""
    known = [
        (row.paid_usd_month, row.expired_usd_month)
        for row in unused
        if row.paid_usd_month is not None and row.expired_usd_month is not None
    ]
    expired = sum(one for _, one in known)
    used = sum(paid for paid, _ in known) - expired
    rest = plans_usd - used - expired
    # Where prices changed or a plan is new, its cycles do not add up to the month.
    if not known or rest < -0.005:
        return None
    parts = cents_that_add_up([used, expired, max(0.0, rest)])
    names = ("used", "expires unused", "not measured")
    return ", ".join(
        f"{usd(cents)} {name}"
        for name, cents in zip(names, parts, strict=True)
        if cents > 0 or name != "not measured"
    )


def cap_line(paces: list[Pace], *, unused: Sequence[UnusedRow] = (), zone: tzinfo) -> str:
    """Say which cap bites next at the pace of the present cycle, and whether that is usual."""
    if not paces:
        return (
            "Next cap: no meter reading is fresh enough to tell (portfolio read FILE, or paste one"
            " into portfolio read -)."
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


def tempting_line(by_methodology: list[EfficiencyRow], rows: list[EfficiencyRow]) -> str:
    """Say the most tempting conclusion that the data does not support, and what would settle it.

    Ways of working are compared whole, over all their accounts; the accounts only where there are
    no two ways of working with a price.
    """
    compared = _priced(by_methodology)
    if len(compared) < 2:
        compared = _priced(rows)
    if len(compared) < 2:
        return (
            "Not shown: which account is cheaper; that takes features logged on two accounts or"
            f" ways of working, there {'is' if len(compared) == 1 else 'are'} {len(compared)}."
        )
    (low, cheap), (high, dear) = compared[0], compared[-1]
    return (
        f"Not shown: that {_name(cheap)} is cheaper than {_name(dear)} ({usd(low)} against"
        f" {usd(high)} a feature at full use); harder work may have gone to one of them. Cheapest"
        " way to know: let a coin decide which of the two takes each new feature."
    )


def _priced(rows: list[EfficiencyRow]) -> list[tuple[float, EfficiencyRow]]:
    """Give the rows whose cost is known, the cheapest first; of one cut at epochs the last row."""
    newest = {(row.account, row.methodology, row.plan): row for row in rows}
    known = [
        (row.cost_per_feature_usd.point, row)
        for row in newest.values()
        if row.cost_per_feature_usd is not None and row.cost_per_feature_usd.point is not None
    ]
    return sorted(known, key=lambda pair: pair[0])


def _name(row: EfficiencyRow) -> str:
    parts = [safe(part) for part in (row.account, row.methodology) if part]
    return " with ".join(parts)
