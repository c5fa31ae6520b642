"""What the page says first: what to give up and by when, and which cap comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from portfolio.estimate.pace import Pace
from portfolio.estimate.pool_burn import PoolBurn, PoolPoint
from portfolio.report.answers.keep import KeepAnswer, KeepRow
from portfolio.report.page.deciding import advice, decisions, judged, next_cap, paces

NOW = datetime(2026, 12, 17, 14, tzinfo=UTC)
ROW = KeepRow(
    plan="claude-pro",
    account="claude-a",
    change="cancel",
    to=None,
    saving_usd_month=20.0,
    weeks=10,
    weeks_blocked=0,
    blocked_share_high=0.26,
    next_week_risk=0.01,
    fullest_share=0.62,
    fullest_pool="week",
    verdict="cancel",
    reason=None,
    competes_with=(),
    blocked_from=(),
    loses=("claude as fallback",),
    renews_on="2026-12-20",
    watch_until=None,
)


def kept(*rows: KeepRow) -> KeepAnswer:
    return KeepAnswer(
        since=NOW - timedelta(weeks=10),
        until=NOW,
        plans=rows,
        unused=(),
        watched=(),
        not_judged=(),
        coverage=(),
        unowned_usd=0.0,
        problems=(),
    )


def burn(pool: str, *, used: float, hits_at: datetime | None) -> PoolBurn:
    pace = Pace(
        account="claude-a",
        pool=pool,
        share_used=used,
        hits_at=hits_at,
        resets_at=NOW + timedelta(days=2),
        is_computed=False,
    )
    return replace(unread(pool), pace=pace)


def unread(pool: str) -> PoolBurn:
    point = PoolPoint(at=NOW - timedelta(days=3), share_used=0.4, resets_at=None)
    return PoolBurn(
        account="claude-a",
        pool=pool,
        since=NOW - timedelta(weeks=8),
        readings=1,
        points=(point,),
        pace=None,
        expiring_share=None,
    )


def test_what_to_give_up_is_told_with_its_day_and_what_can_go_with_it() -> None:
    other = replace(ROW, account="glm-a", plan="glm-lite", saving_usd_month=18.0, renews_on=None)
    smaller = replace(ROW, account="glm-a", plan="glm-lite", to="glm-mini", saving_usd_month=9.0)

    assert advice(kept(ROW)) == (
        "Before 20 Dec 2026, when it renews: cancel claude-a (claude-pro). It saves $20.00 a month."
    )
    assert advice(kept(other, ROW, smaller)).endswith(" glm-a can go too: together $38.00 a month.")
    assert judged(kept(ROW), UTC).startswith("Judged on 10 whole weeks of work since 8 Oct 2026")


def test_nothing_measured_is_not_told_as_nothing_to_give_up() -> None:
    unmeasured = replace(ROW, verdict="not-measured", weeks=0, reason="never-read")
    needed = replace(ROW, verdict="keep", weeks_blocked=3, reason="would-have-blocked")

    assert advice(kept(unmeasured)).startswith("Not known yet")
    assert judged(kept(unmeasured), UTC) == ""
    assert advice(kept(needed)).startswith("Nothing yet")


def test_a_plan_that_can_go_is_told_once_and_what_saves_most_is_first() -> None:
    dear = replace(ROW, account="claude-b", plan="claude-max", saving_usd_month=100.0)
    smaller = replace(dear, to="claude-pro", saving_usd_month=80.0)
    instead = replace(
        ROW, account="codex-a", plan="codex-pro", verdict="either-or", competes_with=("claude-b",)
    )

    found = decisions(kept(instead, ROW, smaller, dear))

    assert [one.account for one in found] == ["claude-b", "claude-a", "codex-a"]
    assert found[0].change == "cancel claude-max"
    assert found[2].verdict == "this or claude-b"
    assert found[1].more == "You lose claude as fallback."


def test_the_next_cap_is_told_and_so_is_what_nobody_read() -> None:
    soon = burn("week", used=0.7, hits_at=NOW + timedelta(hours=13))
    calm = burn("week", used=0.2, hits_at=None)
    full = burn("week", used=1.0, hits_at=None)

    def told(*burns: PoolBurn) -> str:
        return next_cap(paces(burns, UTC), burns, UTC)

    assert told(soon) == "claude-a's weekly cap, Fri 18 Dec 03:00."
    assert told(calm) == "None of those that were read, at this pace."
    assert told(full) == "claude-a's weekly cap is used up until Sat 19 Dec 14:00."
    assert told(calm, unread("5h")) == (
        "None of those that were read, at this pace. Not read since its reset: claude-a's 5-hour."
    )
    assert told(unread("week")).startswith(
        "Not known: every meter was reset since it was last read, Mon 14 Dec 14:00"
    )
    assert told() == "Not known: no meter was ever read (portfolio doctor says how to)."
