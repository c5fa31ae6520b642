"""What would be lost with an account besides its share of the work."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portfolio.commands.keep import keep
from portfolio.settings import Settings
from tests.keep_world import BEGIN, DAY, WEEK, add_account, add_reading, add_weeks

if TYPE_CHECKING:
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

WEEKS = [20.0] * 8


def lost(database: Database, catalogue: Catalogue, account: str) -> tuple[str, ...]:
    answer = keep(
        database, settings=Settings(timezone="UTC"), catalogue=catalogue, now=BEGIN + 8 * WEEK
    )
    [row] = [row for row in answer.plans if (row.account, row.change) == (account, "cancel")]
    return row.loses


def fill(database: Database, account: str, *, week: int, hour: float) -> None:
    """Let an account's five hours be at their cap for four hours of a Tuesday."""
    at = BEGIN + week * WEEK + DAY + timedelta(hours=hour)
    add_reading(database, account, "5h", 100.0, at, at + timedelta(hours=4))


def test_work_while_the_other_plan_stood_at_a_cap_is_overflow(
    database: Database, catalogue: Catalogue
) -> None:
    add_account(database, "claude-a", "claude-pro")
    add_account(database, "codex-a", "codex-plus")
    add_weeks(database, "claude-a", WEEKS)
    add_weeks(database, "codex-a", WEEKS)
    fill(database, "codex-a", week=1, hour=7)  # claude-a is worked on at nine
    fill(database, "codex-a", week=4, hour=7)
    fill(database, "codex-a", week=5, hour=18)  # nobody works so late

    assert lost(database, catalogue, "claude-a") == (
        "overflow in 2 of 8 weeks",
        "claude as fallback",
    )
    assert lost(database, catalogue, "codex-a") == ("codex as fallback",)


def test_work_while_only_one_of_two_others_was_full_is_none(
    database: Database, catalogue: Catalogue
) -> None:
    add_account(database, "claude-a", "claude-pro")
    add_account(database, "codex-a", "codex-plus")
    add_account(database, "glm-a", "glm-pro")
    add_weeks(database, "claude-a", WEEKS)
    add_weeks(database, "codex-a", WEEKS)
    fill(database, "codex-a", week=1, hour=7)
    fill(database, "glm-a", week=2, hour=7)

    assert lost(database, catalogue, "claude-a") == ("claude as fallback",)

    fill(database, "glm-a", week=1, hour=8)

    assert lost(database, catalogue, "claude-a")[0] == "overflow in 1 of 8 weeks"
