"""Which plan an account was on when: every moment on one plan, none that the user said lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from portfolio.estimate.plan_spans import spans_by_plan
from portfolio.model import AccountSpan
from tests.estimate.builders import at
from tests.estimate.test_sightings import account

FOUND = replace(account("codex-a"), plan_found=True)
PLANS = st.sampled_from(["codex-plus", "codex-pro", None])
CHANGES = st.lists(st.tuples(st.integers(0, 50), PLANS), max_size=8).map(
    lambda some: sorted(((at(hour), plan) for hour, plan in some), key=lambda one: one[0])
)


def told(spans: list[AccountSpan]) -> list[tuple[str | None, datetime | None, datetime | None]]:
    return [(span.plan, span.since, span.until) for span in spans]


def test_the_first_plan_that_is_seen_was_always_there() -> None:
    assert told(spans_by_plan([FOUND], [(at(3), "codex-plus")])) == [("codex-plus", None, None)]


def test_another_plan_begins_when_it_was_seen_first() -> None:
    plans = [(at(3), "codex-plus"), (at(5), "codex-plus"), (at(9), "codex-pro")]

    assert told(spans_by_plan([FOUND], plans)) == [
        ("codex-plus", None, at(9)),
        ("codex-pro", at(9), None),
    ]


def test_a_plan_found_later_in_older_logs_comes_before() -> None:
    own = spans_by_plan([FOUND], [(at(9), "codex-pro")])

    assert told(spans_by_plan(own, [(at(3), "codex-plus"), (at(9), "codex-pro")])) == [
        ("codex-plus", None, at(9)),
        ("codex-pro", at(9), None),
    ]


def test_what_the_user_said_stays() -> None:
    own = [replace(FOUND, plan="codex-plus", plan_found=False)]

    assert spans_by_plan(own, [(at(3), "codex-pro")]) == own


def test_an_account_that_the_user_added_without_a_plan_gets_it() -> None:
    own = [replace(FOUND, plan_found=False, since=at(2), until=at(7))]

    assert told(
        spans_by_plan(own, [(at(1), "codex-plus"), (at(4), "codex-pro"), (at(8), None)])
    ) == [
        ("codex-plus", at(2), at(4)),
        ("codex-pro", at(4), at(7)),
    ]


@given(first=CHANGES, more=CHANGES, hour=st.integers(-1, 51))
def test_every_moment_is_on_one_plan_the_newest_seen_whatever_was_known_before(
    first: list[tuple[datetime, str | None]], more: list[tuple[datetime, str | None]], hour: int
) -> None:
    both = sorted([*first, *more], key=lambda one: one[0])
    own = spans_by_plan(spans_by_plan([FOUND], first), both)

    moment = at(hour + 0.5)
    holding = [span.plan for span in own if span.holds_at(moment)]
    seen = [plan for when, plan in both if when <= moment] or [plan for _, plan in both][:1]
    assert len(holding) == 1
    if (
        len(
            {
                plan
                for when, plan in both
                if when == max([w for w, _ in both if w <= moment], default=None)
            }
        )
        < 2
    ):
        assert holding[0] == (seen[-1] if seen else None)
    assert spans_by_plan(own, both) == own
