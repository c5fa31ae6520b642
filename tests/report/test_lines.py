"""The five lines: each a sentence without jargon, each saying what it lacks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from portfolio.estimate.break_even import BreakEven
from portfolio.estimate.ledger import AccountPaid
from portfolio.estimate.pace import Pace
from portfolio.estimate.paid_parts import PaidPart, Part
from portfolio.estimate.tokens import TokenMonth
from portfolio.report.answers.keep import UnusedRow
from portfolio.report.answers.reporting import NothingShipped, ReportAnswer, TotalPaid
from portfolio.report.answers.tokens import MonthOfTokens
from portfolio.report.lines import (
    Week,
    cap_line,
    money_line,
    shipped_line,
)


def test_with_three_earlier_weeks_the_usual_range_is_told() -> None:
    earlier = [Week(shipped=n, paid_usd=20.0) for n in (4, 5, 10)]

    line = shipped_line(Week(shipped=8, paid_usd=20.0), earlier, has_repo=True)

    assert line == (
        "This week: 8 features shipped so far for $20.00, $2.50 each; usual over a whole"
        " week is $2.00 to $5.00 each."
    )


def test_without_a_price_the_first_line_says_what_would_bring_it() -> None:
    line = shipped_line(Week(shipped=1, paid_usd=None), [], has_repo=True)

    assert line == (
        "This week: 1 feature shipped so far; what it cost needs every account's plan"
        " (portfolio account add)."
    )


def test_a_cap_that_does_not_bite_is_told_with_the_nearest() -> None:
    fresh = datetime(2026, 11, 9, 8, tzinfo=UTC)
    pace = Pace(
        account="claude-a", pool="week:opus", share_used=0.31, resets_at=fresh, hits_at=None
    )

    line = cap_line([pace], zone=UTC)

    assert line == (
        "Next cap: none at this pace; nearest is claude-a's weekly cap for opus, 31% used, fresh"
        " again Mon 9 Nov 08:00."
    )


def test_a_cap_that_is_used_up_is_told_as_such() -> None:
    fresh = datetime(2026, 11, 9, 8, tzinfo=UTC)
    pace = Pace(account="a", pool="5h", share_used=1.04, resets_at=fresh, hits_at=fresh)

    line = cap_line([pace], zone=UTC)

    assert line == "Next cap: a's 5-hour cap is used up; fresh again Mon 9 Nov 08:00."


MONTH = TokenMonth(
    since=datetime(2026, 10, 4, tzinfo=UTC),
    until=datetime(2026, 11, 3, tzinfo=UTC),
    days=30.0,
    tokens=5e6,
    cost_usd=98.4,
    unpriced_share=0.0,
    status="ok",
)
BESIDE = BreakEven(
    provider=None,
    accounts=("claude-a", "codex-a"),
    paid_usd_month=120.0,
    tokens_usd_month=98.4,
    times=0.82,
    unpriced_share=0.0,
    is_assumed=False,
    status="ok",
)


def an_answer() -> ReportAnswer:
    """Answer for one account and no logged window."""
    return ReportAnswer(
        since=None,
        until=datetime(2026, 11, 3, tzinfo=UTC),
        by=None,
        windows_logged=0,
        windows_proposed=0,
        efficiency=(),
        accounts=(
            AccountPaid(
                account="claude-a",
                paid_usd=None,
                features_shipped=0,
                paid_per_feature_usd=None,
                status="nothing-logged",
            ),
        ),
        total=TotalPaid(
            paid_usd=None, features_shipped=0, paid_per_feature_usd=None, status="nothing-logged"
        ),
        excluded=(),
        outside=(),
        shipped_in_excluded=(),
        shipped_unlogged=(),
        straddled=(),
        straddled_usd=(),
        paid_split=(),
        paid_weeks=(),
        shared_by_window=0,
        nothing_shipped=NothingShipped(windows=0, burn_usd=None, windows_unmeasured=0),
        problems=(),
    )


def first_day(answer: ReportAnswer, total: BreakEven) -> str:
    return money_line(answer, MonthOfTokens(month=MONTH, total=total), zone=UTC)


def test_before_the_first_logged_window_the_plans_stand_beside_the_tokens() -> None:
    answer = an_answer()

    assert first_day(answer, BESIDE) == (
        "Money: a month of claude-a, codex-a is $120.00; the same tokens at API prices are $98.40"
        " (portfolio tokens). Where it went is told once a meter was read."
    )
    assert "at least $98.40" in first_day(answer, replace(BESIDE, status="at-least"))


UNUSED = UnusedRow(
    account="codex-a",
    plan="codex-plus",
    pool="week",
    cycles=6,
    cycles_untold=0,
    used_share=0.645,
    paid_usd_month=20.0,
    expired_usd_month=7.1,
    full_hours_week=8.7,
    is_computed=False,
    each=(),
)


def test_a_cap_that_bites_is_told_with_the_hours_it_usually_stands_there() -> None:
    fresh = datetime(2026, 11, 9, 8, tzinfo=UTC)
    pace = Pace(account="codex-a", pool="5h", share_used=0.9, resets_at=fresh, hits_at=fresh)

    often = cap_line([pace], unused=[UNUSED], zone=UTC)
    never = cap_line([pace], unused=[replace(UNUSED, full_hours_week=0.4)], zone=UTC)

    assert often.endswith("fresh again Mon 9 Nov 08:00; usually 9 hours a week at a cap.")
    assert never.endswith("fresh again Mon 9 Nov 08:00.")


def test_tokens_beside_no_known_plan_say_what_they_would_cost() -> None:
    unknown = replace(BESIDE, paid_usd_month=None, times=None, status="plan-unknown")

    assert first_day(an_answer(), unknown) == (
        "Money: a month's tokens would cost $98.40 at API prices; no account's plan and price are"
        " known yet (portfolio account add)."
    )


def test_what_was_paid_is_told_in_plain_words_and_adds_up_in_print() -> None:
    answer = an_answer()
    known = replace(answer.accounts[0], paid_usd=10.0, status="ok")
    unknown = replace(known, account="glm-a", paid_usd=None, status="price-unknown")
    thirds: list[tuple[Part, float]] = [("shipped", 10 / 3), ("overhead", 10 / 3)]
    thirds += [("prototypes", 0.0), ("still-open", 10 / 3)]
    answer = replace(
        answer,
        since=datetime(2026, 10, 5, tzinfo=UTC),
        accounts=(known, unknown),
        paid_split=tuple(
            PaidPart(account="claude-a", part=part, usd=dollars) for part, dollars in thirds
        ),
    )

    assert money_line(answer, None, zone=UTC) == (
        "Money since 5 Oct 2026: $10.00 paid = $3.34 shipped work, $3.33 no item, $3.33 still open"
        " (without glm-a: plan or price unknown)."
    )


def test_without_a_meter_or_a_price_the_money_line_says_what_would_bring_it() -> None:
    answer = an_answer()
    priceless = replace(answer, since=datetime(2026, 10, 5, tzinfo=UTC))

    assert "portfolio read FILE" in money_line(answer, None, zone=UTC)
    assert "no account's plan and price" in money_line(priceless, None, zone=UTC)
    assert "no account is known" in money_line(replace(answer, accounts=()), None, zone=UTC)
    told = money_line(priceless, MonthOfTokens(month=MONTH, total=BESIDE), zone=UTC)
    assert told.startswith("Money: a month of claude-a, codex-a is $120.00")
