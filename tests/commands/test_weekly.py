"""`weekly` on a day of a made-up life, asked again and again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from portfolio.commands.weekly import week_route, weekly
from portfolio.errors import NoRoomError
from portfolio.ingest.machine import Machine
from portfolio.model import Word
from portfolio.report.answers.routines import WeeklyAnswer
from portfolio.settings import Home, Settings
from portfolio.store import decisions, items, logins, routines
from portfolio.store.decisions import ALL_ACCOUNTS, Decision, Kind
from tests.keep_world import BEGIN, DAY, MODELS, WEEK, add_account, add_reading, add_weeks

if TYPE_CHECKING:
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

LIGHT = [20.0, 24.0, 18.0, 22.0, 20.0, 25.0, 19.0, 21.0]  # dollars a week; 100 fill one
KINDS: tuple[Kind, ...] = ("forecast", "assignment", "race", "twin", "route", "allocation")
SETTINGS = Settings(timezone="UTC")
HOURS = (8, 12, 16, 20)  # seven times a day, cheaper: test_routine_facts.py


def no_plan() -> None:
    raise NoRoomError(["claude-a"])


def asked(
    database: Database,
    home: Home,
    catalogue: Catalogue,
    now: datetime,
    *,
    plan: Callable[[], object] = no_plan,
) -> WeeklyAnswer:
    return weekly(
        database,
        home=home,
        machine=Machine(home=home.folder / "nobody"),
        settings=SETTINGS,
        catalogue=catalogue,
        seed=7,
        now=now,
        plan=plan,
    )


def lived(database: Database, home: Home) -> datetime:
    """Give two accounts eight weeks of light use, features each week, and a renewal day."""
    lines = [f'[models."{model}"]\ninput_usd = 1\noutput_usd = 1\n' for model in MODELS.values()]
    home.prices_path.write_text("".join(lines), encoding="utf-8")
    add_account(database, "claude-a", "claude-pro")
    add_account(database, "codex-a", "codex-plus")
    logins.add_renewal_days(database, {"claude-a": 3}, now=BEGIN)
    add_weeks(database, "claude-a", LIGHT)
    end = add_weeks(database, "codex-a", LIGHT)
    words = [
        Word(f"F{week}-{number}", word, "", BEGIN + week * WEEK + number * DAY)
        for week in range(8)
        for number in range(4)
        for word in ("feature", "shipped")
    ]
    items.add_words(database, words, origin="-", now=BEGIN)
    return end


def decided(database: Database, now: datetime) -> dict[str, list[tuple[str, Decision]]]:
    return {kind: decisions.decisions_by_kind(database, kind, now=now) for kind in KINDS}


def planning(database: Database, now: datetime) -> Callable[[], None]:
    """Plan as `route` does: another plan each time it is asked."""

    def plan() -> None:
        item = {"feature": f"at {now:%a %H}", "methodology": None, "account": "codex-a"}
        told = {
            "assignments": [{**item, "window": None, "start_at": now.isoformat()}],
            "unassigned": [{"feature": "LATE-1", "reason": "cap"}],
        }
        made = Decision(json.dumps(told), now, now, now + WEEK, None, now)
        decisions.add_decision(database, "route", ALL_ACCOUNTS, made, now=now)

    return plan


def test_a_day_asked_again_and_again_tells_each_alert_once_and_changes_no_decision(
    database: Database, home: Home, catalogue: Catalogue
) -> None:
    monday = lived(database, home)
    answers, decisions_then = [], []
    for hour in HOURS:
        now = monday + DAY + timedelta(hours=hour)
        for account, used in (("claude-a", 30 + hour), ("codex-a", 5 + hour / 10)):
            jitter = timedelta(minutes=hour % 4)
            add_reading(database, account, "week", used, now, monday + WEEK + jitter)
        answers.append(asked(database, home, catalogue, now, plan=planning(database, now)))
        decisions_then.append(decided(database, now))

    told = [one.kind for answer in answers for one in answer.alerts if one.is_new]
    assert sorted(told) == ["cap-pace", "renewal"]
    assert [answer.has_news for answer in answers] == [True, False, False, False]
    assert all(then == decisions_then[0] for then in decisions_then)
    assert [len(decisions_then[0][kind]) for kind in ("forecast", "route")] == [1, 1]
    assert [answer.route.is_kept for answer in answers if answer.route] == [False, True, True, True]
    assert len({answer.route.assignments for answer in answers if answer.route}) == 1
    assert [answer.last_run_at for answer in answers[:2]] == [None, answers[0].at]
    assert [one.command for one in answers[-1].yes] == ["portfolio keep", "portfolio windows"]
    assert answers[-1].yes[0].what == "cancel claude-a (claude-pro), which saves $20.00 a month"


def test_a_second_run_says_what_changed_since_the_first(
    database: Database, home: Home, catalogue: Catalogue
) -> None:
    now = BEGIN + DAY
    add_account(database, "claude-a", "claude-pro")
    first = asked(database, home, catalogue, now)
    words = [Word("F-1", word, "", now) for word in ("feature", "shipped")]
    items.add_words(database, words, origin="-", now=now)

    second = asked(database, home, catalogue, now + timedelta(hours=2))

    assert (first.changes, first.last_run_at) == ((), None)
    assert [(one.what, one.before, one.after) for one in second.changes] == [
        ("features shipped in the week of 2026-10-05", 0, 1)
    ]


def test_a_price_that_is_another_than_at_the_last_run_is_told_once(
    database: Database, home: Home, catalogue: Catalogue
) -> None:
    add_account(database, "claude-a", "claude-pro")
    routines.add_run(database, "weekly", {"price in dollars of claude-pro": 17.0}, now=BEGIN)

    answers = [
        asked(database, home, catalogue, BEGIN + hour * timedelta(hours=1)) for hour in (1, 2)
    ]

    assert [[(one.kind, one.is_new) for one in answer.alerts] for answer in answers] == [
        [("price", True)],
        [],
    ]


def test_a_week_is_planned_once_and_a_week_later_again(database: Database) -> None:
    found = [
        week_route(database, planning(database, now), since=since, now=now)[0]
        for since, now in (
            (BEGIN, BEGIN + DAY),
            (BEGIN, BEGIN + 2 * DAY),
            (BEGIN + WEEK, BEGIN + WEEK),
        )
    ]

    assert [(one.is_kept, one.made_at) for one in found if one] == [
        (False, BEGIN + DAY),
        (True, BEGIN + DAY),
        (False, BEGIN + WEEK),
    ]


def test_a_week_that_cannot_be_planned_says_why(database: Database) -> None:
    assert week_route(database, no_plan, since=BEGIN, now=BEGIN) == (
        None,
        "no account has room now",
    )


@pytest.mark.parametrize("answer", ["{}", "no JSON", '{"assignments": [1], "unassigned": []}'])
def test_a_route_that_no_program_of_ours_kept_is_left_out(database: Database, answer: str) -> None:
    made = Decision(answer, BEGIN, BEGIN, None, None, BEGIN)
    decisions.add_decision(database, "route", ALL_ACCOUNTS, made, now=BEGIN)

    assert week_route(database, no_plan, since=BEGIN, now=BEGIN) == (None, None)
