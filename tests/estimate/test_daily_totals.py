"""Daily totals: by hand, and against what was paid in the whole span."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.daily_totals import DailyTotals, daily_totals
from portfolio.estimate.money import paid
from portfolio.estimate.tokens import LOGS, NOTHING, TokenUse
from portfolio.model import WEEKS_PER_MONTH, AccountSpan
from portfolio.store.catalogue import Catalogue

BEGIN = datetime(2026, 11, 2, tzinfo=UTC)


def span(
    account: str = "claude-a",
    *,
    plan: str | None = "claude-pro",
    since: datetime | None = BEGIN,
) -> AccountSpan:
    return AccountSpan(
        span=0,
        account=account,
        provider="claude",
        plan=plan,
        since=since,
        until=None,
        folder=None,
    )


PRO = span()


def use(at: datetime, model: str, usd: float | None, zone: tzinfo = UTC) -> TokenUse:
    """Give a hundred tokens, worth so much or without a price."""
    counted = NOTHING._replace(requests=1, output_tokens=100)
    if usd is None:
        counted = counted._replace(unpriced_tokens=100, unpriced_requests=1)
    else:
        counted = counted._replace(output_usd=usd)
    return TokenUse(at, at.astimezone(zone).date(), None, model, LOGS, counted)


def totals(
    catalogue: Catalogue, *uses: TokenUse, spans: tuple[AccountSpan, ...] = (PRO,), days: int = 3
) -> DailyTotals:
    return daily_totals(
        uses,
        spans,
        plan_of=catalogue.get,
        since=BEGIN,
        until=BEGIN + timedelta(days=days),
        zone=UTC,
    )


def test_saved_is_what_the_tokens_would_have_cost_minus_what_was_paid_that_day(
    catalogue: Catalogue,
) -> None:
    found = totals(catalogue, use(BEGIN, "claude-opus", 5.0), days=1)

    day = 20 / WEEKS_PER_MONTH / 7
    (row,) = found.rows
    assert (row.day, row.at_api_prices_usd) == ("2026-11-02", 5.0)
    assert row.spent_usd == pytest.approx(day)
    assert row.saved_usd == pytest.approx(5.0 - day)
    assert (found.total.days, found.total.days_known) == (1, 1)


def test_a_day_before_the_first_token_is_not_known_and_one_after_it_is_nothing(
    catalogue: Catalogue,
) -> None:
    found = totals(catalogue, use(BEGIN + timedelta(days=1), "claude-opus", 5.0))

    assert [row.tokens_status for row in found.rows] == ["not-logged", "priced", "no-use"]
    assert [row.at_api_prices_usd for row in found.rows] == [None, 5.0, 0.0]
    assert [row.tokens for row in found.rows] == [None, 100, 0]
    assert found.rows[0].saved_usd is None
    assert found.total.days_known == 2


def test_tokens_without_a_price_are_no_zero(catalogue: Catalogue) -> None:
    later = BEGIN + timedelta(days=1)
    found = totals(
        catalogue,
        use(BEGIN, "claude-odd", None),
        *(use(later, "claude-odd", None), use(later, "claude-opus", 2.0)),
        days=2,
    )

    assert [row.at_api_prices_usd for row in found.rows] == [None, 2.0]
    assert [row.tokens_status for row in found.rows] == ["unpriced", "partly-priced"]
    assert (found.total.days_known, found.total.is_at_least) == (1, True)
    assert found.total.unpriced_tokens == 200


def test_without_an_account_or_its_price_nothing_is_known_to_be_paid(catalogue: Catalogue) -> None:
    odd, later = span("b", plan=None), span(since=BEGIN + timedelta(days=1))
    used = use(BEGIN, "claude-opus", 5.0)

    assert totals(catalogue, used, spans=(PRO, odd)).rows[0].spent_status == "price-unknown"
    first = totals(catalogue, used, spans=(later,)).rows[0]
    assert (first.spent_status, first.spent_usd, first.saved_usd) == ("no-account", None, None)


def test_tokens_of_a_provider_without_an_account_are_told_apart(catalogue: Catalogue) -> None:
    found = totals(
        catalogue, use(BEGIN, "claude-opus", 5.0), use(BEGIN, "gpt-5-codex", 70.0), days=1
    )

    assert (found.rows[0].at_api_prices_usd, found.rows[0].tokens) == (5.0, 100)
    assert found.total.other_tokens == 100


@given(
    since=st.integers(0, 400),
    hours=st.integers(1, 400),
    zone=st.sampled_from(["UTC", "Europe/Vienna", "America/New_York", "Asia/Kolkata"]),
)
def test_the_days_add_up_to_what_was_paid_in_the_span(
    catalogue: Catalogue, since: int, hours: int, zone: str
) -> None:
    begin = datetime(2026, 10, 20, tzinfo=UTC) + timedelta(hours=since)  # clocks change in it
    until = begin + timedelta(hours=hours, minutes=7)
    open_span = span(since=None)

    found = daily_totals(
        [use(begin, "claude-opus", 1.0, ZoneInfo(zone))],
        [open_span],
        plan_of=catalogue.get,
        since=begin,
        until=until,
        zone=ZoneInfo(zone),
    )

    whole = paid("claude-a", [open_span], since=begin, until=until, plan_of=catalogue.get).usd
    assert found.total.spent_usd == pytest.approx(whole)
    assert found.total.saved_usd == pytest.approx(1.0 - (whole or 0.0))
    assert sum(row.spent_usd or 0.0 for row in found.rows) == pytest.approx(whole)


def test_without_a_token_or_a_begin_there_is_no_day(catalogue: Catalogue) -> None:
    found = daily_totals([], [PRO], plan_of=catalogue.get, since=None, until=BEGIN, zone=UTC)

    assert (found.rows, found.total.since, found.total.saved_usd) == ((), None, None)
