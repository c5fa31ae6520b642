"""What clients keep of their meters becomes readings of the right account, each once."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from portfolio.ingest.discovery import discover
from portfolio.ingest.machine import Machine
from portfolio.settings import Home
from portfolio.store.catalogue import Catalogue
from tests.ingest.clients import MAX_5X, Clients, cached, person, slugs
from tests.parsers.transcript_samples import answer

if TYPE_CHECKING:
    from portfolio.store.opening import Database

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def clients(home: Home, database: Database, catalogue: Catalogue, now: datetime) -> Clients:
    return Clients(home, database, catalogue, now)


@contextmanager
def opened_files() -> Iterator[list[str]]:
    """Tell which files are read whole."""
    seen: list[str] = []
    real = Path.read_bytes

    def watched(path: Path) -> bytes:
        seen.append(path.name)
        return real(path)

    with patch.object(Path, "read_bytes", watched):
        yield seen


def test_the_cached_usage_is_a_reading_of_the_login_that_is_on(clients: Clients) -> None:
    at = clients.now - HOUR
    clients.config(person("p", "o", **MAX_5X), cached("p", at, week=60))

    answer = clients.sync()

    assert (answer.readings_added, slugs(answer)) == (2, [])
    assert clients.accounts() == [("claude-a", "claude-max")]
    (week,) = [one for one in clients.readings("claude-a") if one.pool == "week"]
    assert (week.used, week.read_at, week.source) == (60, at, "claude-cache")


def test_no_id_and_no_address_is_stored(clients: Clients) -> None:
    who = person("11111111-person", "22222222-org")
    clients.config(who, cached("11111111-person", clients.now, week=6))
    clients.history((1, "22222222-org", 1, 2))
    clients.sync()

    for (table,) in clients.database.execute("SELECT table_name FROM duckdb_tables()").fetchall():
        rows = str(clients.database.table(table).fetchall())
        assert not any(word in rows for word in ("11111111", "22222222", "example.com")), table


def test_a_file_that_has_not_changed_is_not_opened(clients: Clients) -> None:
    clients.config(person("p", "o"), cached("p", clients.now, week=60))
    clients.history((1, "o", 1, 2))
    clients.sync()

    with opened_files() as opened:
        answer = clients.sync(later=DAY)
    assert (opened, answer.readings_added, slugs(answer)) == ([], 0, [])

    clients.config(person("p", "o"), cached("p", clients.now, week=70), at=clients.now)
    with opened_files() as opened:
        answer = clients.sync()
    assert (opened, answer.readings_added) == ([".claude.json"], 2)


def test_the_desktop_programs_history_reaches_back(clients: Clients) -> None:
    clients.history((48, "o", 5, 40), (24, "o", 6, 50), (1, "o", 7, 60))

    assert clients.sync().readings_added == 6
    assert clients.weeks("claude-a") == [40, 50, 60]


def test_of_a_growing_history_only_new_samples_are_taken(clients: Clients) -> None:
    clients.history((48, "o", 5, 40), (24, "o", 6, 50))
    clients.sync()
    clients.now += HOUR
    clients.history((25, "o", 6, 50), (1, "o", 7, 60), (0.5, "o", 7, 60))

    answer = clients.sync()

    assert (answer.readings_added, slugs(answer)) == (4, [])
    assert clients.weeks("claude-a") == [40, 50, 60, 60]


def test_both_clients_of_one_organisation_are_one_account(clients: Clients) -> None:
    clients.history((2, "o", 5, 40))
    clients.config(person("p", "o"), cached("p", clients.now, week=41))
    clients.sync()

    assert clients.accounts() == [("claude-a", None)]
    assert clients.weeks("claude-a") == [40, 41]


@pytest.mark.skipif(sys.platform == "win32", reason="no pipe has a name there")
def test_a_pipe_in_place_of_the_config_is_not_waited_for(clients: Clients) -> None:
    os.mkfifo(clients.user / ".claude.json")

    found = discover(clients.machine, named=[], now=clients.now)

    assert (found.providers, slugs(clients.sync())) == (set(), [])


def test_a_sample_of_a_time_to_come_hides_no_later_one(clients: Clients) -> None:
    clients.history((2, "o", 5, 40), (-9000, "o", 5, 41))
    clients.sync()
    clients.now += 2 * HOUR
    clients.history((1, "o", 6, 42))

    clients.sync()

    assert 42 in clients.weeks("claude-a")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_a_home_whose_name_is_no_text_is_taken_in(clients: Clients) -> None:
    clients.user = clients.user.rename(os.fsdecode(os.fsencode(clients.user) + b"\xe9"))
    folder = clients.user / ".claude"
    clients.log(".claude/projects/p/a.jsonl", answer())
    clients.config(person("p"), cached("p", clients.now, week=60))
    clients.sync()
    clients.add("claude-a", folder=str(folder))

    assert (slugs(clients.sync()), clients.weeks("claude-a")) == ([], [60])
    assert clients.database.execute("SELECT count(*) FROM current_turn").fetchall() == [(1,)]


def test_the_organisations_of_a_history_are_kept_apart(clients: Clients) -> None:
    clients.history((3, "home", 5, 40), (2, "work", 50, 90), (1, "home", 6, 41))
    clients.sync()

    weeks = {tuple(clients.weeks(name)) for name, _ in clients.accounts()}
    assert weeks == {(40, 41), (90,)}


def test_a_second_login_in_one_folder_is_a_second_account(clients: Clients) -> None:
    clients.config(person("p", "o", **MAX_5X), cached("p", clients.now, week=60))
    clients.sync()
    clients.now += DAY
    clients.config(
        person("q", "n", organizationType="claude_pro"), cached("q", clients.now, week=9)
    )
    clients.sync()

    assert clients.accounts() == [("claude-a", "claude-max"), ("claude-b", "claude-pro")]
    assert (clients.weeks("claude-a"), clients.weeks("claude-b")) == ([60], [9])


def test_each_folder_has_a_login_of_its_own(clients: Clients) -> None:
    clients.environment["CLAUDE_CONFIG_DIR"] = f"{clients.user}/one, {clients.user}/two"
    clients.config(person("p", "o"), cached("p", clients.now, week=60), folder="one")
    clients.config(person("q", "n"), cached("q", clients.now, week=9), folder="two")
    clients.config(person("r", "m"), cached("r", clients.now, week=1))
    clients.sync()

    weeks = [clients.weeks(name) for name, _ in clients.accounts()]
    assert sorted(weeks) == [[9], [60]]


def test_a_login_in_a_folder_tied_to_an_account_is_that_accounts(clients: Clients) -> None:
    clients.add("private")
    clients.add("office", folder=str(clients.user / "work"))
    clients.config(person("q", "n"), cached("q", clients.now, week=9), folder="work")
    clients.config(person("p", "o"), cached("p", clients.now, week=60))
    clients.sync()

    assert (clients.weeks("private"), clients.weeks("office")) == ([60], [9])


def test_what_could_be_either_account_is_kept_aside_until_the_user_says(clients: Clients) -> None:
    clients.add("private")
    clients.add("office")
    clients.config(person("p", "o"), cached("p", clients.now, week=60))

    answer = clients.sync()
    assert sorted(slugs(answer)) == ["account-needed", "login-unclear"]
    assert clients.weeks(None) == [60]

    clients.add("office", folder=str(clients.user / ".claude"))
    answer = clients.sync()
    assert (slugs(answer), clients.weeks(None), clients.weeks("office")) == ([], [], [60])


def test_after_a_logout_nothing_is_read_and_what_was_stays(clients: Clients) -> None:
    clients.config(person("p", "o"), cached("p", clients.now, week=60))
    clients.sync()
    clients.now += DAY
    clients.config(None)

    answer = clients.sync()

    assert (answer.readings_added, slugs(answer), clients.weeks("claude-a")) == (0, [], [60])


def test_a_file_torn_while_it_is_written_is_told_and_read_when_it_is_whole(
    clients: Clients,
) -> None:
    whole = clients.config(person("p", "o"), cached("p", clients.now, week=60)).read_bytes()
    clients.write(".claude.json", whole[:80])
    assert slugs(clients.sync()) == ["json-unreadable"]

    clients.write(".claude.json", whole)
    assert (slugs(clients.sync()), clients.weeks("claude-a")) == ([], [60])


def test_a_history_of_an_unknown_version_is_told_once(clients: Clients) -> None:
    clients.history((1, "o", 1, 2), version=3)
    answer = clients.sync()
    assert slugs(answer) == ["meter-unreadable"]
    assert "~/.config/Claude/plan-usage-history.json" in answer.problems[0].text

    clients.now += HOUR
    clients.history((1, "o", 1, 2), version=3)
    assert slugs(clients.sync()) == []


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="may read everything")
def test_a_file_that_may_not_be_read_is_told(clients: Clients) -> None:
    clients.config(person("p", "o")).chmod(0)

    assert slugs(clients.sync()) == ["log-unreadable"]


def test_a_folder_in_the_place_of_a_file_is_no_snapshot(clients: Clients) -> None:
    (clients.user / ".claude.json").mkdir()

    assert slugs(clients.sync()) == []


def test_a_file_far_too_large_is_told_and_not_read(clients: Clients) -> None:
    path = clients.config(person("p", "o"))
    with path.open("r+b") as file:
        file.truncate(300 << 20)

    with opened_files() as opened:
        assert slugs(clients.sync()) == ["json-unreadable"]
    assert opened == []


def test_the_desktop_programs_folder_is_known_on_each_platform(tmp_path: Path) -> None:
    def folders(platform: str, **environment: str) -> list[Path]:
        machine = Machine(home=tmp_path, platform=platform, environment=environment)
        return machine.claude_desktop_folders()

    store = tmp_path / "AppData" / "Local" / "Packages" / "Claude_x1"
    store.mkdir(parents=True)

    of_mac = tmp_path / "Library" / "Application Support" / "Claude"
    assert folders("darwin") == [of_mac]
    assert folders("linux") == [tmp_path / ".config" / "Claude", of_mac]
    assert folders("linux", XDG_CONFIG_HOME="/x") == [Path("/x/Claude"), of_mac]
    assert folders("win32", APPDATA="/roaming") == [
        Path("/roaming/Claude"),
        store / "LocalCache" / "Roaming" / "Claude",
    ]


def test_the_file_of_a_usual_folder_lies_beside_it_unless_the_environment_names_it(
    tmp_path: Path,
) -> None:
    usual, other = tmp_path / ".claude", tmp_path / "work"
    plain = Machine(home=tmp_path)
    named = Machine(home=tmp_path, environment={"CLAUDE_CONFIG_DIR": str(usual)})
    elsewhere = Machine(home=tmp_path, environment={"CLAUDE_CONFIG_DIR": str(other)})

    assert plain.claude_config(usual) == tmp_path / ".claude.json"
    assert plain.claude_config(tmp_path / ".config" / "claude") == tmp_path / ".claude.json"
    assert plain.claude_config(other) == other / ".claude.json"
    assert named.claude_config(usual) == usual / ".claude.json"
    assert elsewhere.claude_config(usual) == tmp_path / ".claude.json"
