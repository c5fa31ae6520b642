from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from parsers.login import login_digest
from portfolio.ingest import spool_intake
from portfolio.ingest.look import Look
from portfolio.ingest.spool import take_in_spool
from portfolio.ingest.statusline import EVERY_NS, drop, told
from portfolio.model import AccountLogin, AccountSpan
from portfolio.settings import Home
from portfolio.store import logins, read, write

if TYPE_CHECKING:
    from portfolio.model import MeterPoint
    from portfolio.store.opening import Database

NOON_NS = int(datetime(2026, 11, 3, 12, tzinfo=UTC).timestamp()) * 1_000_000_000
MINUTE_NS = 60_000_000_000
RESETS = 1_793_721_600


class Prompts:
    """A user at Claude Code, whose statusline drops captures in a home's spool."""

    def __init__(self, home: Home, database: Database, now: datetime) -> None:
        self.home = home
        self.database = database
        self.now = now
        self.accounts = home.folder.parent / ".claude.json"
        self.folder = str(home.folder.parent / ".claude")

    @property
    def spool(self) -> Path:
        return self.home.folder / "spool"

    def log_in(self, account: str, organisation: str | None = None) -> None:
        login = {"accountUuid": account, "organizationUuid": organisation}
        self.accounts.write_text(json.dumps({"numStartups": 3, "oauthAccount": login}))

    def prompt(
        self, used: float, *, minute: float = 0, session: str = "s-1", week: float = 15
    ) -> bool:
        """Let a session tell its meters, so many minutes after noon."""
        said: dict[str, Any] = {
            "session_id": session,
            "rate_limits": {
                "five_hour": {"used_percentage": used, "resets_at": RESETS},
                "seven_day": {"used_percentage": week, "resets_at": RESETS + 200_000},
            },
        }
        return drop(
            *told(json.dumps(said).encode()),
            home=str(self.home.folder),
            folder=self.folder,
            accounts=str(self.accounts),
            now_ns=NOON_NS + int(minute * MINUTE_NS),
        )

    def waiting(self) -> list[str]:
        return sorted(path.name for path in self.spool.glob("*.json"))

    def sync(self) -> Look:
        look = Look()
        take_in_spool(self.database, self.home, look, now=self.now)
        return look

    def add_account(self, name: str, *ids: tuple[str, str]) -> None:
        span = AccountSpan(
            account=name,
            span=0,
            provider="claude",
            plan=None,
            since=None,
            until=None,
            folder=None,
        )
        write.account_span(self.database, span, now=self.now)
        links = [
            AccountLogin(name, "claude", "org" if kind == "org" else "account", login_digest(one))
            for kind, one in ids
        ]
        logins.add_account_logins(self.database, links, now=self.now)

    def readings(self, pool: str = "5h") -> list[MeterPoint]:
        return [one for one in read.readings(self.database, account=None) if one.pool == pool]

    def used(self, account: str | None = "claude-a") -> list[float]:
        return [one.used for one in self.readings() if one.account == account]


@pytest.fixture
def prompts(home: Home, database: Database, now: datetime) -> Prompts:
    return Prompts(home, database, now + timedelta(days=1))


def test_each_capture_becomes_its_readings_once_and_its_file_is_removed(prompts: Prompts) -> None:
    prompts.add_account("claude-a")
    prompts.prompt(28.999999999999996)
    prompts.prompt(31, minute=2)

    look = prompts.sync()

    assert (look.readings_added, look.problems) == (4, [])
    assert [(one.used, one.account, one.source) for one in prompts.readings()] == [
        (29, "claude-a", "claude-statusline"),
        (31, "claude-a", "claude-statusline"),
    ]
    assert prompts.readings()[1].read_at == datetime(2026, 11, 3, 12, 2, tzinfo=UTC)
    assert prompts.readings()[0].resets_at == datetime.fromtimestamp(RESETS, UTC)
    assert prompts.waiting() == []
    assert prompts.sync() == Look()


def test_half_a_character_in_a_capture_stops_no_sync(prompts: Prompts) -> None:
    prompts.add_account("claude-a")
    prompts.folder += "-caf\udce9"  # a name of bytes that are no UTF-8
    prompts.log_in("p")
    prompts.prompt(20, session="half \ud83d")

    assert (prompts.sync().readings_added, prompts.used()) == (2, [20])


@pytest.mark.skipif(sys.platform == "win32", reason="no pipe has a name there")
def test_a_pipe_in_place_of_the_file_that_names_the_login_is_not_waited_for(
    prompts: Prompts,
) -> None:
    prompts.add_account("claude-a")
    os.mkfifo(prompts.accounts)
    prompts.prompt(20)

    assert (prompts.sync().readings_added, prompts.used()) == (2, [20])


def test_a_home_without_a_spool_has_nothing_to_say(prompts: Prompts) -> None:
    assert prompts.sync() == Look()
    assert not prompts.spool.exists()


def test_a_sync_that_died_before_it_cleared_up_counts_nothing_twice(prompts: Prompts) -> None:
    prompts.add_account("claude-a")
    prompts.log_in("u-1")
    prompts.prompt(10)
    prompts.prompt(11, minute=1)

    with (
        patch.object(Path, "unlink", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        prompts.sync()
    seen = logins.login_sightings(prompts.database)
    again = prompts.sync()

    assert (again.readings_added, again.problems) == (0, [])
    assert len(prompts.readings()) == 2
    assert logins.login_sightings(prompts.database) == seen
    assert prompts.waiting() == []


def test_a_reading_keeps_the_login_and_the_folder_of_its_moment(prompts: Prompts) -> None:
    prompts.add_account("claude-a", ("account", "u-1"))
    prompts.add_account("claude-b", ("account", "u-2"))
    prompts.log_in("u-1")
    prompts.prompt(10)
    prompts.log_in("U-2")
    prompts.prompt(60, minute=5)

    prompts.sync()

    assert (prompts.used("claude-a"), prompts.used("claude-b")) == ([10], [60])
    rows = prompts.database.execute("SELECT DISTINCT login, folder FROM reading ORDER BY login")
    assert set(rows.fetchall()) == {
        (login_digest("u-1"), prompts.folder),
        (login_digest("u-2"), prompts.folder),
    }


def test_one_person_in_two_organisations_is_told_apart(prompts: Prompts) -> None:
    prompts.add_account("claude-a", ("account", "u-1"), ("org", "o-1"))
    prompts.add_account("claude-b", ("account", "u-1"), ("org", "o-2"))
    prompts.log_in("u-1", "o-1")
    prompts.prompt(10)
    prompts.log_in("u-1", "o-2")
    prompts.prompt(60, minute=5)
    prompts.log_in("u-1", "o-3")
    prompts.prompt(90, minute=9)

    look = prompts.sync()

    assert (prompts.used("claude-a"), prompts.used("claude-b")) == ([10], [60])
    assert (prompts.used("claude-c"), look.problems) == ([90], [])


def test_a_login_that_was_never_seen_makes_its_account(prompts: Prompts) -> None:
    prompts.log_in("u-1")
    prompts.prompt(10)

    look = prompts.sync()

    assert (prompts.used("claude-a"), look.problems) == ([10], [])
    assert look.logins_seen == 1


def test_what_could_be_several_accounts_is_kept_aside_and_told_once(prompts: Prompts) -> None:
    prompts.add_account("claude-a")
    prompts.add_account("claude-b")
    prompts.prompt(10)
    prompts.prompt(11, minute=1)

    look = prompts.sync()

    assert prompts.used(None) == [10, 11]
    (problem,) = look.problems
    assert problem.slug == "account-needed"
    assert problem.text.startswith("4 values kept aside")


def test_the_login_of_a_session_is_seen_first_and_last(prompts: Prompts) -> None:
    prompts.log_in("u-1", "o-1")
    for minute in range(5):
        prompts.prompt(minute, minute=minute)
    prompts.log_in("u-2")
    prompts.prompt(9, minute=9)
    prompts.prompt(9, minute=9, session="s-2")

    prompts.sync()

    at = datetime(2026, 11, 3, 12, tzinfo=UTC)
    seen = [
        (one.session, one.kind, one.login, (one.seen_at - at).seconds // 60)
        for one in logins.login_sightings(prompts.database)
    ]
    assert seen == [
        ("s-1", "account", login_digest("u-1"), 0),
        ("s-1", "org", login_digest("o-1"), 0),
        ("s-1", "account", login_digest("u-1"), 4),
        ("s-1", "org", login_digest("o-1"), 4),
        ("s-1", "account", login_digest("u-2"), 9),
        ("s-2", "account", login_digest("u-2"), 9),
    ]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "Expecting value"),
        (b'{"captured_at": "2026-11-03T12:0', "Unterminated"),
        (b"\xff\xfe\x00", "utf-8"),
        (b"[]", "does not say when"),
        (b'{"captured_at": "2026-11-03T12:00:00", "folder": "/x"}', "does not say when"),
        (b" " * 200_000, "is no capture"),
    ],
    ids=["empty", "torn", "binary", "list", "no-zone", "huge"],
)
def test_a_file_that_is_no_capture_is_told_once_and_kept(
    prompts: Prompts, raw: bytes, why: str
) -> None:
    prompts.add_account("claude-a")
    prompts.prompt(10)
    (prompts.spool / "0-odd.json").write_bytes(raw)

    look = prompts.sync()

    assert look.readings_added == 2
    (problem,) = look.problems
    assert problem.slug == "capture-unreadable"
    assert problem.text.startswith("0-odd.json: ")
    assert why in problem.text
    assert (prompts.spool / "unreadable" / "0-odd.json").read_bytes() == raw
    assert prompts.sync() == Look()


def test_a_meter_that_is_not_understood_is_told_once_for_all_captures_and_kept(
    prompts: Prompts,
) -> None:
    prompts.add_account("claude-a")
    for number in range(3):
        text = '{"captured_at": "2026-11-03T12:00:00Z", "folder": "/x", "rate_limits": [7]}'
        prompts.spool.mkdir(exist_ok=True)
        (prompts.spool / f"{number}.json").write_text(text)

    look = prompts.sync()

    (problem,) = look.problems
    assert problem.slug == "nothing-read"
    assert problem.text.startswith("0.json: ")
    assert problem.text.endswith("(and 2 more)")
    assert len([*(prompts.spool / "unreadable").iterdir()]) == 3


def test_a_spool_that_is_no_folder_is_told(prompts: Prompts) -> None:
    prompts.spool.write_text("")

    (problem,) = prompts.sync().problems

    assert problem.slug == "capture-unreadable"
    assert str(prompts.spool) in problem.text


def test_captures_that_cannot_be_removed_are_told_and_count_once(prompts: Prompts) -> None:
    prompts.add_account("claude-a")
    prompts.prompt(10)
    prompts.prompt(11, minute=1)

    with patch.object(Path, "unlink", side_effect=PermissionError(13, "Permission denied")):
        looks = [prompts.sync(), prompts.sync()]

    assert [look.readings_added for look in looks] == [4, 0]
    for look in looks:
        (problem,) = look.problems
        assert problem.text.endswith("cannot be removed: Permission denied (and 1 more)")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes in folders")
def test_what_is_no_file_does_not_hold_a_sync_up(prompts: Prompts) -> None:
    prompts.spool.mkdir()
    os.mkfifo(prompts.spool / "pipe.json")
    (prompts.spool / "folder.json").mkdir()
    (prompts.spool / "gone.json").symlink_to(prompts.spool / "nowhere")

    look = prompts.sync()

    assert [problem.slug for problem in look.problems] == ["capture-unreadable"]
    assert prompts.sync() == Look()


def test_what_its_writer_left_aside_is_taken_in_when_it_is_old(prompts: Prompts) -> None:
    prompts.add_account("claude-a")
    prompts.prompt(10)
    (name,) = prompts.waiting()
    aside = (prompts.spool / name).rename(prompts.spool / f".1-{name}")
    young = prompts.now.timestamp()
    os.utime(aside, (young, young))
    assert prompts.sync() == Look()

    os.utime(aside, (young - 7200, young - 7200))

    assert prompts.sync().readings_added == 2
    assert not aside.exists()


def test_equal_values_leave_their_first_and_their_newest_capture(prompts: Prompts) -> None:
    written = [prompts.prompt(10, minute=minute / 4) for minute in range(40)]
    prompts.prompt(11, minute=10)
    prompts.prompt(11, minute=11)
    prompts.prompt(11, minute=12)

    assert written == [True, *[minute % 4 == 0 for minute in range(1, 40)]]
    assert len(prompts.waiting()) == 4
    prompts.add_account("claude-a")
    prompts.sync()
    assert [(one.used, one.read_at.minute) for one in prompts.readings()] == [
        (10, 0),
        (10, 9),
        (11, 10),
        (11, 12),
    ]


def test_a_clock_that_was_set_back_stops_no_capture(prompts: Prompts) -> None:
    assert prompts.prompt(10, minute=90)
    assert prompts.prompt(10, minute=0)


def test_a_login_that_changed_is_no_repeat(prompts: Prompts) -> None:
    prompts.log_in("u-1")
    for minute in (0, 1, 2):
        prompts.prompt(10, minute=minute)
    prompts.log_in("u-2")
    for minute in (3, 4, 5):
        prompts.prompt(10, minute=minute)

    assert len(prompts.waiting()) == 4


def test_marks_of_sessions_long_gone_are_forgotten(prompts: Prompts) -> None:
    prompts.prompt(10)
    (mark,) = (prompts.spool / "last").iterdir()
    old = prompts.now.timestamp() - 8 * 86_400
    os.utime(mark, (old, old))
    prompts.prompt(11, session="s-2")
    young = prompts.now.timestamp()
    os.utime(prompts.spool / "last" / "s-2.last", (young, young))

    prompts.sync()

    assert [path.name for path in (prompts.spool / "last").iterdir()] == ["s-2.last"]


def test_a_damaged_mark_is_as_none(prompts: Prompts) -> None:
    prompts.prompt(10)
    (mark,) = (prompts.spool / "last").iterdir()
    mark.write_bytes(b"\xff\x00nonsense")

    assert prompts.prompt(10, minute=0.1)


def test_many_captures_are_taken_in_in_batches(prompts: Prompts) -> None:
    prompts.add_account("claude-a")
    for number in range(250):
        prompts.prompt(number % 100, minute=number, week=number // 10)

    with patch.object(spool_intake, "AT_ONCE", 60):
        look = prompts.sync()

    assert look.readings_added == 500
    assert prompts.waiting() == []
    assert [one.used for one in prompts.readings()] == [number % 100 for number in range(250)]


DROPPER = """
import sys, json
from portfolio.ingest.statusline import drop, told
home, session = sys.argv[1:]
for number in range(40):
    limits = {"five_hour": {"used_percentage": number, "resets_at": 1793721600}}
    said = json.dumps({"session_id": session, "rate_limits": limits}).encode()
    drop(*told(said), home=home, folder="/x/.claude", accounts="", now_ns=EPOCH + number * 10**9)
"""


def test_statuslines_and_syncs_at_once_lose_nothing_and_count_nothing_twice(
    prompts: Prompts,
) -> None:
    prompts.add_account("claude-a")
    code = DROPPER.replace("EPOCH", str(NOON_NS))
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(prompts.home.folder), f"s-{number % 3}"])
        for number in range(6)
    ]
    added = 0
    while any(one.poll() is None for one in running):
        added += prompts.sync().readings_added
        time.sleep(0.005)
    look = prompts.sync()

    assert [one.returncode for one in running] == [0] * 6
    assert (look.problems, prompts.waiting()) == ([], [])
    stored = prompts.database.execute("SELECT used, read_at FROM reading ORDER BY ALL").fetchall()
    assert [used for used, _ in stored] == list(range(40))
    assert added + look.readings_added == 40
    assert EVERY_NS == 60 * 10**9
