"""A reading stays on the account it is of, whatever the user says of accounts later."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portfolio.commands.dropping import drop_readings
from tests.ingest.clients import Clients, person, slugs
from tests.parsers.rollout_samples import context, count, limits, meta, named, window
from tests.parsers.transcript_samples import line

if TYPE_CHECKING:
    from datetime import datetime

    from portfolio.settings import Home
    from portfolio.store.catalogue import Catalogue
    from portfolio.store.opening import Database

WEEKS = [7.0, 9.0]


@pytest.fixture
def clients(home: Home, database: Database, catalogue: Catalogue, now: datetime) -> Clients:
    return Clients(home, database, catalogue, now)


def rollout(clients: Clients) -> Path:
    """Write a session that shows the weekly meter at 7, 7, 7 and 9 percent."""
    shown = [7.0, 7.0, 7.0, 9.0]
    lines = [
        count(2.0 + at, (at * 1000, 0, at), (1000, 0, 1), shown=limits(window(week)))
        for at, week in enumerate(shown, start=1)
    ]
    name = named(0, 1)
    place = f".codex/sessions/2026/11/03/rollout-{name}.jsonl"
    return clients.log(place, meta(name, 0), context(1), *lines)


def test_readings_go_with_the_folder_to_the_account_it_is_tied_to(clients: Clients) -> None:
    log = rollout(clients)
    clients.sync()
    before = clients.weeks("codex-a")
    clients.add("codex-work", "codex", folder=str(clients.user / ".codex"))

    clients.sync()

    assert set(before) == set(WEEKS)
    assert (clients.weeks("codex-a"), clients.weeks("codex-work")) == ([], before)
    os.utime(log)  # read again, it gives nothing that is not there
    assert clients.sync().readings_added == 0
    assert (clients.weeks("codex-a"), clients.weeks("codex-work")) == ([], before)


def test_readings_come_back_when_the_folder_does(clients: Clients) -> None:
    rollout(clients)
    clients.sync()
    before = clients.weeks("codex-a")
    clients.add("codex-work", "codex", folder=str(clients.user / ".codex"))
    clients.sync()
    clients.add("codex-work", "codex", folder=str(clients.user / ".other"))
    clients.add("codex-a", "codex", folder=str(clients.user / ".codex"))

    clients.sync()

    assert (clients.weeks("codex-a"), clients.weeks("codex-work")) == (before, [])


def test_a_reading_that_the_user_took_back_stays_so(clients: Clients) -> None:
    rollout(clients)
    clients.sync()
    last = clients.readings("codex-a")[-1]
    drop_readings(clients.database, [last.id], reason="seen on a phone", now=clients.now)
    clients.add("codex-work", "codex", folder=str(clients.user / ".codex"))

    clients.sync()

    assert set(clients.weeks("codex-work")) == {7.0}


def test_a_second_account_in_no_folder_takes_nothing_from_the_first(clients: Clients) -> None:
    rollout(clients)
    clients.sync()
    before = clients.weeks("codex-a")
    clients.add("codex-b", "codex")

    clients.sync()

    assert (clients.weeks("codex-a"), clients.weeks("codex-b")) == (before, [])


def test_what_was_read_between_two_logins_is_kept_aside_once_the_second_is_seen(
    clients: Clients,
) -> None:
    clients.config(person("p"))
    clients.sync()
    between = clients.now + timedelta(hours=1)
    hit = {"content": [{"type": "text", "text": "You've hit your session limit"}]}
    said = line(
        type="assistant",
        isApiErrorMessage=True,
        message={"model": "<synthetic>", **hit},
        timestamp=between.isoformat(),
    )
    clients.log(".claude/projects/p/a.jsonl", said)
    clients.sync(later=timedelta(hours=2))
    before = [one.used for one in clients.readings("claude-a")]
    clients.now += timedelta(hours=1)
    clients.config(person("q"))

    answer = clients.sync()

    assert before == [100.0]
    assert clients.readings("claude-a") == []
    assert [one.used for one in clients.readings(None)] == [100.0]
    assert "account-needed" in slugs(answer)
