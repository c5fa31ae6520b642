"""The one thing to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from portfolio.report.answers.keep import KeepRow, WatchedRow
from portfolio.report.todo import todo_line


def test_the_thing_to_do_waits_for_four_weeks() -> None:
    assert "there are 2" in todo_line(weeks_read=2, waiting=0)
    assert "nothing; every plan" in todo_line(weeks_read=5, waiting=0)


def test_with_nothing_to_do_the_first_day_that_will_tell_of_a_plan_is_told() -> None:
    late = KeepRow(
        plan="claude-max",
        account="claude-a",
        change="cancel",
        to=None,
        saving_usd_month=100.0,
        weeks=1,
        weeks_blocked=0,
        blocked_share_high=0.95,
        next_week_risk=None,
        fullest_share=0.4,
        fullest_pool="week",
        verdict="watch",
        reason="too-few-weeks",
        competes_with=(),
        blocked_from=(),
        loses=(),
        renews_on=None,
        watch_until="2026-12-21",
    )
    soon = replace(late, account="codex-a", plan="codex-plus", watch_until="2026-12-02")

    assert todo_line(weeks_read=4, waiting=0, plans=[late, soon]) == (
        "To do: nothing yet; whether codex-a (codex-plus) is needed can be told from 2 Dec on"
        " (portfolio keep)."
    )


def test_a_plan_that_is_missed_goes_before_all_else_to_do() -> None:
    gone = WatchedRow(
        account="glm-a",
        plan="glm-pro",
        cancelled_at=datetime(2026, 10, 4, tzinfo=UTC),
        weeks=3,
        weeks_blocked=2,
        first_blocked_at=datetime(2026, 11, 3, tzinfo=UTC),
        last_blocked_at=datetime(2026, 11, 3, tzinfo=UTC),
        verdict="subscribe-again",
    )

    assert todo_line(weeks_read=5, waiting=3, missed=[gone]) == (
        "To do: subscribe to glm-a (glm-pro) again; since it was cancelled every plan left stood at"
        " a cap at once in 2 weeks (portfolio keep)."
    )
