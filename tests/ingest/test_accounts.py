"""Accounts and plans that are found by themselves, beside what the user says."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from parsers.records import Problem
from portfolio.commands.accounts import list_accounts
from portfolio.commands.reading import read_capture
from portfolio.estimate.ownership import TurnOwners
from portfolio.ingest.owners import aside_turns, ownership
from portfolio.model import LoginKind, LoginSighting
from portfolio.settings import Home
from portfolio.store import logins
from portfolio.store.catalogue import Catalogue
from tests.ingest.clients import MAX_5X, Clients, person, slugs
from tests.parsers.rollout_samples import (
    BEGIN,
    context,
    count,
    limits,
    meta,
    named,
    stamp,
    window,
)
from tests.parsers.transcript_samples import answer

if TYPE_CHECKING:
    from portfolio.store.opening import Database

DAY_S = 86_400
DAY = timedelta(days=1)
LOGIN: list[list[tuple[LoginKind, str]]] = [[("account", "p"), ("org", "o")], [("account", "q")]]


@pytest.fixture
def clients(home: Home, database: Database, catalogue: Catalogue, now: datetime) -> Clients:
    return Clients(home, database, catalogue, now)


def rollout(clients: Clients, day: float, plan: str | None, *, folder: str = ".codex") -> Path:
    """Write a session some days after the logs begin, on a plan."""
    seconds = day * DAY_S
    session = named(seconds, int(day * 10))
    tokens = (1000, 800, 90)
    return clients.log(
        f"{folder}/sessions/2026/11/03/rollout-{session}.jsonl",
        meta(session, seconds),
        context(seconds + 1),
        count(seconds + 2, tokens, tokens, shown=limits(window(7), plan_type=plan)),
    )


def transcript(clients: Clients, name: str, model: str, *, folder: str = ".claude") -> Path:
    return clients.log(f"{folder}/projects/p/{name}.jsonl", answer(name, f"r-{name}", model=model))


def test_every_provider_with_a_sign_of_use_gets_an_account(clients: Clients) -> None:
    transcript(clients, "a", "claude-opus-5")
    transcript(clients, "b", "glm-5.3")
    rollout(clients, 0, "plus")

    answer = clients.sync()

    assert clients.accounts() == [
        ("claude-a", None),
        ("codex-a", "codex-plus"),
        ("glm-a", None),
    ]
    assert (slugs(answer), clients.weeks(None), clients.weeks("codex-a")) == ([], [], [7])


def test_without_any_sign_there_is_no_account_and_nothing_to_tell(clients: Clients) -> None:
    assert (slugs(clients.sync()), clients.accounts()) == ([], [])


def test_a_change_of_plan_is_a_span_from_the_moment_it_was_seen(clients: Clients) -> None:
    for day, plan in ((0, "plus"), (1, "plus"), (2, None), (3, "prolite")):
        rollout(clients, day, plan)
    clients.sync()

    spans = [(one.plan, one.since, one.until) for one in list_accounts(clients.database).accounts]
    changed = BEGIN + 3 * DAY + timedelta(seconds=2)
    assert spans == [("codex-plus", None, changed), ("codex-prolite", changed, None)]


def test_logs_from_between_others_leave_the_plan_that_came_after(clients: Clients) -> None:
    for day, plan in ((0, "plus"), (4, "plus"), (6, "plus")):
        rollout(clients, day, plan)
    clients.sync()
    rollout(clients, 2, "prolite")

    clients.sync()

    spans = [(one.plan, one.since) for one in list_accounts(clients.database).accounts]
    begun = [BEGIN + day * DAY + timedelta(seconds=2) for day in (2, 4)]
    assert spans == [("codex-plus", None), ("codex-prolite", begun[0]), ("codex-plus", begun[1])]


def test_older_logs_that_come_later_date_the_plan_back(clients: Clients) -> None:
    rollout(clients, 3, "prolite")
    clients.sync()
    rollout(clients, 1, "plus")
    clients.sync()

    assert clients.accounts() == [("codex-a", "codex-plus"), ("codex-a", "codex-prolite")]


@pytest.mark.parametrize("word", ["free", "guest"])
def test_who_pays_nothing_is_on_no_plan_and_that_is_no_problem(clients: Clients, word: str) -> None:
    rollout(clients, 0, word)

    assert (slugs(clients.sync()), clients.accounts()) == ([], [("codex-a", None)])


def test_a_word_that_the_catalogue_does_not_know_is_told_once(clients: Clients) -> None:
    rollout(clients, 0, "enterprise")
    told = clients.sync()
    rollout(clients, 1, "enterprise")

    assert ([one.slug for one in told.problems], slugs(clients.sync())) == (["plan-unknown"], [])
    assert "'enterprise'" in told.problems[0].text
    assert clients.accounts() == [("codex-a", None)]


def test_the_plan_that_the_user_said_holds_and_another_is_told(clients: Clients) -> None:
    clients.add("mine", "codex", plan="codex-plus")
    rollout(clients, 0, "plus")
    assert slugs(clients.sync()) == []

    rollout(clients, 2, "pro")
    told = clients.sync()

    assert slugs(told) == ["plan-differs"]
    assert "--plan codex-pro --since 2026-11-05" in told.problems[0].text
    assert clients.accounts() == [("mine", "codex-plus")]


def test_tying_a_folder_keeps_the_plan_that_was_found(clients: Clients) -> None:
    rollout(clients, 0, "plus")
    clients.sync()
    clients.add("codex-a", "codex", folder=str(clients.user / ".codex"))
    rollout(clients, 2, "prolite")
    clients.sync()

    found = list_accounts(clients.database).accounts
    assert [one.plan for one in found] == ["codex-plus", "codex-prolite"]
    assert {one.folder for one in found} == {str(clients.user / ".codex")}


def test_accounts_of_two_codex_folders_are_told_apart_once_they_are_tied(clients: Clients) -> None:
    clients.add("private", "codex")
    clients.add("office", "codex", folder=str(clients.user / "work"))
    rollout(clients, 0, "plus")
    rollout(clients, 1, "pro", folder="work")

    assert slugs(clients.sync()) == []
    assert (clients.weeks("private"), clients.weeks("office")) == ([7], [7])
    assert clients.accounts() == [("office", "codex-pro"), ("private", "codex-plus")]


def test_what_could_be_two_accounts_is_kept_aside_counted_and_settled_by_a_tie(
    clients: Clients,
) -> None:
    clients.add("private", "codex")
    clients.add("office", "codex")
    rollout(clients, 0, "plus")

    assert slugs(clients.sync()) == ["account-needed", "account-needed"]
    (aside,) = list_accounts(clients.database).aside
    assert (aside.provider, aside.readings, aside.turns) == ("codex", 1, 1)

    clients.add("office", "codex", folder=str(clients.user / ".codex"))
    assert slugs(clients.sync()) == []
    assert (clients.weeks("office"), list_accounts(clients.database).aside) == ([7], ())


def test_turns_that_could_be_two_accounts_are_counted(clients: Clients) -> None:
    clients.add("one")
    clients.add("two", folder=str(clients.user / ".claude"))
    transcript(clients, "a", "claude-opus-5")
    assert slugs(clients.sync()) == []

    clients.add("one", folder=str(clients.user / ".claude"))
    assert aside_turns(clients.database, taken_in_at=None) == {"claude": 1}
    transcript(clients, "b", "claude-opus-5")
    assert slugs(clients.sync(later=DAY)) == ["account-needed"]


def test_glm_in_claudes_folder_is_no_part_of_claudes_login(clients: Clients) -> None:
    clients.config(person("p", "o", **MAX_5X))
    transcript(clients, "a", "glm-5.3")
    clients.sync()

    assert clients.accounts() == [("claude-a", "claude-max"), ("glm-a", None)]
    assert not aside_turns(clients.database, taken_in_at=None)


def test_a_capture_names_the_plan_of_its_account(clients: Clients) -> None:
    clients.add("glm-a", "glm")
    window_of = (
        '{"type": "CREDIT_LIMIT", "unit": 6, "number": 1, "usage": 60000, "currentValue": 12}'
    )
    text = f'{{"code": 200, "data": {{"limits": [{window_of}], "level": "pro"}}, "success": true}}'
    read_capture(
        clients.database,
        text,
        origin="-",
        account=None,
        kind=None,
        read_at=clients.now,
        settings=clients.settings,
        catalogue=clients.catalogue,
        now=clients.now,
    )

    assert clients.accounts() == [("glm-a", "glm-pro")]


def test_accounts_of_the_users_name_are_left_as_they_are(clients: Clients) -> None:
    clients.add("claude-a", "glm")
    clients.config(person("p", "o"))
    clients.sync()

    assert [name for name, _ in clients.accounts()] == ["claude-a", "claude-b"]


def test_a_folder_seen_on_one_login_a_thousand_times_is_told_by_the_first_and_the_last(
    clients: Clients,
) -> None:
    seen = [
        LoginSighting("claude", "/f", None, kind, login, clients.now + timedelta(hours=hour))
        for hour in range(1000)
        for kind, login in LOGIN[hour >= 600]
    ]
    logins.add_login_sightings(clients.database, seen, now=clients.now)

    told = logins.login_sightings(clients.database)

    hours = [round((one.seen_at - clients.now).total_seconds() / 3600) for one in told]
    assert hours == [0, 0, 599, 599, 600, 999]
    assert told[4] == seen[1200]


def test_what_sessions_saw_is_given_whole(clients: Clients) -> None:
    seen = [
        LoginSighting("claude", "/f", session, "account", "p", clients.now + timedelta(hours=hour))
        for hour, session in enumerate((None, "s", "t", "s", None))
    ]
    logins.add_login_sightings(clients.database, seen, now=clients.now)

    assert logins.login_sightings(clients.database) == seen


def test_two_logins_in_one_folder_share_its_turns_and_the_change_is_nobodys(
    clients: Clients,
) -> None:
    begin = clients.now
    hours = {"before": -2, "first": 1, "between": 24, "second": 49}
    clients.log(
        ".claude/projects/p/a.jsonl",
        *(
            answer(
                name, f"r-{name}", model="claude-opus-5", at=stamp(begin + timedelta(hours=hour))
            )
            for name, hour in hours.items()
        ),
    )
    told: list[Problem] = []
    for who, org, hour in (("p", "o", 0), ("p", "o", 2), ("q", "n", 48), ("q", "n", 50)):
        clients.now = begin + timedelta(hours=hour)
        clients.config(person(who, org))
        told += clients.sync().problems
    assert [(one.slug, one.text[:18]) for one in told] == [("account-needed", "2 turns of claude ")]

    owners = TurnOwners(ownership(clients.database).claims())
    folder = str(clients.user / ".claude")
    found = {
        name: owners.owner_of(
            model="claude-opus-5", folder=folder, session="s1", at=begin + timedelta(hours=hour)
        )
        for name, hour in hours.items()
    }
    assert found == {"before": None, "first": "claude-a", "between": None, "second": "claude-b"}
    assert aside_turns(clients.database, taken_in_at=None) == {"claude": 2}

    clients.add("claude-a", folder=folder)
    assert aside_turns(clients.database, taken_in_at=None) == {"claude": 1}
