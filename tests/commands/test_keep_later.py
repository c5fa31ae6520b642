"""What `keep` and `replay` do not know: what is said later, what nothing weighs, other plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from portfolio.commands.keep import keep
from portfolio.commands.replaying import replay
from portfolio.errors import PlanNotJudgedError
from portfolio.settings import Settings
from portfolio.store import read, write
from tests.keep_world import BEGIN, DAY, WEEK, add_account, add_reading, add_weeks

if TYPE_CHECKING:
    from portfolio.report.answers.keep import KeepRow
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

LIGHT = [20.0] * 8
END = BEGIN + 8 * WEEK


def judged(database: Database, catalogue: Catalogue) -> dict[str, KeepRow]:
    answer = keep(database, settings=Settings(timezone="UTC"), catalogue=catalogue, now=END)
    return {row.account: row for row in answer.plans if row.change == "cancel"}


def both(database: Database) -> None:
    add_account(database, "claude-a", "claude-max")
    add_account(database, "codex-a", "codex-plus")
    add_weeks(database, "claude-a", LIGHT)
    add_weeks(database, "codex-a", LIGHT)


def test_what_was_bought_or_closed_later_changes_nothing_in_the_past(
    database: Database, catalogue: Catalogue
) -> None:
    both(database)
    before = judged(database, catalogue)
    claude, codex = read.account_spans(database)
    later = END + WEEK
    write.account_span(database, replace(claude, until=later), now=later)
    write.account_span(database, replace(claude, span=1, plan="claude-pro", since=later), now=later)
    write.account_span(database, replace(codex, until=later), now=later)
    add_account(database, "glm-a", "glm-pro", since=later)

    assert judged(database, catalogue) == before
    assert set(before) == {"claude-a", "codex-a"}


def test_an_account_that_paused_keeps_its_past(database: Database, catalogue: Catalogue) -> None:
    both(database)
    _, codex = read.account_spans(database)
    write.account_span(database, replace(codex, until=END - 4 * DAY), now=END)
    write.account_span(database, replace(codex, span=1, since=END - 2 * DAY), now=END)

    rows = judged(database, catalogue)

    assert [rows[account].weeks for account in ("claude-a", "codex-a")] == [8, 8]


def meter_only(database: Database, account: str, percent: float) -> None:
    """Read eight weeks of a meter that moved by no turn on this machine."""
    for week in range(8):
        begin = BEGIN + week * WEEK
        for day in range(1, 6):
            at = begin + day * DAY
            add_reading(database, account, "week", percent * day / 5, at, begin + WEEK)
            add_reading(database, account, "5h", percent / 5, at, at + timedelta(hours=2))


def test_work_that_nothing_weighs_goes_to_no_other_plan(
    database: Database, catalogue: Catalogue
) -> None:
    add_account(database, "claude-a", "claude-pro")
    add_account(database, "codex-a", "codex-plus")
    meter_only(database, "claude-a", 80.0)
    add_weeks(database, "codex-a", [70.0] * 8)

    with pytest.raises(PlanNotJudgedError, match="what a unit of it holds"):
        replay(
            database, ["codex-plus"], catalogue=catalogue, settings=Settings(), since=None, now=END
        )
    assert judged(database, catalogue)["claude-a"].verdict == "not-measured"


def test_burn_on_another_plan_is_not_taken_for_none(
    database: Database, catalogue: Catalogue
) -> None:
    both(database)
    claude, _ = read.account_spans(database)
    changed = BEGIN + 4 * WEEK
    write.account_span(database, replace(claude, until=changed), now=END)
    write.account_span(database, replace(claude, span=1, plan="claude-pro", since=changed), now=END)

    with pytest.raises(PlanNotJudgedError) as told:
        replay(
            database,
            ["claude-pro", "codex-plus"],
            catalogue=catalogue,
            settings=Settings(),
            since=None,
            now=END,
        )

    assert "--since 2026-11-02T00:00Z" in str(told.value.hint)
