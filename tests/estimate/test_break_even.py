from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.break_even import BreakEven, break_even
from portfolio.estimate.money import Paid
from portfolio.estimate.tokens import LOGS, NOTHING, TokenUse

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


def used(model: str, usd: float, *, tokens: int = 100, unpriced: int = 0) -> TokenUse:
    counted = NOTHING._replace(
        requests=1, input_tokens=tokens, input_usd=usd, unpriced_tokens=unpriced
    )
    return TokenUse(NOON, NOON.date(), None, model, LOGS, counted)


def cost(account: str, usd: float | None) -> Paid:
    return Paid(account=account, usd=usd, is_assumed=False)


def compared(
    uses: list[TokenUse], *paid: Paid, months: float = 1.0
) -> tuple[dict[str | None, BreakEven], BreakEven]:
    owners = {one.account: one.account.partition("-")[0] for one in paid}
    rows, whole = break_even(uses, paid, provider_of=owners, months=months)
    return {row.provider: row for row in rows}, whole


def test_tokens_are_set_against_the_plans_of_who_sells_them_for_a_month() -> None:
    rows, whole = compared(
        [used("claude-opus-5", 300), used("glm-5.3", 3)],
        cost("claude-a", 10),
        cost("claude-b", 20),
        cost("glm-a", 6),
        months=0.5,
    )

    claude = rows["claude"]
    assert (claude.paid_usd_month, claude.tokens_usd_month, claude.times) == (60, 600, 10)
    assert (claude.accounts, claude.status) == (("claude-a", "claude-b"), "ok")
    assert rows["glm"].times == 0.5
    assert (whole.paid_usd_month, whole.tokens_usd_month) == (72, 606)


def test_what_no_known_plan_pays_for_is_shown_and_not_in_the_total() -> None:
    rows, whole = compared(
        [used("claude-opus-5", 300), used("gpt-5.3-codex", 50), used("glm-5.3", 3), used("x", 9)],
        cost("claude-a", 10),
        cost("codex-a", None),
    )

    assert {name: row.status for name, row in rows.items()} == {
        "claude": "ok",
        "codex": "plan-unknown",
        "glm": "no-account",
        "": "no-account",
    }
    assert (whole.paid_usd_month, whole.tokens_usd_month, whole.times) == (10, 300, 30)


def test_tokens_without_a_price_make_the_rest_a_lower_bound() -> None:
    rows, _ = compared(
        [used("claude-opus-5", 300), used("claude-new", 0, tokens=300, unpriced=300)],
        cost("claude-a", 10),
    )

    assert (rows["claude"].status, rows["claude"].unpriced_share) == ("at-least", 0.75)
    assert rows["claude"].tokens_usd_month == 300


def test_tokens_that_have_no_price_at_all_are_not_worth_nothing() -> None:
    rows, whole = compared([used("glm-9", 0, unpriced=100)], cost("glm-a", 10))

    assert (rows["glm"].tokens_usd_month, rows["glm"].times) == (None, None)
    assert (rows["glm"].status, whole.status) == ("unpriced", "unpriced")


def test_a_plan_that_nobody_used_is_told() -> None:
    rows, whole = compared([], cost("claude-a", 10))

    assert (rows["claude"].status, rows["claude"].times) == ("no-use", 0)
    assert whole.paid_usd_month == 10


def test_without_any_plan_there_is_nothing_to_set_against() -> None:
    _, whole = compared([used("claude-opus-5", 300)])

    assert (whole.paid_usd_month, whole.times, whole.status) == (None, None, "no-account")


def test_a_plan_that_costs_nothing_has_no_times() -> None:
    rows, _ = compared([used("claude-opus-5", 300)], cost("claude-free", 0))

    assert (rows["claude"].paid_usd_month, rows["claude"].times) == (0, None)


@given(
    st.lists(
        st.tuples(st.sampled_from(("claude-x", "gpt-x", "glm-x")), st.integers(0, 10**6)),
        max_size=8,
    ),
    st.floats(0.01, 12),
)
def test_the_total_is_the_sum_of_the_rows(uses: list[tuple[str, int]], months: float) -> None:
    rows, whole = compared(
        [used(model, float(usd)) for model, usd in uses],
        cost("claude-a", 20),
        cost("codex-a", 30),
        cost("glm-a", 10),
        months=months,
    )

    assert whole.paid_usd_month == pytest.approx(60 / months)
    assert whole.tokens_usd_month == pytest.approx(
        sum(row.tokens_usd_month or 0 for row in rows.values())
    )
