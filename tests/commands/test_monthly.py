"""`monthly`: what `keep` and `rebalance` say, in one summary."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from portfolio.commands.monthly import monthly
from portfolio.commands.routine_plans import plan_month, plan_week
from portfolio.errors import NoRoomError
from portfolio.ingest.machine import Machine
from portfolio.model import Word
from portfolio.report.answers.routines import MonthAction, MonthlyAnswer, MonthPlan
from portfolio.settings import Home
from portfolio.store import decisions, items
from portfolio.store.decisions import ALL_ACCOUNTS
from tests.commands.test_weekly import SETTINGS, decided, lived
from tests.keep_world import BEGIN

if TYPE_CHECKING:
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

HOUR = timedelta(hours=1)


def asked(
    database: Database,
    home: Home,
    catalogue: Catalogue,
    now: datetime,
    *,
    plan: Callable[[], MonthPlan],
) -> MonthlyAnswer:
    return monthly(
        database,
        home=home,
        machine=Machine(home=home.folder / "nobody"),
        settings=SETTINGS,
        catalogue=catalogue,
        seed=7,
        now=now,
        plan=plan,
    )


def given(plan: MonthPlan) -> MonthPlan:
    return plan


def test_a_month_asked_again_keeps_the_first_allocation_and_has_no_more_news(
    database: Database, home: Home, catalogue: Catalogue
) -> None:
    end = lived(database, home)
    answers, kept = [], []
    for now in (end + HOUR, end + 2 * HOUR):
        answers.append(
            asked(
                database,
                home,
                catalogue,
                now,
                plan=partial(
                    plan_month, database, settings=SETTINGS, catalogue=catalogue, seed=7, now=now
                ),
            )
        )
        kept.append(decided(database, now))

    first, second = answers
    assert (first.has_news, second.has_news) == (True, False)
    assert kept[0] == kept[1]
    assert len(decisions.decisions(database, "allocation", ALL_ACCOUNTS, now=end + 2 * HOUR)) == 1
    assert first.plan is not None
    assert [(one.action, one.plan) for one in first.plan.actions] == [("cancel", "claude-pro")]
    # What `keep` says of the same plan is weighed in what `rebalance` says.
    assert [one.command for one in first.yes] == ["portfolio windows", "portfolio rebalance"]
    assert {(row.account, row.verdict) for row in first.keep if row.to is None} == {
        ("claude-a", "cancel"),
        ("codex-a", "either-or"),
    }


def test_a_month_that_cannot_be_planned_says_why(
    database: Database, home: Home, catalogue: Catalogue
) -> None:
    def no_plan() -> MonthPlan:
        raise NoRoomError([])

    answer = asked(database, home, catalogue, BEGIN, plan=no_plan)

    assert (answer.plan, answer.plan_missing) == (None, "no account has room now")
    assert (answer.is_judged, answer.keep) == (False, ())


def test_another_allocation_than_the_last_is_a_change_and_needs_a_yes(
    database: Database, home: Home, catalogue: Catalogue
) -> None:
    add = MonthAction(
        action="add",
        plan="glm-max",
        to_plan=None,
        count=2,
        saving_usd_month=None,
        before=None,
        reason="More room.",
    )
    plans = [
        MonthPlan(actions=actions, cost_usd=60.0, features=None) for actions in ((), (add,), (add,))
    ]

    answers = [
        asked(database, home, catalogue, BEGIN + hour * HOUR, plan=partial(given, plan))
        for hour, plan in enumerate(plans)
    ]

    assert [[(one.what, one.is_new) for one in answer.yes] for answer in answers] == [
        [],
        [("add 2 × glm-max: More room", True)],
        [("add 2 × glm-max: More room", False)],
    ]
    assert [one.what for one in answers[1].changes] == ["rebalance, add glm-max"]


def test_the_week_is_planned_as_route_does_and_kept(
    database: Database, home: Home, catalogue: Catalogue
) -> None:
    items.add_words(database, [Word("TODO-1", "feature", "", BEGIN)], origin="-", now=BEGIN)

    plan_week(
        database,
        home=home,
        machine=Machine(home=home.folder / "nobody"),
        settings=SETTINGS,
        catalogue=catalogue,
        now=BEGIN,
    )

    assert len(decisions.decisions(database, "route", ALL_ACCOUNTS, now=BEGIN)) == 1
