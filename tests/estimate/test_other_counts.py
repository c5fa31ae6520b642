from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from parsers.records import TokenTotal
from portfolio.estimate.other_counts import Reached, chosen, days_between

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)


def counted(
    begins: float,
    hours: float = 24,
    model: str = "claude-opus-5",
    source: str = "ccusage-daily",
    tokens: int = 1,
) -> TokenTotal:
    start = MONDAY + timedelta(hours=begins)
    return TokenTotal(
        source=source,
        start_at=start,
        end_at=start + timedelta(hours=hours),
        model=model,
        input_tokens=tokens,
        output_tokens=0,
        cache_read_tokens=0,
        cache_write_tokens=0,
        cost_usd=1.0,
    )


def days_of(one: TokenTotal) -> list[date]:
    last = one.end_at - timedelta(microseconds=1)
    return days_between(one.start_at.date(), last.date())


def taken(totals: Sequence[TokenTotal], *reached: Reached) -> list[TokenTotal]:
    return chosen(totals, reached, days_of=days_of)


def ours(day: int, source: str, model: str) -> Reached:
    return Reached(date(2026, 11, day), source, model)


def test_a_count_is_used_only_on_days_that_no_log_of_that_client_reaches() -> None:
    monday, tuesday = counted(0), counted(24)

    assert taken([monday, tuesday], ours(2, "claude", "claude-opus-5")) == [tuesday]


def test_logs_of_one_client_do_not_hide_what_another_did() -> None:
    claude, codex = counted(0), counted(0, model="gpt-5.3-codex")

    assert taken([claude, codex], ours(2, "codex", "gpt-5.3-codex")) == [claude]


def test_a_provider_that_a_log_names_is_not_counted_again_whatever_the_client() -> None:
    codex = counted(0, model="gpt-5.3-codex")

    assert taken([codex], ours(2, "claude", "gpt-5.3-codex")) == []


def test_a_count_without_models_is_used_only_where_there_is_no_log_at_all() -> None:
    whole = counted(0, model="")

    assert taken([whole], ours(2, "codex", "gpt-5.3-codex")) == []
    assert taken([whole], ours(3, "codex", "gpt-5.3-codex")) == [whole]


def test_models_of_one_table_are_parts_of_one_count() -> None:
    table = [counted(0), counted(0, model="claude-haiku-4-5"), counted(0, model="gpt-5.3-codex")]

    assert len(taken(table)) == 3


def test_a_day_goes_before_the_blocks_in_it() -> None:
    block, day = counted(9, 5, source="ccusage-blocks"), counted(0)
    evening = counted(24 + 9, 5, source="ccusage-blocks")

    assert taken([block, evening, day]) == [day, evening]


def test_of_counts_that_overlap_the_one_said_last_is_used() -> None:
    newer = counted(2, 5, source="ccusage-blocks")
    older = counted(0, 5, source="ccusage-blocks")

    assert taken([newer, older]) == [newer]


def test_the_same_day_in_two_zones_is_not_counted_twice() -> None:
    assert len(taken([counted(0), counted(-1)])) == 1


def test_a_day_with_models_and_without_is_not_counted_twice() -> None:
    named, whole = [counted(0), counted(0, model="claude-haiku-4-5")], counted(0, model="")

    assert taken([*named, whole]) == sorted(named, key=lambda one: one.model)
    assert taken([whole, *named]) == [whole]


@given(
    st.lists(
        st.builds(
            counted,
            st.integers(-30, 30),
            st.integers(1, 30),
            st.sampled_from(("", "claude-opus-5", "claude-haiku-4-5", "gpt-5.3-codex")),
            st.sampled_from(("ccusage-daily", "ccusage-blocks")),
        ),
        max_size=10,
    )
)
def test_whatever_was_read_no_moment_is_counted_twice_for_a_client(
    totals: list[TokenTotal],
) -> None:
    found = taken(totals)

    for client in ("gpt", "claude"):
        spans = {
            (one.start_at, one.end_at, one.source)
            for one in found
            if one.model.startswith(client) or not one.model
        }
        ordered = sorted(spans)
        assert all(before[1] <= after[0] for before, after in pairwise(ordered))
    parts = [(one.start_at, one.source, one.model) for one in found]
    assert len(parts) == len(set(parts))
    assert all(one in totals for one in found)
