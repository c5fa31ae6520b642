from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.tokens import (
    LOGS,
    NOTHING,
    RECENT,
    TokenUse,
    average_of,
    joined,
    month_of,
    parts_of,
    priced,
    total,
)
from portfolio.model import TokenCount

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)

TOKENS = st.integers(0, 10**12)
DOLLARS = st.integers(0, 10**9).map(lambda cents: cents / 128)  # exact in binary, so sums are
COUNTS = st.builds(
    lambda tokens, usd, lost, unsplit: TokenCount._make(
        (5, *tokens, *usd, lost, min(lost, sum(tokens)), unsplit)
    ),
    st.tuples(TOKENS, TOKENS, TOKENS, TOKENS),
    st.tuples(DOLLARS, DOLLARS, DOLLARS, DOLLARS),
    st.integers(0, 5),
    st.one_of(st.just(0.0), DOLLARS),
)
USES = st.builds(
    TokenUse,
    at=st.integers(0, 60).map(lambda days: NOON - timedelta(days=days)),
    day=st.integers(0, 60).map(lambda days: NOON.date() - timedelta(days=days)),
    window=st.sampled_from((None, "W0-001", "W0-002")),
    model=st.sampled_from(("a", "b", "")),
    source=st.sampled_from((LOGS, "ccusage-daily")),
    counted=COUNTS,
)


def used(tokens: int, usd: float, *, days_ago: float = 0, unpriced: int = 0) -> TokenUse:
    at = NOON - timedelta(days=days_ago)
    counted = NOTHING._replace(
        requests=1,
        output_tokens=tokens,
        output_usd=usd,
        unpriced_requests=int(unpriced > 0),
        unpriced_tokens=unpriced,
    )
    return TokenUse(at, at.date(), None, "claude-x", LOGS, counted)


@given(COUNTS)
def test_the_parts_add_up_to_the_whole(counted: TokenCount) -> None:
    parts = parts_of(counted)

    assert sum(part.tokens for part in parts) == counted.tokens
    assert sum(part.cost_usd for part in parts) == counted.usd


@given(COUNTS)
def test_shares_add_up_to_one_or_are_not_there(counted: TokenCount) -> None:
    parts = parts_of(counted)

    for shares, whole in (
        ([part.token_share for part in parts], counted.tokens),
        ([part.cost_share for part in parts], counted.usd),
    ):
        known = [one for one in shares if one is not None]
        assert known == [] if whole == 0 else sum(known) == pytest.approx(1)


@given(st.lists(USES, max_size=12))
def test_rows_of_every_grouping_add_up_to_the_same(uses: list[TokenUse]) -> None:
    whole = total(use.counted for use in uses)

    for key in (lambda use: use.model, lambda use: use.day, lambda use: use.window):
        assert total(joined(uses, key).values()) == whole


@given(st.lists(COUNTS, max_size=6))
def test_adding_up_is_the_same_in_every_order(counts: list[TokenCount]) -> None:
    assert total(counts) == total(reversed(counts))


def test_what_another_tool_counted_stays_beside_the_logs() -> None:
    found = joined([used(1, 1), used(2, 2)._replace(source="ccusage-daily")], lambda use: use.day)

    assert sorted(source for _, source in found) == ["ccusage-daily", LOGS]


@pytest.mark.parametrize(
    ("tokens", "lost", "requests", "lost_requests", "expected"),
    [
        (10, 0, 2, 0, "priced"),
        (10, 4, 2, 1, "partly-priced"),
        (10, 10, 2, 2, "unpriced"),
        (0, 0, 2, 2, "unpriced"),  # requests that came to nothing, of an unknown model
        (10, 10, 0, 0, "unpriced"),  # another tool's
        (0, 0, 0, 0, "priced"),
    ],
)
def test_a_count_says_how_much_of_it_has_a_price(
    tokens: int, lost: int, requests: int, lost_requests: int, expected: str
) -> None:
    counted = NOTHING._replace(
        input_tokens=tokens,
        unpriced_tokens=lost,
        requests=requests,
        unpriced_requests=lost_requests,
    )

    assert priced(counted) == expected


def test_an_average_is_over_days_with_use_and_over_the_calendar() -> None:
    uses = [used(100, 3.0, days_ago=9), used(200, 6.0, days_ago=9), used(300, 6.0)]

    found = average_of(uses, first=None, last=NOON.date())

    assert (found.days_with_use, found.days) == (2, 10)
    assert (found.usd_per_day_with_use, found.usd_per_day) == (7.5, 1.5)
    assert (found.tokens_per_day_with_use, found.tokens_per_day) == (300, 60)


def test_an_average_of_a_span_counts_its_days_without_use() -> None:
    found = average_of([used(100, 3.0)], first=date(2026, 10, 5), last=NOON.date())

    assert (found.days, found.usd_per_day) == (30, 0.1)


def test_of_nothing_there_is_no_average() -> None:
    found = average_of([], first=None, last=NOON.date())

    assert (found.days_with_use, found.days) == (0, 0)
    assert (found.usd_per_day, found.usd_per_day_with_use) == (None, None)


def test_a_month_is_the_last_30_days_by_the_calendar_times_30_4() -> None:
    uses = [used(300, 30.0, days_ago=2), used(999, 999.0, days_ago=31)]

    found = month_of(uses, since=NOON - RECENT, until=NOON + timedelta(seconds=1))

    assert found.cost_usd == pytest.approx(30.415, abs=0.001)
    assert found.tokens == pytest.approx(304.15, abs=0.01)
    assert found.status == "ok"


def test_a_month_from_a_few_days_says_so_and_takes_no_less_than_one() -> None:
    found = month_of(
        [used(1, 2.0)], since=NOON - timedelta(hours=1), until=NOON + timedelta(seconds=1)
    )

    assert (found.status, found.days) == ("short", 1)
    assert found.cost_usd == pytest.approx(2 * 30.415)


def test_a_month_without_use_is_nothing_and_one_without_prices_is_unknown() -> None:
    since, until = NOON - RECENT, NOON + timedelta(seconds=1)

    idle = month_of([used(1, 1.0, days_ago=40)], since=since, until=until)
    unknown = month_of([used(5, 0.0, unpriced=5)], since=since, until=until)

    assert (idle.status, idle.cost_usd) == ("no-use", 0)
    assert (unknown.cost_usd, unknown.unpriced_share) == (None, 1)
